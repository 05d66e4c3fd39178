// The text of a known_hosts file: a line that is added is found, whatever stands before it, unless it is revoked there.
#include "hawser/client/known_hosts.h"

#include "target.h"

using namespace hawser;
using client::HostKeyMatch;
using client::KnownHosts;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const crypto::PublicKey key =
      crypto::PrivateKey::generate(crypto::KeyType::ed25519, *crypto::system_random())->public_key();
  std::string text(as_text(Bytes(data, size)));
  const KnownHosts hosts = KnownHosts::parse(text);
  for (const std::uint16_t port : {std::uint16_t{22}, std::uint16_t{2222}}) {
    (void)hosts.algorithms("example.org", port);
    for (const crypto::PublicKey& known : hosts.keys("example.org", port)) {
      const HostKeyMatch match = hosts.match("example.org", port, known);
      fuzz::require(match == HostKeyMatch::known || match == HostKeyMatch::revoked);
    }
    fuzz::require(hosts.match("example.org", port, key) != HostKeyMatch::known);
  }
  if (!text.empty() && text.back() != '\n') text += '\n';
  text += KnownHosts::line("example.org", 22, key);
  fuzz::require(KnownHosts::parse(text).match("example.org", 22, key) == HostKeyMatch::known);
  return 0;
}
