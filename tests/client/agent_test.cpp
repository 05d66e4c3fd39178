// The client of an agent, against agents that keep to the protocol and agents that do not; and logins with their keys.
#include "hawser/client/agent.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

#include "fake_agent.h"
#include "hawser/net/deadline.h"
#include "login_options.h"
#include "server/auth_fixture.h"
#include "support/flip.h"

using namespace hawser;
using namespace hawser::client;
using test::ecdsa_key;
using test::ed25519_key;
using test::FakeAgent;
using test::key;
using test::other_ed25519_key;
using test::rsa_key;
using test::signature_row;

namespace {

struct AgentRig {
  AgentRig() {
    fake.keys = {&ed25519_key(), &ecdsa_key(), &rsa_key()};
    fake.on_message() = [this](Bytes message) { return fake.good_answer(message); };
  }
  std::shared_ptr<Agent> connect() {
    const auto agent = test::run(io, Agent::connect(fake.socket()));
    REQUIRE(agent);
    return *agent;
  }
  Result<std::vector<AgentIdentity>> identities(Agent& agent) { return test::run(io, agent.identities()); }
  Result<ByteVector> sign(Agent& agent, const crypto::PrivateKey& key, const char* algorithm) {
    return test::run(io, agent.sign(key.public_key(), signature_row(algorithm), to_vector(as_bytes("data"))));
  }
  void answer_with(FakeAgent::Answer answer) {
    fake.on_message() = [answer](Bytes) { return answer; };
  }
  // What a fresh agent's list comes to, and whether the agent still is of use.
  Errc list_error(FakeAgent::Answer answer, bool stays_open = false) {
    answer_with(std::move(answer));
    const std::shared_ptr<Agent> agent = connect();
    const auto list = identities(*agent);
    answer_with(FakeAgent::identities({}));
    CHECK(identities(*agent).has_value() == (stays_open || list.has_value()));
    return list ? Errc::ok : list.error().code();
  }
  Errc sign_error(const crypto::PrivateKey& key, const char* algorithm, FakeAgent::Answer answer) {
    answer_with(std::move(answer));
    const auto signature = sign(*connect(), key, algorithm);
    return signature ? Errc::ok : signature.error().code();
  }

  asio::io_context io;
  FakeAgent fake{io};
};

Errc connect_error(const std::string& path) {
  asio::io_context io;
  const auto agent = test::run(io, Agent::connect(path));
  return agent ? Errc::ok : agent.error().code();
}

ByteVector sign_response(const crypto::PrivateKey& key, const char* algorithm, std::string_view data = "data") {
  const auto signature = key.sign(signature_row(algorithm), as_bytes(data));
  REQUIRE(signature);
  return FakeAgent::framed(wire::encode(AgentSignResponse{*signature}));
}

}  // namespace

TEST_CASE_FIXTURE(AgentRig, "agent: lists its keys, and signs with each of them") {
  const std::shared_ptr<Agent> agent = connect();
  const auto list = identities(*agent);
  REQUIRE(list);
  REQUIRE(list->size() == 3);
  for (std::size_t i = 0; i < fake.keys.size(); ++i) {
    CHECK((*list)[i].key == fake.keys[i]->public_key());
    CHECK((*list)[i].comment == "a comment");
  }
  struct Row {
    const crypto::PrivateKey& key;
    const char* algorithm;
  };
  for (const Row& row : {Row{ed25519_key(), "ssh-ed25519"}, Row{ecdsa_key(), "ecdsa-sha2-nistp256"},
                         Row{rsa_key(), "rsa-sha2-256"}, Row{rsa_key(), "rsa-sha2-512"}}) {
    CAPTURE(row.algorithm);
    const auto signature = sign(*agent, row.key, row.algorithm);
    REQUIRE(signature);
    CHECK(row.key.public_key().verify(signature_row(row.algorithm), as_bytes("data"), *signature));
  }
  CHECK(fake.connections() == 1);
}

