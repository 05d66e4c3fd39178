// A private key file: its text, or the bytes within one of its armours. Nobody is asked for a passphrase: what a file
// says about its encryption is read before that, and the work that it may ask for is not for a fuzzer. A key that is
// read is the same key after being written.
#include <array>

#include "hawser/crypto/hash.h"
#include "hawser/crypto/keys.h"
#include "target.h"

using namespace hawser;

namespace {

constexpr std::array<std::string_view, 5> labels{"OPENSSH PRIVATE KEY", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY",
                                                 "RSA PRIVATE KEY", "EC PRIVATE KEY"};

std::string armored(std::string_view label, Bytes body) {
  std::string text = "-----BEGIN ";
  text.append(label).append("-----\n").append(crypto::base64_encode(body));
  return text.append("\n-----END ").append(label).append("-----\n");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::size_t form = input.byte() % (labels.size() + 1);
  const Bytes body = input.take(size);
  const std::string text = form == labels.size() ? std::string(as_text(body)) : armored(labels[form], body);
  const Result<crypto::PrivateKey> key = crypto::PrivateKey::from_text(text);
  if (!key) return 0;
  const auto random = crypto::system_random();
  const Result<crypto::PrivateKey> again = crypto::PrivateKey::from_text(key->to_openssh(*random));
  fuzz::require(again.has_value());
  fuzz::require(equal(again->public_key().blob(), key->public_key().blob()) && again->comment() == key->comment());
  return 0;
}
