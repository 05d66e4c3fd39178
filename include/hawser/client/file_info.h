// What a Backend tells about files and folders. Plain values; two FileInfo are equal when they are about the same path.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <variant>

#include "hawser/client/remote_path.h"

namespace hawser::client {

using TimeStamp = std::chrono::system_clock::time_point;

struct ContentDigest {
  std::string algorithm;  // "sha256"
  std::string hex;
  friend bool operator==(const ContentDigest&, const ContentDigest&) = default;
};

struct FileInfo {
  RemotePath path;
  std::string name;
  std::uint64_t size = 0;
  std::optional<TimeStamp> modified_at;  // none where the server does not tell
  std::optional<ContentDigest> digest;
  std::optional<std::string> etag;
  std::optional<std::string> content_type;
  std::map<std::string, std::string> extra;
  std::map<std::string, std::string> metadata;

  friend bool operator==(const FileInfo& a, const FileInfo& b) { return a.path == b.path; }
};

struct FolderEntry {
  RemotePath path;
  std::string name;
  friend bool operator==(const FolderEntry&, const FolderEntry&) = default;
};

using PathEntry = std::variant<FileInfo, FolderEntry>;

// Over everything below the folder.
struct FolderInfo {
  RemotePath path;
  std::uint64_t file_count = 0;
  std::uint64_t total_size = 0;
  std::optional<TimeStamp> modified_at;  // of the newest file
  std::map<std::string, std::string> extra;
};

struct WriteResult {
  // Who says so: the server (native), only the arguments and the byte count (basic), a file beside it (sidecar).
  enum class Source { native, basic, sidecar };

  RemotePath path;
  std::uint64_t size = 0;  // bytes written
  Source source = Source::basic;
  std::optional<TimeStamp> last_modified;
  std::optional<ContentDigest> digest;
  std::optional<std::string> etag;
  std::optional<std::string> version_id;
  std::map<std::string, std::string> metadata;
  friend bool operator==(const WriteResult&, const WriteResult&) = default;
};

// Where a key lives, without asking anybody. Never holds credentials.
struct ResolutionPlan {
  std::string kind;  // "sftp"
  std::string backend;
  std::string key;
  std::string native_path;
  std::map<std::string, std::string> details;  // host, port, base_path
  friend bool operator==(const ResolutionPlan&, const ResolutionPlan&) = default;
};

}  // namespace hawser::client

template <>
struct std::hash<hawser::client::FileInfo> {
  std::size_t operator()(const hawser::client::FileInfo& info) const {
    return std::hash<hawser::client::RemotePath>()(info.path);
  }
};
