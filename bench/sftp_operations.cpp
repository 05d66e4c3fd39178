// Small SFTP operations per second on one connection.
//
//   sftp_operations PORT USER KEY HOST_KEY.pub FOLDER OPERATION AT_ONCE SECONDS
//
// FOLDER on the server holds `small`, with files 0 to 99 of 4 KiB, and `many`, the directory that is read. OPERATION is
// stat or open_read_close, AT_ONCE of which are under way for SECONDS, or readdir, which reads `many` once. Prints one
// JSON line: operations (entries, with readdir) and operations per second.
#include <cstdio>
#include <string>

#include "load_generator.h"

using namespace hawser;
using namespace hawser::bench;

namespace {

constexpr unsigned small_files = 100;

using Operation = Awaitable<void> (*)(client::SFTPClient& sftp, std::string path);

Awaitable<void> stat(client::SFTPClient& sftp, std::string path) {
  const client::SFTPResult<sftp::Attributes> attributes = co_await sftp.stat(std::move(path));
  if (need(attributes).size != small_size) throw std::runtime_error("a file of another size");
}

struct Load {
  client::SFTPClient& sftp;
  std::string folder;
  Operation operation;
  Clock::time_point until;
  std::uint64_t done = 0;
};

Awaitable<void> repeat(Load& load, unsigned first) {
  for (unsigned i = first; Clock::now() < load.until; ++i) {
    std::string path = load.folder + "/small/" + std::to_string(i % small_files);
    Awaitable<void> one = load.operation(load.sftp, std::move(path));
    co_await std::move(one);
    ++load.done;
  }
}

std::uint64_t repeat_at_once(asio::io_context& io, Load load, unsigned at_once) {
  std::vector<Awaitable<void>> work;
  for (unsigned i = 0; i < at_once; ++i) work.push_back(repeat(load, i));
  run_together(io, std::move(work));
  return load.done;
}

Awaitable<void> read_directory(client::SFTPClient& sftp, std::string path, std::uint64_t& entries) {
  client::SFTPResult<client::Directory> opened = co_await sftp.open_directory(std::move(path));
  client::Directory directory = need(std::move(opened));
  while (true) {
    const client::SFTPResult<std::vector<client::DirectoryEntry>> some = co_await directory.next();
    if (!some) throw std::runtime_error(some.error().message());
    if (some->empty()) co_return;
    entries += some->size();
  }
}

Awaitable<void> connect(Target target, Session& session) { session = co_await open_sftp(std::move(target)); }

std::vector<Awaitable<void>> alone(Awaitable<void> work) {
  std::vector<Awaitable<void>> all;
  all.push_back(std::move(work));
  return all;
}

void generate(char** arguments) {
  asio::io_context io;
  Session session;
  run_together(io, alone(connect(parse_target(arguments), session)));
  const std::string folder = arguments[target_arguments];
  const std::string name = arguments[target_arguments + 1];
  const auto at_once = static_cast<unsigned>(std::stoul(arguments[target_arguments + 2]));
  const Seconds duration(std::stod(arguments[target_arguments + 3]));

  const Clock::time_point start = Clock::now();
  const Clock::time_point until = start + std::chrono::duration_cast<Clock::duration>(duration);
  std::uint64_t done = 0;
  if (name == "stat") {
    done = repeat_at_once(io, {*session.sftp, folder, stat, until}, at_once);
  } else if (name == "open_read_close") {
    done = repeat_at_once(io, {*session.sftp, folder, open_read_close, until}, at_once);
  } else if (name == "readdir") {
    run_together(io, alone(read_directory(*session.sftp, folder + "/many", done)));
  } else {
    throw std::runtime_error("no such operation: " + name);
  }
  std::printf("{\"operations\": %llu, \"per_second\": %.0f}\n", static_cast<unsigned long long>(done),
              static_cast<double>(done) / Seconds(Clock::now() - start).count());
}

}  // namespace

int main(int argc, char** argv) {
  return run_generator(argc, argv, target_arguments + 4, "PORT USER KEY HOST_KEY.pub FOLDER OPERATION AT_ONCE SECONDS",
                       generate);
}
