// `hawser stat` and `hawser df`: what the server tells about files and about file systems.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "commands.h"
#include "json_line.h"
#include "listing.h"
#include "printable.h"
#include "remote_paths.h"

namespace hawser::tools {
namespace {

using client::Awaitable;

const char* kind_of(const sftp::Attributes& attributes) {
  if (sftp::is_directory(attributes)) return "directory";
  if (sftp::is_regular(attributes)) return "regular file";
  if (sftp::is_symlink(attributes)) return "symbolic link";
  return attributes.permissions ? "special file" : "unknown";
}

std::string time_text(std::uint32_t seconds) {
  return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(std::time_t{seconds}));
}

void print_stat(const std::string& path, const sftp::Attributes& a, const std::string& target) {
  fmt::print("path:        {}\ntype:        {}\n", printable(path), kind_of(a));
  if (a.size) fmt::print("size:        {}\n", *a.size);
  if (a.permissions) fmt::print("permissions: {:04o}\n", *a.permissions & sftp::file_mode::permission_mask);
  if (a.owner) fmt::print("owner:       {}:{}\n", a.owner->uid, a.owner->gid);
  if (a.times) fmt::print("modified:    {}\naccessed:    {}\n", time_text(a.times->mtime), time_text(a.times->atime));
  if (!target.empty()) fmt::print("target:      {}\n", printable(target));
}

Awaitable<void> stat_all(Sessions& sessions, QueryOptions options) {
  const std::vector<RemotePath> paths = co_await expand_urls(sessions, options.urls);
  for (const RemotePath& one : paths) {
    client::SFTPResult<sftp::Attributes> found = co_await one.session.sftp->lstat(one.path);
    const sftp::Attributes attributes = value_or_fail(std::move(found), printable(one.path));
    std::string target;
    if (sftp::is_symlink(attributes)) {
      client::SFTPResult<std::string> read = co_await one.session.sftp->read_link(one.path);
      target = value_or_fail(std::move(read), printable(one.path));
    }
    if (options.json) {
      nlohmann::json object = json_of(attributes);
      object["path"] = one.path;
      if (!target.empty()) object["target"] = target;
      print_json(object);
    } else {
      print_stat(one.path, attributes, target);
    }
  }
}

// In bytes.
struct Space {
  std::string path;
  std::uint64_t total = 0, used = 0, available = 0;

  Space(std::string path_, const sftp::FileSystemStatistics& s) : path(std::move(path_)) {
    const std::uint64_t unit = s.f_frsize != 0 ? s.f_frsize : s.f_bsize;
    total = s.f_blocks * unit;
    used = (s.f_blocks - std::min(s.f_blocks, s.f_bfree)) * unit;
    available = s.f_bavail * unit;
  }
  // Of what is used and what users may still use, as df(1) has it; rounded up.
  std::string share() const {
    const double all = static_cast<double>(used) + static_cast<double>(available);
    if (all == 0) return "-";
    const double percent = static_cast<double>(used) * 100 / all;
    const auto whole = static_cast<unsigned>(percent);
    return fmt::format("{}%", whole + (percent > whole ? 1 : 0));
  }
};

std::string amount(std::uint64_t bytes, bool human) {
  return human ? short_size(bytes) : std::to_string((bytes + 1023) / 1024);
}

void print_spaces(const std::vector<Space>& spaces, bool human) {
  using Row = std::array<std::string, 5>;
  std::vector<Row> rows{Row{human ? "Size" : "1K-blocks", "Used", "Avail", "Use%", "Path"}};
  for (const Space& s : spaces) {
    rows.push_back(
        Row{amount(s.total, human), amount(s.used, human), amount(s.available, human), s.share(), printable(s.path)});
  }
  std::array<std::size_t, 4> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  for (const Row& row : rows) {
    fmt::print("{:>{}}  {:>{}}  {:>{}}  {:>{}}  {}\n", row[0], widths[0], row[1], widths[1], row[2], widths[2], row[3],
               widths[3], row[4]);
  }
}

Awaitable<void> df_all(Sessions& sessions, QueryOptions options) {
  const std::vector<RemotePath> paths = co_await expand_urls(sessions, options.urls);
  std::vector<Space> spaces;
  for (const RemotePath& one : paths) {
    client::SFTPResult<sftp::FileSystemStatistics> told = co_await one.session.sftp->statistics(one.path);
    if (!told && told.error().code() == Errc::unsupported) {
      throw Failure{operation_failed,
                    printable(one.path) + ": the server does not tell about its space (it lacks statvfs@openssh.com)"};
    }
    spaces.emplace_back(one.path, value_or_fail(std::move(told), printable(one.path)));
    if (!options.json) continue;
    const Space& s = spaces.back();
    print_json({{"path", s.path}, {"total", s.total}, {"used", s.used}, {"available", s.available}});
  }
  if (!options.json) print_spaces(spaces, options.human);
}

}  // namespace

int stat(const QueryOptions& options) {
  return run_command("stat", options.connect, [&](Sessions& sessions) { return stat_all(sessions, options); });
}

int df(const QueryOptions& options) {
  return run_command("df", options.connect, [&](Sessions& sessions) { return df_all(sessions, options); });
}

}  // namespace hawser::tools
