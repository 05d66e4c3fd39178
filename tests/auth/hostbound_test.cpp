// publickey-hostbound-v00@openssh.com (OpenSSH PROTOCOL §3.1)
#include <doctest/doctest.h>

#include "hawser/auth/method_messages.h"
#include "support/test_keys.h"
#include "support/userauth_peer.h"

using namespace hawser;
using namespace hawser::auth;
using namespace hawser::test;

namespace {

Bytes key_blob() { return ed25519_key().public_key().blob(); }
Bytes host_key() { return other_ed25519_key().public_key().blob(); }

UserauthServerConfig with_host_key() {
  UserauthServerConfig config;
  config.host_key = to_vector(host_key());
  return config;
}

ByteVector hostbound_query(Bytes named_host_key) {
  return userauth_request("joe", publickey_hostbound_name,
                          HostboundQueryFields{false, "ssh-ed25519", key_blob(), named_host_key});
}
// What is signed names `signed_host_key` and `signed_method`.
ByteVector hostbound_signed(Bytes named_host_key, Bytes signed_host_key,
                            std::string_view signed_method = publickey_hostbound_name) {
  const transport::SessionId session_id = some_session_id();
  const PublicKeySignedData request{session_id.bytes(), 50,   "joe",         "ssh-connection",
                                    signed_method,      true, "ssh-ed25519", key_blob()};
  const auto signature = ed25519_key().sign(ed25519(), wire::encode(HostboundSignedData{request, signed_host_key}));
  REQUIRE(signature);
  return userauth_request("joe", publickey_hostbound_name,
                          HostboundSignedFields{true, "ssh-ed25519", key_blob(), named_host_key, *signature});
}

}  // namespace

TEST_CASE("publickey-hostbound server: a query and a signed request, both called publickey") {
  UserauthServerPeer peer(with_host_key());
  const AuthRequested query = peer.asked(peer.give(hostbound_query(host_key())));
  CHECK(query.method == "publickey");
  CHECK(std::get<PublicKeyQuery>(query.request).key == ed25519_key().public_key());
  peer.nothing(peer.answer(AuthResult::successful));
  CHECK(equal(peer.sink.take<UserauthPkOk>().public_key_blob, key_blob()));

  const AuthRequested signed_request = peer.asked(peer.give(hostbound_signed(host_key(), host_key())));
  CHECK(signed_request.method == "publickey");
  CHECK(std::get<PublicKeySigned>(signed_request.request).key == ed25519_key().public_key());
  peer.succeeded(peer.answer(AuthResult::successful));
  CHECK(peer.server.take_authenticated()->method() == "publickey");
}

TEST_CASE(
    "[replayed-signature] publickey-hostbound server: another host key than this connection's is refused, in both "
    "forms") {
  UserauthServerPeer peer(with_host_key());
  peer.refused(peer.give(hostbound_query(key_blob())));
  peer.refused(peer.give(hostbound_signed(key_blob(), key_blob())));
  UserauthServerPeer unknown;  // it does not know its own
  unknown.refused(unknown.give(hostbound_query({})));
  unknown.refused(unknown.give(hostbound_signed({}, {})));
}

TEST_CASE("[replayed-signature] publickey-hostbound server: the signature covers the host key and this method's name") {
  UserauthServerPeer peer(with_host_key());
  peer.refused(peer.give(hostbound_signed(host_key(), key_blob())));
  peer.refused(peer.give(hostbound_signed(host_key(), host_key(), "publickey")));
  // A signature of the plain form, under the other name.
  const auto plain = ed25519_key().sign(ed25519(), data_to_sign(peer.session_id, "joe", "ssh-ed25519", key_blob()));
  REQUIRE(plain);
  peer.refused(peer.give(userauth_request("joe", publickey_hostbound_name,
                                          HostboundSignedFields{true, "ssh-ed25519", key_blob(), host_key(), *plain})));
}

TEST_CASE("publickey-hostbound server: it is refused where publickey cannot continue, and named in no list") {
  UserauthServerConfig config = with_host_key();
  config.initial_methods = {"password"};
  UserauthServerPeer peer(config);
  peer.refused(peer.give(hostbound_query(host_key())));
}

TEST_CASE("publickey-hostbound server: requests cut short at every byte end the session") {
  for (const ByteVector& request : {hostbound_query(host_key()), hostbound_signed(host_key(), host_key())}) {
    for (std::size_t size = 0; size != request.size(); ++size) {
      CAPTURE(size);
      UserauthServerPeer peer(with_host_key());
      CHECK(peer.code(peer.give(Bytes(request).first(size))) == Errc::truncated);
    }
  }
}

TEST_CASE("publickey-hostbound client: once bound, queries and signatures name the host key") {
  UserauthClientPeer peer;
  peer.client.bind_to_host_key(host_key());
  REQUIRE(peer.client.query_public_key(ed25519_key().public_key(), ed25519()));
  const auto query = peer.sink.take<UserauthRequest>();
  CHECK(query.method_name == "publickey-hostbound-v00@openssh.com");
  CHECK(equal(wire::decode<HostboundQueryFields>(query.method_specific.bytes)->server_host_key, host_key()));
  peer.expect<PublicKeyAccepted>(UserauthPkOk{"ssh-ed25519", key_blob()});

  REQUIRE(peer.client.request_public_key(ed25519_key(), ed25519()));
  const auto request = peer.sink.take<UserauthRequest>();
  const auto fields = wire::decode<HostboundSignedFields>(request.method_specific.bytes);
  REQUIRE(fields);
  CHECK(equal(fields->server_host_key, host_key()));
  const PublicKeySignedData data{peer.session_id.bytes(), 50,   "user",        "ssh-connection",
                                 request.method_name,     true, "ssh-ed25519", key_blob()};
  CHECK(ed25519_key().public_key().verify(ed25519(), wire::encode(HostboundSignedData{data, host_key()}),
                                          fields->signature));
  peer.expect<ClientAuthenticated>(UserauthSuccess{});
  CHECK(peer.client.take_authenticated()->method() == "publickey");
}

TEST_CASE("publickey-hostbound: the bytes are those of OpenSSH PROTOCOL §3.1") {
  CHECK(wire::encode(HostboundQueryFields{false, "a", as_bytes("b"), as_bytes("c")}) ==
        ByteVector{0, 0, 0, 0, 1, 'a', 0, 0, 0, 1, 'b', 0, 0, 0, 1, 'c'});
  CHECK(wire::encode(HostboundSignedFields{true, "a", as_bytes("b"), as_bytes("c"), as_bytes("d")}) ==
        ByteVector{1, 0, 0, 0, 1, 'a', 0, 0, 0, 1, 'b', 0, 0, 0, 1, 'c', 0, 0, 0, 1, 'd'});
}
