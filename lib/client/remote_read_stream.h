// A remote file as a stream: nothing is fetched before it is asked for; then the next chunk is on its way while one is
// read.
#pragma once

#include "client/remote_operation.h"
#include "hawser/client/byte_streams.h"

namespace hawser::client {

class RemoteReadStream final : public ReadStream {
 public:
  // `on_lost` is told that the connection has gone.
  RemoteReadStream(RemoteFile file, std::optional<std::uint64_t> size, ErrorSubject subject,
                   std::function<void(const std::shared_ptr<LiveLink>&)> on_lost);

  std::size_t read(MutableBytes into) override;
  bool seekable() const override { return true; }
  void seek(std::uint64_t position) override { position_ = position; }
  std::uint64_t tell() const override { return position_; }
  // As it was when the file was opened.
  std::optional<std::uint64_t> size() const override { return size_; }
  void close() override;

 private:
  struct Ahead {
    std::uint64_t begin = 0;
    std::shared_ptr<ByteVector> buffer;
    std::future<SFTPResult<std::size_t>> count;
  };
  bool in_chunk() const { return position_ >= chunk_begin_ && position_ - chunk_begin_ < chunk_size_; }
  bool load();  // the chunk at position_; false at the end of the file
  Ahead ask(std::uint64_t begin);

  std::optional<RemoteFile> file_;
  std::optional<std::uint64_t> size_;
  ErrorSubject subject_;
  std::function<void(const std::shared_ptr<LiveLink>&)> on_lost_;
  std::uint64_t position_ = 0;
  std::shared_ptr<ByteVector> chunk_;
  std::uint64_t chunk_begin_ = 0;
  std::size_t chunk_size_ = 0;
  std::size_t step_ = 64 * 1024;  // what the next request is for; doubles while reading goes on in order
  std::optional<Ahead> ahead_;
};

}  // namespace hawser::client
