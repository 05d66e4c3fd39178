// A server whose key exchanges are computed elsewhere (TransportConfig::defer_public_key_work).
#include <thread>

#include "support/loopback.h"

using namespace hawser;
using namespace hawser::test;

namespace {

transport::TransportConfig deferring_server(crypto::KeyType type = crypto::KeyType::ed25519) {
  transport::TransportConfig config = server_config(type);
  config.defer_public_key_work = true;
  return config;
}

// A server that has been asked for its part of the first key exchange.
struct AskedServer : Loopback {
  AskedServer() : Loopback(client_config(), deferring_server()) {
    server.does_work = false;
    pump();
    REQUIRE(server.work.size() == 1);
  }
};

}  // namespace

TEST_CASE("deferred work: every key exchange method, the first time and in a rekey under load") {
  for (const crypto::KexRow& row : crypto::kex_rows()) {
    CAPTURE(row.name);
    transport::TransportConfig client = client_config();
    transport::TransportConfig server = deferring_server();
    client.algorithms.kex = server.algorithms.kex = {std::string(row.name)};
    Loopback link(client, server);
    REQUIRE(link.connect());
    link.client.transport.rekey();
    link.client.send(test_payload(94, 1000));
    link.server.send(test_payload(94, 2000));
    link.pump();
    CHECK(link.server.work.size() == 2);
    CHECK(link.client.key_exchanges.size() == 2);
    CHECK(link.server.key_exchanges.size() == 2);
    CHECK(link.server.packets == std::vector<ByteVector>{test_payload(94, 1000)});
    CHECK(link.client.packets == std::vector<ByteVector>{test_payload(94, 2000)});
  }
}

TEST_CASE("deferred work: may be done on another thread, and nothing happens before") {
  AskedServer link;
  link.pump();
  CHECK(link.server.key_exchanges.empty());
  CHECK(link.client.offered.empty());
  std::thread([&] { link.server.work[0]->run(); }).join();
  link.pump();
  CHECK(link.client.offered.empty());
  link.server.transport.work_done();
  link.pump();
  CHECK(link.client.key_exchanges.size() == 1);
  CHECK(link.server.key_exchanges.size() == 1);
  link.server.transport.work_done();  // none is due
  link.client.send(test_payload(94, 10));
  link.pump();
  CHECK(link.server.packets.size() == 1);
}

TEST_CASE("deferred work: what was not run has failed, and ends the session") {
  AskedServer link;
  link.server.transport.work_done();
  link.pump();
  REQUIRE(link.server.transport.failure());
  CHECK(link.server.transport.failure()->code() == Errc::crypto_failure);
  REQUIRE(link.client.disconnected);
  CHECK(link.client.disconnected->reason == 3);  // SSH_DISCONNECT_KEY_EXCHANGE_FAILED
}

TEST_CASE("deferred work: a bad public value of the client is found there") {
  transport::TransportConfig client = client_config();
  client.algorithms.kex = {"curve25519-sha256"};
  Loopback link(client, deferring_server());
  link.server.does_work = false;
  // The client's KEX_ECDH_INIT with another value, of a low order.
  link.server.receive(take_transmit(link.client.transport));
  link.client.receive(take_transmit(link.server.transport));
  ByteVector init = take_transmit(link.client.transport);
  REQUIRE(init.size() > 42);
  std::fill_n(init.begin() + 10, 32, std::uint8_t{0});
  link.server.receive(init);
  REQUIRE(link.server.work.size() == 1);
  link.server.work[0]->run();
  link.server.transport.work_done();
  REQUIRE(link.server.transport.failure());
  CHECK(link.server.transport.failure()->code() == Errc::bad_public_value);
}

TEST_CASE("deferred work: a session that has ended meanwhile does not go on with it") {
  AskedServer link;
  link.server.transport.tick(TimePoint() + std::chrono::hours(1));
  REQUIRE(link.server.transport.closed());
  CHECK(link.server.transport.failure()->code() == Errc::timed_out);
  link.server.work[0]->run();
  link.server.transport.work_done();
  CHECK(link.server.transport.failure()->code() == Errc::timed_out);
  link.pump();
  CHECK(link.client.key_exchanges.empty());
}
