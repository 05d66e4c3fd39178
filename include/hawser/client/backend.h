// Storage behind keys: files and folders named by text like "reports/2024/may.csv", relative to a root. `""` and `"."`
// are the root, which is always a folder. Synchronous.
//
// Errors, in this order, of which no later one hides an earlier one: the root where a file is needed (InvalidPath, told
// from the key alone); the wrong kind of thing, or a file in the place of a folder on the way (InvalidPath); something
// there that may not be replaced (AlreadyExists); what the storage says. A missing file is NotFound. Everything thrown
// is a RemoteStoreError, or std::invalid_argument for an argument that is wrong in itself.
//
// Nothing spans several calls: between two of them another client may change everything.
#pragma once

#include <typeindex>
#include <typeinfo>

#include "hawser/client/byte_streams.h"
#include "hawser/client/capability.h"
#include "hawser/client/file_info.h"
#include "hawser/client/remote_store_error.h"

namespace hawser::client {

struct WriteOptions {
  bool overwrite = false;
  std::map<std::string, std::string> metadata;  // needs Capability::user_metadata unless empty
};

struct ListOptions {
  bool recursive = false;
  // Folders below the first that are descended into: 0 is not recursive. Overrides `recursive`. Not negative.
  std::optional<int> max_depth;
  // Only files whose name matches, see glob.h.
  std::optional<std::string> pattern = std::nullopt;
};

// A file that appears under its name only with `commit`. Without it the destructor discards everything.
class AtomicWriter : public WriteStream {
 public:
  virtual WriteResult commit() = 0;
};

class Backend {
 public:
  virtual ~Backend() = default;

  virtual std::string name() const = 0;
  virtual CapabilitySet capabilities() const = 0;

  // False for what is missing, below a file, or no key at all.
  virtual bool exists(std::string_view key) = 0;
  virtual bool is_file(std::string_view key) = 0;
  virtual bool is_folder(std::string_view key) = 0;

  // NotFound and InvalidPath are thrown before a stream is given. May outlive neither the backend nor its `close`.
  virtual std::unique_ptr<ReadStream> read(std::string_view key) = 0;
  virtual ByteVector read_bytes(std::string_view key) = 0;
  // Default: `read`, spooled where it cannot seek.
  virtual std::unique_ptr<ReadStream> read_seekable(std::string_view key);

  // A stream is written from where it stands to its end. Folders on the way are made. A failure may leave a part of the
  // content.
  virtual WriteResult write(std::string_view key, ReadStream& content, const WriteOptions& options = {}) = 0;
  WriteResult write(std::string_view key, Bytes content, const WriteOptions& options = {});
  // The content appears as a whole or not at all.
  virtual WriteResult write_atomic(std::string_view key, ReadStream& content, const WriteOptions& options = {}) = 0;
  WriteResult write_atomic(std::string_view key, Bytes content, const WriteOptions& options = {});
  virtual std::unique_ptr<AtomicWriter> open_atomic(std::string_view key, const WriteOptions& options = {}) = 0;

  // `missing_ok` forgives what is missing, not what is a folder.
  virtual void delete_(std::string_view key, bool missing_ok = false) = 0;
  virtual void delete_folder(std::string_view key, bool recursive = false, bool missing_ok = false) = 0;

  // Empty for what is missing, or no folder. Paths in the result are keys.
  virtual std::vector<FileInfo> list_files(std::string_view key, const ListOptions& options = {}) = 0;
  virtual std::vector<FolderEntry> list_folders(std::string_view key) = 0;
  virtual std::vector<PathEntry> iter_children(std::string_view key) = 0;
  // Default: CapabilityNotSupported("glob"). `glob_files` of glob.h works with every backend.
  virtual std::vector<FileInfo> glob(std::string_view pattern);

  virtual FileInfo get_file_info(std::string_view key) = 0;
  virtual FolderInfo get_folder_info(std::string_view key) = 0;

  // The source is judged before the target. Onto itself: nothing happens.
  virtual void move(std::string_view from, std::string_view to, bool overwrite = false) = 0;
  virtual void copy(std::string_view from, std::string_view to, bool overwrite = false) = 0;

  // Between keys and the storage's own paths. Pure text, for every input.
  virtual std::string native_path(std::string_view key) const = 0;
  virtual std::string to_key(std::string_view native) const = 0;
  virtual ResolutionPlan resolve(std::string_view key) const = 0;

  // Whether the root can be reached; changes nothing. Throws NotFound, PermissionDenied, BackendUnavailable.
  virtual void check_health() = 0;
  // Never throws; calling it again does nothing.
  virtual void close() noexcept = 0;
  virtual bool close_is_terminal() const = 0;

  // The object beneath. Throws CapabilityNotSupported("unwrap") where there is none of this type.
  template <class T>
  T& unwrap() {
    return *static_cast<T*>(native_object(typeid(T)));
  }

 protected:
  virtual void* native_object(const std::type_info& type);
};

}  // namespace hawser::client
