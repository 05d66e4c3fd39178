#include "load_generator.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "hawser/net/spawn.h"

namespace hawser::bench {
namespace {

std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) throw std::runtime_error(path + " cannot be read");
  return line;
}

}  // namespace

client::ClientOptions Target::options() const {
  client::ClientOptions options;
  options.host = "127.0.0.1";
  options.port = port;
  options.user = user;
  options.credentials = {key};
  options.host_keys = host_keys;
  options.session.transport.algorithms.kex = {"curve25519-sha256"};  // which servers have in common
  return options;
}

Target parse_target(char** first) {
  Target target;
  target.port = static_cast<std::uint16_t>(std::stoul(first[0]));
  target.user = first[1];
  target.key = std::make_shared<const crypto::PrivateKey>(need(crypto::load_private_key(first[2])));
  target.host_keys = client::pinned_host_keys({need(crypto::PublicKey::from_text(first_line(first[3])))});
  return target;
}

Awaitable<std::shared_ptr<client::Client>> sign_in(Target target) {
  const client::ConnectResult connected = co_await client::Client::connect(target.options());
  if (!connected) throw std::runtime_error(connected.error().message());
  co_return *connected;
}

Awaitable<Session> open_sftp(Target target) {
  const std::shared_ptr<client::Client> client = co_await sign_in(std::move(target));
  client::SFTPResult<std::shared_ptr<client::SFTPClient>> sftp = co_await client->open_sftp();
  Session session{client, need(std::move(sftp))};
  co_return session;
}

Awaitable<void> open_read_close(client::SFTPClient& sftp, std::string path) {
  client::SFTPResult<client::File> opened = co_await sftp.open(std::move(path), sftp::open_flags::read);
  client::File file = need(std::move(opened));
  std::array<std::uint8_t, small_size> content;
  const client::SFTPResult<std::size_t> count = co_await file.read_at(0, content);
  if (need(count) != small_size) throw std::runtime_error("a file of another size");
  const client::SFTPResult<void> closed = co_await file.close();
  need(closed);
}

void run_together(asio::io_context& io, std::vector<Awaitable<void>> work) {
  // Not one handler after the other by run_one: each would begin with a cold cache of coroutine frames.
  std::size_t running = work.size();
  std::exception_ptr failure;
  for (Awaitable<void>& one : work) {
    net::spawn(io.get_executor(), std::move(one), [&](std::exception_ptr thrown) {
      if (thrown && !failure) failure = thrown;
      if (--running == 0 || failure) io.stop();
    });
  }
  io.restart();
  io.run();
  if (failure) std::rethrow_exception(failure);
}

std::uint64_t sum_over_threads(unsigned threads, const std::function<std::uint64_t(unsigned number)>& work) {
  struct Share {
    std::uint64_t done = 0;
    std::exception_ptr failure;
  };
  std::vector<Share> shares(threads);
  {
    std::vector<std::jthread> running;
    for (unsigned i = 0; i < threads; ++i) {
      running.emplace_back([&work, &share = shares[i], i] {
        try {
          share.done = work(i);
        } catch (...) {
          share.failure = std::current_exception();
        }
      });
    }
  }
  std::uint64_t sum = 0;
  for (const Share& share : shares) {
    if (share.failure) std::rethrow_exception(share.failure);
    sum += share.done;
  }
  return sum;
}

int run_generator(int argc, char** argv, int arguments, const char* usage,
                  const std::function<void(char**)>& generate) {
  if (argc != arguments + 1) {
    std::fprintf(stderr, "usage: %s %s\n", argv[0], usage);
    return 2;
  }
  try {
    generate(argv + 1);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
    return 1;
  }
}

}  // namespace hawser::bench
