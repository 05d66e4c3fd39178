// A cursor over a directory of a QuotaFileSystem, and what the rights of directories have to do with counting.
#pragma once

#include "server/directory_wrapper.h"

namespace hawser::server {

// What the owner needs of a directory for all in it to be counted when the quota starts anew.
inline constexpr std::uint32_t rights_to_count = 0700;

inline bool could_hide_directory(const sftp::Attributes& attributes) {
  return attributes.permissions && (*attributes.permissions & rights_to_count) != rights_to_count;
}

class QuotaDirectory final : public DirectoryWrapper {
 public:
  using DirectoryWrapper::DirectoryWrapper;

  Awaitable<FileResult<void>> set_attributes(const sftp::Attributes& attributes) override {
    if (could_hide_directory(attributes)) co_return FileError::permission_denied;
    co_return co_await inner().set_attributes(attributes);
  }
};

}  // namespace hawser::server
