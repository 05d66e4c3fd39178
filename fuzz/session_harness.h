// The other side of a whole session: a Transport that keeps all rules of its layer, with whatever the target puts above
// it. What it sends comes to the library's side sealed and in order, so that every layer there is reached.
#pragma once

#include <asio/io_context.hpp>

#include "harness_transport.h"
#include "memory_stream.h"
#include "support/fixed_random.h"
#include "target.h"

namespace hawser::fuzz {

class SessionPeer {
 public:
  SessionPeer(Role role, const transport::TransportConfig& config, asio::io_context& context)
      : io(context),
        wire(std::make_shared<Wire>(context.get_executor())),
        transport(role, transport::TransportConfig(config), random_, TimePoint()) {}
  virtual ~SessionPeer() = default;

  // Runs the library's side and this one until neither has anything to say.
  void pump() {
    do {
      io.restart();
      io.poll();
      receive(wire->take());
      io.restart();
      io.poll();
    } while (flush() || !wire->outgoing.empty());
  }
  // The stream ends; what is still under way must end with it.
  void hang_up() {
    wire->end();
    pump();
  }
  void send(Bytes payload) {
    if (transport.closed()) return;
    PacketBuffer packet = transport.prepare(payload.size());
    std::copy(payload.begin(), payload.end(), packet.payload().begin());
    transport.send(std::move(packet));
  }

  asio::io_context& io;
  std::shared_ptr<Wire> wire;

 private:
  test::FixedRandom random_{7};

 public:
  transport::Transport transport;

 protected:
  virtual void on_event(const transport::TransportEvent&) {}

 private:
  void receive(Bytes bytes) {
    while (!bytes.empty()) {
      const MutableBytes space = transport.receive_space();
      const std::size_t count = std::min(space.size(), bytes.size());
      if (count == 0) return;
      std::copy_n(bytes.begin(), count, space.begin());
      transport.received(count);
      bytes = bytes.subspan(count);
      while (true) {
        const Result<std::optional<transport::TransportEvent>> event = transport.next();
        if (!event || !*event) break;
        if (std::holds_alternative<transport::HostKeyOffered>(**event)) transport.accept_host_key();
        on_event(**event);
      }
    }
  }
  bool flush() {
    std::size_t count = 0;
    for (const Bytes piece : transport.transmit()) {
      wire->give(piece);
      count += piece.size();
    }
    transport.transmitted(count);
    return count != 0;
  }
};

}  // namespace hawser::fuzz
