#include "hawser/crypto/packet_cipher.h"

#include <exception>

#include "crypto/packet_ciphers.h"

namespace hawser::crypto {

namespace {

Result<void> check_keys(const CipherRow& cipher, const MacRow* mac, const DirectionKeys& keys) {
  if (keys.key.size() != cipher.key_size) return Error(Errc::crypto_failure, "size of the cipher key");
  if (keys.iv.size() != cipher.iv_size) return Error(Errc::crypto_failure, "size of the initial IV");
  if (cipher.tag_size != 0) return {};
  if (mac == nullptr) return Error(Errc::crypto_failure, "the cipher needs a MAC");
  if (keys.mac_key.size() != mac->key_size) return Error(Errc::crypto_failure, "size of the MAC key");
  return {};
}

std::unique_ptr<Sealer> sealer_of_family(const CipherRow& cipher, const MacRow* mac, const DirectionKeys& keys) {
  switch (cipher.family) {
    case CipherFamily::aes_gcm: return make_gcm_sealer(cipher, keys);
    case CipherFamily::chacha20_poly1305: return make_chacha20_poly1305_sealer(cipher, keys);
    case CipherFamily::aes_ctr:
    case CipherFamily::aes_cbc:
    case CipherFamily::triple_des_cbc: return make_hmac_sealer(cipher, *mac, keys);
  }
  return nullptr;
}

std::unique_ptr<Opener> opener_of_family(const CipherRow& cipher, const MacRow* mac, const DirectionKeys& keys) {
  switch (cipher.family) {
    case CipherFamily::aes_gcm: return make_gcm_opener(cipher, keys);
    case CipherFamily::chacha20_poly1305: return make_chacha20_poly1305_opener(cipher, keys);
    case CipherFamily::aes_ctr:
    case CipherFamily::aes_cbc:
    case CipherFamily::triple_des_cbc: return make_hmac_opener(cipher, *mac, keys);
  }
  return nullptr;
}

}  // namespace

Result<std::unique_ptr<Sealer>> make_sealer(const CipherRow& cipher, const MacRow* mac, const DirectionKeys& keys) {
  if (const auto checked = check_keys(cipher, mac, keys); !checked) return checked.error();
  try {
    return sealer_of_family(cipher, mac, keys);
  } catch (const std::exception&) {
    return Error(Errc::crypto_failure, "making a cipher");
  }
}

Result<std::unique_ptr<Opener>> make_opener(const CipherRow& cipher, const MacRow* mac, const DirectionKeys& keys) {
  if (const auto checked = check_keys(cipher, mac, keys); !checked) return checked.error();
  try {
    return opener_of_family(cipher, mac, keys);
  } catch (const std::exception&) {
    return Error(Errc::crypto_failure, "making a cipher");
  }
}

}  // namespace hawser::crypto
