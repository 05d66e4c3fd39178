// Changing several attributes of a file as if it were one call: what fails half way is taken back.
#include <unistd.h>

#include <limits>

#include "server/local_attributes.h"
#include "server/local_system_calls.h"

namespace hawser::server {
namespace {

namespace file_mode = sftp::file_mode;

constexpr std::uint32_t special_bits = file_mode::set_uid | file_mode::set_gid;
constexpr std::uint64_t largest_size = static_cast<std::uint64_t>(std::numeric_limits<off_t>::max());

// Knows how the file was and what has been done to it.
class AttributeChange {
 public:
  AttributeChange(int fd, const struct stat& before) : fd_(fd), before_(before) {}

  int set_owner(const sftp::Owner& owner) {
    owner_changed_ = true;
    return change_owner(fd_, owner.uid, owner.gid);
  }
  int set_permissions(std::uint32_t permissions) {
    permissions_changed_ = true;
    return change_mode(fd_, permissions & file_mode::permission_mask);
  }
  int set_times(const sftp::FileTimes& times) {
    times_changed_ = true;
    const timespec both[2] = {{static_cast<time_t>(times.atime), 0}, {static_cast<time_t>(times.mtime), 0}};
    return change_times(fd_, both);
  }
  int set_size(std::uint64_t size) { return ::ftruncate(fd_, static_cast<off_t>(size)); }

  // Whoever was allowed to change something is, with few exceptions, allowed to change it back.
  void take_back() {
    if (times_changed_) {
      const timespec both[2] = {before_.st_atim, before_.st_mtim};
      static_cast<void>(change_times(fd_, both));
    }
    if (owner_changed_) static_cast<void>(change_owner(fd_, before_.st_uid, before_.st_gid));
    // Also after a change of the owner, which clears set-uid and set-gid.
    if (permissions_changed_ || (owner_changed_ && (before_.st_mode & special_bits) != 0)) {
      static_cast<void>(change_mode(fd_, before_.st_mode & file_mode::permission_mask));
    }
  }

 private:
  const int fd_;
  const struct stat& before_;
  bool owner_changed_ = false;
  bool permissions_changed_ = false;
  bool times_changed_ = false;
};

// A file that is given away must not keep running as whom its new permissions say.
bool may_set(const sftp::Attributes& attributes, const struct stat& before) {
  const std::uint32_t asked = attributes.permissions.value_or(0) & special_bits;
  const std::uint32_t kept = attributes.owner ? 0 : before.st_mode & special_bits;
  return (asked & ~kept) == 0;
}

// In this order: giving a file away clears its set-uid bit, and a new size is a new time.
bool change_all(AttributeChange& change, const sftp::Attributes& attributes) {
  if (attributes.owner && change.set_owner(*attributes.owner) != 0) return false;
  if (attributes.permissions && change.set_permissions(*attributes.permissions) != 0) return false;
  if (attributes.times && change.set_times(*attributes.times) != 0) return false;
  if (!attributes.size) return true;
  if (change.set_size(*attributes.size) != 0) return false;
  // Once more, after it; what has just worked works again.
  if (attributes.times) static_cast<void>(change.set_times(*attributes.times));
  return true;
}

}  // namespace

FileResult<void> apply_attributes(int fd, const sftp::Attributes& attributes, bool allow_special_bits) {
  if (attributes.size && *attributes.size > largest_size) return FileError::no_space;
  struct stat before;
  if (::fstat(fd, &before) != 0) return last_error();
  if (!allow_special_bits && !may_set(attributes, before)) return FileError::permission_denied;
  AttributeChange change(fd, before);
  if (change_all(change, attributes)) return {};
  const FileError error = last_error();
  change.take_back();
  return error;
}

}  // namespace hawser::server
