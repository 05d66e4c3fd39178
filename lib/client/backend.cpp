#include "hawser/client/backend.h"

namespace hawser::client {

std::unique_ptr<ReadStream> Backend::read_seekable(std::string_view key) {
  std::unique_ptr<ReadStream> stream = read(key);
  return stream->seekable() ? std::move(stream) : spooled(std::move(stream));
}

WriteResult Backend::write(std::string_view key, Bytes content, const WriteOptions& options) {
  MemoryReadStream stream(content);
  return write(key, stream, options);
}

WriteResult Backend::write_atomic(std::string_view key, Bytes content, const WriteOptions& options) {
  MemoryReadStream stream(content);
  return write_atomic(key, stream, options);
}

std::vector<FileInfo> Backend::glob(std::string_view pattern) {
  throw CapabilityNotSupported("glob", {.path = std::string(pattern), .backend = name()});
}

void* Backend::native_object(const std::type_info&) {
  throw CapabilityNotSupported("unwrap", {.path = {}, .backend = name()});
}

}  // namespace hawser::client
