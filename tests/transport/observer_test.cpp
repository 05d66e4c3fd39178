#include "hawser/transport/observer.h"

#include "support/loopback.h"
#include "support/recording_observer.h"

using namespace hawser;
using namespace hawser::test;
using namespace hawser::transport;

namespace {

using Lines = std::vector<std::string>;

// A link whose two sides are watched.
struct ObservedLink {
  explicit ObservedLink(TransportConfig client_side = client_config(), TransportConfig server_side = server_config(),
                        LinkMode mode = LinkMode::plain)
      : loopback(observed(std::move(client_side), client), observed(std::move(server_side), server), mode) {}

  std::shared_ptr<RecordingObserver> client = std::make_shared<RecordingObserver>();
  std::shared_ptr<RecordingObserver> server = std::make_shared<RecordingObserver>();
  Loopback loopback;
};

TransportConfig with_curve25519(TransportConfig config) {
  config.algorithms.kex = {"curve25519-sha256"};
  return config;
}

}  // namespace

TEST_CASE("observer: a client's first key exchange, step by step (RFC 4253 §7, RFC 8308 §2.4)") {
  ObservedLink link(with_curve25519(client_config()), with_curve25519(server_config()));
  REQUIRE(link.loopback.connect());
  CHECK(link.client->lines == Lines{"sent identification SSH-2.0-Hawser_0.1", "sent packet 20", "sent kexinit",
                                    "received identification SSH-2.0-Hawser_0.1", "received packet 20",
                                    "received kexinit", "negotiated curve25519-sha256", "sent packet 30",
                                    "received packet 31", "host key ssh-ed25519", "sent packet 21", "sent keys",
                                    "received packet 21", "received keys", "received packet 7"});
}

TEST_CASE("observer: a server's first key exchange, step by step (RFC 4253 §7, RFC 8308 §2.4)") {
  ObservedLink link(with_curve25519(client_config()), with_curve25519(server_config()));
  REQUIRE(link.loopback.connect());
  CHECK(link.server->lines == Lines{"sent identification SSH-2.0-Hawser_0.1", "sent packet 20", "sent kexinit",
                                    "received identification SSH-2.0-Hawser_0.1", "received packet 20",
                                    "received kexinit", "negotiated curve25519-sha256", "received packet 30",
                                    "sent packet 31", "sent packet 21", "sent keys", "sent packet 7",
                                    "received packet 21", "received keys"});
}

TEST_CASE("observer: each packet with its direction, sequence number and plaintext, whatever the compression") {
  for (const char* compression : {"none", "zlib"}) {
    CAPTURE(compression);
    TransportConfig client = client_config();
    client.algorithms.compression = {compression};
    TransportConfig server = server_config();
    server.algorithms.compression = {compression};
    ObservedLink link(client, server);
    REQUIRE(link.loopback.connect());
    const ByteVector payload = test_payload(94, 1000, 7);
    link.loopback.client.send(payload);
    link.loopback.pump();

    REQUIRE(link.loopback.server.packets.size() == 1);
    const RecordingObserver::Packet& sent = link.client->packets.back();
    const RecordingObserver::Packet& received = link.server->packets.back();
    CHECK(sent.direction == Direction::sent);
    CHECK(received.direction == Direction::received);
    CHECK(sent.payload == payload);
    CHECK(received.payload == payload);
    CHECK(sent.sequence_number == 0);  // strict key exchange starts them again behind NEWKEYS
    CHECK(received.sequence_number == 0);
  }
}

TEST_CASE("observer: both sides see the same packets in the same order, over any link") {
  for_each_link_mode([](LinkMode mode) {
    ObservedLink link(client_config(), server_config(), mode);
    REQUIRE(link.loopback.connect());
    for (std::uint8_t i = 0; i != 20; ++i) link.loopback.client.send(test_payload(94, 10u * i, i));
    link.loopback.pump();
    std::vector<ByteVector> sent, received;
    for (const auto& packet : link.client->packets) {
      if (packet.direction == Direction::sent) sent.push_back(packet.payload);
    }
    for (const auto& packet : link.server->packets) {
      if (packet.direction == Direction::received) received.push_back(packet.payload);
    }
    CHECK((sent == received));
    CHECK(link.client->bytes_sent == link.server->bytes_received);
    CHECK(link.server->bytes_sent == link.client->bytes_received);
    CHECK(link.client->bytes_sent.size() == link.loopback.client.transport.stats().bytes_sent);
  });
}

