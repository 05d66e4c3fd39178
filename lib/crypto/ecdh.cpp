// ecdh-sha2-nistp256, -nistp384 and -nistp521 (RFC 5656 §4): public values are uncompressed points.
#include <botan/pubkey.h>

#include "crypto/botan_compat.h"
#include "crypto/botan_random.h"
#include "crypto/key_agreements.h"

namespace hawser::crypto {

namespace {

struct Curve {
  const char* botan_name;
  std::size_t coordinate_size;
};

Curve curve_of(KexFamily family) {
  switch (family) {
    case KexFamily::ecdh_p384: return {"secp384r1", 48};
    case KexFamily::ecdh_p521: return {"secp521r1", 66};
    default: return {"secp256r1", 32};
  }
}

class Ecdh final : public TwoSidedKeyAgreement {
 public:
  Ecdh(Curve curve, Random& random) : curve_(curve), random_(random) {}

 private:
  ByteVector generate() override {
    BotanRandom random(random_);
    key_ = std::make_unique<Botan::ECDH_PrivateKey>(random, compat::ec_group(curve_.botan_name));
    return compat::ec_point(*key_);
  }

  Result<SecretBytes> agree(Bytes peer) override {
    // RFC 5656 §4: received points must be validated (SEC 1 §3.2.2). The form excludes the point at infinity, whose
    // encoding is one zero byte; Botan throws for what is not on the curve. The cofactor is 1, so every other point
    // generates the group.
    constexpr std::uint8_t uncompressed = 4;  // SEC 1 §2.3.3
    if (peer.size() != 1 + 2 * curve_.coordinate_size || peer[0] != uncompressed) {
      return Error(Errc::bad_public_value, "ecdh: not an uncompressed point of this curve");
    }
    BotanRandom random(random_);
    const auto shared =
        Botan::PK_Key_Agreement(*key_, random, "Raw").derive_key(curve_.coordinate_size, peer.data(), peer.size());
    return mpint_secret({shared.begin(), shared.length()});
  }

  void forget() override { key_.reset(); }

  Curve curve_;
  Random& random_;
  std::unique_ptr<Botan::ECDH_PrivateKey> key_;
};

}  // namespace

std::unique_ptr<KeyAgreement> make_ecdh(KexFamily family, Random& random) {
  return std::make_unique<Ecdh>(curve_of(family), random);
}

}  // namespace hawser::crypto
