// Two Multiplexers joined in memory.
#pragma once

#include <doctest/doctest.h>

#include "hawser/channel/multiplexer.h"
#include "support/recording_sink.h"

namespace hawser::test {

class MultiplexerPair {
 public:
  struct Side {
    explicit Side(channel::ChannelLimits limits)
        : multiplexer(sink, auth::Authenticated::without_authentication("user"), limits) {}
    RecordingSink sink;
    channel::Multiplexer multiplexer;
    std::vector<channel::ChannelEvent> events;

    // The oldest event, which must be an E.
    template <class E>
    E take() {
      REQUIRE_FALSE(events.empty());
      channel::ChannelEvent event = std::move(events.front());
      events.erase(events.begin());
      REQUIRE(std::holds_alternative<E>(event));
      return std::get<E>(event);
    }
  };

  explicit MultiplexerPair(channel::ChannelLimits client_limits = {}, channel::ChannelLimits server_limits = {})
      : client(client_limits), server(server_limits) {}

  // Carries packets both ways until none is left.
  void run() {
    while (!client.sink.empty() || !server.sink.empty()) {
      carry(client, server);
      carry(server, client);
    }
  }

  // A session channel, open on both sides: the client's number and the server's.
  std::pair<channel::ChannelId, channel::ChannelId> open() {
    const Result<channel::ChannelId> opened = client.multiplexer.open("session");
    REQUIRE(opened);
    run();
    const channel::ChannelId accepted = server.take<channel::OpenRequested>().channel;
    server.multiplexer.accept_open(accepted);
    run();
    client.take<channel::Opened>();
    return {*opened, accepted};
  }

  Side client;
  Side server;

 private:
  void carry(Side& from, Side& to) {
    while (!from.sink.empty()) {
      auto event = to.multiplexer.receive(payload_(Bytes(from.sink.take_packet())));
      REQUIRE_MESSAGE(event, (event ? std::string() : event.error().message()));
      if (*event) to.events.push_back(*std::move(*event));
    }
  }

  PayloadMaker payload_;
};

}  // namespace hawser::test
