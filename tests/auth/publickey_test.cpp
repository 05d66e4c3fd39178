#include <doctest/doctest.h>

#include "support/counting_allocator.h"
#include "support/flip.h"
#include "support/test_keys.h"
#include "support/userauth_peer.h"

using namespace hawser;
using namespace hawser::auth;
using namespace hawser::test;

namespace {

struct KeyAndAlgorithm {
  const crypto::PrivateKey& key;
  const char* algorithm;
};

}  // namespace

TEST_CASE("publickey: a query is answered with PK_OK, which repeats it, and authenticates nobody (RFC 4252 §7)") {
  UserauthServerPeer peer;
  const Bytes blob = ed25519_key().public_key().blob();
  const auto query = peer.asked<PublicKeyQuery>(peer.give(query_request("joe", "ssh-ed25519", blob)));
  CHECK(query.key == ed25519_key().public_key());
  CHECK(query.algorithm == "ssh-ed25519");
  peer.nothing(peer.answer(AuthResult::successful));
  const auto ok = peer.sink.take<UserauthPkOk>();
  CHECK(ok.algorithm_name == "ssh-ed25519");
  CHECK(equal(ok.public_key_blob, blob));
  CHECK_FALSE(peer.server.take_authenticated());
}

TEST_CASE("publickey: a refused query is a failure with the methods; a partial answer to it means PK_OK") {
  UserauthServerPeer peer;
  const ByteVector query = query_request("joe", "ssh-ed25519", ed25519_key().public_key().blob());
  peer.asked(peer.give(query));
  peer.nothing(peer.answer(AuthResult::failed, {"publickey"}));
  CHECK(peer.sink.take<UserauthFailure>().methods_that_can_continue.text() == "publickey");
  peer.asked(peer.give(query));
  peer.nothing(peer.answer(AuthResult::partial, {"password"}));
  peer.sink.take<UserauthPkOk>();
  // What can continue has not changed by it.
  peer.asked(peer.give(query));
}

TEST_CASE("publickey: each key type signs with each of its algorithms") {
  for (const KeyAndAlgorithm row :
       {KeyAndAlgorithm{ed25519_key(), "ssh-ed25519"}, KeyAndAlgorithm{ecdsa_key(), "ecdsa-sha2-nistp256"},
        KeyAndAlgorithm{rsa_key(), "rsa-sha2-256"}, KeyAndAlgorithm{rsa_key(), "rsa-sha2-512"}}) {
    CAPTURE(row.algorithm);
    UserauthServerPeer peer;
    const auto proved = peer.asked<PublicKeySigned>(
        peer.give(signed_request(peer.session_id, "joe", row.key, signature_row(row.algorithm))));
    CHECK(proved.key == row.key.public_key());
    CHECK(proved.algorithm == row.algorithm);
    peer.succeeded(peer.answer(AuthResult::successful));
    CHECK(peer.server.take_authenticated()->method() == "publickey");
  }
}

TEST_CASE("publickey: a signature with any byte wrong is refused and nobody is asked") {
  UserauthServerConfig config;
  config.attempt_limit = 10000;
  config.request_limit = 10000;
  UserauthServerPeer peer(config);
  const Bytes blob = ed25519_key().public_key().blob();
  const auto signature = ed25519_key().sign(ed25519(), data_to_sign(peer.session_id, "joe", "ssh-ed25519", blob));
  REQUIRE(signature);
  for_each_byte_set(*signature, [&](Bytes damaged, std::size_t) {
    peer.refused(
        peer.give(userauth_request("joe", "publickey", PublicKeySignedFields{true, "ssh-ed25519", blob, damaged})));
  });
  for_each_truncation(*signature, [&](Bytes damaged) {
    peer.refused(
        peer.give(userauth_request("joe", "publickey", PublicKeySignedFields{true, "ssh-ed25519", blob, damaged})));
  });
}

TEST_CASE("[CVE-2023-2283] publickey: a wrong signature is not taken for a right one where memory runs out") {
  const ByteVector blob = to_vector(ed25519_key().public_key().blob());
  ByteVector signature = *ed25519_key().sign(ed25519(), data_to_sign(some_session_id(), "joe", "ssh-ed25519", blob));
  signature.back() ^= 1;
  const ByteVector request =
      userauth_request("joe", "publickey", PublicKeySignedFields{true, "ssh-ed25519", blob, signature});
  FailureOutcome outcome = FailureOutcome::threw;
  std::size_t steps = 0;
  for (; outcome != FailureOutcome::none; ++steps) {
    CAPTURE(steps);
    UserauthServerPeer peer;
    const Payload packet = peer.payload(request);
    std::optional<UserauthOutcome> result;
    outcome = with_allocation_failure(steps, [&] { result = peer.server.receive(packet); });
    CHECK_FALSE(peer.server.take_authenticated());
    CHECK((result.has_value() || outcome == FailureOutcome::threw));
    if (!result || !*result || !**result) continue;
    const auto* asked = std::get_if<AuthRequested>(&***result);
    REQUIRE(asked != nullptr);
    CHECK(std::holds_alternative<RefusedRequest>(asked->request));
  }
  CHECK(steps > 5);
}

