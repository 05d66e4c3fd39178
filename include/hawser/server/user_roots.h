// A root directory for each user, by a pattern.
//
//   Result<std::shared_ptr<UserRoots>> roots = UserRoots::create("/srv/sftp/%u");
//   if (!roots) return roots.error();
//   options.file_systems = UserRoots::provider(*roots);                        // of a BaseSFTPServer
//   std::shared_ptr<FileSystem> file_system(ServerConnection& connection) override {  // of an SSHServer
//     return roots_->file_system(connection.user());
//   }
//
// In the pattern `%u` stands for the user's name and `%%` for a percent sign. The directories before the first one with
// a `%u` must exist when the program starts, and are looked up once. From there on no symbolic link is followed, so
// that nothing that a user puts into their directory makes it, or anybody else's, another one.
//
// A user's name becomes a part of a path only if it is plain (`is_plain_user_name`): others have no file system, which
// means no SFTP. So have users without a directory, unless it may be created.
//
// Connections of one user share one FileSystem, and its quota where `wrap` puts one around it. Each login looks the
// directory up: one that has taken the place of another is what new connections get, and those from before keep what
// they have. Rights are those of the process, not of a user of the system that happens to have the same name.
// Thread-safe; only logins of one user wait for one another while their directory is opened and wrapped.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string_view>

#include "hawser/server/local_file_system.h"
#include "hawser/server/log.h"
#include "hawser/server/server_connection.h"

namespace hawser::server {

// What a connection gets to see; null: no SFTP. Called on the connection's thread, which waits for it.
using FileSystemProvider = std::function<std::shared_ptr<FileSystem>(ServerConnection&)>;

// 1 to 64 of `A-Z a-z 0-9 . _ - @ +`, the first one neither `.` nor `-`: never `..`, hidden, an option, or two names
// that only look different.
bool is_plain_user_name(std::string_view name);

struct UserRootsOptions {
  // Missing directories below the fixed part are made, with mode 0700.
  bool create = false;
  LocalOptions local;  // of each user's files
  // Puts something around a user's files, a QuotaFileSystem for example. Null: the user gets nothing.
  std::function<std::shared_ptr<FileSystem>(std::shared_ptr<FileSystem> files, const std::string& user)> wrap;
  // File systems that stay open when nobody is connected.
  std::size_t kept = 64;
  std::shared_ptr<Log> log;  // is told who gets no file system, and why
};

class UserRoots {
 public:
  // Errors: invalid_argument for a pattern that is not absolute, has no `%u`, another `%`, or a `..`; file_error if the
  // fixed part is no directory.
  static Result<std::shared_ptr<UserRoots>> create(const std::string& pattern, UserRootsOptions options = {});
  ~UserRoots();
  UserRoots(const UserRoots&) = delete;
  UserRoots& operator=(const UserRoots&) = delete;

  // Null: this user has none.
  std::shared_ptr<FileSystem> file_system(const std::string& user);
  // Asks for the user of the connection. Keeps the UserRoots alive.
  static FileSystemProvider provider(std::shared_ptr<UserRoots> roots);

 private:
  struct Base;
  UserRoots(std::unique_ptr<Base> base, UserRootsOptions options);

  struct Root;
  std::shared_ptr<Root> root_of(const std::string& user);
  Descriptor open(const std::string& user) const;
  std::shared_ptr<FileSystem> refuse(const std::string& user, const char* why) const;
  void make_room();

  const std::unique_ptr<Base> base_;
  const UserRootsOptions options_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Root>, std::less<>> roots_;
};

}  // namespace hawser::server
