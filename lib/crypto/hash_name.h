// Botan's name of a hash, which is also a part of its names of MACs and signature schemes.
#pragma once

#include <string>

#include "hawser/crypto/algorithms.h"

namespace hawser::crypto {

inline std::string hash_name(HashAlgorithm algorithm) {
  switch (algorithm) {
    case HashAlgorithm::sha1: return "SHA-1";
    case HashAlgorithm::sha256: return "SHA-256";
    case HashAlgorithm::sha384: return "SHA-384";
    case HashAlgorithm::sha512: return "SHA-512";
  }
  return {};
}

}  // namespace hawser::crypto
