// The tree of mount points of a MountFileSystem, and which file system a path belongs to. Does not change once made.
#pragma once

#include <map>

#include "hawser/server/mount_file_system.h"

namespace hawser::server {

// A mount point, or a directory on the way to one.
struct MountNode {
  std::shared_ptr<FileSystem> files;  // null: not a mount point
  std::map<std::string, std::unique_ptr<MountNode>, std::less<>> children;
};

struct MountRoute {
  std::string whole;                 // the path itself, clean
  const MountNode* node = nullptr;   // where the path is one of the tree
  const MountNode* point = nullptr;  // the mount point that the path is at or below; null: there is none
  std::string mounted_at;            // its path; empty for the root
  std::string path;                  // in its file system

  FileSystem* files() const { return point == nullptr ? nullptr : point->files.get(); }
  bool is_root() const { return whole == "/"; }
  bool is_point() const { return node != nullptr && node == point; }
  bool is_made_up() const { return node != nullptr && node != point; }  // though there may be one beneath
  // The path by which clients know `inner`, one of the file system.
  std::string seen(const std::string& inner) const;
};

class MountTable {
 public:
  Result<void> add(const Mount& mount);

  // Errors: invalid_path, name_too_long.
  FileResult<MountRoute> route(const std::string& path) const;
  // Whether the directory that the path is in is made up.
  bool parent_is_made_up(const MountRoute& route) const;
  // What stands in the way of making something at `route`: it is there, or no file system takes it.
  FileResult<MountRoute> route_for_new(const std::string& path) const;
  // What creating at `route` really failed of, where the file system beneath does not have a made-up directory.
  FileError creation_error(const MountRoute& route, FileError error) const;

  const MountNode& root() const { return root_; }
  // What stat says about a made-up directory.
  sftp::Attributes made_up_attributes() const;
  static sftp::FileSystemStatistics made_up_statistics();

 private:
  MountNode root_;
  const std::uint32_t made_at_ = now();
  static std::uint32_t now();
};

}  // namespace hawser::server
