// What the parts of SFTPBackend share: options, connection, and how keys become paths.
#pragma once

#include "client/chunked_upload.h"
#include "client/remote_operation.h"

namespace hawser::client {

// An entry of a directory that can be named by a key, with the attributes of what it stands for.
struct Child {
  std::string name;
  sftp::Attributes attributes;
  bool is_link = false;
};

class SFTPBackend::State {
 public:
  explicit State(SFTPBackendOptions given) : options(std::move(given)), link(options) {}

  // Runs an operation, a `T(RemoteOperation&)`. One that meets a dead connection before it has changed anything is run
  // once more.
  template <class Run>
  auto perform(std::string_view key, Run run) {
    for (bool again = false;; again = true) {
      const BackendLink::Acquired acquired = acquire(key);
      RemoteOperation operation(acquired.link, subject(key));
      try {
        return run(operation);
      } catch (const BackendUnavailable& error) {
        link.drop(acquired.link);
        // After silence for as long as the caller was ready to wait there is no time left.
        if (again || acquired.fresh || operation.changed() || error.reason() == Errc::timed_out) throw;
      }
    }
  }
  BackendLink::Acquired acquire(std::string_view key);

  ErrorSubject subject(std::string_view key) const { return {.path = std::string(key), .backend = "sftp"}; }
  // Throws InvalidPath with the key as it was given.
  RemotePath path_of(std::string_view key) const;
  RemotePath file_path(std::string_view key) const;  // refuses the root
  std::string native(const RemotePath& path) const;

  // Throws InvalidPath unless it is a regular file.
  void need_file(const sftp::Attributes& attributes, const ErrorSubject& subject) const;
  std::optional<std::vector<Child>> children(RemoteOperation& operation, const std::string& native_folder);
  void warn(const std::string& line) const;

  // For a listing: the files in `top` and in the folders below it down to `depth`.
  std::vector<FileInfo> files_below(RemoteOperation& operation, const RemotePath& top, int depth);

  // For writing: what the key names, when it may be written with these options at all.
  RemotePath target(std::string_view key, const WriteOptions& write) const;
  // Throws InvalidPath for a folder, and AlreadyExists for a file unless it may be overwritten.
  void need_free(RemoteOperation& operation, const std::string& path, bool overwrite);
  // Opens a file for writing that is created, with open_flags::truncate or open_flags::exclusive in `extra`; makes
  // missing folders.
  RemoteFile open_new(RemoteOperation& operation, const std::string& path, std::uint32_t extra);
  // Makes the folder and those above it. InvalidPath where a file is in the way.
  void make_folder(RemoteOperation& operation, const std::string& folder);
  class Writer;

  // For moving: false where there is nothing to do.
  bool may_go(RemoteOperation& operation, std::string_view from_key, const RemotePath& to, bool overwrite);
  // `from` takes the place of `to`. What a server refuses without a reason is returned, for another way to be tried.
  SFTPResult<void> publish(RemoteOperation& operation, const std::string& from, const std::string& to, bool overwrite);
  void copy_content(RemoteOperation& operation, const std::string& from, const std::string& to, bool overwrite);

  void remove_tree(RemoteOperation& operation, const std::string& top);

  const SFTPBackendOptions options;
  BackendLink link;
};

FileInfo file_info(const RemotePath& path, const sftp::Attributes& attributes);
std::optional<TimeStamp> modified_at(const sftp::Attributes& attributes);
// ".~tmp.<name>.<8 hex digits>" beside `native_file`.
std::string temporary_sibling(const std::string& native_file, std::string_view prefix);
// The folder that holds it: "" for a relative name without one, "/" for what is in the root.
std::string native_parent(const std::string& native_path);

}  // namespace hawser::client
