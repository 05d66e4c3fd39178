#include "crypto/running_cipher.h"

#include <botan/cipher_mode.h>
#include <botan/stream_cipher.h>

#include <string>

#include "crypto/botan_compat.h"

namespace hawser::crypto {

namespace {

std::string block_cipher_name(const CipherRow& row) {
  return row.family == CipherFamily::triple_des_cbc ? "TripleDES" : "AES-" + std::to_string(row.key_size * 8);
}

// Encrypting and decrypting are the same.
class Counter final : public RunningCipher {
 public:
  Counter(const CipherRow& row, const DirectionKeys& keys)
      : cipher_(Botan::StreamCipher::create_or_throw("CTR-BE(" + block_cipher_name(row) + ")")) {
    const Bytes key = keys.key.view(), iv = keys.iv.view();
    cipher_->set_key(key.data(), key.size());
    cipher_->set_iv(iv.data(), iv.size());
  }
  void apply(MutableBytes bytes) override { cipher_->cipher1(bytes.data(), bytes.size()); }

 private:
  std::unique_ptr<Botan::StreamCipher> cipher_;
};

class BlockChain final : public RunningCipher {
 public:
  BlockChain(const CipherRow& row, const DirectionKeys& keys, Botan::Cipher_Dir direction)
      : mode_(Botan::Cipher_Mode::create_or_throw(block_cipher_name(row) + "/CBC/NoPadding", direction)) {
    const Bytes key = keys.key.view(), iv = keys.iv.view();
    mode_->set_key(key.data(), key.size());
    mode_->start(iv.data(), iv.size());
  }
  void apply(MutableBytes bytes) override { mode_->process(bytes.data(), bytes.size()); }

 private:
  std::unique_ptr<Botan::Cipher_Mode> mode_;
};

std::unique_ptr<RunningCipher> make(const CipherRow& row, const DirectionKeys& keys, Botan::Cipher_Dir direction) {
  if (is_cbc(row)) return std::make_unique<BlockChain>(row, keys, direction);
  return std::make_unique<Counter>(row, keys);
}

}  // namespace

bool is_cbc(const CipherRow& row) {
  return row.family == CipherFamily::aes_cbc || row.family == CipherFamily::triple_des_cbc;
}

std::unique_ptr<RunningCipher> encrypting_cipher(const CipherRow& row, const DirectionKeys& keys) {
  return make(row, keys, compat::encryption);
}

std::unique_ptr<RunningCipher> decrypting_cipher(const CipherRow& row, const DirectionKeys& keys) {
  return make(row, keys, compat::decryption);
}

}  // namespace hawser::crypto
