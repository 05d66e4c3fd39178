// Signs in COUNT times, holds the connections, and lets whoever started it look at the server meanwhile.
//
//   idle_connections PORT USER KEY HOST_KEY.pub COUNT CHANNEL
//
// CHANNEL: none, or sftp for an SFTP session on each connection. Prints one JSON line when all are there, and ends when
// its standard input does.
#include <unistd.h>
#include <asio/buffer.hpp>
#include <asio/co_spawn.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <array>
#include <cstdio>

#include "load_generator.h"

using namespace hawser;
using namespace hawser::bench;
using asio::ip::tcp;

namespace {

constexpr unsigned at_once = 8;
// A server may limit the connections of one address. Loopback has 2^24 addresses.
constexpr unsigned connections_per_address = 32;

struct Crowd {
  Target target;
  unsigned count;
  bool with_sftp;
  unsigned begun = 0;
  std::vector<std::shared_ptr<client::Client>> clients;
  std::vector<std::shared_ptr<client::SFTPClient>> sessions;
};

Awaitable<std::unique_ptr<net::Stream>> connect_from(unsigned number, std::uint16_t port) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  tcp::socket socket(executor, tcp::v4());
  const asio::ip::address_v4 here(asio::ip::address_v4::loopback().to_uint() + 1 + number / connections_per_address);
  socket.bind(tcp::endpoint(here, 0));
  const tcp::endpoint server(asio::ip::address_v4::loopback(), port);
  co_await socket.async_connect(server, asio::use_awaitable);
  co_return net::socket_stream(asio::generic::stream_protocol::socket(std::move(socket)));
}

Awaitable<void> fill(Crowd& crowd) {
  while (crowd.begun < crowd.count) {
    std::unique_ptr<net::Stream> stream = co_await connect_from(crowd.begun++, crowd.target.port);
    const client::ConnectResult connected =
        co_await client::Client::connect_over(std::move(stream), crowd.target.options());
    if (!connected) throw std::runtime_error(connected.error().message());
    const std::shared_ptr<client::Client> client = *connected;
    crowd.clients.push_back(client);
    if (!crowd.with_sftp) continue;
    client::SFTPResult<std::shared_ptr<client::SFTPClient>> sftp = co_await client->open_sftp();
    crowd.sessions.push_back(need(std::move(sftp)));
  }
}

Awaitable<void> wait_for_end_of_input() {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  asio::posix::stream_descriptor input(executor, ::dup(STDIN_FILENO));
  std::array<char, 64> ignored;
  try {
    while (true) co_await input.async_read_some(asio::buffer(ignored), asio::use_awaitable);
  } catch (const std::system_error&) {
    co_return;
  }
}

void generate(char** arguments) {
  asio::io_context io;
  Crowd crowd{parse_target(arguments),
              static_cast<unsigned>(std::stoul(arguments[target_arguments])),
              std::string(arguments[target_arguments + 1]) == "sftp",
              0,
              {},
              {}};
  std::vector<Awaitable<void>> filling;
  for (unsigned i = 0; i < at_once; ++i) filling.push_back(fill(crowd));
  run_together(io, std::move(filling));
  std::printf("{\"connections\": %zu}\n", crowd.clients.size());
  std::fflush(stdout);
  std::vector<Awaitable<void>> waiting;
  waiting.push_back(wait_for_end_of_input());
  run_together(io, std::move(waiting));
  for (const auto& client : crowd.clients) {
    if (!client->alive()) throw std::runtime_error("a connection was lost while it was held");
  }
}

}  // namespace

int main(int argc, char** argv) {
  return run_generator(argc, argv, target_arguments + 2, "PORT USER KEY HOST_KEY.pub COUNT CHANNEL", generate);
}
