// Lets calls of the crypto library fail. A program that links crypto_library_faults.cpp has its own definitions of
// the functions of Botan that lib/crypto calls (it says which): each asks whether it is to fail, and goes on to the
// real one.
//
//   for (std::size_t n = 0; with_crypto_fault(n, [&] { pass_one_packet(); }) != FaultOutcome::none; ++n) {}
//
// For one thread.
#pragma once

#include <cstddef>
#include <exception>

namespace hawser::test {

// As long as it lives, one call fails: the one that `successes` others came before.
class CryptoFault {
 public:
  explicit CryptoFault(std::size_t successes);
  ~CryptoFault();
  CryptoFault(const CryptoFault&) = delete;
  CryptoFault& operator=(const CryptoFault&) = delete;

  bool happened() const;
};

// What became of a step one of whose calls was to fail.
enum class FaultOutcome {
  none,     // it made no more calls than succeeded
  threw,    // an exception came out of it
  went_on,  // it knew what to do, or told of it in its own way
};

template <class Step>
FaultOutcome with_crypto_fault(std::size_t successes, Step step) {
  const CryptoFault fault(successes);
  try {
    step();
  } catch (const std::exception&) {
    return FaultOutcome::threw;
  }
  return fault.happened() ? FaultOutcome::went_on : FaultOutcome::none;
}

}  // namespace hawser::test
