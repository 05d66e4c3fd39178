// Global requests as a server answers them (RFC 4254 §4; OpenSSH PROTOCOL §2.2, §2.5).
#include <atomic>
#include <future>

#include "hook_server.h"
#include "support/event_client.h"
#include "support/transport_configs.h"

namespace hawser::test {

namespace {

// Its answer to "slow@example.com" waits for the test.
class SlowServer : public HookServer {
 public:
  server::Awaitable<bool> check_global_request(ServerConnection& connection, std::string type, Payload) override {
    if (type != "slow@example.com") co_return type == "yes@example.com";
    const asio::any_io_executor strand = connection.connection().executor();
    const auto signal = std::make_shared<net::Signal>(strand);
    // Posted behind this coroutine's wait, on the same strand.
    waiting_.set_value([strand, signal] { asio::post(strand, [signal] { signal->notify(); }); });
    co_await signal->wait();
    co_return true;
  }
  // Waits until the hook is asked. What lets it answer.
  std::function<void()> asked() { return waiting_.get_future().get(); }

 private:
  std::promise<std::function<void()>> waiting_;
};

std::vector<Bytes> strings_of(Bytes body) {
  std::vector<Bytes> all;
  wire::Reader reader(body);
  while (reader.remaining() != 0) all.push_back(reader.string());
  REQUIRE(reader.finish());
  return all;
}

// A host key that fails once it is told to.
class BrokenKey final : public crypto::Signer {
 public:
  const crypto::PublicKey& public_key() const override { return key_.public_key(); }
  Result<ByteVector> make_signature(const crypto::SignatureRow& row, Bytes data) const override {
    if (broken) throw std::runtime_error("broken");
    ++signatures;
    return key_.sign(row, data);
  }

  std::atomic<bool> broken{false};
  mutable std::atomic<int> signatures{0};

