#include "server/local_directory.h"

#include <algorithm>
#include <string_view>

#include "server/local_attributes.h"
#include "server/local_system_calls.h"

namespace hawser::server {

FileResult<std::unique_ptr<Directory>> LocalDirectory::open(std::shared_ptr<LocalContext> context,
                                                            Descriptor descriptor) {
  Stream stream(::fdopendir(descriptor.get()));
  if (!stream) return last_error();
  descriptor.release();  // the stream has it
  std::unique_ptr<Directory> directory(new LocalDirectory(std::move(context), std::move(stream)));
  return directory;
}

Awaitable<FileResult<std::vector<DirectoryEntry>>> LocalDirectory::next(std::size_t count) {
  return perform(context_->policy, *context_->options.threads, [this, count] { return next_now(count); });
}

Awaitable<FileResult<sftp::Attributes>> LocalDirectory::attributes() {
  return perform(context_->policy, *context_->options.threads,
                 [this] { return attributes_of_descriptor(descriptor()); });
}

Awaitable<FileResult<void>> LocalDirectory::set_attributes(const sftp::Attributes& attributes) {
  return perform(context_->policy, *context_->options.threads, [this, attributes]() -> FileResult<void> {
    if (context_->options.read_only) return FileError::read_only;
    if (attributes.size) return FileError::wrong_type;
    return apply_attributes(descriptor(), attributes, context_->options.keep_special_bits);
  });
}

FileResult<std::vector<DirectoryEntry>> LocalDirectory::next_now(std::size_t count) {
  std::vector<DirectoryEntry> entries;
  if (at_end_) return entries;
  entries.reserve(std::min<std::size_t>(count, 1024));
  while (entries.size() < count) {
    errno = 0;
    const dirent* const found = ::readdir(stream_.get());
    if (found == nullptr) {
      // What was read before an error is delivered; the error comes again with the next call.
      if (errno != 0 && entries.empty()) return last_error();
      at_end_ = errno == 0;
      break;
    }
    const std::string_view name(found->d_name);
    if (name == "." || name == "..") continue;
    DirectoryEntry entry{std::string(name), {}, 1};
    struct stat status;
    if (::fstatat(descriptor(), found->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0) {
      entry.attributes = attributes_of(status);
      entry.links = static_cast<std::uint32_t>(status.st_nlink);
    } else if (errno == ENOENT) {
      continue;  // removed since
    }
    // Else the name is all that may be known: a directory that can be read but not searched.
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace hawser::server
