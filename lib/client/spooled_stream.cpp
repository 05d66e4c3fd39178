#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "client/local_file.h"
#include "hawser/client/byte_streams.h"
#include "hawser/client/remote_store_error.h"

namespace hawser::client {
namespace {

constexpr std::size_t memory_limit = 8 * 1024 * 1024;

// The first part in memory, the rest in a file that has no name any more.
class SpooledStream final : public ReadStream {
 public:
  explicit SpooledStream(ReadStream& source) {
    memory_.resize(memory_limit);
    memory_.resize(source.read(memory_));
    size_ = memory_.size();
    if (memory_.size() < memory_limit) return;
    ByteVector buffer(1024 * 1024);
    while (true) {
      const std::size_t count = source.read(buffer);
      if (count > 0) append(Bytes(buffer).first(count));
      if (count < buffer.size()) return;
    }
  }

  std::size_t read(MutableBytes into) override {
    if (closed_) throw RemoteStoreError("the stream is closed");
    if (position_ >= size_) return 0;
    const std::size_t count = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), size_ - position_));
    const std::size_t in_memory =
        position_ < memory_.size() ? std::min(count, memory_.size() - static_cast<std::size_t>(position_)) : 0;
    if (in_memory > 0) std::copy_n(memory_.begin() + static_cast<std::ptrdiff_t>(position_), in_memory, into.begin());
    if (in_memory < count) {
      const MutableBytes rest = into.first(count).subspan(in_memory);
      const Result<std::size_t> got = file_->read_at(position_ + in_memory - memory_.size(), {&rest, 1});
      if (!got || *got < rest.size()) throw RemoteStoreError("reading a temporary file failed");
    }
    position_ += count;
    return count;
  }
  bool seekable() const override { return true; }
  void seek(std::uint64_t position) override { position_ = position; }
  std::uint64_t tell() const override { return position_; }
  std::optional<std::uint64_t> size() const override { return size_; }
  void close() override {
    closed_ = true;
    memory_ = {};
    file_.reset();
  }

 private:
  void append(Bytes bytes) {
    if (!file_) file_.emplace(temporary_file());
    if (const Result<void> written = file_->write_at(size_ - memory_.size(), {&bytes, 1}); !written) {
      throw RemoteStoreError("writing a temporary file failed");
    }
    size_ += bytes.size();
  }

  static LocalFile temporary_file() {
    const char* const folder = std::getenv("TMPDIR");
    std::string name = std::string(folder != nullptr && *folder != '\0' ? folder : "/tmp") + "/hawser-XXXXXX";
    Descriptor descriptor(::mkstemp(name.data()));
    if (!descriptor) throw RemoteStoreError("making a temporary file failed");
    ::unlink(name.c_str());
    return LocalFile(std::move(descriptor));
  }

  ByteVector memory_;
  std::optional<LocalFile> file_;
  std::uint64_t size_ = 0;
  std::uint64_t position_ = 0;
  bool closed_ = false;
};

}  // namespace

std::unique_ptr<ReadStream> spooled(std::unique_ptr<ReadStream> source) {
  auto copy = std::make_unique<SpooledStream>(*source);
  source->close();
  return copy;
}

}  // namespace hawser::client
