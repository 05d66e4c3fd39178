// aes128-ctr, aes192-ctr and aes256-ctr (RFC 4344 §4) with an HMAC, in two orders: encrypt-and-mac (RFC 4253 §6.4)
// takes the MAC of the plain packet and encrypts the length field with the rest; encrypt-then-mac (OpenSSH PROTOCOL
// §1.5) leaves the length field in the clear and takes the MAC of what is sent.
#include <botan/mac.h>
#include <botan/stream_cipher.h>

#include <array>
#include <string>

#include "crypto/hash_name.h"
#include "crypto/packet_ciphers.h"
#include "hawser/wire/writer.h"

namespace hawser::crypto {

namespace {

constexpr std::size_t aes_block_size = 16;
constexpr std::size_t largest_tag = 64;

class CtrHmac {
 public:
  CtrHmac(const CipherRow& cipher, const MacRow& mac, const DirectionKeys& keys)
      : cipher_(Botan::StreamCipher::create_or_throw("CTR-BE(AES-" + std::to_string(cipher.key_size * 8) + ")")),
        mac_(Botan::MessageAuthenticationCode::create_or_throw("HMAC(" + hash_name(mac.hash) + ")")) {
    const Bytes key = keys.key.view(), iv = keys.iv.view(), mac_key = keys.mac_key.view();
    cipher_->set_key(key.data(), key.size());
    cipher_->set_iv(iv.data(), iv.size());
    mac_->set_key(mac_key.data(), mac_key.size());
  }

  // Encrypts or decrypts: the counter runs on from packet to packet.
  void apply(MutableBytes bytes) { cipher_->cipher1(bytes.data(), bytes.size()); }

  // RFC 4253 §6.4: mac = MAC(key, sequence_number || packet).
  void compute_tag(std::uint32_t sequence_number, Bytes packet, std::uint8_t* tag) {
    std::array<std::uint8_t, 4> number;
    wire::store_uint32(number.data(), sequence_number);
    mac_->update(number.data(), number.size());
    mac_->update(packet.data(), packet.size());
    mac_->final(tag);
  }

  bool tag_is_right(std::uint32_t sequence_number, Bytes packet, Bytes tag) {
    std::array<std::uint8_t, largest_tag> computed;
    compute_tag(sequence_number, packet, computed.data());
    return constant_time_equal(Bytes(computed).first(tag.size()), tag);
  }

 private:
  std::unique_ptr<Botan::StreamCipher> cipher_;
  std::unique_ptr<Botan::MessageAuthenticationCode> mac_;
};

PacketShape shape_of(const MacRow& mac) {
  return {.block_size = aes_block_size,
          .tag_size = mac.tag_size,
          .length_is_padded = !mac.encrypt_then_mac,
          .length_prefix = mac.encrypt_then_mac ? length_field_size : aes_block_size};
}

class CtrHmacSealer final : public Sealer {
 public:
  CtrHmacSealer(const CipherRow& cipher, const MacRow& mac, const DirectionKeys& keys)
      : ctr_hmac_(cipher, mac, keys), encrypt_then_mac_(mac.encrypt_then_mac) {
    shape_ = shape_of(mac);
  }

  Result<void> seal(std::uint32_t sequence_number, MutableBytes packet) override {
    const std::size_t tag_size = shape().tag_size;
    if (packet.size() < length_field_size + tag_size)
      return Error(Errc::bad_packet_length, "packet without room for its tag");
    const MutableBytes covered = packet.first(packet.size() - tag_size);
    std::uint8_t* const tag = packet.last(tag_size).data();
    try {
      if (encrypt_then_mac_) {
        ctr_hmac_.apply(covered.subspan(length_field_size));
        ctr_hmac_.compute_tag(sequence_number, covered, tag);
      } else {
        ctr_hmac_.compute_tag(sequence_number, covered, tag);
        ctr_hmac_.apply(covered);
      }
      return {};
    } catch (const std::exception&) {
      return Error(Errc::crypto_failure, "aes-ctr");
    }
  }

 private:
  CtrHmac ctr_hmac_;
  bool encrypt_then_mac_;
};

class EncryptThenMacOpener final : public Opener {
 public:
  EncryptThenMacOpener(const CipherRow& cipher, const MacRow& mac, const DirectionKeys& keys)
      : ctr_hmac_(cipher, mac, keys) {
    shape_ = shape_of(mac);
  }

  Result<std::uint32_t> open_length(std::uint32_t /*sequence_number*/, MutableBytes prefix) override {
    if (prefix.size() < length_field_size) return Error(Errc::bad_packet_length, "packet_length");
    return wire::load_uint32(prefix.data());
  }

  Result<void> open(std::uint32_t sequence_number, MutableBytes packet) override {
    const std::size_t tag_size = shape().tag_size;
    if (packet.size() < length_field_size + tag_size) return Error(Errc::bad_packet_length, "packet without a tag");
    try {
      const MutableBytes covered = packet.first(packet.size() - tag_size);
      if (!ctr_hmac_.tag_is_right(sequence_number, covered, packet.last(tag_size))) {
        return Error(Errc::bad_mac, "hmac, encrypt-then-mac");
      }
      ctr_hmac_.apply(covered.subspan(length_field_size));
      return {};
    } catch (const std::exception&) {
      return Error(Errc::crypto_failure, "aes-ctr");
    }
  }

 private:
  CtrHmac ctr_hmac_;
};

class EncryptAndMacOpener final : public Opener {
 public:
  EncryptAndMacOpener(const CipherRow& cipher, const MacRow& mac, const DirectionKeys& keys)
      : ctr_hmac_(cipher, mac, keys) {
    shape_ = shape_of(mac);
  }

  // Decrypts the first block in place.
  Result<std::uint32_t> open_length(std::uint32_t /*sequence_number*/, MutableBytes prefix) override {
    if (prefix.size() < aes_block_size) return Error(Errc::bad_packet_length, "packet_length");
    try {
      ctr_hmac_.apply(prefix.first(aes_block_size));
      return wire::load_uint32(prefix.data());
    } catch (const std::exception&) {
      return Error(Errc::crypto_failure, "aes-ctr");
    }
  }

  Result<void> open(std::uint32_t sequence_number, MutableBytes packet) override {
    const std::size_t tag_size = shape().tag_size;
    if (packet.size() < aes_block_size + tag_size) return Error(Errc::bad_packet_length, "packet shorter than a block");
    try {
      const MutableBytes covered = packet.first(packet.size() - tag_size);
      ctr_hmac_.apply(covered.subspan(aes_block_size));
      if (ctr_hmac_.tag_is_right(sequence_number, covered, packet.last(tag_size))) return {};
      wipe(packet);  // plain text that nobody vouches for
      return Error(Errc::bad_mac, "hmac, encrypt-and-mac");
    } catch (const std::exception&) {
      wipe(packet);
      return Error(Errc::crypto_failure, "aes-ctr");
    }
  }

 private:
  CtrHmac ctr_hmac_;
};

}  // namespace

std::unique_ptr<Sealer> make_ctr_hmac_sealer(const CipherRow& cipher, const MacRow& mac, const DirectionKeys& keys) {
  return std::make_unique<CtrHmacSealer>(cipher, mac, keys);
}

std::unique_ptr<Opener> make_ctr_hmac_opener(const CipherRow& cipher, const MacRow& mac, const DirectionKeys& keys) {
  if (mac.encrypt_then_mac) return std::make_unique<EncryptThenMacOpener>(cipher, mac, keys);
  return std::make_unique<EncryptAndMacOpener>(cipher, mac, keys);
}

}  // namespace hawser::crypto