TEST_CASE_FIXTURE(AgentRig, "agent: keys of unknown types are passed over") {
  ByteVector unknown, list;
  wire::append_string(unknown, "sk-ssh-ed25519@openssh.com");
  wire::append_string(unknown, "whatever");
  for (const Bytes blob : {Bytes(unknown), ed25519_key().public_key().blob(), Bytes()}) {
    wire::append_string(list, blob);
    wire::append_string(list, "c");
  }
  answer_with(FakeAgent::framed(wire::encode(AgentIdentitiesAnswer{3, wire::Rest{list}})));
  const auto identities_ = identities(*connect());
  REQUIRE(identities_);
  REQUIRE(identities_->size() == 1);
  CHECK(identities_->front().key == ed25519_key().public_key());
}

TEST_CASE("agent: a socket that is not there, or no socket") {
  const test::TemporaryDirectory folder;
  CHECK(connect_error(folder / "nothing") == Errc::connect_failed);
  CHECK(connect_error(folder.path()) == Errc::connect_failed);
  CHECK(connect_error("") == Errc::invalid_argument);
  CHECK(connect_error(std::string("a\0b", 3)) == Errc::invalid_argument);
  CHECK(connect_error("/" + std::string(200, 'a')) == Errc::invalid_argument);
}

TEST_CASE_FIXTURE(AgentRig,
                  "[CVE-2025-47914, CVE-2026-46598] agent: a list that is not as it should be closes the agent") {
  const ByteVector good = FakeAgent::identities({&ed25519_key()});
  CHECK(list_error(good) == Errc::ok);
  CHECK(list_error(FakeAgent::identities({})) == Errc::ok);
  CHECK(list_error(FakeAgent::failure(), true) == Errc::request_refused);
  CHECK(list_error(std::nullopt) == Errc::end_of_file);
  CHECK(list_error(ByteVector{0, 0, 0, 0}) == Errc::truncated);
  CHECK(list_error(ByteVector{0, 4, 0, 1}) == Errc::message_too_large);
  CHECK(list_error(ByteVector{0xff, 0xff, 0xff, 0xff}) == Errc::message_too_large);
  CHECK(list_error(FakeAgent::framed(ByteVector{6})) == Errc::unexpected_message);
  CHECK(list_error(sign_response(ed25519_key(), "ssh-ed25519")) == Errc::unexpected_message);
  CHECK(list_error(FakeAgent::framed(ByteVector{5, 0})) == Errc::unexpected_message);

  const Bytes message = Bytes(good).subspan(4);
  test::for_each_truncation(message, [&](Bytes cut) {
    CAPTURE(cut.size());
    const Errc error = list_error(FakeAgent::framed(cut));
    CHECK(error == Errc::truncated);
  });
  ByteVector longer = to_vector(message);
  longer.push_back(0);
  CHECK(list_error(FakeAgent::framed(longer)) == Errc::trailing_bytes);

  // Counts that the list does not have, small and huge.
  for (const std::uint32_t count : {2u, 2048u}) {
    ByteVector wrong = to_vector(message);
    wire::store_uint32(&wrong[1], count);
    CHECK(list_error(FakeAgent::framed(wrong)) == Errc::truncated);
  }
  for (const std::uint32_t count : {2049u, 0xffffffffu}) {
    ByteVector wrong = to_vector(message);
    wire::store_uint32(&wrong[1], count);
    CHECK(list_error(FakeAgent::framed(wrong)) == Errc::message_too_large);
  }
}

TEST_CASE_FIXTURE(AgentRig, "agent: an answer may come in any pieces, and may be as large as the limit") {
  ByteVector largest(Agent::message_limit - 5, 'k');
  wire::store_uint32(largest.data(), static_cast<std::uint32_t>(largest.size() - 8));
  wire::store_uint32(largest.data() + largest.size() - 4, 0);
  answer_with(FakeAgent::framed(wire::encode(AgentIdentitiesAnswer{1, wire::Rest{largest}})));
  const auto list = identities(*connect());
  REQUIRE(list);
  CHECK(list->empty());  // no key that is known
}

