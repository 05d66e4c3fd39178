// curve25519-sha256 (RFC 8731 §3): X25519 of RFC 7748, public values of 32 bytes.
#include <botan/pubkey.h>

#include "crypto/botan_compat.h"
#include "crypto/botan_random.h"
#include "crypto/key_agreements.h"

namespace hawser::crypto {

namespace {

constexpr std::size_t value_size = 32;

class X25519 final : public TwoSidedKeyAgreement {
 public:
  explicit X25519(Random& random) : random_(random) {}

 private:
  ByteVector generate() override {
    Botan::secure_vector<std::uint8_t> private_value(value_size);
    random_.fill(private_value);
    key_ = std::make_unique<compat::X25519_PrivateKey>(private_value);
    return key_->public_value();
  }

  Result<SecretBytes> agree(Bytes peer) override {
    if (peer.size() != value_size) return Error(Errc::bad_public_value, "x25519: not 32 bytes");
    BotanRandom random(random_);
    const auto shared = Botan::PK_Key_Agreement(*key_, random, "Raw").derive_key(value_size, peer.data(), peer.size());
    const Bytes secret(shared.begin(), shared.length());
    // RFC 8731 §3: a point of low order gives zero, which must end the exchange (RFC 7748 §6.1).
    const std::array<std::uint8_t, value_size> zero{};
    if (constant_time_equal(secret, zero)) return Error(Errc::bad_public_value, "x25519: point of low order");
    return mpint_secret(secret);
  }

  void forget() override { key_.reset(); }

  Random& random_;
  std::unique_ptr<compat::X25519_PrivateKey> key_;
};

}  // namespace

std::unique_ptr<KeyAgreement> make_x25519(Random& random) { return std::make_unique<X25519>(random); }

}  // namespace hawser::crypto
