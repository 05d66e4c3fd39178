#include "security/crypto_library_faults.h"

#include <botan/aead.h>
#include <botan/exceptn.h>
#include <botan/hash.h>
#include <botan/mac.h>
#include <botan/pubkey.h>
#include <botan/stream_cipher.h>
#include <botan/version.h>
#include <dlfcn.h>

#include <cstdlib>
#include <span>
#include <string>

namespace {

struct Plan {
  bool armed = false;
  bool happened = false;
  std::size_t successes = 0;
};
Plan plan;

void may_fail(const char* call) {
  if (!plan.armed || plan.happened) return;
  if (plan.successes-- != 0) return;
  plan.happened = true;
  throw Botan::Internal_Error(std::string("a fault put into ") + call);
}

// The definition that would have been called, by the name the linker knows it by.
template <class Function>
Function* real(const char* symbol) {
  void* const address = ::dlsym(RTLD_NEXT, symbol);
  if (address == nullptr) std::abort();  // Botan's interface is not the one this file was written for
  return reinterpret_cast<Function*>(address);
}

// What makes objects: without them no computation. `create` is not replaced, and is what the real one calls.
template <class Made>
std::unique_ptr<Made> made(const char* what, std::unique_ptr<Made> object) {
  may_fail(what);
  if (!object) throw Botan::Lookup_Error(std::string("no such ") + what);
  return object;
}

#if BOTAN_VERSION_MAJOR >= 3
using Text = std::string_view;
#else
using Text = const std::string&;
#endif

}  // namespace

namespace Botan {

std::unique_ptr<HashFunction> HashFunction::create_or_throw(Text name, Text provider) {
  return made("hash", create(name, provider));
}

std::unique_ptr<MessageAuthenticationCode> MessageAuthenticationCode::create_or_throw(Text name, Text provider) {
  return made("MAC", create(name, provider));
}

std::unique_ptr<StreamCipher> StreamCipher::create_or_throw(Text name, Text provider) {
  return made("stream cipher", create(name, provider));
}

std::unique_ptr<AEAD_Mode> AEAD_Mode::create_or_throw(Text name, Cipher_Dir direction, Text provider) {
  return made("AEAD", create(name, direction, provider));
}

#if BOTAN_VERSION_MAJOR >= 3

void SymmetricAlgorithm::set_key(std::span<const uint8_t> key) {
  may_fail("set_key");
  using Real = void(SymmetricAlgorithm*, std::span<const uint8_t>);
  real<Real>("_ZN5Botan18SymmetricAlgorithm7set_keyESt4spanIKhLm18446744073709551615EE")(this, key);
}

SymmetricKey PK_Key_Agreement::derive_key(size_t size, const uint8_t peer[], size_t peer_size,
                                          std::string_view parameters) const {
  may_fail("key agreement");
  using Real = SymmetricKey(const PK_Key_Agreement*, size_t, const uint8_t*, size_t, std::string_view);
  return real<Real>("_ZNK5Botan16PK_Key_Agreement10derive_keyEmPKhmSt17basic_string_viewIcSt11char_traitsIcEE")(
      this, size, peer, peer_size, parameters);
}

#else

void SymmetricAlgorithm::set_key(const uint8_t key[], size_t size) {
  may_fail("set_key");
  using Real = void(SymmetricAlgorithm*, const uint8_t*, size_t);
  real<Real>("_ZN5Botan18SymmetricAlgorithm7set_keyEPKhm")(this, key, size);
}

SymmetricKey PK_Key_Agreement::derive_key(size_t size, const uint8_t peer[], size_t peer_size,
                                          const uint8_t parameters[], size_t parameters_size) const {
  may_fail("key agreement");
  using Real = SymmetricKey(const PK_Key_Agreement*, size_t, const uint8_t*, size_t, const uint8_t*, size_t);
  return real<Real>("_ZNK5Botan16PK_Key_Agreement10derive_keyEmPKhmS2_m")(this, size, peer, peer_size, parameters,
                                                                          parameters_size);
}

#endif

void PK_Signer::update(const uint8_t data[], size_t size) {
  may_fail("signing");
  real<void(PK_Signer*, const uint8_t*, size_t)>("_ZN5Botan9PK_Signer6updateEPKhm")(this, data, size);
}

std::vector<uint8_t> PK_Signer::signature(RandomNumberGenerator& random) {
  may_fail("signature");
  using Real = std::vector<uint8_t>(PK_Signer*, RandomNumberGenerator&);
  return real<Real>("_ZN5Botan9PK_Signer9signatureERNS_21RandomNumberGeneratorE")(this, random);
}

bool PK_Verifier::verify_message(const uint8_t message[], size_t message_size, const uint8_t signature[],
                                 size_t signature_size) {
  may_fail("verification");
  using Real = bool(PK_Verifier*, const uint8_t*, size_t, const uint8_t*, size_t);
  return real<Real>("_ZN5Botan11PK_Verifier14verify_messageEPKhmS2_m")(this, message, message_size, signature,
                                                                       signature_size);
}

}  // namespace Botan

namespace hawser::test {

CryptoFault::CryptoFault(std::size_t successes) { plan = {.armed = true, .happened = false, .successes = successes}; }
CryptoFault::~CryptoFault() { plan = {}; }
bool CryptoFault::happened() const { return plan.happened; }

}  // namespace hawser::test