TEST_CASE("observer: a rekey is told as one, and asks about no host key") {
  ObservedLink link(with_curve25519(client_config()), with_curve25519(server_config()));
  REQUIRE(link.loopback.connect());
  link.client->lines.clear();
  link.loopback.client.transport.rekey();
  link.loopback.pump();
  CHECK(link.client->lines == Lines{"sent packet 20", "sent kexinit of a rekey", "received packet 20",
                                    "received kexinit of a rekey", "negotiated curve25519-sha256", "sent packet 30",
                                    "received packet 31", "sent packet 21", "sent keys of a rekey",
                                    "received packet 21", "received keys of a rekey"});
}

TEST_CASE("observer: the end is told once, with the error and its detail, behind the DISCONNECT") {
  TransportConfig client = client_config();
  client.algorithms.kex = {"curve25519-sha256"};
  TransportConfig server = server_config();
  server.algorithms.kex = {"diffie-hellman-group14-sha256"};
  ObservedLink link(client, server);
  CHECK_FALSE(link.loopback.connect());
  REQUIRE(link.client->closed.size() == 1);
  CHECK(link.client->closed[0].code() == Errc::no_common_kex);
  const Lines& lines = link.client->lines;
  REQUIRE(lines.size() >= 2);
  CHECK(lines[lines.size() - 2] == "sent packet 1");
  CHECK(lines.back() == "closed: " + link.loopback.client.transport.failure_detail());
  CHECK(lines.back().find("diffie-hellman-group14-sha256") != std::string::npos);
}

TEST_CASE("observer: a goodbye of ours and of the peer's") {
  ObservedLink link;
  REQUIRE(link.loopback.connect());
  link.loopback.client.transport.disconnect(DisconnectReason::by_application, "done");
  link.loopback.pump();
  REQUIRE(link.client->closed.size() == 1);
  CHECK(link.client->closed[0].code() == Errc::disconnected_by_us);
  REQUIRE(link.server->closed.size() == 1);
  CHECK(link.server->closed[0].code() == Errc::disconnected_by_peer);
}

TEST_CASE("observer: a configuration that cannot be used closes before anything is sent, and that is told") {
  const auto observer = std::make_shared<RecordingObserver>();
  TransportConfig config = observed(client_config(), observer);
  config.algorithms.cipher = {"no-such-cipher"};
  FixedRandom random;
  const Transport transport(Role::client, config, random, TimePoint());
  REQUIRE(observer->closed.size() == 1);
  CHECK(observer->closed[0].code() == Errc::invalid_argument);
  CHECK(observer->lines.size() == 1);
}

TEST_CASE("observer: the clock is told as the driver tells it") {
  ObservedLink link;
  link.loopback.client.transport.tick(TimePoint() + std::chrono::seconds(3));
  CHECK(link.client->ticks == std::vector<TimePoint>{TimePoint() + std::chrono::seconds(3)});
}

TEST_CASE("observer: each transport asks for one of its own, with its role, and holds it for its life") {
  std::vector<Role> asked;
  std::weak_ptr<Observer> made;
  TransportConfig config = server_config();
  config.make_observer = [&](Role role) {
    asked.push_back(role);
    const auto observer = std::make_shared<RecordingObserver>();
    made = observer;
    return observer;
  };
  FixedRandom random;
  {
    const Transport transport(Role::server, config, random, TimePoint());
    CHECK_FALSE(made.expired());
  }
  CHECK(made.expired());
  const Transport second(Role::client, config, random, TimePoint());
  CHECK(asked == std::vector<Role>{Role::server, Role::client});
}

TEST_CASE("observer: a factory may decline") {
  TransportConfig config = client_config();
  config.make_observer = [](Role) { return nullptr; };
  Loopback link(config);
  CHECK(link.connect());
}
