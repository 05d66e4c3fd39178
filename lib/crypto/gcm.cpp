// aes128-gcm@openssh.com and aes256-gcm@openssh.com: RFC 5647 with the negotiation of OpenSSH's PROTOCOL §1.6. The
// length field is additional authenticated data, in the clear.
#include <botan/aead.h>

#include <array>
#include <string>

#include "crypto/botan_compat.h"
#include "crypto/packet_ciphers.h"
#include "hawser/wire/copy_bytes.h"
#include "hawser/wire/writer.h"

namespace hawser::crypto {

namespace {

constexpr std::size_t gcm_tag_size = 16;

// One direction: the keyed mode, and the nonce that counts packets.
class Gcm {
 public:
  Gcm(const CipherRow& cipher, const DirectionKeys& keys, Botan::Cipher_Dir direction)
      : mode_(Botan::AEAD_Mode::create_or_throw("AES-" + std::to_string(cipher.key_size * 8) + "/GCM", direction)),
        granularity_(mode_->update_granularity()) {
    const Bytes key = keys.key.view();
    mode_->set_key(key.data(), key.size());
    copy_bytes(keys.iv.view(), nonce_);
    tail_.reserve(granularity_ + gcm_tag_size);
  }

  static PacketShape shape() { return {.block_size = 16, .tag_size = gcm_tag_size, .length_is_padded = false}; }

  // Runs `text`, the part of `packet` behind the length field that is a whole number of Botan's steps, in place; only
  // what is left over and the tag pass through `tail_`, the vector that finish() insists on. Throws when a tag is
  // wrong.
  void run(MutableBytes packet, std::size_t tag_to_check) {
    mode_->set_associated_data(packet.data(), length_field_size);
    mode_->start(nonce_.data(), nonce_.size());
    count_packet();

    const MutableBytes body = packet.subspan(length_field_size);
    const std::size_t text_size = body.size() - gcm_tag_size;
    const std::size_t bulk_size = text_size - text_size % granularity_;
    mode_->process(body.data(), bulk_size);

    const MutableBytes rest = body.subspan(bulk_size);
    const MutableBytes input = rest.first(text_size - bulk_size + tag_to_check);
    tail_.assign(input.begin(), input.end());
    mode_->finish(tail_);
    copy_bytes(tail_, rest);
  }

 private:
  // RFC 5647 §7.1: the last 8 bytes are an invocation counter.
  void count_packet() {
    for (std::size_t i = nonce_.size(); i > 4; --i) {
      if (++nonce_[i - 1] != 0) break;
    }
  }

  std::unique_ptr<Botan::AEAD_Mode> mode_;
  std::size_t granularity_;
  std::array<std::uint8_t, 12> nonce_{};
  Botan::secure_vector<std::uint8_t> tail_;
};

class GcmSealer final : public Sealer {
 public:
  GcmSealer(const CipherRow& cipher, const DirectionKeys& keys) : gcm_(cipher, keys, compat::encryption) {
    shape_ = Gcm::shape();
  }

  Result<void> seal(std::uint32_t /*sequence_number*/, MutableBytes packet) override {
    if (packet.size() < length_field_size + gcm_tag_size)
      return Error(Errc::bad_packet_length, "packet without room for its tag");
    try {
      gcm_.run(packet, 0);
      return {};
    } catch (const std::exception&) {
      return Error(Errc::crypto_failure, "aes-gcm");
    }
  }

 private:
  Gcm gcm_;
};

class GcmOpener final : public Opener {
 public:
  GcmOpener(const CipherRow& cipher, const DirectionKeys& keys) : gcm_(cipher, keys, compat::decryption) {
    shape_ = Gcm::shape();
  }

  Result<std::uint32_t> open_length(std::uint32_t /*sequence_number*/, MutableBytes prefix) override {
    if (prefix.size() < length_field_size) return Error(Errc::bad_packet_length, "packet_length");
    return wire::load_uint32(prefix.data());
  }

  Result<void> open(std::uint32_t /*sequence_number*/, MutableBytes packet) override {
    if (packet.size() < length_field_size + gcm_tag_size) return Error(Errc::bad_packet_length, "packet without a tag");
    try {
      gcm_.run(packet, gcm_tag_size);
      return {};
    } catch (const std::exception&) {
      // GCM decrypts before it knows the tag: what is there now must not be read.
      wipe(packet);
      return Error(Errc::bad_mac, "aes-gcm");
    }
  }

 private:
  Gcm gcm_;
};

}  // namespace

std::unique_ptr<Sealer> make_gcm_sealer(const CipherRow& cipher, const DirectionKeys& keys) {
  return std::make_unique<GcmSealer>(cipher, keys);
}

std::unique_ptr<Opener> make_gcm_opener(const CipherRow& cipher, const DirectionKeys& keys) {
  return std::make_unique<GcmOpener>(cipher, keys);
}

}  // namespace hawser::crypto
