#include "raw_botan.h"

#include <botan/aead.h>
#include <botan/mac.h>
#include <botan/stream_cipher.h>

#include <array>
#include <cstring>
#include <stdexcept>
#include <vector>

#include "crypto/botan_compat.h"

namespace hawser::bench {
namespace {

namespace compat = crypto::compat;

constexpr std::size_t largest_tag = 64;

std::vector<std::uint8_t> some_key(std::size_t size) { return std::vector<std::uint8_t>(size, 7); }

class RawGcm final : public RawCipher {
 public:
  RawGcm(std::size_t key_size, Direction direction)
      : mode_(
            Botan::AEAD_Mode::create_or_throw("AES-" + std::to_string(key_size * 8) + "/GCM",
                                              direction == Direction::seal ? compat::encryption : compat::decryption)),
        granularity_(mode_->update_granularity()) {
    const std::vector<std::uint8_t> key = some_key(key_size);
    mode_->set_key(key.data(), key.size());
    tail_.reserve(granularity_ + tag);
  }
  std::size_t tag_size() const override { return tag; }
  void seal(MutableBytes packet) override { run(packet, 0); }
  void open(MutableBytes packet) override { run(packet, tag); }

 private:
  // What is less than one of Botan's steps, and the tag, must go through a vector of its own kind.
  void run(MutableBytes packet, std::size_t tag_to_check) {
    ++nonce_.back();
    mode_->start(nonce_.data(), nonce_.size());
    const std::size_t text = packet.size() - tag;
    const std::size_t bulk = text - text % granularity_;
    mode_->process(packet.data(), bulk);
    const auto rest = packet.begin() + static_cast<std::ptrdiff_t>(bulk);
    tail_.assign(rest, packet.end() - static_cast<std::ptrdiff_t>(tag - tag_to_check));
    mode_->finish(tail_);
    std::memcpy(packet.data() + bulk, tail_.data(), tail_.size());
  }

  static constexpr std::size_t tag = 16;
  std::unique_ptr<Botan::AEAD_Mode> mode_;
  std::size_t granularity_;
  std::array<std::uint8_t, 12> nonce_{};
  Botan::secure_vector<std::uint8_t> tail_;
};

// A stream cipher, and a MAC of what it made.
class RawStreamAndMac : public RawCipher {
 public:
  std::size_t tag_size() const override { return tag_size_; }
  void seal(MutableBytes packet) override {
    begin_packet();
    const MutableBytes text = packet.first(packet.size() - tag_size_);
    stream_->cipher1(text.data(), text.size());
    mac_->update(text.data(), text.size());
    mac_->final(packet.data() + text.size());
  }
  void open(MutableBytes packet) override {
    begin_packet();
    const MutableBytes text = packet.first(packet.size() - tag_size_);
    std::array<std::uint8_t, largest_tag> tag;
    mac_->update(text.data(), text.size());
    mac_->final(tag.data());
    if (std::memcmp(tag.data(), packet.data() + text.size(), tag_size_) != 0) throw std::runtime_error("wrong tag");
    stream_->cipher1(text.data(), text.size());
  }

 protected:
  RawStreamAndMac(const std::string& stream, std::size_t key_size, const std::string& mac)
      : stream_(Botan::StreamCipher::create_or_throw(stream)),
        mac_(Botan::MessageAuthenticationCode::create_or_throw(mac)),
        tag_size_(mac_->output_length()) {
    const std::vector<std::uint8_t> key = some_key(key_size);
    stream_->set_key(key.data(), key.size());
  }
  virtual void begin_packet() {}

  std::unique_ptr<Botan::StreamCipher> stream_;
  std::unique_ptr<Botan::MessageAuthenticationCode> mac_;

 private:
  std::size_t tag_size_;
};

class RawChaCha20Poly1305 final : public RawStreamAndMac {
 public:
  RawChaCha20Poly1305() : RawStreamAndMac("ChaCha(20)", 32, "Poly1305") {}

 private:
  // The first block of the key stream holds the MAC's key, the text begins with the second.
  void begin_packet() override {
    ++nonce_.back();
    stream_->set_iv(nonce_.data(), nonce_.size());
    std::array<std::uint8_t, 64> block{};
    stream_->cipher1(block.data(), block.size());
    mac_->set_key(block.data(), 32);
  }

  std::array<std::uint8_t, 8> nonce_{};
};

class RawCtrHmac final : public RawStreamAndMac {
 public:
  RawCtrHmac(std::size_t key_size, const std::string& hash)
      : RawStreamAndMac("CTR-BE(AES-" + std::to_string(key_size * 8) + ")", key_size, "HMAC(" + hash + ")") {
    const std::array<std::uint8_t, 16> iv{};
    stream_->set_iv(iv.data(), iv.size());
    const std::vector<std::uint8_t> mac_key = some_key(tag_size());
    mac_->set_key(mac_key.data(), mac_key.size());
  }
};

}  // namespace

std::unique_ptr<RawCipher> raw_aes_gcm(std::size_t key_size, Direction direction) {
  return std::make_unique<RawGcm>(key_size, direction);
}

std::unique_ptr<RawCipher> raw_chacha20_poly1305() { return std::make_unique<RawChaCha20Poly1305>(); }

std::unique_ptr<RawCipher> raw_aes_ctr_hmac(std::size_t key_size, const std::string& hash) {
  return std::make_unique<RawCtrHmac>(key_size, hash);
}

}  // namespace hawser::bench
