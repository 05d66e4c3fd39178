// A fault in an RSA computation, put into the signature where a Signer makes it: nothing of it may leave, wherever a
// key signs.
#include "support/loopback.h"
#include "support/test_keys.h"
#include "support/userauth_peer.h"

namespace hawser::test {

namespace {

// Signs with an RSA key, and flips one bit of the number where `bit` says so, counted from the end.
class FaultySigner final : public crypto::Signer {
 public:
  const crypto::PublicKey& public_key() const override { return rsa_key().public_key(); }
  std::optional<std::size_t> bit;
  mutable std::size_t signatures = 0;

 private:
  Result<ByteVector> make_signature(const crypto::SignatureRow& row, Bytes data) const override {
    ++signatures;
    Result<ByteVector> signature = rsa_key().sign(row, data);
    if (signature && bit) signature->at(signature->size() - 1 - *bit / 8) ^= static_cast<std::uint8_t>(1 << *bit % 8);
    return signature;
  }
};

constexpr std::string_view rsa_algorithm = "rsa-sha2-256";

}  // namespace

TEST_CASE("[rsa-fault] rsa fault: a signature with any one bit wrong is not given out") {
  const crypto::SignatureRow& row = signature_row(rsa_algorithm);
  FaultySigner signer;
  CHECK(signer.sign(row, as_bytes("data")).has_value());
  for (std::size_t bit = 0; bit < 2048; bit += 13) {
    CAPTURE(bit);
    signer.bit = bit;
    const Result<ByteVector> signature = signer.sign(row, as_bytes("data"));
    REQUIRE_FALSE(signature);
    CHECK(signature.error().code() == Errc::crypto_failure);
  }
  CHECK(signer.sign(signature_row("ssh-ed25519"), as_bytes("data")).error().code() == Errc::invalid_argument);
}

TEST_CASE("[rsa-fault] rsa fault: a server whose host key signs wrongly ends the key exchange and sends no signature") {
  for (const bool faulty : {false, true}) {
    CAPTURE(faulty);
    const auto signer = std::make_shared<FaultySigner>();
    if (faulty) signer->bit = 77;
    transport::TransportConfig server = server_config();
    server.host_keys = {signer};
    Loopback link(client_config(), server);
    CHECK(link.connect() != faulty);
    CHECK(signer->signatures == 1);
    CHECK(link.client.offered.size() == (faulty ? 0 : 1));  // no KEX_ECDH_REPLY has come
    if (!faulty) continue;
    REQUIRE(link.server.error);
    CHECK(link.server.error->code() == Errc::crypto_failure);
    CHECK(link.client.key_exchanges.empty());
  }
}

TEST_CASE("[rsa-fault] rsa fault: a client whose key signs wrongly sends no request") {
  UserauthClientPeer peer(false);
  peer.client.start();
  peer.sink.take<transport::ServiceRequest>();
  FaultySigner signer;
  signer.bit = 2000;
  const Result<void> asked = peer.client.request_public_key(signer, signature_row(rsa_algorithm));
  REQUIRE_FALSE(asked);
  CHECK(asked.error().code() == Errc::crypto_failure);
  CHECK(signer.signatures == 1);
  CHECK(peer.sink.empty());
  signer.bit.reset();
  CHECK(peer.client.request_public_key(signer, signature_row(rsa_algorithm)));
  CHECK_FALSE(peer.sink.empty());
}

}  // namespace hawser::test
