// A cipher without a tag of its own, with an HMAC, in two orders: encrypt-and-mac (RFC 4253 §6.4) takes the MAC of the
// plain packet and encrypts the length field with the rest; encrypt-then-mac (OpenSSH PROTOCOL §1.5) leaves the length
// field in the clear and takes the MAC of what is sent.
#include <botan/mac.h>

#include <array>

#include "crypto/hash_name.h"
#include "crypto/packet_ciphers.h"
#include "crypto/running_cipher.h"
#include "hawser/wire/writer.h"

namespace hawser::crypto {

namespace {

constexpr std::size_t largest_tag = 64;

class Hmac {
 public:
  Hmac(const MacRow& mac, const DirectionKeys& keys)
      : mac_(Botan::MessageAuthenticationCode::create_or_throw("HMAC(" + hash_name(mac.hash) + ")")) {
    mac_->set_key(keys.mac_key.view().data(), keys.mac_key.size());
  }

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
  std::unique_ptr<Botan::MessageAuthenticationCode> mac_;
};

PacketShape shape_of(const CipherRow& cipher, const MacRow& mac) {
  return {.block_size = cipher.block_size,
          .tag_size = mac.tag_size,
          .length_is_padded = !mac.encrypt_then_mac,
          .length_prefix = mac.encrypt_then_mac ? length_field_size : cipher.block_size,
          .hides_bad_length = is_cbc(cipher) && !mac.encrypt_then_mac};
}

class HmacSealer final : public Sealer {
 public:
  HmacSealer(const CipherRow& cipher, const MacRow& mac, const DirectionKeys& keys)
      : cipher_(encrypting_cipher(cipher, keys)), hmac_(mac, keys), encrypt_then_mac_(mac.encrypt_then_mac) {
    shape_ = shape_of(cipher, mac);
  }

  Result<void> seal(std::uint32_t sequence_number, MutableBytes packet) override {
    const std::size_t tag_size = shape().tag_size;
    if (packet.size() < length_field_size + tag_size)
      return Error(Errc::bad_packet_length, "packet without room for its tag");
    const MutableBytes covered = packet.first(packet.size() - tag_size);
    std::uint8_t* const tag = packet.last(tag_size).data();
    try {
      if (encrypt_then_mac_) {
        cipher_->apply(covered.subspan(length_field_size));
        hmac_.compute_tag(sequence_number, covered, tag);
      } else {
        hmac_.compute_tag(sequence_number, covered, tag);
        cipher_->apply(covered);
      }
      return {};
    } catch (const std::exception&) {
      return Error(Errc::crypto_failure, "cipher and HMAC");
    }
  }

 private:
  std::unique_ptr<RunningCipher> cipher_;
  Hmac hmac_;
  bool encrypt_then_mac_;
};

class HmacOpener : public Opener {
 public:
  HmacOpener(const CipherRow& cipher, const MacRow& mac, const DirectionKeys& keys)
      : cipher_(decrypting_cipher(cipher, keys)), hmac_(mac, keys) {
    shape_ = shape_of(cipher, mac);
  }

 protected:
  std::unique_ptr<RunningCipher> cipher_;
  Hmac hmac_;
};

class EncryptThenMacOpener final : public HmacOpener {
 public:
  using HmacOpener::HmacOpener;

  Result<std::uint32_t> open_length(std::uint32_t /*sequence_number*/, MutableBytes prefix) override {
    if (prefix.size() < length_field_size) return Error(Errc::bad_packet_length, "packet_length");
    return wire::load_uint32(prefix.data());
  }

  Result<void> open(std::uint32_t sequence_number, MutableBytes packet) override {
    const std::size_t tag_size = shape().tag_size;
    if (packet.size() < length_field_size + tag_size) return Error(Errc::bad_packet_length, "packet without a tag");
    try {
      const MutableBytes covered = packet.first(packet.size() - tag_size);
      if (!hmac_.tag_is_right(sequence_number, covered, packet.last(tag_size))) {
        return Error(Errc::bad_mac, "hmac, encrypt-then-mac");
      }
      cipher_->apply(covered.subspan(length_field_size));
      return {};
    } catch (const std::exception&) {
      return Error(Errc::crypto_failure, "cipher and HMAC");
    }
  }
};

class EncryptAndMacOpener final : public HmacOpener {
 public:
  using HmacOpener::HmacOpener;

  // Decrypts the first block in place.
  Result<std::uint32_t> open_length(std::uint32_t /*sequence_number*/, MutableBytes prefix) override {
    const std::size_t first_block = shape().block_size;
    if (prefix.size() < first_block) return Error(Errc::bad_packet_length, "packet_length");
    try {
      cipher_->apply(prefix.first(first_block));
      return wire::load_uint32(prefix.data());
    } catch (const std::exception&) {
      return Error(Errc::crypto_failure, "cipher and HMAC");
    }
  }

  Result<void> open(std::uint32_t sequence_number, MutableBytes packet) override {
    const std::size_t tag_size = shape().tag_size;
    const std::size_t first_block = shape().block_size;
    if (packet.size() < first_block + tag_size) return Error(Errc::bad_packet_length, "packet shorter than a block");
    if (shape().hides_bad_length && (packet.size() - tag_size) % first_block != 0)
      return Error(Errc::bad_packet_length, "part of a block");
    try {
      const MutableBytes covered = packet.first(packet.size() - tag_size);
      cipher_->apply(covered.subspan(first_block));
      if (hmac_.tag_is_right(sequence_number, covered, packet.last(tag_size))) return {};
      wipe(packet);  // plain text that nobody vouches for
      return Error(Errc::bad_mac, "hmac, encrypt-and-mac");
    } catch (const std::exception&) {
      wipe(packet);
      return Error(Errc::crypto_failure, "cipher and HMAC");
    }
  }
};

}  // namespace

std::unique_ptr<Sealer> make_hmac_sealer(const CipherRow& cipher, const MacRow& mac, const DirectionKeys& keys) {
  return std::make_unique<HmacSealer>(cipher, mac, keys);
}

std::unique_ptr<Opener> make_hmac_opener(const CipherRow& cipher, const MacRow& mac, const DirectionKeys& keys) {
  if (mac.encrypt_then_mac) return std::make_unique<EncryptThenMacOpener>(cipher, mac, keys);
  return std::make_unique<EncryptAndMacOpener>(cipher, mac, keys);
}

}  // namespace hawser::crypto