 private:
  crypto::PrivateKey key_ = ed25519_key();
};

ByteVector request_for(const crypto::Signer& key) {
  ByteVector asked;
  wire::append_string(asked, key.public_key().blob());
  return asked;
}

const crypto::SignatureRow& row(std::string_view name) { return *crypto::find_signature(name); }

}  // namespace

TEST_CASE_FIXTURE(HookFixture, "global requests: keepalive@openssh.com is answered without a hook") {
  TestClient client(start());
  REQUIRE(client.login());
  CHECK(client.ask_global("keepalive@openssh.com"));
  for (const std::string& call : hooks->calls()) CHECK(call.find("check_global_request") == std::string::npos);
}

TEST_CASE_FIXTURE(
    ServerFixture,
    "[slow-request] global requests: answered in order, and channels go on while one is decided (RFC 4254 §4)") {
  const auto slow = std::make_shared<SlowServer>();
  server = slow;
  EventClient events(start());
  channel::Multiplexer& channels = events.channels();
  for (const char* type : {"slow@example.com", "no@example.com", "yes@example.com", "keepalive@openssh.com"}) {
    REQUIRE(events.global_request(type));
  }
  const channel::ChannelId id = events.open_session();  // opened before any of them is answered
  REQUIRE(channels.request(id, "pty-req", true, body(channel::PtyRequest{.term = "x", .modes = {}})));
  CHECK(events.expect<channel::RequestAnswered>().success);
  slow->asked()();
  for (const bool success : {true, false, true, true}) {
    CHECK(events.expect<channel::GlobalRequestAnswered>().success == success);
  }
}

TEST_CASE_FIXTURE(
    HookFixture,
    "global requests: a session asked for before no-more-sessions is opened, none after it (OpenSSH PROTOCOL §2.2)") {
  EventClient events(start());
  // As OpenSSH's client does it: all in one write.
  const auto before = events.channels().open("session");
  REQUIRE(events.global_request("no-more-sessions@openssh.com"));
  const auto after = events.channels().open("session");
  REQUIRE(before);
  REQUIRE(after);
  int answers = 0;
  while (answers != 3) {
    const channel::ChannelEvent event = events.next();
    ++answers;
    if (const auto* opened = std::get_if<channel::Opened>(&event)) CHECK(opened->channel == *before);
    if (const auto* refused = std::get_if<channel::OpenRefused>(&event)) {
      CHECK(refused->channel == *after);
      CHECK(refused->reason == 1);
    }
    if (const auto* answered = std::get_if<channel::GlobalRequestAnswered>(&event)) CHECK(answered->success);
  }
  CHECK(events.channels().is_open(*before));
}

TEST_CASE_FIXTURE(HookFixture,
                  "host keys: all are announced after authentication, and proved on request (OpenSSH PROTOCOL §2.5)") {
  const auto ed25519 = host_key(crypto::KeyType::ed25519);
  const auto rsa = host_key(crypto::KeyType::rsa);
  options.host_keys = {ed25519, rsa};
  TestClient client(start());
  REQUIRE(client.login());
  const channel::GlobalRequestReceived announced = client.next_global();
  CHECK(announced.type == "hostkeys-00@openssh.com");
  CHECK_FALSE(announced.want_reply);
  const std::vector<Bytes> keys = strings_of(announced.specific.bytes());
  REQUIRE(keys.size() == 2);
  CHECK(equal(keys[0], ed25519->public_key().blob()));
  CHECK(equal(keys[1], rsa->public_key().blob()));

  // In the order asked for, which is not the server's.
  ByteVector asked;
  wire::append_string(asked, keys[1]);
  wire::append_string(asked, keys[0]);
  const auto proof = client.global("hostkeys-prove-00@openssh.com", asked);
  REQUIRE(proof);
  const std::vector<Bytes> signatures = strings_of(*proof);
  REQUIRE(signatures.size() == 2);
  const auto signed_data = [&](Bytes blob) {
    ByteVector data;
    wire::append_string(data, "hostkeys-prove-00@openssh.com");
    wire::append_string(data, client.connection->session().transport().session_id().bytes());
    wire::append_string(data, blob);
    return data;
  };
  CHECK(rsa->public_key().verify(row("rsa-sha2-512"), signed_data(keys[1]), signatures[0]));
  CHECK(ed25519->public_key().verify(row("ssh-ed25519"), signed_data(keys[0]), signatures[1]));
}

TEST_CASE_FIXTURE(HookFixture,
                  "host keys: a key that is not the server's, and a malformed list, are proved to nobody") {
  TestClient client(start());
  REQUIRE(client.login());
  const auto foreign = host_key(crypto::KeyType::ed25519, 1);
  ByteVector asked;
  wire::append_string(asked, foreign->public_key().blob());
  CHECK_FALSE(client.ask_global("hostkeys-prove-00@openssh.com", asked));
  CHECK_FALSE(client.ask_global("hostkeys-prove-00@openssh.com", to_vector(as_bytes("x"))));
  // Each key once: a list of thousands would be a request for thousands of signatures.
  ByteVector twice;
  for (int i = 0; i != 2; ++i) wire::append_string(twice, options.host_keys[0]->public_key().blob());
  CHECK_FALSE(client.ask_global("hostkeys-prove-00@openssh.com", twice));
}

TEST_CASE_FIXTURE(HookFixture, "host keys: announced only where the option says so") {
  options.connection_protocol.announce_host_keys = false;
  TestClient client(start());
  REQUIRE(client.login());
  CHECK(client.ask_global("keepalive@openssh.com"));  // whatever came before it has arrived
  CHECK(client.global_requests_received() == 0);
}

TEST_CASE_FIXTURE(ServerFixture,
                  "global requests: one that ends in an exception fails, and those behind it are answered") {
  const auto key = std::make_shared<BrokenKey>();
  options.host_keys = {key};
  TestClient client(start());
  REQUIRE(client.login());
  key->broken = true;
  CHECK_FALSE(client.ask_global("hostkeys-prove-00@openssh.com", request_for(*key)));
  CHECK(client.ask_global("yes@example.com"));
  CHECK(log->errors().size() == 1);
}

TEST_CASE_FIXTURE(ServerFixture, "host keys: proved to a client a few times, not as often as it likes") {
  const auto key = std::make_shared<BrokenKey>();
  options.host_keys = {key};
  TestClient client(start());
  REQUIRE(client.login());
  const int before = key->signatures;
  int proofs = 0;
  for (int i = 0; i != 20; ++i) proofs += client.ask_global("hostkeys-prove-00@openssh.com", request_for(*key)) ? 1 : 0;
  CHECK(proofs == 8);
  CHECK(key->signatures - before == 8);
  CHECK(client.ask_global("yes@example.com"));
}

TEST_CASE_FIXTURE(HookFixture, "host keys: a list that names one twice is proved to nobody") {
  const auto ed25519 = host_key(crypto::KeyType::ed25519);
  options.host_keys = {ed25519, host_key(crypto::KeyType::ecdsa_p256)};
  TestClient client(start());
  REQUIRE(client.login());
  ByteVector twice = request_for(*ed25519);
  wire::append_string(twice, ed25519->public_key().blob());
  CHECK_FALSE(client.ask_global("hostkeys-prove-00@openssh.com", twice));
  CHECK(client.ask_global("hostkeys-prove-00@openssh.com", request_for(*ed25519)));
}

TEST_CASE_FIXTURE(ServerFixture, "global requests: those that wait for their turn do not outlive the connection") {
  const auto slow = std::make_shared<SlowServer>();
  server = slow;
  TestClient client(start());
  REQUIRE(client.login());
  // More than may wait: nothing is read behind them.
  for (int i = 0; i != 20; ++i) REQUIRE(client.connection->session().global_request("slow@example.com", false));
  client.connection->flush();
  const std::function<void()> go_on = slow->asked();
  CHECK(manager->close_connection(manager->get_active_connections().at(0)));
  CHECK(eventually([&] { return manager->get_connection_count() == 0; }));
  go_on();
}

}  // namespace hawser::test
