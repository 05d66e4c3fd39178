#include "server/local_operations.h"

#include <unistd.h>

#include <array>
#include <climits>

#include "server/local_attributes.h"
#include "server/local_system_calls.h"

namespace hawser::server::local {
namespace {

constexpr std::uint32_t default_directory_permissions = 0777;

FileResult<void> result_of(int returned) {
  if (returned != 0) return last_error();
  return {};
}

// For the size a descriptor is needed that may write. The attributes after it are set through the same one.
FileResult<Descriptor> open_for_size(const LocalContext& context, const std::string& path) {
  FileResult<Descriptor> file = context.resolver.open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY);
  if (!file) return file.error();
  struct stat status;
  if (::fstat(file->get(), &status) != 0) return last_error();
  if (!S_ISREG(status.st_mode)) return FileError::wrong_type;
  return file;
}

}  // namespace

FileResult<sftp::Attributes> stat(const LocalContext& context, const std::string& path) {
  const FileResult<Descriptor> file = context.resolver.open(path, O_PATH);
  if (!file) return file.error();
  return attributes_of_descriptor(file->get());
}

FileResult<FileStatus> status(const LocalContext& context, const std::string& path) {
  const FileResult<Place> place = context.resolver.parent(path);
  if (!place && place.error() == FileError::remove_root) {
    const FileResult<Descriptor> root = context.resolver.open(path, O_PATH);
    if (!root) return root.error();
    return status_of_descriptor(root->get());
  }
  if (!place) return place.error();
  struct stat status;
  if (::fstatat(place->directory(), place->name(), &status, AT_SYMLINK_NOFOLLOW) != 0) return last_error();
  return status_of(status);
}

FileResult<sftp::Attributes> lstat(const LocalContext& context, const std::string& path) {
  const FileResult<FileStatus> known = status(context, path);
  if (!known) return known.error();
  return known->attributes;
}

FileResult<void> make_directory(const LocalContext& context, const std::string& path,
                                const sftp::Attributes& attributes) {
  const FileResult<Place> place = context.resolver.place_for(path);
  if (!place) return place.error();
  const std::uint32_t permissions =
      attributes.permissions.value_or(default_directory_permissions) & context.permission_mask();
  return result_of(::mkdirat(place->directory(), place->name(), permissions & ~context.options.umask));
}

FileResult<void> remove_directory(const LocalContext& context, const std::string& path) {
  const FileResult<Place> place = context.resolver.parent(path);
  if (!place) return place.error();
  return result_of(::unlinkat(place->directory(), place->name(), AT_REMOVEDIR));
}

FileResult<void> remove(const LocalContext& context, const std::string& path) {
  const FileResult<Place> place = context.resolver.parent(path);
  if (!place) return place.error();
  return result_of(::unlinkat(place->directory(), place->name(), 0));
}

FileResult<void> set_attributes(const LocalContext& context, const std::string& path,
                                const sftp::Attributes& attributes) {
  const FileResult<Descriptor> file =
      attributes.size ? open_for_size(context, path) : context.resolver.open(path, O_PATH);
  if (!file) return file.error();
  return apply_attributes(file->get(), attributes, context.options.keep_special_bits);
}

FileResult<void> set_link_attributes(const LocalContext& context, const std::string& path,
                                     const sftp::Attributes& attributes) {
  if (attributes.size) return FileError::unsupported;
  const FileResult<Descriptor> file = context.resolver.open(path, O_PATH | O_NOFOLLOW);
  if (!file) return file.error();
  return apply_attributes(file->get(), attributes, context.options.keep_special_bits);
}

FileResult<std::string> read_link(const LocalContext& context, const std::string& path) {
  const FileResult<Place> place = context.resolver.parent(path);
  if (!place && place.error() == FileError::remove_root) return FileError::wrong_type;
  if (!place) return place.error();
  std::array<char, PATH_MAX> target;
  const ssize_t size = ::readlinkat(place->directory(), place->name(), target.data(), target.size());
  if (size < 0) return last_error();
  return std::string(target.data(), static_cast<std::size_t>(size));
}

FileResult<void> symlink(const LocalContext& context, const std::string& target, const std::string& link_path) {
  if (target.empty() || target.find('\0') != std::string::npos) return FileError::invalid_path;
  const FileResult<Place> place = context.resolver.place_for(link_path);
  if (!place) return place.error();
  return result_of(::symlinkat(target.c_str(), place->directory(), place->name()));
}

FileResult<void> hard_link(const LocalContext& context, const std::string& existing, const std::string& link_path) {
  const FileResult<Place> source = context.resolver.parent(existing);
  if (!source && source.error() == FileError::remove_root) return FileError::wrong_type;
  if (!source) return source.error();
  const FileResult<Place> target = context.resolver.place_for(link_path);
  if (!target) return target.error();
  return result_of(::linkat(source->directory(), source->name(), target->directory(), target->name(), 0));
}

FileResult<sftp::FileSystemStatistics> statistics(const LocalContext& context, const std::string& path) {
  const FileResult<Descriptor> file = context.resolver.open(path, O_PATH);
  if (!file) return file.error();
  return statistics_of_descriptor(file->get());
}

}  // namespace hawser::server::local