TEST_CASE_FIXTURE(AgentRig, "agent: a signature is verified before it is given out") {
  CHECK(sign_error(rsa_key(), "rsa-sha2-256", sign_response(rsa_key(), "rsa-sha2-256")) == Errc::ok);
  // Another algorithm than asked for, other data, another key.
  CHECK(sign_error(rsa_key(), "rsa-sha2-256", sign_response(rsa_key(), "rsa-sha2-512")) == Errc::bad_signature);
  CHECK(sign_error(rsa_key(), "rsa-sha2-256", sign_response(rsa_key(), "rsa-sha2-256", "other")) ==
        Errc::bad_signature);
  CHECK(sign_error(ed25519_key(), "ssh-ed25519", sign_response(other_ed25519_key(), "ssh-ed25519")) ==
        Errc::bad_signature);
  ByteVector damaged = sign_response(rsa_key(), "rsa-sha2-256");
  damaged.back() ^= 1;
  CHECK(sign_error(rsa_key(), "rsa-sha2-256", damaged) == Errc::bad_signature);

  CHECK(sign_error(ed25519_key(), "ssh-ed25519", FakeAgent::failure()) == Errc::request_refused);
  CHECK(sign_error(ed25519_key(), "ssh-ed25519", std::nullopt) == Errc::end_of_file);
  CHECK(sign_error(ed25519_key(), "ssh-ed25519", FakeAgent::identities({})) == Errc::unexpected_message);
  CHECK(sign_error(ed25519_key(), "ssh-ed25519", FakeAgent::framed(ByteVector{14, 0, 0, 0})) == Errc::truncated);
}

TEST_CASE_FIXTURE(AgentRig, "agent: what it cannot be asked is not sent") {
  const std::shared_ptr<Agent> agent = connect();
  const auto wrong_type = sign(*agent, ed25519_key(), "rsa-sha2-256");
  REQUIRE_FALSE(wrong_type);
  CHECK(wrong_type.error().code() == Errc::invalid_argument);
  const auto too_long = test::run(
      io, agent->sign(ed25519_key().public_key(), signature_row("ssh-ed25519"), ByteVector(Agent::message_limit)));
  REQUIRE_FALSE(too_long);
  CHECK(too_long.error().code() == Errc::invalid_argument);
  CHECK(fake.count(AgentSignRequest::number) == 0);
  CHECK(identities(*agent));
}

TEST_CASE_FIXTURE(AgentRig, "agent: one request at a time; closing ends the one that waits") {
  answer_with(ByteVector());
  const std::shared_ptr<Agent> agent = connect();
  std::optional<Errc> outcome;
  net::spawn(io.get_executor(), [](std::shared_ptr<Agent> one, std::optional<Errc>* out) -> net::Awaitable<void> {
    const auto list = co_await one->identities();
    *out = list ? Errc::ok : list.error().code();
  }(agent, &outcome));
  test::settle(io);
  CHECK_FALSE(outcome);
  const auto second = identities(*agent);
  REQUIRE_FALSE(second);
  CHECK(second.error().code() == Errc::invalid_state);
  agent->close();
  agent->close();
  test::settle(io);
  REQUIRE(outcome);
  CHECK(*outcome == Errc::closed);
  CHECK(identities(*agent).error().code() == Errc::closed);
}

TEST_CASE_FIXTURE(AgentRig, "agent: a request that is cancelled closes it") {
  fake.on_message() = [](Bytes) -> FakeAgent::Answer { return ByteVector{0, 0, 1, 0, 12}; };  // and no more
  const std::shared_ptr<Agent> agent = connect();
  const auto ask = [](std::shared_ptr<Agent> one) -> net::Awaitable<void> { (void)co_await one->identities(); };
  net::Awaitable<bool> asking = net::run_with_deadline(std::chrono::milliseconds(20), ask(agent));
  CHECK_FALSE(test::run(io, std::move(asking)));
  CHECK(identities(*agent).error().code() == Errc::closed);
}

