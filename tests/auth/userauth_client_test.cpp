#include "hawser/auth/userauth_client.h"

#include <doctest/doctest.h>

#include "support/test_keys.h"
#include "support/userauth_peer.h"

using namespace hawser;
using namespace hawser::auth;
using namespace hawser::test;

namespace {

const UserauthFailure failure{wire::NameList("publickey,password"), false};

// Signs nothing.
class BrokenSigner final : public crypto::Signer {
 public:
  const crypto::PublicKey& public_key() const override { return ed25519_key().public_key(); }

 private:
  Result<ByteVector> make_signature(const crypto::SignatureRow&, Bytes) const override {
    return Error(Errc::crypto_failure);
  }
};

}  // namespace

TEST_CASE("userauth client: asks for the service once, and the first request may follow at once") {
  UserauthClientPeer peer(false);
  CHECK(peer.client.request_none().error().code() == Errc::invalid_state);
  peer.client.start();
  peer.client.start();
  REQUIRE(peer.client.request_none());
  CHECK(peer.sink.take<transport::ServiceRequest>().service_name == "ssh-userauth");
  const auto request = peer.sink.take<UserauthRequest>();
  CHECK(request.user_name == "user");
  CHECK(request.service_name == "ssh-connection");
  CHECK(request.method_name == "none");
  CHECK(request.method_specific.bytes.empty());
  CHECK(peer.sink.empty());
}

TEST_CASE("userauth client: the service must be accepted first, once, and by its name (RFC 4253 §10)") {
  UserauthClientPeer idle(false);
  CHECK(idle.error(transport::ServiceAccept{"ssh-userauth"}) == Errc::unexpected_message);
  idle.client.start();
  REQUIRE(idle.client.request_none());
  CHECK(idle.error(failure) == Errc::unexpected_message);
  CHECK(idle.error(UserauthSuccess{}) == Errc::unexpected_message);
  CHECK(idle.error(UserauthBanner{"hi", ""}) == Errc::unexpected_message);
  CHECK(idle.error(transport::ServiceAccept{"ssh-connection"}) == Errc::bad_value);

  UserauthClientPeer accepted;
  CHECK(accepted.error(transport::ServiceAccept{"ssh-userauth"}) == Errc::unexpected_message);
}

TEST_CASE("userauth client: one request at a time, each answered by one event (RFC 4252 §5.1)") {
  UserauthClientPeer peer;
  REQUIRE(peer.client.request_none());
  peer.sink.take<UserauthRequest>();
  CHECK(peer.client.request_none().error().code() == Errc::invalid_state);
  CHECK(peer.client.request_password("x").error().code() == Errc::invalid_state);
  CHECK(peer.sink.empty());
  const auto failed = peer.expect<AuthFailed>(failure);
  CHECK(failed.methods_that_can_continue == std::vector<std::string>{"publickey", "password"});
  CHECK_FALSE(failed.partial_success);
  CHECK(peer.error(failure) == Errc::unexpected_message);

  REQUIRE(peer.client.request_password("secret"));
  const auto request = peer.sink.take<UserauthRequest>();
  CHECK(request.method_name == "password");
  CHECK(wire::decode<PasswordFields>(request.method_specific.bytes)->password == "secret");
  peer.expect<ClientAuthenticated>(UserauthSuccess{});
  const auto token = peer.client.take_authenticated();
  REQUIRE(token);
  CHECK(token->user() == "user");
  CHECK(token->method() == "password");
  CHECK_FALSE(peer.client.take_authenticated());
  CHECK(peer.client.request_none().error().code() == Errc::invalid_state);
}

TEST_CASE("userauth client: success that no request asked for ends the session") {
  UserauthClientPeer peer;
  CHECK(peer.error(UserauthSuccess{}) == Errc::unexpected_message);
  CHECK_FALSE(peer.client.take_authenticated());
  REQUIRE(peer.client.query_public_key(ed25519_key().public_key(), signature_row("ssh-ed25519")));
  CHECK(peer.error(UserauthSuccess{}) == Errc::unexpected_message);
  CHECK_FALSE(peer.client.take_authenticated());
}

