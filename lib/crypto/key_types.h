// One row per key type: what its blob, its key files and Botan call it.
#pragma once

#include <array>
#include <string_view>

#include "hawser/crypto/algorithms.h"

namespace hawser::crypto {

struct KeyTypeRow {
  KeyType type;
  std::string_view blob_type;
  // Of ECDSA keys only (RFC 5656 §6.1).
  std::string_view curve;
  const char* botan_curve;
  std::size_t coordinate_size;
  std::size_t bits;  // rsa: as many as the modulus has
};

inline constexpr std::array key_type_rows{
    KeyTypeRow{KeyType::ed25519, "ssh-ed25519", "", "", 0, 256},
    KeyTypeRow{KeyType::ecdsa_p256, "ecdsa-sha2-nistp256", "nistp256", "secp256r1", 32, 256},
    KeyTypeRow{KeyType::ecdsa_p384, "ecdsa-sha2-nistp384", "nistp384", "secp384r1", 48, 384},
    KeyTypeRow{KeyType::ecdsa_p521, "ecdsa-sha2-nistp521", "nistp521", "secp521r1", 66, 521},
    KeyTypeRow{KeyType::rsa, "ssh-rsa", "", "", 0, 0},
};

inline constexpr std::size_t ed25519_value_size = 32;  // public key and seed, RFC 8032 §5.1.5
inline constexpr std::size_t ed25519_signature_size = 64;

inline constexpr std::size_t minimum_rsa_bits = 2048;
inline constexpr std::size_t maximum_rsa_bits = 16384;
// A larger exponent has no use, and would let a peer make a verification as slow as a signature.
inline constexpr std::size_t maximum_rsa_exponent_bits = 64;

inline const KeyTypeRow& key_type_row(KeyType type) {
  for (const KeyTypeRow& row : key_type_rows) {
    if (row.type == type) return row;
  }
  return key_type_rows.front();
}

inline const KeyTypeRow* find_key_type(std::string_view blob_type) {
  for (const KeyTypeRow& row : key_type_rows) {
    if (row.blob_type == blob_type) return &row;
  }
  return nullptr;
}

}  // namespace hawser::crypto
