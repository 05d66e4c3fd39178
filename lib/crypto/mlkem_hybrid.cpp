// mlkem768x25519-sha256, mlkem768nistp256-sha256 and mlkem1024nistp384-sha384 (draft-ietf-sshm-mlkem-hybrid-kex §2):
// ML-KEM (FIPS 203) and a curve side by side, so that the secret holds as long as one of the two does.
//
//   client's value   encapsulation key || public value of the curve
//   server's value   ciphertext || public value of the curve
//   K                HASH(K_PQ || K_CL), which travels through the hashes as a string, not as an mpint
#include <array>

#include "crypto/botan_compat.h"
#include "crypto/botan_random.h"
#include "crypto/key_agreements.h"
#include "hawser/crypto/hash.h"
#include "hawser/wire/copy_bytes.h"
#include "hawser/wire/writer.h"

namespace hawser::crypto {

namespace {

struct Parts {
  KexFamily curve;
  std::size_t curve_secret_size;
  std::size_t kem_bits;         // the number in ML-KEM's name
  std::size_t kem_key_size;     // of an encapsulation key, FIPS 203 table 3
  std::size_t ciphertext_size;  // the same
};

Parts parts_of(KexFamily family) {
  switch (family) {
    case KexFamily::mlkem768_p256: return {KexFamily::ecdh_p256, 32, 768, 1184, 1088};
    case KexFamily::mlkem1024_p384: return {KexFamily::ecdh_p384, 48, 1024, 1568, 1568};
    default: return {KexFamily::x25519, 32, 768, 1184, 1088};
  }
}

class MlKemHybrid final : public KeyAgreement {
 public:
  MlKemHybrid(Parts parts, std::unique_ptr<KeyAgreement> curve, HashAlgorithm hash, Random& random)
      : parts_(parts), curve_(std::move(curve)), hash_(hash), random_(random) {}

  Result<ByteVector> client_start() override {
    Result<ByteVector> curve_value = curve_->client_start();
    if (!curve_value) return curve_value;
    try {
      BotanRandom random(random_);
      key_ = compat::ml_kem_key(parts_.kem_bits, random);
      ByteVector value = compat::ml_kem_public_value(*key_);
      value.insert(value.end(), curve_value->begin(), curve_value->end());
      return value;
    } catch (const std::exception&) {
      return Error(Errc::crypto_failure, "making a key pair for the key exchange");
    }
  }

  Result<SecretBytes> client_finish(Bytes server_value) override {
    if (!key_) return Error(Errc::invalid_state, "client_finish without client_start");
    const auto key = std::move(key_);
    if (server_value.size() < parts_.ciphertext_size) return too_short();
    const Result<SecretBytes> curve_secret = curve_->client_finish(server_value.subspan(parts_.ciphertext_size));
    if (!curve_secret) return curve_secret.error();
    try {
      BotanRandom random(random_);
      const auto kem_secret = compat::ml_kem_decapsulate(*key, server_value.first(parts_.ciphertext_size), random);
      return combine(kem_secret, *curve_secret);
    } catch (const std::exception&) {
      return Error(Errc::bad_public_value, "ml-kem: ciphertext");
    }
  }

  Result<AgreedSecret> server_respond(Bytes client_value) override {
    if (client_value.size() < parts_.kem_key_size) return too_short();
    Result<AgreedSecret> agreed = curve_->server_respond(client_value.subspan(parts_.kem_key_size));
    if (!agreed) return agreed;
    try {
      BotanRandom random(random_);
      compat::MlKemEncapsulated kem =
          compat::ml_kem_encapsulate(parts_.kem_bits, client_value.first(parts_.kem_key_size), random);
      kem.ciphertext.insert(kem.ciphertext.end(), agreed->public_value.begin(), agreed->public_value.end());
      return AgreedSecret{combine(kem.secret, agreed->shared_secret), std::move(kem.ciphertext)};
    } catch (const std::exception&) {
      return Error(Errc::bad_public_value, "ml-kem: encapsulation key");  // FIPS 203 §7.2 has its check
    }
  }

 private:
  static Error too_short() { return Error(Errc::bad_public_value, "ml-kem: too short"); }

  // `curve_secret` is an mpint, which has lost leading zeros or won one; here it counts at its full length.
  SecretBytes combine(Bytes kem_secret, const SecretBytes& curve_secret) const {
    const Bytes number = curve_secret.view().subspan(4);
    const std::size_t sign_byte = number.size() > parts_.curve_secret_size ? 1 : 0;
    const std::array<std::uint8_t, 48> zeros{};
    Hash hash(hash_);
    hash.update(kem_secret).update(Bytes(zeros).first(parts_.curve_secret_size - number.size() + sign_byte));
    ByteVector digest = hash.update(number.subspan(sign_byte)).finish();
    SecretBytes secret(4 + digest.size());
    wire::store_uint32(secret.mutable_view().data(), static_cast<std::uint32_t>(digest.size()));
    copy_bytes(digest, secret.mutable_view().subspan(4));
    wipe(digest);
    return secret;
  }

  Parts parts_;
  std::unique_ptr<KeyAgreement> curve_;
  HashAlgorithm hash_;
  Random& random_;
  std::unique_ptr<Botan::Private_Key> key_;
};

}  // namespace

std::unique_ptr<KeyAgreement> make_mlkem_hybrid(const KexRow& row, Random& random) {
  const Parts parts = parts_of(row.family);
  std::unique_ptr<KeyAgreement> curve =
      parts.curve == KexFamily::x25519 ? make_x25519(random) : make_ecdh(parts.curve, random);
  return std::make_unique<MlKemHybrid>(parts, std::move(curve), row.hash, random);
}

}  // namespace hawser::crypto