TEST_CASE("userauth client: after success every message of authentication ends the session") {
  UserauthClientPeer peer;
  REQUIRE(peer.client.request_none());
  peer.expect<ClientAuthenticated>(UserauthSuccess{});
  CHECK(peer.error(UserauthSuccess{}) == Errc::unexpected_message);
  CHECK(peer.error(failure) == Errc::unexpected_message);
  CHECK(peer.error(UserauthBanner{"hi", ""}) == Errc::unexpected_message);
}

TEST_CASE("userauth client: PK_OK must repeat the algorithm and the key that were asked about (RFC 4252 §7)") {
  const Bytes blob = ed25519_key().public_key().blob();
  UserauthClientPeer peer;
  REQUIRE(peer.client.query_public_key(ed25519_key().public_key(), signature_row("ssh-ed25519")));
  const auto request = peer.sink.take<UserauthRequest>();
  CHECK(equal(wire::decode<PublicKeyQueryFields>(request.method_specific.bytes)->public_key_blob, blob));
  CHECK(peer.error(UserauthPkOk{"rsa-sha2-256", blob}) == Errc::bad_value);
  CHECK(peer.error(UserauthPkOk{"ssh-ed25519", other_ed25519_key().public_key().blob()}) == Errc::bad_value);
  peer.expect<PublicKeyAccepted>(UserauthPkOk{"ssh-ed25519", blob});
  CHECK(peer.error(UserauthPkOk{"ssh-ed25519", blob}) == Errc::unexpected_message);
}

TEST_CASE("userauth client: message 60 means what the outstanding method says (RFC 4252 §6)") {
  const UserauthPasswdChangereq change{"Expired.\r\nNew password\x1b[31m: ", ""};
  UserauthClientPeer peer;
  CHECK(peer.error(change) == Errc::unexpected_message);
  REQUIRE(peer.client.request_password("old"));
  peer.sink.clear();
  CHECK(peer.expect<PasswordChangeRequested>(change).prompt == "Expired.\nNew password\\x1b[31m: ");
  REQUIRE(peer.client.request_password_change("old", "new"));
  const auto request = peer.sink.take<UserauthRequest>();
  const auto fields = wire::decode<PasswordChangeFields>(request.method_specific.bytes);
  REQUIRE(fields);
  CHECK(fields->change);
  CHECK(fields->old_password == "old");
  CHECK(fields->new_password == "new");
  peer.expect<PasswordChangeRequested>(change);

  REQUIRE(peer.client.request_none());
  CHECK(peer.error(change) == Errc::unexpected_message);
}

TEST_CASE("userauth client: message 60 after a signed request ends the session") {
  UserauthClientPeer peer;
  REQUIRE(peer.client.request_public_key(ed25519_key(), signature_row("ssh-ed25519")));
  CHECK(peer.error(UserauthPkOk{"ssh-ed25519", ed25519_key().public_key().blob()}) == Errc::unexpected_message);
}

TEST_CASE("userauth client: the signed request carries a signature over session and request (RFC 4252 §7)") {
  UserauthClientPeer peer;
  const crypto::SignatureRow& row = signature_row("rsa-sha2-512");
  REQUIRE(peer.client.request_public_key(rsa_key(), row));
  const auto request = peer.sink.take<UserauthRequest>();
  const auto fields = wire::decode<PublicKeySignedFields>(request.method_specific.bytes);
  REQUIRE(fields);
  CHECK(fields->has_signature);
  CHECK(fields->algorithm_name == "rsa-sha2-512");
  const Bytes blob = rsa_key().public_key().blob();
  CHECK(equal(fields->public_key_blob, blob));
  const ByteVector data = data_to_sign(peer.session_id, "user", "rsa-sha2-512", blob);
  CHECK(rsa_key().public_key().verify(row, data, fields->signature));
  peer.expect<ClientAuthenticated>(UserauthSuccess{});
  CHECK(peer.client.take_authenticated()->method() == "publickey");
}

