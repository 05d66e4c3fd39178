#include "request_policy.h"

#include <algorithm>
#include <array>

namespace hawser::server {

namespace {

// In the order of sftp::RequestBody. The names are those of OpenSSH's sftp-server(8) -Q requests.
struct RequestRow {
  std::string_view name;
  bool changes = false;
  std::string_view extension = {};
};

constexpr std::array rows{
    RequestRow{""},      // Malformed
    RequestRow{""},      // Unsupported
    RequestRow{""},      // Init
    RequestRow{"open"},  // as its flags say: the session looks at them
    RequestRow{"close"},
    RequestRow{"read"},
    RequestRow{"write", true},
    RequestRow{"lstat"},
    RequestRow{"fstat"},
    RequestRow{"setstat", true},
    RequestRow{"fsetstat", true},
    RequestRow{"opendir"},
    RequestRow{"readdir"},
    RequestRow{"remove", true},
    RequestRow{"mkdir", true},
    RequestRow{"rmdir", true},
    RequestRow{"realpath"},
    RequestRow{"stat"},
    RequestRow{"rename", true},
    RequestRow{"readlink"},
    RequestRow{"symlink", true},
    RequestRow{"posix-rename", true, sftp::PosixRename::extension},
    RequestRow{"statvfs", false, sftp::Statvfs::extension},
    RequestRow{"fstatvfs", false, sftp::Fstatvfs::extension},
    RequestRow{"hardlink", true, sftp::Hardlink::extension},
    RequestRow{"fsync", true, sftp::Fsync::extension},
    RequestRow{"lsetstat", true, sftp::Lsetstat::extension},
    RequestRow{"limits", false, sftp::LimitsRequest::extension},
    RequestRow{"expand-path", false, sftp::ExpandPath::extension},
    RequestRow{"copy-data", true, sftp::CopyData::extension},
    RequestRow{"home-directory", false, sftp::HomeDirectory::extension},
    RequestRow{"users-groups-by-id", false, sftp::UsersGroupsById::extension},
};
static_assert(rows.size() == std::variant_size_v<sftp::RequestBody>);
static_assert(std::is_same_v<std::variant_alternative_t<6, sftp::RequestBody>, sftp::WriteHeader>);
static_assert(std::is_same_v<std::variant_alternative_t<20, sftp::RequestBody>, sftp::Symlink>);
static_assert(std::is_same_v<std::variant_alternative_t<25, sftp::RequestBody>, sftp::Fsync>);

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

std::vector<std::string_view> sftp_request_names() {
  std::vector<std::string_view> names;
  for (const RequestRow& row : rows) {
    if (!row.name.empty()) names.push_back(row.name);
  }
  return names;
}

Result<void> SFTPServerOptions::check() const {
  const std::vector<std::string_view> known = sftp_request_names();
  for (const std::vector<std::string>* list : {&allowed_requests, &denied_requests}) {
    for (const std::string& name : *list) {
      if (std::ranges::find(known, name) == known.end()) return Error(Errc::not_found, "name of an SFTP request");
    }
  }
  return {};
}

RequestPolicy::RequestPolicy(const SFTPServerOptions& options) {
  for (std::size_t i = 0; i != rows.size(); ++i) {
    const RequestRow& row = rows[i];
    const bool listed = options.allowed_requests.empty() || contains(options.allowed_requests, row.name);
    const bool denied = contains(options.denied_requests, row.name) || (options.read_only && row.changes);
    allowed_[i] = row.name.empty() || (listed && !denied);
  }
}

sftp::Extensions RequestPolicy::permitted(sftp::Extensions offered) const {
  for (std::size_t i = 0; i != rows.size(); ++i) {
    if (rows[i].extension.empty() || allowed_[i]) continue;
    if (const sftp::ExtensionRow* row = sftp::find_extension(rows[i].extension)) offered.*row->member = false;
  }
  return offered;
}

}  // namespace hawser::server
