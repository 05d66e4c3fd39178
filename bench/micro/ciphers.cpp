// seal/CIPHER/MAC/PAYLOAD and open/...: the packets of one direction beside raw Botan on the same bytes. Ours and raw
// take turns, a batch of packets each, so that whatever else the machine does meets both alike. `ratio` is our speed as
// a part of raw Botan's.
#include <benchmark/benchmark.h>

#include <stdexcept>

#include "hawser/crypto/packet_cipher.h"
#include "micro.h"
#include "raw_botan.h"

namespace hawser::bench {
namespace {

using crypto::CipherFamily;
using crypto::CipherRow;
using crypto::MacRow;

constexpr std::size_t length_field = 4;
constexpr std::size_t payload_sizes[] = {64, 1024, 32 * 1024, 256 * 1024};
// Payload of one turn: much longer than reading the clock takes, and small enough for the cache.
constexpr std::size_t batch_bytes = 256 * 1024;

struct Case {
  const CipherRow* cipher;
  const MacRow* mac;  // null for a cipher with a tag of its own
  std::size_t payload;
};

void must(const Result<void>& result) {
  if (!result) throw std::runtime_error(result.error().message());
}

// Both directions of our cipher, for whole packets.
class Ours {
 public:
  Ours(const CipherRow& cipher, const MacRow* mac) {
    crypto::DirectionKeys keys{.key = crypto::SecretBytes(cipher.key_size),
                               .iv = crypto::SecretBytes(cipher.iv_size),
                               .mac_key = crypto::SecretBytes(mac == nullptr ? 0 : mac->key_size)};
    sealer_ = std::move(*crypto::make_sealer(cipher, mac, keys));
    opener_ = std::move(*crypto::make_opener(cipher, mac, keys));
  }
  const crypto::PacketShape& shape() const { return sealer_->shape(); }
  void seal(MutableBytes packet) { must(sealer_->seal(sealed_++, packet)); }
  void open(MutableBytes packet) {
    benchmark::DoNotOptimize(opener_->open_length(opened_, packet.first(shape().length_prefix)));
    must(opener_->open(opened_++, packet));
  }

 private:
  std::unique_ptr<crypto::Sealer> sealer_;
  std::unique_ptr<crypto::Opener> opener_;
  std::uint32_t sealed_ = 0, opened_ = 0;
};

// The same of Botan's: the bytes behind the length field.
class Raw {
 public:
  Raw(const CipherRow& cipher, const MacRow* mac)
      : sealer_(make(cipher, mac, Direction::seal)), opener_(make(cipher, mac, Direction::open)) {}
  void seal(MutableBytes packet) { sealer_->seal(packet.subspan(length_field)); }
  void open(MutableBytes packet) { opener_->open(packet.subspan(length_field)); }

 private:
  static std::unique_ptr<RawCipher> make(const CipherRow& cipher, const MacRow* mac, Direction direction) {
    switch (cipher.family) {
      case CipherFamily::aes_gcm: return raw_aes_gcm(cipher.key_size, direction);
      case CipherFamily::chacha20_poly1305: return raw_chacha20_poly1305();
      case CipherFamily::aes_ctr:
        return raw_aes_ctr_hmac(cipher.key_size, mac->hash == crypto::HashAlgorithm::sha256 ? "SHA-256" : "SHA-512");
      case CipherFamily::aes_cbc:
      case CipherFamily::triple_des_cbc: break;
    }
    throw std::logic_error("a cipher family without a raw form");
  }

  std::unique_ptr<RawCipher> sealer_, opener_;
};

// RFC 4253 §6: the length field, the padding's length, the payload, at least 4 bytes of padding, the tag.
std::size_t packet_size(const crypto::PacketShape& shape, std::size_t payload) {
  const std::size_t not_padded = shape.length_is_padded ? 0 : length_field;
  const std::size_t least = length_field + 1 + payload + 4 - not_padded;
  const std::size_t padded = (least + shape.block_size - 1) / shape.block_size * shape.block_size;
  return not_padded + padded + shape.tag_size;
}

class Batch {
 public:
  Batch(std::size_t packet, std::size_t count) : packet_(packet), memory_(packet * count) {}
  template <class Action>
  void for_each(Action action) {
    for (MutableBytes rest = memory_; !rest.empty(); rest = rest.subspan(packet_)) action(rest.first(packet_));
  }

 private:
  std::size_t packet_;
  ByteVector memory_;
};

// Nothing need be opened before the next is sealed: the counters just go on.
template <class Cipher>
double seal_seconds(Cipher& cipher, Batch& batch) {
  return cpu_seconds_of([&] { batch.for_each([&](MutableBytes packet) { cipher.seal(packet); }); });
}

template <class Cipher>
double open_seconds(Cipher& cipher, Batch& batch) {
  batch.for_each([&](MutableBytes packet) { cipher.seal(packet); });
  return cpu_seconds_of([&] { batch.for_each([&](MutableBytes packet) { cipher.open(packet); }); });
}

void measure(benchmark::State& state, const Case& c, Direction direction) {
  Ours ours(*c.cipher, c.mac);
  Raw raw(*c.cipher, c.mac);
  const std::size_t count = batch_bytes / c.payload;
  Batch batch(packet_size(ours.shape(), c.payload), count);
  const auto seconds = [&](auto& cipher) {
    return direction == Direction::seal ? seal_seconds(cipher, batch) : open_seconds(cipher, batch);
  };
  double our_time = 0, raw_time = 0;
  for ([[maybe_unused]] auto _ : state) {
    const double our_turn = seconds(ours);
    raw_time += seconds(raw);
    our_time += our_turn;
    state.SetIterationTime(our_turn);
  }
  const double bytes = static_cast<double>(state.iterations()) * static_cast<double>(count * c.payload);
  state.counters["bytes_per_second"] = bytes / our_time;
  state.counters["raw_bytes_per_second"] = bytes / raw_time;
  state.counters["ratio"] = raw_time / our_time;
}

void register_case(const Case& c) {
  const std::string name = std::string(c.cipher->name) + '/' + std::string(c.mac == nullptr ? "-" : c.mac->name) + '/' +
                           std::to_string(c.payload);
  for (const auto& [operation, direction] :
       {std::pair("seal/", Direction::seal), std::pair("open/", Direction::open)}) {
    benchmark::RegisterBenchmark((operation + name).c_str(), measure, c, direction)->UseManualTime();
  }
}

}  // namespace

// Those on request are for peers with which nobody asks for speed.
void register_ciphers() {
  for (const CipherRow& cipher : crypto::cipher_rows()) {
    if (cipher.offer != crypto::Offer::by_default) continue;
    for (const std::size_t payload : payload_sizes) {
      if (cipher.tag_size != 0) {
        register_case({&cipher, nullptr, payload});
        continue;
      }
      for (const MacRow& mac : crypto::mac_rows()) {
        if (mac.offer == crypto::Offer::by_default) register_case({&cipher, &mac, payload});
      }
    }
  }
}

}  // namespace hawser::bench