TEST_CASE(
    "userauth client: a key that cannot sign so, and a signer that fails, send nothing and leave the client free") {
  UserauthClientPeer peer;
  CHECK(peer.client.query_public_key(ed25519_key().public_key(), signature_row("rsa-sha2-256")).error().code() ==
        Errc::invalid_argument);
  CHECK(peer.client.request_public_key(ed25519_key(), signature_row("rsa-sha2-256")).error().code() ==
        Errc::invalid_argument);
  CHECK(peer.client.request_public_key(BrokenSigner(), signature_row("ssh-ed25519")).error().code() ==
        Errc::crypto_failure);
  CHECK(peer.sink.empty());
  CHECK(peer.client.request_none());
}

TEST_CASE("userauth client: a signature made elsewhere makes the request that a signer would make (RFC 4252 §7)") {
  for (const bool hostbound : {false, true}) {
    CAPTURE(hostbound);
    const crypto::SignatureRow& row = signature_row("rsa-sha2-256");
    const crypto::PublicKey& key = rsa_key().public_key();
    UserauthClientPeer by_signer, elsewhere;
    if (hostbound) by_signer.client.bind_to_host_key(ed25519_key().public_key().blob());
    if (hostbound) elsewhere.client.bind_to_host_key(ed25519_key().public_key().blob());
    REQUIRE(by_signer.client.request_public_key(rsa_key(), row));

    REQUIRE(elsewhere.client.query_public_key(key, row));
    const auto during_query = elsewhere.client.public_key_data(key, row);
    elsewhere.sink.clear();
    elsewhere.expect<PublicKeyAccepted>(UserauthPkOk{row.name, key.blob()});
    const auto data = elsewhere.client.public_key_data(key, row);
    REQUIRE(data);
    REQUIRE(during_query);
    CHECK(*during_query == *data);
    if (!hostbound) CHECK(*data == data_to_sign(elsewhere.session_id, "user", row.name, key.blob()));
    const auto signature = rsa_key().sign(row, *data);
    REQUIRE(signature);
    REQUIRE(elsewhere.client.request_public_key(key, row, *signature));
    CHECK(equal(elsewhere.sink.take_packet(), by_signer.sink.take_packet()));  // RSA signs alike each time
    elsewhere.expect<ClientAuthenticated>(UserauthSuccess{});
    CHECK(elsewhere.client.take_authenticated()->method() == "publickey");
  }
}

TEST_CASE("userauth client: a signature made elsewhere that is wrong is not sent, and leaves the client free") {
  const crypto::SignatureRow& row = signature_row("rsa-sha2-256");
  const crypto::SignatureRow& other_row = signature_row("rsa-sha2-512");
  const crypto::PublicKey& key = rsa_key().public_key();
  UserauthClientPeer peer;
  const auto data = peer.client.public_key_data(key, row);
  REQUIRE(data);
  const auto refused = [&](const Result<ByteVector>& signature) {
    REQUIRE(signature);
    const auto sent = peer.client.request_public_key(key, row, *signature);
    return sent ? Errc::ok : sent.error().code();
  };
  ByteVector damaged = *rsa_key().sign(row, *data);
  damaged.back() ^= 1;
  CHECK(refused(damaged) == Errc::bad_signature);
  CHECK(refused(ByteVector()) == Errc::bad_signature);
  CHECK(refused(rsa_key().sign(other_row, *data)) == Errc::bad_signature);
  CHECK(refused(rsa_key().sign(row, as_bytes("other data"))) == Errc::bad_signature);
  CHECK(refused(ed25519_key().sign(signature_row("ssh-ed25519"), *data)) == Errc::bad_signature);
  CHECK(peer.client.public_key_data(key, signature_row("ssh-ed25519")).error().code() == Errc::invalid_argument);
  CHECK(peer.client.request_public_key(key, signature_row("ssh-ed25519"), damaged).error().code() ==
        Errc::invalid_argument);
  CHECK(peer.sink.empty());
  REQUIRE(peer.client.request_none());
  CHECK(peer.client.request_public_key(key, row, *rsa_key().sign(row, *data)).error().code() == Errc::invalid_state);
}

