#include "hawser/crypto/hash.h"

#include <botan/hash.h>

#include <algorithm>
#include <array>

#include "crypto/hash_name.h"
#include "hawser/wire/writer.h"

namespace hawser::crypto {

struct Hash::State {
  std::unique_ptr<Botan::HashFunction> function;
};

Hash::Hash(HashAlgorithm algorithm)
    : state_(std::make_unique<State>(State{Botan::HashFunction::create_or_throw(hash_name(algorithm))})) {}
Hash::~Hash() = default;
Hash::Hash(Hash&&) noexcept = default;
Hash& Hash::operator=(Hash&&) noexcept = default;

Hash& Hash::update(Bytes bytes) {
  state_->function->update(bytes.data(), bytes.size());
  return *this;
}

Hash& Hash::update_uint32(std::uint32_t value) {
  std::array<std::uint8_t, 4> bytes;
  wire::store_uint32(bytes.data(), value);
  return update(bytes);
}

Hash& Hash::update_string(Bytes bytes) { return update_uint32(static_cast<std::uint32_t>(bytes.size())).update(bytes); }

ByteVector Hash::finish() {
  ByteVector digest(state_->function->output_length());
  state_->function->final(digest.data());
  return digest;
}

std::size_t hash_size(HashAlgorithm algorithm) {
  switch (algorithm) {
    case HashAlgorithm::sha1: return 20;
    case HashAlgorithm::sha256: return 32;
    case HashAlgorithm::sha384: return 48;
    case HashAlgorithm::sha512: return 64;
  }
  return 0;
}

SecretBytes derive_key(HashAlgorithm algorithm, Bytes shared_secret, Bytes exchange_hash, char letter, Bytes session_id,
                       std::size_t size) {
  // RFC 4253 §7.2: K1 = HASH(K || H || X || session_id), Kn = HASH(K || H || K1 || … || Kn-1), key = K1 || K2 || …
  SecretBytes key(size);
  Hash hash(algorithm);
  for (std::size_t done = 0; done < size;) {
    hash.update(shared_secret).update(exchange_hash);
    if (done == 0) {
      hash.update(as_bytes({&letter, 1})).update(session_id);
    } else {
      hash.update(key.view().first(done));
    }
    ByteVector part = hash.finish();
    const std::size_t used = std::min(part.size(), size - done);
    std::copy_n(part.begin(), used, key.mutable_view().begin() + static_cast<std::ptrdiff_t>(done));
    wipe(part);
    done += used;
  }
  return key;
}

}  // namespace hawser::crypto
