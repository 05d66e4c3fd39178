// A long link on loopback: what one end writes reaches the other half a round trip later, and no faster than a rate.
//
//   link_relay PORT ROUND_TRIP_MS MB_PER_S
//
// Listens on a free port of 127.0.0.1 and joins every connection to PORT over a link of its own. Prints one JSON line
// with the port, and runs until a signal ends it.
//
// Bytes leave one behind the other at the rate, then travel. What is read but has not arrived is limited to what such a
// line holds; beyond that nothing is read, and the sender's TCP waits. TCP itself does not see the distance: its
// windows and its congestion control are those of loopback, so that what limits a transfer is the protocol above it.
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <asio/connect.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>

#include <array>
#include <cstdio>
#include <deque>

#include "hawser/net/signal.h"
#include "hawser/net/spawn.h"
#include "load_generator.h"

using namespace hawser;
using namespace hawser::bench;
using asio::ip::tcp;

namespace {

constexpr std::size_t largest_read = 64 * 1024;
// How long a byte may wait to leave: the queue in front of the line, beside which the sender has its own.
constexpr Clock::duration longest_queue = std::chrono::milliseconds(5);

struct Link {
  Clock::duration delay;  // of one direction
  double bytes_per_second;

  Clock::duration leaving_time(std::size_t bytes) const {
    return std::chrono::duration_cast<Clock::duration>(Seconds(static_cast<double>(bytes) / bytes_per_second));
  }
  std::size_t most_bytes() const {
    return static_cast<std::size_t>(bytes_per_second * Seconds(delay + longest_queue).count()) + largest_read;
  }
};

struct Chunk {
  Clock::time_point arrives;
  std::vector<std::uint8_t> bytes;  // empty: the end
};

struct Direction {
  Direction(tcp::socket& source, tcp::socket& target, Link line)
      : from(source), to(target), link(line), changed(source.get_executor()), timer(source.get_executor()) {}

  tcp::socket& from;
  tcp::socket& to;
  const Link link;
  net::Signal changed;
  asio::steady_timer timer;  // of the arrival
  std::deque<Chunk> under_way;
  std::size_t bytes_under_way = 0;
};

struct Joined {
  Joined(tcp::socket accepted, Link link)
      : near(std::move(accepted)), far(near.get_executor(), tcp::v4()), there(near, far, link), back(far, near, link) {}
  void close() {
    asio::error_code ignored;
    near.close(ignored);
    far.close(ignored);
    for (Direction* one : {&there, &back}) {
      one->timer.cancel();
      one->changed.notify();
    }
  }

  tcp::socket near, far;
  Direction there, back;
};

Awaitable<void> wait_until(asio::steady_timer& timer, Clock::time_point when) {
  asio::error_code cancelled;
  auto token = asio::redirect_error(asio::use_awaitable, cancelled);
  timer.expires_at(when);
  co_await timer.async_wait(token);
}

// Else a sender whose congestion control has shrunk its window to a few segments (BBR does, to probe) waits 40 ms for
// each acknowledgement. The kernel forgets it by and by.
void acknowledge_at_once(tcp::socket& socket) {
  const int one = 1;
  ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_QUICKACK, &one, sizeof one);
}

// Reads what has room on the line.
Awaitable<void> depart(std::shared_ptr<Joined>, Direction& direction) {
  std::vector<std::uint8_t> buffer(largest_read);
  asio::steady_timer timer(direction.from.get_executor());
  Clock::time_point line_free;  // when the last byte has left
  std::size_t count = 0;
  do {
    while (direction.from.is_open() && direction.bytes_under_way >= direction.link.most_bytes()) {
      co_await direction.changed.wait();
    }
    co_await wait_until(timer, line_free - longest_queue);
    asio::error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    acknowledge_at_once(direction.from);
    count = co_await direction.from.async_read_some(asio::buffer(buffer), token);
    line_free = std::max(line_free, Clock::now()) + direction.link.leaving_time(count);
    const auto end = buffer.begin() + static_cast<std::ptrdiff_t>(count);
    direction.under_way.push_back({line_free + direction.link.delay, {buffer.begin(), end}});
    direction.bytes_under_way += count;
    direction.changed.notify();
  } while (count != 0);
}

// Writes what has come to the end of the line.
Awaitable<void> arrive(std::shared_ptr<Joined> joined, Direction& direction) {
  while (joined->near.is_open()) {
    if (direction.under_way.empty()) {
      co_await direction.changed.wait();
      continue;
    }
    const Chunk chunk = std::move(direction.under_way.front());
    direction.under_way.pop_front();
    co_await wait_until(direction.timer, chunk.arrives);
    asio::error_code error;
    if (chunk.bytes.empty()) {
      direction.to.shutdown(tcp::socket::shutdown_send, error);
      co_return;
    }
    auto token = asio::redirect_error(asio::use_awaitable, error);
    co_await asio::async_write(direction.to, asio::buffer(chunk.bytes), token);
    if (error) joined->close();
    direction.bytes_under_way -= chunk.bytes.size();
    direction.changed.notify();
  }
}

Awaitable<void> join(std::shared_ptr<Joined> joined, tcp::endpoint target) {
  // A handshake takes a round trip before the first byte may leave.
  co_await wait_until(joined->there.timer, Clock::now() + 2 * joined->there.link.delay);
  co_await joined->far.async_connect(target, asio::use_awaitable);
  const tcp::no_delay at_once(true);
  joined->near.set_option(at_once);
  joined->far.set_option(at_once);
  const asio::any_io_executor executor = joined->near.get_executor();
  for (Direction* one : {&joined->there, &joined->back}) {
    net::spawn(executor, depart(joined, *one));
    net::spawn(executor, arrive(joined, *one));
  }
}

Awaitable<void> accept_all(tcp::acceptor acceptor, tcp::endpoint target, Link link) {
  while (true) {
    tcp::socket accepted = co_await acceptor.async_accept(asio::use_awaitable);
    auto joined = std::make_shared<Joined>(std::move(accepted), link);
    net::spawn(acceptor.get_executor(), join(std::move(joined), target));
  }
}

void generate(char** arguments) {
  const tcp::endpoint target(asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(std::stoul(arguments[0])));
  const std::chrono::duration<double, std::milli> round_trip(std::stod(arguments[1]));
  const Link link{std::chrono::duration_cast<Clock::duration>(round_trip / 2), std::stod(arguments[2]) * 1e6};

  asio::io_context io(1);
  tcp::acceptor acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  std::printf("{\"port\": %u}\n", static_cast<unsigned>(acceptor.local_endpoint().port()));
  std::fflush(stdout);
  std::vector<Awaitable<void>> work;
  work.push_back(accept_all(std::move(acceptor), target, link));
  run_together(io, std::move(work));
}

}  // namespace

int main(int argc, char** argv) { return run_generator(argc, argv, 3, "PORT ROUND_TRIP_MS MB_PER_S", generate); }