TEST_CASE("userauth client: partial success reaches the caller (RFC 4252 §5.1)") {
  UserauthClientPeer peer;
  REQUIRE(peer.client.request_password("x"));
  const auto failed = peer.expect<AuthFailed>(UserauthFailure{wire::NameList("publickey"), true});
  CHECK(failed.partial_success);
  CHECK(failed.methods_that_can_continue == std::vector<std::string>{"publickey"});
}

TEST_CASE("userauth client: a banner keeps lines and UTF-8 and shows what would steer a terminal (RFC 4252 §5.4)") {
  struct Row {
    std::string_view sent;
    std::string_view shown;
  };
  UserauthClientPeer peer;
  for (const Row& row :
       {Row{"one\r\ntwo\tthree\n", "one\ntwo\tthree\n"}, Row{"\x1b]0;title\x07", "\\x1b]0;title\\x07"},
        Row{"a\rb", "a\\x0db"}, Row{"gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f"}, Row{"\xe2\x82\xac", "\xe2\x82\xac"},
        Row{"\xf0\x9f\x90\x8c", "\xf0\x9f\x90\x8c"}, Row{"\xc2\x9b", "\\xc2\\x9b"}, Row{"\x7f", "\\x7f"},
        Row{"\xc0\xaf", "\\xc0\\xaf"}, Row{"\xe0\x80\x80", "\\xe0\\x80\\x80"}, Row{"\xed\xa0\x80", "\\xed\\xa0\\x80"},
        Row{"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"}, Row{"\xff", "\\xff"}, Row{"\xe2\x82", "\\xe2\\x82"},
        Row{"", ""}}) {
    CHECK(peer.expect<BannerReceived>(UserauthBanner{row.sent, "en"}).text == row.shown);
  }
}

TEST_CASE("userauth client: a banner may come while an answer is awaited and does not answer it") {
  UserauthClientPeer peer;
  REQUIRE(peer.client.request_none());
  peer.expect<BannerReceived>(UserauthBanner{"hi", ""});
  CHECK(peer.client.request_none().error().code() == Errc::invalid_state);
  peer.expect<AuthFailed>(failure);
}

TEST_CASE("userauth client: banners are limited in number and in size together") {
  UserauthClientPeer many;
  for (std::size_t i = 0; i != UserauthClient::banner_count; ++i) many.expect<BannerReceived>(UserauthBanner{"x", ""});
  CHECK(many.error(UserauthBanner{"x", ""}) == Errc::too_many_messages);

  UserauthClientPeer large;
  const std::string half(UserauthClient::banner_bytes / 2, 'x');
  large.expect<BannerReceived>(UserauthBanner{half, ""});
  large.expect<BannerReceived>(UserauthBanner{half, ""});
  CHECK(large.error(UserauthBanner{"x", ""}) == Errc::too_many_messages);
}

TEST_CASE("userauth client: of numbers 0 to 255 it takes 51, 52, 53 and, where it is due, 60 (RFC 4252 §6)") {
  for (int number = 0; number != 256; ++number) {
    CAPTURE(number);
    UserauthClientPeer peer;
    REQUIRE(peer.client.request_password("x"));
    const std::uint8_t packet[] = {static_cast<std::uint8_t>(number)};
    const auto event = peer.client.receive(peer.payload(Bytes(packet)));
    const Errc code = event ? Errc::ok : event.error().code();
    const bool malformed = number == 6 || number == 51 || number == 53 || number == 60;
    CHECK(code == (number == 52 ? Errc::ok : malformed ? Errc::truncated : Errc::unexpected_message));
  }
}