namespace {

// A server that lets in whom its results say, and a client whose keys are an agent's.
struct AgentLoginRig : AgentRig {
  AgentLoginRig() {
    authentication.server->methods = {"publickey", "password"};
    authentication.server->mode = test::HookMode::deny;
  }
  ConnectResult connect(std::vector<Credential> credentials,
                        std::chrono::milliseconds timeout = std::chrono::seconds(30)) {
    if (!authentication.manager) authentication.start();
    ClientOptions client = test::login_options(authentication.manager->port(), std::move(credentials));
    client.timeout = timeout;
    return test::run(io, Client::connect(std::move(client)));
  }
  void let_in_by(const std::string& method) { authentication.server->results[method] = auth::AuthResult::successful; }
  std::vector<std::string> key_calls() const {
    std::vector<std::string> calls;
    for (const std::string& call : authentication.server->calls()) {
      if (call.starts_with("check_auth_publickey")) calls.push_back(call);
    }
    return calls;
  }
  AgentKeys agent_keys(std::vector<crypto::PublicKey> only = {}) const { return {fake.socket(), std::move(only), 5}; }
  static std::string call(const char* use, const crypto::PrivateKey& key) {
    return std::string("check_auth_publickey ") + use + "(user " + key.public_key().fingerprint() + ")";
  }

  test::AuthFixture authentication;
};

using Calls = std::vector<std::string>;

}  // namespace

TEST_CASE_FIXTURE(AgentLoginRig, "login with an agent: each type of key is asked about, then signs") {
  let_in_by("publickey");
  for (const crypto::PrivateKey* key : {&ed25519_key(), &ecdsa_key(), &rsa_key()}) {
    fake.keys = {key};
    const std::size_t before = key_calls().size();
    const ConnectResult client = connect({agent_keys()});
    REQUIRE_MESSAGE(client, (client ? std::string() : client.error().message()));
    const Calls calls = key_calls();
    CHECK(Calls(calls.begin() + static_cast<std::ptrdiff_t>(before), calls.end()) ==
          Calls{call("query", *key), call("signature", *key)});
    (*client)->disconnect();
  }
  // The agent is let go with the login.
  test::settle(io);
  CHECK(fake.open_connections() == 0);
}

TEST_CASE_FIXTURE(AgentLoginRig, "login with an agent: its keys in their order, each once, and then what comes after") {
  let_in_by("password");
  const ConnectResult client = connect({agent_keys(), key(ecdsa_key()), agent_keys(), Password("secret")});
  REQUIRE(client);
  CHECK(key_calls() == Calls{call("query", ed25519_key()), call("query", ecdsa_key()), call("query", rsa_key())});
  CHECK(fake.count(AgentSignRequest::number) == 0);
  CHECK(fake.count(AgentRequestIdentities::number) == 1);
}

TEST_CASE_FIXTURE(AgentLoginRig, "login with an agent: a key that a file has given is not tried again") {
  let_in_by("password");
  REQUIRE(connect({key(ecdsa_key()), agent_keys(), Password("secret")}));
  CHECK(key_calls() == Calls{call("signature", ecdsa_key()), call("query", ed25519_key()), call("query", rsa_key())});
}

TEST_CASE_FIXTURE(AgentLoginRig, "login with an agent: only the keys that are wanted, and not more than its tries") {
  let_in_by("password");
  REQUIRE(connect({agent_keys({rsa_key().public_key(), other_ed25519_key().public_key()}), Password("secret")}));
  CHECK(key_calls() == Calls{call("query", rsa_key())});
  AgentKeys two = agent_keys();
  two.tries = 2;
  REQUIRE(connect({two, Password("secret")}));
  CHECK(key_calls() == Calls{call("query", rsa_key()), call("query", ed25519_key()), call("query", ecdsa_key())});
}

