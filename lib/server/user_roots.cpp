#include "hawser/server/user_roots.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>

#include "hawser/sftp/path.h"
#include "server/descriptor.h"
#include "server/local_system_calls.h"
#include "server/path_components.h"

namespace hawser::server {
namespace {

constexpr std::size_t longest_user_name = 64;
constexpr mode_t permissions_of_new = 0700;

bool is_plain(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view("._-@+").find(c) != std::string_view::npos;
}

// Each `%` begins `%u` or `%%`.
bool is_pattern(std::string_view text) {
  for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 2)) {
    if (at + 1 == text.size() || (text[at + 1] != 'u' && text[at + 1] != '%')) return false;
  }
  return true;
}

std::string expanded(std::string_view pattern, std::string_view user) {
  std::string out;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern[at] != '%') {
      out += pattern[at];
    } else if (pattern[++at] == 'u') {
      out += user;
    } else {
      out += '%';
    }
  }
  return out;
}

bool names_user(const std::string& component) { return expanded(component, {}) != expanded(component, "u"); }

// The directory of that name itself, not what a link of that name leads to.
Descriptor enter(int directory, const char* name) {
  return Descriptor(::openat(directory, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

}  // namespace

bool is_plain_user_name(std::string_view name) {
  if (name.empty() || name.size() > longest_user_name) return false;
  return name.front() != '.' && name.front() != '-' && std::ranges::all_of(name, is_plain);
}

struct UserRoots::Base {
  Descriptor directory;               // the part that all users have in common
  std::vector<std::string> patterns;  // of the components below it
};

Result<std::shared_ptr<UserRoots>> UserRoots::create(const std::string& pattern, UserRootsOptions options) {
  if (!pattern.starts_with('/') || !sftp::valid_path(pattern) || !is_pattern(pattern)) {
    return Error(Errc::invalid_argument, "pattern of user roots");
  }
  std::vector<std::string> rest;
  push_components(rest, pattern);
  std::ranges::reverse(rest);
  if (std::ranges::find(rest, "..") != rest.end()) return Error(Errc::invalid_argument, "pattern of user roots");
  const auto first = std::ranges::find_if(rest, names_user);
  if (first == rest.end()) return Error(Errc::invalid_argument, "pattern of user roots without %u");

  std::string fixed = "/";
  for (auto component = rest.begin(); component != first; ++component) {
    fixed = sftp::join_path(fixed, expanded(*component, {}));
  }
  auto base = std::make_unique<Base>();
  base->directory = Descriptor(::open(fixed.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!base->directory) return Error(Errc::file_error, "directory of user roots");
  base->patterns.assign(first, rest.end());
  if (!options.local.threads) options.local.threads = std::make_shared<FileThreads>();
  options.local.jail = true;
  return std::shared_ptr<UserRoots>(new UserRoots(std::move(base), std::move(options)));
}

UserRoots::UserRoots(std::unique_ptr<Base> base, UserRootsOptions options)
    : base_(std::move(base)), options_(std::move(options)) {}
UserRoots::~UserRoots() = default;

FileSystemProvider UserRoots::provider(std::shared_ptr<UserRoots> roots) {
  return [roots = std::move(roots)](ServerConnection& connection) { return roots->file_system(connection.user()); };
}

// Of one user. Who holds `turn` opens the directory, and only those who log in as the same user wait for that.
struct UserRoots::Root {
  std::mutex turn;
  std::shared_ptr<FileSystem> files;  // null until it has been opened
  FileIdentity directory;
};

std::shared_ptr<FileSystem> UserRoots::file_system(const std::string& user) {
  if (!is_plain_user_name(user)) return refuse(user, "the name is not plain");
  const std::shared_ptr<Root> root = root_of(user);
  const std::lock_guard guard(root->turn);
  Descriptor directory = open(user);
  struct stat status;
  if (!directory || ::fstat(directory.get(), &status) != 0) return nullptr;
  const FileIdentity identity{status.st_dev, status.st_ino};
  // A directory that has taken the place of another is another.
  if (root->files && root->directory == identity) return root->files;
  std::shared_ptr<FileSystem> files = LocalFileSystem::adopt(std::move(directory), options_.local);
  if (options_.wrap) files = options_.wrap(std::move(files), user);
  if (!files) return refuse(user, "nothing was made of the directory");
  root->files = files;
  root->directory = identity;
  return files;
}

std::shared_ptr<UserRoots::Root> UserRoots::root_of(const std::string& user) {
  const std::lock_guard guard(mutex_);
  const auto known = roots_.find(user);
  if (known != roots_.end()) return known->second;
  make_room();
  return roots_.emplace(user, std::make_shared<Root>()).first->second;
}

Descriptor UserRoots::open(const std::string& user) const {
  Descriptor directory;
  for (const std::string& pattern : base_->patterns) {
    const std::string name = expanded(pattern, user);
    const int above = directory ? directory.get() : base_->directory.get();
    Descriptor next = enter(above, name.c_str());
    if (!next && errno == ENOENT && options_.create) {
      if (::mkdirat(above, name.c_str(), permissions_of_new) != 0 && errno != EEXIST) {
        refuse(user, "the directory cannot be made");
        return {};
      }
      next = enter(above, name.c_str());
    }
    if (!next) {
      refuse(user, "there is no directory");
      return {};
    }
    directory = std::move(next);
  }
  return directory;
}

std::shared_ptr<FileSystem> UserRoots::refuse(const std::string& user, const char* why) const {
  if (options_.log) options_.log->write(LogLevel::warning, "no root for user " + escaped(user) + ": " + why);
  return nullptr;
}

void UserRoots::make_room() {
  if (roots_.size() < options_.kept) return;
  // Of those that nobody else has at this moment: nobody else can get one without `mutex_`.
  std::erase_if(roots_, [](const auto& entry) {
    const std::shared_ptr<Root>& root = entry.second;
    if (root.use_count() != 1) return false;
    const std::lock_guard guard(root->turn);  // free; but who had it last has left something here
    return !root->files || root->files.use_count() == 1;
  });
}

}  // namespace hawser::server
