// Full logins per second: connect, curve25519, ed25519 for host and user, disconnect.
//
//   logins PORT USER KEY HOST_KEY.pub AT_ONCE SECONDS
//
// AT_ONCE logins are under way at any time, on as many threads as there are processors. Prints one JSON line: logins,
// logins per second, and the CPU milliseconds of a login on this side.
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <thread>

#include "load_generator.h"

using namespace hawser;
using namespace hawser::bench;

namespace {

Awaitable<void> log_in_again_and_again(Target target, Clock::time_point until, std::uint64_t& done) {
  while (Clock::now() < until) {
    const std::shared_ptr<client::Client> client = co_await sign_in(target);
    const transport::Negotiated& used = client->negotiated();
    if (!used.kex.starts_with("curve25519-sha256") || used.host_key != "ssh-ed25519") {
      throw std::runtime_error("not the algorithms that are compared: " + used.kex + ", " + used.host_key);
    }
    client->disconnect();
    ++done;
  }
}

// The share of one thread.
std::uint64_t log_in(const Target& target, unsigned at_once, Clock::time_point until) {
  asio::io_context io;
  std::uint64_t done = 0;
  std::vector<Awaitable<void>> work;
  for (unsigned i = 0; i < at_once; ++i) work.push_back(log_in_again_and_again(target, until, done));
  run_together(io, std::move(work));
  return done;
}

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void generate(char** arguments) {
  const Target target = parse_target(arguments);
  const auto at_once = static_cast<unsigned>(std::stoul(arguments[target_arguments]));
  const Seconds duration(std::stod(arguments[target_arguments + 1]));
  const unsigned threads = std::clamp(std::thread::hardware_concurrency(), 1U, std::max(at_once, 1U));

  const double cpu_before = cpu_seconds();
  const Clock::time_point start = Clock::now();
  const Clock::time_point until = start + std::chrono::duration_cast<Clock::duration>(duration);
  const std::uint64_t done = sum_over_threads(threads, [&](unsigned number) {
    const unsigned mine = at_once / threads + (number < at_once % threads ? 1 : 0);
    return log_in(target, mine, until);
  });
  const auto logins = static_cast<double>(done);
  std::printf("{\"logins\": %.0f, \"logins_per_s\": %.1f, \"client_ms\": %.3f}\n", logins,
              logins / Seconds(Clock::now() - start).count(), (cpu_seconds() - cpu_before) * 1000 / logins);
}

}  // namespace

int main(int argc, char** argv) {
  return run_generator(argc, argv, target_arguments + 2, "PORT USER KEY HOST_KEY.pub AT_ONCE SECONDS", generate);
}
