// chacha20-poly1305@openssh.com (OpenSSH PROTOCOL.chacha20poly1305): the original ChaCha20 with a 64-bit nonce, which
// is the packet's sequence number. It is not the AEAD of RFC 8439: the length field is encrypted with a key of its own,
// and the tag covers the encrypted bytes without padding or lengths.
#include <botan/mac.h>
#include <botan/stream_cipher.h>

#include <array>

#include "crypto/packet_ciphers.h"
#include "hawser/wire/copy_bytes.h"
#include "hawser/wire/writer.h"

namespace hawser::crypto {

namespace {

constexpr std::size_t poly1305_tag_size = 16;
constexpr std::size_t chacha20_key_size = 32;
constexpr std::size_t chacha20_block_size = 64;
constexpr std::size_t poly1305_key_size = 32;

class ChaCha20Poly1305 {
 public:
  // The first half of the key material is K_2 (payload), the second K_1 (length).
  explicit ChaCha20Poly1305(const DirectionKeys& keys)
      : payload_cipher_(Botan::StreamCipher::create_or_throw("ChaCha(20)")),
        length_cipher_(Botan::StreamCipher::create_or_throw("ChaCha(20)")),
        poly1305_(Botan::MessageAuthenticationCode::create_or_throw("Poly1305")) {
    const Bytes key = keys.key.view();
    payload_cipher_->set_key(key.data(), chacha20_key_size);
    length_cipher_->set_key(key.data() + chacha20_key_size, chacha20_key_size);
  }
  ChaCha20Poly1305(const ChaCha20Poly1305&) = delete;
  ChaCha20Poly1305& operator=(const ChaCha20Poly1305&) = delete;
  ~ChaCha20Poly1305() { wipe(first_block_); }

  static PacketShape shape() { return {.block_size = 8, .tag_size = poly1305_tag_size, .length_is_padded = false}; }

  // Encrypts or decrypts.
  void apply_to_length(std::uint32_t sequence_number, MutableBytes length) {
    set_nonce(*length_cipher_, sequence_number);
    length_cipher_->cipher1(length.data(), length_field_size);
  }

  // Block 0 of the payload's key stream begins with the Poly1305 key; its rest is unused, so that the payload starts at
  // block 1, where the cipher stands after this.
  void begin_packet(std::uint32_t sequence_number) {
    set_nonce(*payload_cipher_, sequence_number);
    first_block_.fill(0);
    payload_cipher_->cipher1(first_block_.data(), first_block_.size());
    poly1305_->set_key(first_block_.data(), poly1305_key_size);
  }

  void apply_to_payload(MutableBytes payload) { payload_cipher_->cipher1(payload.data(), payload.size()); }

  void compute_tag(Bytes encrypted, std::uint8_t* tag) {
    poly1305_->update(encrypted.data(), encrypted.size());
    poly1305_->final(tag);
  }

 private:
  static void set_nonce(Botan::StreamCipher& cipher, std::uint32_t sequence_number) {
    std::array<std::uint8_t, 8> nonce;
    wire::store_uint64(nonce.data(), sequence_number);
    cipher.set_iv(nonce.data(), nonce.size());
  }

  std::unique_ptr<Botan::StreamCipher> payload_cipher_;
  std::unique_ptr<Botan::StreamCipher> length_cipher_;
  std::unique_ptr<Botan::MessageAuthenticationCode> poly1305_;
  std::array<std::uint8_t, chacha20_block_size> first_block_{};
};

class ChaCha20Poly1305Sealer final : public Sealer {
 public:
  explicit ChaCha20Poly1305Sealer(const DirectionKeys& keys) : cipher_(keys) { shape_ = ChaCha20Poly1305::shape(); }

  Result<void> seal(std::uint32_t sequence_number, MutableBytes packet) override {
    if (packet.size() < length_field_size + poly1305_tag_size)
      return Error(Errc::bad_packet_length, "packet without room for its tag");
    try {
      const MutableBytes covered = packet.first(packet.size() - poly1305_tag_size);
      cipher_.apply_to_length(sequence_number, covered);
      cipher_.begin_packet(sequence_number);
      cipher_.apply_to_payload(covered.subspan(length_field_size));
      cipher_.compute_tag(covered, packet.last(poly1305_tag_size).data());
      return {};
    } catch (const std::exception&) {
      return Error(Errc::crypto_failure, "chacha20-poly1305");
    }
  }

 private:
  ChaCha20Poly1305 cipher_;
};

class ChaCha20Poly1305Opener final : public Opener {
 public:
  explicit ChaCha20Poly1305Opener(const DirectionKeys& keys) : cipher_(keys) { shape_ = ChaCha20Poly1305::shape(); }

  // Leaves the field as it is: the tag covers its encrypted form.
  Result<std::uint32_t> open_length(std::uint32_t sequence_number, MutableBytes prefix) override {
    if (prefix.size() < length_field_size) return Error(Errc::bad_packet_length, "packet_length");
    try {
      std::array<std::uint8_t, length_field_size> length;
      copy_bytes(prefix.first(length_field_size), length);
      cipher_.apply_to_length(sequence_number, length);
      return wire::load_uint32(length.data());
    } catch (const std::exception&) {
      return Error(Errc::crypto_failure, "chacha20-poly1305");
    }
  }

  Result<void> open(std::uint32_t sequence_number, MutableBytes packet) override {
    if (packet.size() < length_field_size + poly1305_tag_size)
      return Error(Errc::bad_packet_length, "packet without a tag");
    try {
      const MutableBytes covered = packet.first(packet.size() - poly1305_tag_size);
      cipher_.begin_packet(sequence_number);
      std::array<std::uint8_t, poly1305_tag_size> tag;
      cipher_.compute_tag(covered, tag.data());
      if (!constant_time_equal(tag, packet.last(poly1305_tag_size))) return Error(Errc::bad_mac, "chacha20-poly1305");
      cipher_.apply_to_payload(covered.subspan(length_field_size));
      return {};
    } catch (const std::exception&) {
      return Error(Errc::crypto_failure, "chacha20-poly1305");
    }
  }

 private:
  ChaCha20Poly1305 cipher_;
};

}  // namespace

std::unique_ptr<Sealer> make_chacha20_poly1305_sealer(const CipherRow& /*cipher*/, const DirectionKeys& keys) {
  return std::make_unique<ChaCha20Poly1305Sealer>(keys);
}

std::unique_ptr<Opener> make_chacha20_poly1305_opener(const CipherRow& /*cipher*/, const DirectionKeys& keys) {
  return std::make_unique<ChaCha20Poly1305Opener>(keys);
}

}  // namespace hawser::crypto
