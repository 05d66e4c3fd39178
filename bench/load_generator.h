// What the load generators of this folder share: whom they load, and how their coroutines run.
//
//   const Target target = parse_target(argv);
//   asio::io_context io;
//   run_together(io, {load(target, …), load(target, …)});   // until all have ended
//
// A load generator that meets an error measures nothing: it throws, and `run_generator` prints why and gives status 1.
#pragma once

#include <asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <stdexcept>
#include <vector>

#include "hawser/client/client.h"

namespace hawser::bench {

using client::Awaitable;
using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

struct Target {
  std::uint16_t port = 0;  // on 127.0.0.1
  std::string user;
  client::Key key;
  std::shared_ptr<client::HostKeyVerifier> host_keys;

  client::ClientOptions options() const;
};

inline constexpr int target_arguments = 4;
inline constexpr const char* target_usage = "PORT USER KEY HOST_KEY.pub";
Target parse_target(char** first);

// Connects and signs in.
Awaitable<std::shared_ptr<client::Client>> sign_in(Target target);
// The session ends with its client.
struct Session {
  std::shared_ptr<client::Client> client;
  std::shared_ptr<client::SFTPClient> sftp;
};
Awaitable<Session> open_sftp(Target target);

// The work of many benches: a file of `small_size` bytes, in three round trips.
inline constexpr std::size_t small_size = 4096;
Awaitable<void> open_read_close(client::SFTPClient& sftp, std::string path);

// Returns when all have ended; throws what one of them throws.
void run_together(asio::io_context& io, std::vector<Awaitable<void>> work);

// Calls `work` on so many threads, each with its number; gives the sum of what they give, throws what one of them
// throws.
std::uint64_t sum_over_threads(unsigned threads, const std::function<std::uint64_t(unsigned number)>& work);

// `main` of a load generator: `generate` gets the arguments behind the program's name and prints one line of JSON.
int run_generator(int argc, char** argv, int arguments, const char* usage, const std::function<void(char**)>& generate);

template <class T>
T need(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message());
  return *std::move(result);
}

template <class T>
T need(client::SFTPResult<T> result) {
  if (!result) throw std::runtime_error(result.error().message());
  return *std::move(result);
}

inline void need(const client::SFTPResult<void>& result) {
  if (!result) throw std::runtime_error(result.error().message());
}

}  // namespace hawser::bench
