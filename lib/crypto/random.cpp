#include "hawser/crypto/random.h"

#include <botan/auto_rng.h>
#include <botan/chacha_rng.h>

#include <array>

#include "hawser/crypto/secret.h"
#include "hawser/wire/copy_bytes.h"

namespace hawser::crypto {

namespace {

// Every request to Botan's generator costs some hash computations, whatever its size. The padding of each packet wants
// a few bytes, so those are cut from a stock. Requests as large as a key always go to the generator: it notices a fork
// and seeds anew, the stock does not, and parent and child must never make the same key.
class SystemRandom final : public Random {
 public:
  SystemRandom() = default;
  SystemRandom(const SystemRandom&) = delete;
  SystemRandom& operator=(const SystemRandom&) = delete;
  ~SystemRandom() override { wipe(stock_); }

  void fill(MutableBytes output) override {
    if (output.size() >= smallest_key) {
      generator_.randomize(output.data(), output.size());
      return;
    }
    if (stock_.size() - used_ < output.size()) {
      generator_.randomize(stock_.data(), stock_.size());
      used_ = 0;
    }
    const MutableBytes cut = MutableBytes(stock_).subspan(used_, output.size());
    copy_bytes(cut, output);
    wipe(cut);
    used_ += cut.size();
  }

 private:
  static constexpr std::size_t smallest_key = 32;

  Botan::AutoSeeded_RNG generator_;
  std::array<std::uint8_t, 1024> stock_{};
  std::size_t used_ = stock_.size();
};

class DerivedRandom final : public Random {
 public:
  explicit DerivedRandom(const Botan::secure_vector<std::uint8_t>& seed) : generator_(seed) {}
  void fill(MutableBytes output) override { generator_.randomize(output.data(), output.size()); }

 private:
  Botan::ChaCha_RNG generator_;
};

}  // namespace

std::unique_ptr<Random> system_random() { return std::make_unique<SystemRandom>(); }

std::unique_ptr<Random> derived_random(Random& seed_source) {
  Botan::secure_vector<std::uint8_t> seed(32);
  seed_source.fill({seed.data(), seed.size()});
  return std::make_unique<DerivedRandom>(seed);
}

}  // namespace hawser::crypto
