// What only looks: existence, contents, information.
#include "client/remote_read_stream.h"
#include "client/sftp_backend_state.h"
#include "hawser/sftp/requests.h"

namespace hawser::client {
namespace {

// Collects a download whose size is not known for sure.
class GrowingSink final : public DataSink {
 public:
  Result<void> write_at(std::uint64_t offset, std::span<const Bytes> pieces) override {
    std::size_t at = static_cast<std::size_t>(offset);
    for (const Bytes piece : pieces) {
      if (bytes_.size() < at + piece.size()) bytes_.resize(at + piece.size());
      std::copy(piece.begin(), piece.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(at));
      at += piece.size();
    }
    return {};
  }
  ByteVector take(std::uint64_t size) {
    bytes_.resize(static_cast<std::size_t>(size));
    return std::move(bytes_);
  }

 private:
  ByteVector bytes_;
};

// STAT before OPEN: a server may open a directory for reading, and would hang on a FIFO.
sftp::Attributes need_readable(RemoteOperation& operation, const std::string& path) {
  const std::optional<sftp::Attributes> there = operation.find(path);
  if (!there) throw NotFound("there is no such file", operation.subject());
  if (sftp::is_directory(*there)) throw InvalidPath("it is a folder", operation.subject());
  if (sftp::type_of(*there) != 0 && !sftp::is_regular(*there))
    throw NotFound("it is no regular file", operation.subject());
  return *there;
}

RemoteFile open_for_reading(RemoteOperation& operation, const std::string& path) {
  return operation.need(operation.open(path, sftp::open_flags::read));
}

}  // namespace

bool SFTPBackend::exists(std::string_view key) {
  try {
    const RemotePath path = RemotePath::parse(key);
    if (path.is_root()) return true;
    return state_->perform(
        key, [&](RemoteOperation& operation) { return operation.find(state_->native(path)).has_value(); });
  } catch (const InvalidPath&) {
    return false;
  }
}

bool SFTPBackend::is_file(std::string_view key) {
  try {
    const RemotePath path = RemotePath::parse(key);
    if (path.is_root()) return false;
    return state_->perform(key, [&](RemoteOperation& operation) {
      const std::optional<sftp::Attributes> there = operation.find(state_->native(path));
      return there && sftp::is_regular(*there);
    });
  } catch (const InvalidPath&) {
    return false;
  }
}

bool SFTPBackend::is_folder(std::string_view key) {
  try {
    const RemotePath path = RemotePath::parse(key);
    if (path.is_root()) return true;
    return state_->perform(key, [&](RemoteOperation& operation) {
      const std::optional<sftp::Attributes> there = operation.find(state_->native(path));
      return there && sftp::is_directory(*there);
    });
  } catch (const InvalidPath&) {
    return false;
  }
}

std::unique_ptr<ReadStream> SFTPBackend::read(std::string_view key) {
  const std::string path = state_->native(state_->file_path(key));
  return state_->perform(key, [&](RemoteOperation& operation) -> std::unique_ptr<ReadStream> {
    const sftp::Attributes attributes = need_readable(operation, path);
    RemoteFile file = open_for_reading(operation, path);
    const auto lost = [state = state_.get()](const std::shared_ptr<LiveLink>& link) { state->link.drop(link); };
    return std::make_unique<RemoteReadStream>(std::move(file), attributes.size, operation.subject(), lost);
  });
}

ByteVector SFTPBackend::read_bytes(std::string_view key) {
  const std::string path = state_->native(state_->file_path(key));
  return state_->perform(key, [&](RemoteOperation& operation) {
    need_readable(operation, path);
    RemoteFile file = open_for_reading(operation, path);
    GrowingSink sink;
    const std::uint64_t size = operation.need(file.download(sink));
    return sink.take(size);
  });
}

FileInfo SFTPBackend::get_file_info(std::string_view key) {
  const RemotePath path = state_->file_path(key);
  return state_->perform(
      key, [&](RemoteOperation& operation) { return file_info(path, need_readable(operation, state_->native(path))); });
}

}  // namespace hawser::client
