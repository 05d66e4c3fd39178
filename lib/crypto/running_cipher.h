// A cipher without a tag whose state runs on from packet to packet: a counter (RFC 4344 §4), or the last block of CBC
// (RFC 4253 §6.3).
#pragma once

#include <memory>

#include "hawser/crypto/packet_cipher.h"

namespace hawser::crypto {

class RunningCipher {
 public:
  virtual ~RunningCipher() = default;
  // In place. In CBC the size is a multiple of the block's. May throw Botan's exceptions.
  virtual void apply(MutableBytes bytes) = 0;
};

bool is_cbc(const CipherRow& row);
std::unique_ptr<RunningCipher> encrypting_cipher(const CipherRow& row, const DirectionKeys& keys);
std::unique_ptr<RunningCipher> decrypting_cipher(const CipherRow& row, const DirectionKeys& keys);

}  // namespace hawser::crypto
