#include "hawser/crypto/key_agreement.h"

#include <algorithm>
#include <exception>

#include "crypto/key_agreements.h"
#include "hawser/wire/copy_bytes.h"
#include "hawser/wire/writer.h"

namespace hawser::crypto {

Result<ByteVector> TwoSidedKeyAgreement::client_start() {
  try {
    ByteVector public_value = generate();
    generated_ = true;
    return public_value;
  } catch (const std::exception&) {
    return Error(Errc::crypto_failure, "making a key pair for the key exchange");
  }
}

Result<SecretBytes> TwoSidedKeyAgreement::client_finish(Bytes server_public_value) {
  if (!generated_) return Error(Errc::invalid_state, "client_finish without client_start");
  return agree_once(server_public_value);
}

Result<AgreedSecret> TwoSidedKeyAgreement::server_respond(Bytes client_public_value) {
  Result<ByteVector> public_value = client_start();
  if (!public_value) return public_value.error();
  Result<SecretBytes> secret = agree_once(client_public_value);
  if (!secret) return secret.error();
  return AgreedSecret{std::move(*secret), std::move(*public_value)};
}

Result<SecretBytes> TwoSidedKeyAgreement::agree_once(Bytes peer_public_value) {
  generated_ = false;
  Result<SecretBytes> secret = [&]() -> Result<SecretBytes> {
    try {
      return agree(peer_public_value);
    } catch (const std::exception&) {
      return Error(Errc::bad_public_value, "refused by the key exchange's arithmetic");
    }
  }();
  forget();
  return secret;
}

SecretBytes mpint_secret(Bytes number) {
  const auto first = std::ranges::find_if(number, [](std::uint8_t byte) { return byte != 0; });
  const Bytes digits(first, number.end());
  const std::size_t sign_byte = !digits.empty() && (digits[0] & 0x80) != 0 ? 1 : 0;
  SecretBytes secret(4 + sign_byte + digits.size());
  wire::store_uint32(secret.mutable_view().data(), static_cast<std::uint32_t>(sign_byte + digits.size()));
  copy_bytes(digits, secret.mutable_view().subspan(4 + sign_byte));
  return secret;
}

std::unique_ptr<KeyAgreement> make_key_agreement(const KexRow& row, Random& random) {
  switch (row.family) {
    case KexFamily::x25519: return make_x25519(random);
    case KexFamily::ecdh_p256:
    case KexFamily::ecdh_p384:
    case KexFamily::ecdh_p521: return make_ecdh(row.family, random);
    case KexFamily::modp_group14:
    case KexFamily::modp_group16:
    case KexFamily::modp_group18: return make_modp(row.family, row.hash, random);
    case KexFamily::modp_exchange: break;
    case KexFamily::mlkem768_x25519:
    case KexFamily::mlkem768_p256:
    case KexFamily::mlkem1024_p384: return make_mlkem_hybrid(row, random);
  }
  return nullptr;
}

}  // namespace hawser::crypto
