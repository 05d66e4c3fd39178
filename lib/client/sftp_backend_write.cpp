// Writing: in place, and so that a file appears as a whole.
#include "client/sftp_backend_state.h"
#include "hawser/sftp/requests.h"

namespace hawser::client {
namespace {

namespace flags = sftp::open_flags;

WriteResult written(const RemotePath& path, std::uint64_t size, const sftp::Attributes& attributes) {
  WriteResult result{.path = path,
                     .size = size,
                     .source = WriteResult::Source::native,
                     .last_modified = modified_at(attributes),
                     .digest = {},
                     .etag = {},
                     .version_id = {},
                     .metadata = {}};
  return result;
}

}  // namespace

void SFTPBackend::State::need_free(RemoteOperation& operation, const std::string& path, bool overwrite) {
  const std::optional<sftp::Attributes> there = operation.find(path);
  if (!there) return;
  need_file(*there, operation.subject());
  if (!overwrite) throw AlreadyExists("it exists already", operation.subject());
}

RemotePath SFTPBackend::State::target(std::string_view key, const WriteOptions& write) const {
  RemotePath path = file_path(key);
  if (!write.metadata.empty()) throw CapabilityNotSupported("user_metadata", subject(key));
  return path;
}

WriteResult SFTPBackend::write(std::string_view key, ReadStream& content, const WriteOptions& options) {
  const RemotePath path = state_->target(key, options);
  const std::string native = state_->native(path);
  return state_->perform(key, [&](RemoteOperation& operation) {
    state_->need_free(operation, native, options.overwrite);
    // EXCL: of two writers who both saw nothing there, one fails.
    RemoteFile file = state_->open_new(operation, native, options.overwrite ? flags::truncate : flags::exclusive);
    ChunkedUpload upload(file, operation.subject());
    upload.append_all(content);
    upload.finish();
    return written(path, upload.size(), operation.need(file.stat_and_close()));
  });
}

// Writes beside the target; `commit` puts it in its place.
class SFTPBackend::State::Writer final : public AtomicWriter {
 public:
  Writer(State& state, RemoteOperation operation, RemotePath path, bool overwrite)
      : state_(state),
        operation_(std::move(operation)),
        path_(std::move(path)),
        overwrite_(overwrite),
        temporary_(temporary_sibling(state.native(path_), ".~tmp.")),
        file_(state.open_new(operation_, temporary_, flags::exclusive)),
        upload_(file_, operation_.subject()) {}

  ~Writer() override {
    try {
      if (!done_) discard();
    } catch (...) {
      // The temporary file stays only where the connection has gone.
    }
  }

  void write(Bytes data) override {
    if (done_) throw RemoteStoreError("the writer is closed", operation_.subject());
    guarded([&] { upload_.append(data); });
  }
  std::uint64_t tell() const override { return upload_.size(); }

  WriteResult commit() override {
    if (done_) throw RemoteStoreError("the writer is closed", operation_.subject());
    return guarded([&] {
      upload_.finish();
      const sftp::Attributes attributes = operation_.need(file_.stat_and_close());
      operation_.need(state_.publish(operation_, temporary_, state_.native(path_), overwrite_));
      done_ = true;
      return written(path_, upload_.size(), attributes);
    });
  }

 private:
  template <class Step>
  std::invoke_result_t<Step&> guarded(Step step) {
    try {
      return step();
    } catch (const BackendUnavailable&) {
      // No round trip for cleaning up on a dead line.
      done_ = true;
      state_.link.drop(operation_.link());
      throw;
    }
  }
  void discard() {
    done_ = true;
    {
      const RemoteFile dropped(std::move(file_));
    }  // closes it, unless `commit` has: a server may have given the handle away
    const SFTPResult<void> removed = operation_.remove(temporary_);
    if (!removed) state_.warn("a temporary file could not be removed: " + removed.error().message());
  }

  State& state_;
  RemoteOperation operation_;
  RemotePath path_;
  bool overwrite_;
  std::string temporary_;
  RemoteFile file_;
  ChunkedUpload upload_;
  bool done_ = false;
};

std::unique_ptr<AtomicWriter> SFTPBackend::open_atomic(std::string_view key, const WriteOptions& options) {
  const RemotePath path = state_->target(key, options);
  return state_->perform(key, [&](RemoteOperation& operation) -> std::unique_ptr<AtomicWriter> {
    state_->need_free(operation, state_->native(path), options.overwrite);
    return std::make_unique<State::Writer>(*state_, operation, path, options.overwrite);
  });
}

WriteResult SFTPBackend::write_atomic(std::string_view key, ReadStream& content, const WriteOptions& options) {
  const std::unique_ptr<AtomicWriter> writer = open_atomic(key, options);
  ByteVector buffer(64 * 1024);
  while (const std::size_t count = content.read(buffer)) writer->write(Bytes(buffer).first(count));
  return writer->commit();
}

RemoteFile SFTPBackend::State::open_new(RemoteOperation& operation, const std::string& path, std::uint32_t extra) {
  const std::uint32_t open_flags = flags::write | flags::create | extra;
  SFTPResult<RemoteFile> file = operation.open(path, open_flags);
  if (!file && is_missing(file.error())) {
    make_folder(operation, native_parent(path));
    file = operation.open(path, open_flags);
  }
  if (file) return std::move(*file);
  if (is_unspecific(file.error())) {
    need_free(operation, path, (extra & flags::exclusive) == 0);
    // Some servers have no better answer for a name below a file.
    const std::optional<sftp::Attributes> folder = operation.find(native_parent(path));
    if (folder && !sftp::is_directory(*folder))
      throw InvalidPath("a file is in the place of a folder", operation.subject());
  }
  raise(file.error(), operation.subject());
}

void SFTPBackend::State::make_folder(RemoteOperation& operation, const std::string& folder) {
  if (folder.empty() || folder == "/") throw NotFound("there is no such folder", operation.subject());
  SFTPResult<void> made = operation.make_directory(folder);
  if (!made && is_missing(made.error())) {
    make_folder(operation, native_parent(folder));
    made = operation.make_directory(folder);
  }
  if (made) return;
  // MKDIR has no code for what exists already. Nothing above the base path is looked at: a server that shows a part of
  // its directories forbids that.
  const bool above_base = options.base_path.size() > folder.size();
  if (is_unspecific(made.error()) || made.error().is(sftp::StatusCode::permission_denied)) {
    if (above_base) return;
    if (const std::optional<sftp::Attributes> there = operation.find(folder)) {
      if (sftp::is_directory(*there)) return;
      throw InvalidPath("a file is in the place of a folder", operation.subject());
    }
  }
  raise(made.error(), operation.subject());
}

}  // namespace hawser::client