TEST_CASE(
    "[replayed-signature] publickey: a signature counts for this session, user, service, method, key and algorithm "
    "only (RFC 4252 §7)") {
  const Bytes blob = ed25519_key().public_key().blob();
  const transport::SessionId session_id = some_session_id();
  const PublicKeySignedData right{session_id.bytes(), 50,   "joe",         "ssh-connection",
                                  "publickey",        true, "ssh-ed25519", blob};
  std::vector<PublicKeySignedData> signed_data(8, right);
  signed_data[0].session_identifier = as_bytes("another session");
  signed_data[1].message_number = 51;
  signed_data[2].user_name = "root";
  signed_data[3].service_name = "ssh-userauth";
  signed_data[4].method_name = "hostbased";
  signed_data[5].has_signature = false;
  signed_data[6].algorithm_name = "rsa-sha2-256";
  signed_data[7].public_key_blob = other_ed25519_key().public_key().blob();
  for (const PublicKeySignedData& data : signed_data) {
    UserauthServerPeer peer;
    const auto signature = ed25519_key().sign(ed25519(), wire::encode(data));
    REQUIRE(signature);
    peer.refused(
        peer.give(userauth_request("joe", "publickey", PublicKeySignedFields{true, "ssh-ed25519", blob, *signature})));
  }
}

TEST_CASE("publickey: another key's signature is refused") {
  UserauthServerPeer peer;
  const Bytes blob = ed25519_key().public_key().blob();
  const auto signature = other_ed25519_key().sign(ed25519(), data_to_sign(peer.session_id, "joe", "ssh-ed25519", blob));
  REQUIRE(signature);
  peer.refused(
      peer.give(userauth_request("joe", "publickey", PublicKeySignedFields{true, "ssh-ed25519", blob, *signature})));
}

TEST_CASE("publickey: algorithm and key type must belong together, in queries and signed requests (RFC 8332 §3)") {
  const Bytes ed25519_blob = ed25519_key().public_key().blob();
  const Bytes rsa_blob = rsa_key().public_key().blob();
  struct Row {
    const char* algorithm;
    Bytes blob;
  };
  for (const Row& row : {Row{"rsa-sha2-256", ed25519_blob}, Row{"ssh-ed25519", rsa_blob},
                         Row{"ecdsa-sha2-nistp384", ecdsa_key().public_key().blob()}, Row{"ssh-rsa", rsa_blob},
                         Row{"", ed25519_blob}, Row{"ssh-ed25519", {}}, Row{"ssh-ed25519", as_bytes("garbage")}}) {
    CAPTURE(row.algorithm);
    UserauthServerPeer peer;
    peer.refused(peer.give(query_request("joe", row.algorithm, row.blob)));
    peer.refused(peer.give(userauth_request(
        "joe", "publickey", PublicKeySignedFields{true, row.algorithm, row.blob, as_bytes("signature")})));
    CHECK(peer.server.failed_attempts() == 2);
  }
}

TEST_CASE("publickey: the name inside the signature must be the algorithm's (RFC 8332 §3.2)") {
  UserauthServerPeer peer;
  const Bytes blob = rsa_key().public_key().blob();
  const auto signature =
      rsa_key().sign(signature_row("rsa-sha2-512"), data_to_sign(peer.session_id, "joe", "rsa-sha2-256", blob));
  REQUIRE(signature);
  peer.refused(
      peer.give(userauth_request("joe", "publickey", PublicKeySignedFields{true, "rsa-sha2-256", blob, *signature})));
}

TEST_CASE("publickey: an algorithm that is not accepted is refused though it would verify") {
  UserauthServerConfig config;
  config.signature_algorithms = {"rsa-sha2-512"};
  UserauthServerPeer peer(config);
  peer.refused(peer.give(query_request("joe", "ssh-ed25519", ed25519_key().public_key().blob())));
  peer.refused(peer.give(signed_request(peer.session_id, "joe", ed25519_key(), ed25519())));
  peer.asked(peer.give(signed_request(peer.session_id, "joe", rsa_key(), signature_row("rsa-sha2-512"))));
}