TEST_CASE_FIXTURE(AgentLoginRig, "login with an agent: a key it will not sign with may still be in a file") {
  let_in_by("publickey");
  fake.on_message() = [this](Bytes message) -> FakeAgent::Answer {
    const auto request = wire::decode<AgentSignRequest>(message);
    if (request && equal(request->key_blob, ed25519_key().public_key().blob())) return FakeAgent::failure();
    return fake.good_answer(message);
  };
  SUBCASE("the agent's next key") {
    REQUIRE(connect({agent_keys()}));
    CHECK(key_calls() ==
          Calls{call("query", ed25519_key()), call("query", ecdsa_key()), call("signature", ecdsa_key())});
  }
  SUBCASE("the same key from a file") {
    fake.keys = {&ed25519_key()};
    REQUIRE(connect({agent_keys(), key(ed25519_key())}));
    CHECK(key_calls() == Calls{call("query", ed25519_key()), call("signature", ed25519_key())});
  }
}

TEST_CASE_FIXTURE(AgentLoginRig,
                  "login with an agent: one that cannot be used is passed over, and the failure says why") {
  SUBCASE("none is there") { REQUIRE_FALSE(connect({AgentKeys{"/nonexistent/agent", {}, 5}})); }
  SUBCASE("it closes") {
    answer_with(std::nullopt);
    const ConnectResult failed = connect({agent_keys()});
    REQUIRE_FALSE(failed);
    CHECK(failed.error().error.code() == Errc::authentication_failed);
    CHECK(failed.error().message().find("agent: ") != std::string::npos);
  }
  SUBCASE("it lists without end") {
    answer_with(ByteVector(64, 0xff));
    let_in_by("password");
    REQUIRE(connect({agent_keys(), Password("secret")}));
  }
  SUBCASE("it signs for somebody else") {
    let_in_by("publickey");
    let_in_by("password");
    fake.on_message() = [this](Bytes message) -> FakeAgent::Answer {
      if (wire::decode<AgentSignRequest>(message)) return sign_response(other_ed25519_key(), "ssh-ed25519");
      return fake.good_answer(message);
    };
    REQUIRE(connect({agent_keys(), Password("secret")}));
    // The first wrong signature is enough.
    CHECK(key_calls() == Calls{call("query", ed25519_key())});
    CHECK(authentication.server->called("check_auth_password(user secret)"));
  }
}

TEST_CASE_FIXTURE(AgentLoginRig,
                  "login with an agent: one that keeps silent is waited for until the login's deadline") {
  let_in_by("publickey");
  SUBCASE("at the list") { answer_with(ByteVector()); }
  SUBCASE("at the signature") {
    fake.on_message() = [this](Bytes message) -> FakeAgent::Answer {
      if (wire::decode<AgentSignRequest>(message)) return ByteVector();
      return fake.good_answer(message);
    };
  }
  const ConnectResult failed = connect({agent_keys(), Password("secret")}, std::chrono::seconds(1));
  REQUIRE_FALSE(failed);
  CHECK(failed.error().error.code() == Errc::login_timeout);
  CHECK_FALSE(authentication.server->called("check_auth_password(user secret)"));
  test::settle(io);
  CHECK(fake.open_connections() == 0);
}

TEST_CASE_FIXTURE(AgentLoginRig,
                  "login with an agent: after a password, where the server asks for both (RFC 4252 §5.1)") {
  authentication.server->chain = {"password", "publickey"};
  authentication.server->results["password"] = auth::AuthResult::partial;
  let_in_by("publickey");
  const ConnectResult client = connect({agent_keys(), Password("secret")});
  REQUIRE_MESSAGE(client, (client ? std::string() : client.error().message()));
  CHECK(key_calls().back() == call("signature", ed25519_key()));
}
