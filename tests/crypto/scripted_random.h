// A generator that gives chosen bytes first, so that a test vector's private value becomes the one that is "drawn".
#pragma once

#include <algorithm>
#include <utility>

#include "hawser/crypto/random.h"
#include "support/fixed_random.h"

namespace hawser::test {

class ScriptedRandom final : public crypto::Random {
 public:
  explicit ScriptedRandom(ByteVector script) : script_(std::move(script)) {}

  void fill(MutableBytes output) override {
    const std::size_t scripted = std::min(output.size(), script_.size() - position_);
    std::copy_n(script_.begin() + static_cast<std::ptrdiff_t>(position_), scripted, output.begin());
    position_ += scripted;
    if (scripted < output.size()) after_.fill(output.subspan(scripted));
  }

 private:
  ByteVector script_;
  std::size_t position_ = 0;
  FixedRandom after_;
};

}  // namespace hawser::test
