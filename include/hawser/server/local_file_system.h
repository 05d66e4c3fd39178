// A directory of the local system as a FileSystem.
//
//   Result<std::shared_ptr<LocalFileSystem>> files = LocalFileSystem::open("/srv/upload");
//   if (!files) return files.error();
//
// The directory is a jail, held by its descriptor: clients see it as `/` and reach nothing outside. Symbolic links work
// inside it as they would after chroot(2): an absolute target starts at the jail's root, `..` stops there, so a link
// that was made to lead out leads to a name inside, or nowhere. This holds too while somebody renames directories and
// links under way: paths are resolved by the kernel (openat2 with RESOLVE_IN_ROOT, Linux 5.6), else one component at a
// time with O_NOFOLLOW. What the owner of the machine mounts or hard-links into the directory is inside.
//
// Calls that change a name resolve its parent and act on the name itself, never on what a link points to. Only regular
// files are opened; a FIFO or a device never blocks, though it is opened for a moment, without waiting (O_NONBLOCK), to
// see what it is: keep devices that do something when they are opened out of the directory. Rights are those of the
// process.
//
// Calls that may wait for a device go to `threads` when experience says so (blocking_policy.h): a read when it is not
// in the page cache, writes of a file and the calls on names after one of them was slow, sync always.
#pragma once

#include "hawser/server/blocking_policy.h"
#include "hawser/server/file_threads.h"
#include "hawser/wire/result.h"

namespace hawser::server {

struct LocalOptions {
  bool read_only = false;
  // false: the whole system with its usual rules for links, for a server that acts for the user who runs it. The root
  // must be "/".
  bool jail = true;
  // Lets clients set the set-uid and set-gid bits. Else asking for one that is not there already is permission_denied,
  // and what is made has neither, nor the sticky bit.
  bool keep_special_bits = false;
  // Character and block devices may be opened.
  bool allow_devices = false;
  // Taken from the permissions of new files and directories, beside the umask of the process.
  std::uint32_t umask = 0;
  // Those of the file system itself are used if there are none.
  std::shared_ptr<FileThreads> threads = nullptr;
  BlockingOptions blocking = {};
  // As on a kernel without openat2 and renameat2.
  bool force_fallback = false;
};

struct LocalContext;
class Descriptor;

class LocalFileSystem final : public FileSystem {
 public:
  // Errors: file_error if the root is not a directory that can be opened, invalid_argument for a root other than "/"
  // without a jail.
  static Result<std::shared_ptr<LocalFileSystem>> open(const std::string& root, LocalOptions options = {});
  ~LocalFileSystem() override;

  Awaitable<FileResult<sftp::Attributes>> stat(std::string path) override;
  Awaitable<FileResult<sftp::Attributes>> lstat(std::string path) override;
  Awaitable<FileResult<std::unique_ptr<File>>> open(std::string path, OpenMode mode, sftp::Attributes create) override;
  Awaitable<FileResult<std::unique_ptr<Directory>>> open_directory(std::string path) override;
  Awaitable<FileResult<void>> make_directory(std::string path, sftp::Attributes attributes) override;
  Awaitable<FileResult<void>> remove_directory(std::string path) override;
  Awaitable<FileResult<void>> remove(std::string path) override;
  Awaitable<FileResult<void>> rename(std::string from, std::string to, bool replace) override;
  // All or nothing, as far as the system lets it: what fails half way is taken back. Others may see the steps.
  Awaitable<FileResult<void>> set_attributes(std::string path, sftp::Attributes attributes) override;
  Awaitable<FileResult<void>> set_link_attributes(std::string path, sftp::Attributes attributes) override;
  Awaitable<FileResult<std::string>> read_link(std::string path) override;
  Awaitable<FileResult<void>> symlink(std::string target, std::string link_path) override;
  Awaitable<FileResult<void>> hard_link(std::string existing, std::string link_path) override;
  Awaitable<FileResult<std::string>> real_path(std::string path) override;
  Awaitable<FileResult<sftp::FileSystemStatistics>> statistics(std::string path) override;
  Awaitable<FileResult<FileStatus>> status(std::string path) override;
  Awaitable<FileResult<std::shared_ptr<FileSystem>>> subdirectory(std::string path) override;

  Features features() const override;

 private:
  friend class UserRoots;
  // `directory` is one that is open, with O_PATH at least.
  static std::shared_ptr<LocalFileSystem> adopt(Descriptor directory, LocalOptions options);
  explicit LocalFileSystem(std::shared_ptr<LocalContext> context) : context_(std::move(context)) {}

  template <class Work>
  Awaitable<std::invoke_result_t<Work&>> perform(Work work);
  template <class Work>
  Awaitable<FileResult<void>> perform_change(Work work);

  std::shared_ptr<LocalContext> context_;
};

}  // namespace hawser::server
