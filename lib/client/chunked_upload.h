// Writes a file from its beginning in chunks, several of them under way, so that the source can be read meanwhile.
#pragma once

#include <deque>

#include "client/remote_operation.h"
#include "hawser/client/byte_streams.h"

namespace hawser::client {

class ChunkedUpload {
 public:
  ChunkedUpload(RemoteFile& file, ErrorSubject subject) : file_(file), subject_(std::move(subject)) {}

  // Failures of earlier chunks are thrown by later calls.
  void append(Bytes data);
  void append_all(ReadStream& source);
  // Returns when everything has been stored.
  void finish();
  std::uint64_t size() const { return sent_ + (chunk_ ? chunk_->size() : 0); }

 private:
  void send_chunk();
  void wait_for_oldest();

  RemoteFile& file_;
  ErrorSubject subject_;
  std::shared_ptr<ByteVector> chunk_;
  std::size_t chunk_size_ = 64 * 1024;  // doubles, so that a small file takes little memory
  std::uint64_t sent_ = 0;
  std::deque<std::future<SFTPResult<void>>> under_way_;
};

}  // namespace hawser::client
