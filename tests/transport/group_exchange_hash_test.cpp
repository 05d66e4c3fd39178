// The exchange hash of a group exchange, put together by hand from the bytes of the messages (RFC 4419 §3): the
// server's signature is over just that.
#include <doctest/doctest.h>

#include "hawser/crypto/hash.h"
#include "hawser/crypto/key_agreement.h"
#include "support/hex.h"
#include "support/raw_peer.h"

using namespace hawser;
using namespace hawser::test;
using namespace hawser::test::literals;

TEST_CASE("group exchange: H is over the versions, KEXINITs, host key, min, n, max, p, g, e, f and K (RFC 4419 §3)") {
  for (const crypto::HashAlgorithm algorithm : {crypto::HashAlgorithm::sha256, crypto::HashAlgorithm::sha1}) {
    transport::TransportConfig config = server_config();
    config.algorithms.kex = {algorithm == crypto::HashAlgorithm::sha256 ? "diffie-hellman-group-exchange-sha256"
                                                                        : "diffie-hellman-group-exchange-sha1"};
    RawPeer peer(Role::client, config, config);
    peer.identify();
    const ByteVector client_kexinit = peer.make_kexinit();
    peer.send_kexinit(client_kexinit);
    const ByteVector server_kexinit = peer.receive_until(20);
    peer.send(
        "22"
        "00000401"
        "00000801"
        "00002001"_hex);
    const ByteVector offer = peer.receive_until(31);
    const auto group = wire::decode<transport::KexDhGexGroup>(offer);
    REQUIRE(group);
    const crypto::DhGroup agreed = *crypto::rfc3526_group(3072);
    REQUIRE(to_vector(group->p.bytes) == wire::mpint_content(agreed.p));

    FixedRandom random;
    const auto agreement = crypto::make_group_agreement(agreed, algorithm, random);
    const ByteVector e = *agreement->client_start();
    peer.send_message(transport::KexDhGexInit{{e}});
    const ByteVector answer = peer.receive_until(33);
    const auto reply = wire::decode<transport::KexDhGexReply>(answer);
    REQUIRE(reply);
    const Result<crypto::SecretBytes> secret = agreement->client_finish(reply->f.bytes);
    REQUIRE(secret);

    crypto::Hash hash(algorithm);
    hash.update_string(as_bytes(RawPeer::own_identification)).update_string(as_bytes("SSH-2.0-Hawser_0.1"));
    hash.update_string(client_kexinit).update_string(server_kexinit).update_string(reply->host_key);
    hash.update(
        "00000401"
        "00000801"
        "00002001"_hex);
    hash.update(
            "00000181"
            "00"_hex)
        .update(agreed.p)
        .update(
            "00000001"
            "02"_hex);
    hash.update_string(e).update_string(reply->f.bytes).update(secret->view());
    const ByteVector h = hash.finish();
    const crypto::PublicKey& key = config.host_keys.at(0)->public_key();
    CHECK(key.verify(*crypto::find_signature("ssh-ed25519"), h, reply->signature));
    CHECK(equal(peer.subject.session_id().bytes(), h));
  }
}
