#include "hawser/crypto/packet_cipher.h"
#include "hawser/wire/writer.h"

namespace hawser::crypto {

namespace {

class PlainSealer final : public Sealer {
 public:
  Result<void> seal(std::uint32_t, MutableBytes) override { return {}; }
};

class PlainOpener final : public Opener {
 public:
  Result<std::uint32_t> open_length(std::uint32_t, MutableBytes prefix) override {
    if (prefix.size() < shape().length_prefix) return Error(Errc::bad_packet_length, "packet_length");
    return wire::load_uint32(prefix.data());
  }
  Result<void> open(std::uint32_t, MutableBytes) override { return {}; }
};

}  // namespace

std::unique_ptr<Sealer> plain_sealer() { return std::make_unique<PlainSealer>(); }
std::unique_ptr<Opener> plain_opener() { return std::make_unique<PlainOpener>(); }

}  // namespace hawser::crypto
