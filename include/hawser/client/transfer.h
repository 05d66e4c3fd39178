// Moving whole files: where the bytes go to and come from, and how.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

#include "hawser/wire/bytes.h"
#include "hawser/wire/result.h"

namespace hawser::client {

// Takes what a download brings, in any order. Called on the connection's strand: it must not wait for long.
class DataSink {
 public:
  virtual ~DataSink() = default;
  // All of the pieces, one behind the other, at `offset`. They are valid during the call.
  virtual Result<void> write_at(std::uint64_t offset, std::span<const Bytes> pieces) = 0;
  // The download has failed: everything before `end` has come; behind it may be holes, since pieces come in any order.
  virtual void cut_short(std::uint64_t /*end*/) {}
};

// Gives what an upload sends, from front to back. Called on the connection's strand.
class DataSource {
 public:
  virtual ~DataSource() = default;
  // Fills the areas, one behind the other; gives the bytes read, fewer only at the end.
  virtual Result<std::size_t> read_at(std::uint64_t offset, std::span<const MutableBytes> areas) = 0;
};

struct TransferOptions {
  // Where to begin: what is before it is taken to be there already on both sides.
  std::uint64_t offset = 0;
  // Bytes under way, as requests that are not yet answered. It begins with the first and follows rate × round trip up
  // to the second.
  std::size_t initial_depth = 4 * 1024 * 1024;
  std::size_t maximum_depth = 64 * 1024 * 1024;
  // Bytes per request; 0: as many as the server's limits@openssh.com allows, at most 255 KiB, or 32 KiB where it does
  // not tell.
  std::uint32_t request_size = 0;
  // Bytes done in all, and the size of the file where it is known. Called on the strand after each answer.
  std::function<void(std::uint64_t done, std::optional<std::uint64_t> size)> progress;
  // Of get_file, put_file and the trees: access rights (0777 of them, never set-uid, set-gid, sticky) and times.
  bool preserve = false;
  // Of get_file, put_file and the trees: continue after the bytes that a target has already. It trusts them; what a
  // download leaves behind when it fails has no holes.
  bool resume = false;
  // Of get_file, put_file: where a relative local path begins, as openat(2) has it. Borrowed until the call ends.
  std::optional<int> local_directory;
  // Of get_file, put_file: local only regular files, and a symbolic link as last component is refused.
  bool regular_only = false;
};

struct TreeOptions {
  TransferOptions transfer;
  std::size_t files_in_flight = 64;
  std::size_t depth_limit = 256;  // of directories below the first
};

struct TreeSummary {
  std::uint64_t files = 0;
  std::uint64_t directories = 0;
  std::uint64_t bytes = 0;
  std::uint64_t skipped = 0;  // symbolic links, devices, sockets
};

}  // namespace hawser::client
