// Two transports joined in memory. `pump` carries bytes both ways until nothing moves and collects the events of each
// side; how the bytes travel is the link's mode, so that one test runs over a kind link and over unkind ones:
//
//   for_each_link_mode([](LinkMode mode) {
//     Loopback link(client_config(), server_config(), mode);
//     REQUIRE(link.connect());
//     link.client.send(test_payload(94, 100));
//     link.pump();
//     CHECK(link.server.packets.size() == 1);
//   });
#pragma once

#include <doctest/doctest.h>

#include "support/transport_configs.h"

namespace hawser::test {

enum class LinkMode {
  plain,          // whatever is there, at once
  single_bytes,   // one byte at a time
  random_splits,  // pieces of random size
  noisy,          // IGNORE and DEBUG between the packets, once the first key exchange is over
};

template <class Use>
void for_each_link_mode(Use use) {
  for (const LinkMode mode : {LinkMode::plain, LinkMode::single_bytes, LinkMode::random_splits, LinkMode::noisy}) {
    const int link_mode = static_cast<int>(mode);
    CAPTURE(link_mode);
    use(mode);
  }
}

// One end of the link: a transport, and all it has told.
class LinkEnd {
 public:
  LinkEnd(Role role, transport::TransportConfig config, std::uint64_t seed, LinkMode mode)
      : random(seed), transport(role, std::move(config), random, TimePoint()), mode_(mode), noise_(seed + 1) {}

  void send(Bytes payload) {
    make_noise();
    send_payload(transport, payload);
  }

  // Hands over bytes and collects the events.
  void receive(Bytes bytes) {
    deliver(transport, bytes, [this] { drain(); });
  }
  void drain() {
    while (true) {
      Result<std::optional<transport::TransportEvent>> event = transport.next();
      if (!event) {
        if (!error) error = event.error();
        return;
      }
      if (!*event) return;
      collect(std::move(**event));
    }
  }

  void make_noise() {
    if (mode_ != LinkMode::noisy || key_exchanges.empty() || transport.closed()) return;
    const ByteVector data = noise_.bytes(noise_.below(100));
    if (noise_.below(2) == 0) {
      transport.send_message(transport::Ignore{data});
    } else {
      transport.send_message(transport::Debug{false, "noise", ""});
    }
  }

  FixedRandom random;
  transport::Transport transport;
  bool accepts_host_key = true;
  bool keeps_payloads = true;
  bool does_work = true;  // that is deferred; false: it is kept

  // Payloads of all Packet events, or only their number and bytes.
  std::vector<ByteVector> packets;
  std::size_t packet_count = 0;
  std::vector<transport::HostKeyOffered> offered;
  std::vector<transport::KeyExchanged> key_exchanges;
  std::vector<std::shared_ptr<crypto::DeferredWork>> work;
  std::optional<transport::Disconnected> disconnected;
  std::optional<Error> error;

 private:
  void collect(transport::TransportEvent&& event) {
    if (auto* packet = std::get_if<transport::Packet>(&event)) {
      ++packet_count;
      if (keeps_payloads) packets.push_back(to_vector(packet->payload.bytes()));
    } else if (auto* offer = std::get_if<transport::HostKeyOffered>(&event)) {
      offered.push_back(std::move(*offer));
      if (accepts_host_key) transport.accept_host_key();
    } else if (auto* exchanged = std::get_if<transport::KeyExchanged>(&event)) {
      key_exchanges.push_back(*exchanged);
    } else if (auto* due = std::get_if<crypto::WorkDue>(&event)) {
      work.push_back(std::move(due->work));
      if (!does_work) return;
      work.back()->run();
      transport.work_done();
    } else if (auto* goodbye = std::get_if<transport::Disconnected>(&event)) {
      disconnected = std::move(*goodbye);
    }
  }

  LinkMode mode_;
  FixedRandom noise_;
};

class Loopback {
 public:
  explicit Loopback(transport::TransportConfig client_side = client_config(),
                    transport::TransportConfig server_side = server_config(), LinkMode mode = LinkMode::plain)
      : client(Role::client, std::move(client_side), 11, mode),
        server(Role::server, std::move(server_side), 22, mode),
        mode_(mode),
        splits_(33) {}

  // Until neither side has anything left to send.
  void pump() {
    client.make_noise();
    server.make_noise();
    bool moved = true;
    while (moved) {
      const bool to_server = carry(client, server);
      moved = carry(server, client) || to_server;
    }
  }

  // The first key exchange. True when both sides are through.
  bool connect() {
    pump();
    return client.key_exchanges.size() == 1 && server.key_exchanges.size() == 1;
  }

  LinkEnd client;
  LinkEnd server;

 private:
  bool carry(LinkEnd& from, LinkEnd& to) {
    const ByteVector all = take_transmit(from.transport);
    Bytes rest(all);
    while (!rest.empty()) {
      const std::size_t count = std::min(rest.size(), piece_size());
      to.receive(rest.first(count));
      rest = rest.subspan(count);
    }
    return !all.empty();
  }

  std::size_t piece_size() {
    switch (mode_) {
      case LinkMode::single_bytes: return 1;
      case LinkMode::random_splits: return 1 + splits_.below(400);
      default: return SIZE_MAX;
    }
  }

  LinkMode mode_;
  FixedRandom splits_;
};

}  // namespace hawser::test
