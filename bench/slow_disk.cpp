// What sessions that wait for a slow disk cost a fast one beside them: a server and its clients in one process.
//
//   slow_disk FOLDER WAITING SLOW_SESSIONS SECONDS
//
// FOLDER holds `small`, a file of 4 KiB, and `large`. The fast client opens, reads and closes `small`, 64 deep, and
// then gets `large`, over and over, each for SECONDS; each slow session reads the file called WAITING (slow_files.h).
// Prints one JSON line: the fast client's rates, and the reads per second of all slow sessions together.
#include <array>
#include <cstdio>

#include "hawser/server/base_sftp_server.h"
#include "slow_files.h"

using namespace hawser;
using namespace hawser::bench;

namespace {

constexpr unsigned deep = 64;
// A slow session closes its file after so many reads and opens it anew: a new file has not been slow yet.
constexpr unsigned reads_per_open = 10;

// A server on a free port, with keys of its own, and who may sign in to it.
struct SlowServer {
  explicit SlowServer(const std::string& directory) : files(std::make_shared<PartlySlow>(directory)) {
    const std::unique_ptr<crypto::Random> random = crypto::system_random();
    const auto key = std::make_shared<const crypto::PrivateKey>(
        need(crypto::PrivateKey::generate(crypto::KeyType::ed25519, *random)));
    const std::shared_ptr<const crypto::Signer> host_key = need(server::ephemeral_host_key());
    server::BaseSFTPServerOptions options;
    options.file_system = files;
    options.authenticators = {server::AuthorizedKeys::from_text(key->public_key().text())};
    options.listen.host_keys = {host_key};
    options.listen.port = 0;
    running = std::make_unique<server::BaseSFTPServer>(options);
    if (const Result<void> started = running->start(); !started) throw std::runtime_error(started.error().message());
    target = {running->port(), "bench", key, client::pinned_host_keys({host_key->public_key()})};
  }

  std::shared_ptr<PartlySlow> files;
  std::unique_ptr<server::BaseSFTPServer> running;
  Target target;
};

struct Progress {
  Clock::time_point until;
  Clock::time_point fast_end;  // the slow sessions take longer to come to their end
  std::uint64_t small_files = 0;
  std::uint64_t bytes = 0;
  std::uint64_t slow_reads = 0;
};

class Discard final : public client::DataSink {
 public:
  Result<void> write_at(std::uint64_t, std::span<const Bytes>) override { return {}; }
};

Awaitable<void> read_slowly(std::shared_ptr<client::SFTPClient> sftp, std::string path, Progress& progress) {
  while (Clock::now() < progress.until) {
    client::SFTPResult<client::File> opened = co_await sftp->open(path, sftp::open_flags::read);
    client::File file = need(std::move(opened));
    std::array<std::uint8_t, small_size> content;
    for (unsigned i = 0; i < reads_per_open && Clock::now() < progress.until; ++i) {
      const client::SFTPResult<std::size_t> count = co_await file.read_at(0, content);
      if (need(count) != small_size) throw std::runtime_error("a short read");
      ++progress.slow_reads;
    }
    const client::SFTPResult<void> closed = co_await file.close();
    need(closed);
  }
}

Awaitable<void> read_small_files(std::shared_ptr<client::SFTPClient> sftp, Progress& progress) {
  while (Clock::now() < progress.until) {
    Awaitable<void> one = open_read_close(*sftp, "/small");
    co_await std::move(one);
    ++progress.small_files;
  }
  progress.fast_end = Clock::now();
}

Awaitable<void> get_large_files(std::shared_ptr<client::SFTPClient> sftp, Progress& progress) {
  Discard sink;
  while (Clock::now() < progress.until) {
    const client::SFTPResult<std::uint64_t> got = co_await sftp->get("/large", sink);
    progress.bytes += need(got);
  }
  progress.fast_end = Clock::now();
}

Awaitable<void> connect(Target target, std::vector<Session>& sessions) {
  const Session session = co_await open_sftp(std::move(target));
  sessions.push_back(session);
}

// `work` of the fast client beside slow sessions; gives the seconds that the work took.
double run_beside(asio::io_context& io, const std::vector<Session>& slow, const std::string& slow_path,
                  std::vector<Awaitable<void>> work, Progress& progress) {
  for (const Session& session : slow) work.push_back(read_slowly(session.sftp, slow_path, progress));
  const Clock::time_point start = Clock::now();
  run_together(io, std::move(work));
  return Seconds(progress.fast_end - start).count();
}

void measure(const Target& target, const std::string& slow_path, unsigned slow_sessions, Seconds duration) {
  asio::io_context io;
  std::vector<Session> sessions;
  std::vector<Awaitable<void>> connecting;
  for (unsigned i = 0; i <= slow_sessions; ++i) connecting.push_back(connect(target, sessions));
  run_together(io, std::move(connecting));
  const Session fast = sessions.back();
  sessions.pop_back();
  const auto until = [&] { return Clock::now() + std::chrono::duration_cast<Clock::duration>(duration); };

  Progress small{until(), {}};
  std::vector<Awaitable<void>> reading;
  for (unsigned i = 0; i < deep; ++i) reading.push_back(read_small_files(fast.sftp, small));
  const double small_time = run_beside(io, sessions, slow_path, std::move(reading), small);

  Progress large{until(), {}};
  std::vector<Awaitable<void>> getting;
  getting.push_back(get_large_files(fast.sftp, large));
  const double large_time = run_beside(io, sessions, slow_path, std::move(getting), large);

  std::printf("{\"open_read_close_64\": %.0f, \"get_mb_per_s\": %.0f, \"slow_reads_per_s\": %.1f}\n",
              static_cast<double>(small.small_files) / small_time, static_cast<double>(large.bytes) / 1e6 / large_time,
              static_cast<double>(small.slow_reads + large.slow_reads) / (small_time + large_time));
}

void generate(char** arguments) {
  const SlowServer server(arguments[0]);
  const auto slow_sessions = static_cast<unsigned>(std::stoul(arguments[2]));
  measure(server.target, std::string("/") + arguments[1], slow_sessions, Seconds(std::stod(arguments[3])));
}

}  // namespace

int main(int argc, char** argv) {
  return run_generator(argc, argv, 4, "FOLDER WAITING SLOW_SESSIONS SECONDS", generate);
}
