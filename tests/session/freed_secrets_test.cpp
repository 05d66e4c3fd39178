// No secret of a session is left in memory that is given back: what the key exchanges agree on, and the keys made of
// it.
#include <doctest/doctest.h>

#include "hawser/crypto/hash.h"
#include "support/freed_memory.h"
#include "support/session_pair.h"

using namespace hawser;
using namespace hawser::test;

namespace {

// Looks for what a transport discloses, and for the keys that RFC 4253 §7.2 makes of the first K and H.
std::function<void(Bytes, Bytes)> watch(FreedMemorySearch& search, const crypto::KexRow& kex,
                                        const SessionEnd* const& end, std::size_t& disclosed) {
  return [&](Bytes /*cookie*/, Bytes shared_secret) {
    search.look_for(shared_secret);
    if (disclosed++ != 0) return;
    crypto::SecretBytes wire_form(4 + shared_secret.size());
    wire::store_uint32(wire_form.mutable_view().data(), static_cast<std::uint32_t>(shared_secret.size()));
    std::ranges::copy(shared_secret, wire_form.mutable_view().begin() + 4);
    const Bytes hash = const_cast<SessionEnd*>(end)->session.transport().session_id().bytes();
    for (const char letter : {'C', 'D', 'E', 'F'}) {
      search.look_for(crypto::derive_key(kex.hash, wire_form.view(), hash, letter, hash, 16).view());
    }
  };
}

}  // namespace

TEST_CASE("freed memory: the search finds what is left there, and only that") {
  const ByteVector secret = FixedRandom(1).bytes(32);
  FreedMemorySearch search;
  search.look_for(secret);
  { ByteVector other = FixedRandom(2).bytes(1000); }
  CHECK(search.found() == 0);
  {
    ByteVector copy(1000);
    std::ranges::copy(secret, copy.begin() + 500);
  }
  CHECK(search.found() == 1);
  {
    ByteVector wiped = secret;
    crypto::wipe(wiped);
  }
  CHECK(search.found() == 1);
}

TEST_CASE("freed memory: no shared secret and no key, with every method and kind of cipher, rekeys included") {
  for (const char* cipher : {"aes256-gcm@openssh.com", "chacha20-poly1305@openssh.com", "aes256-ctr", "aes256-cbc"}) {
    for (const crypto::KexRow& row : crypto::kex_rows()) {
      CAPTURE(cipher);
      CAPTURE(row.name);
      FreedMemorySearch search;
      std::size_t by_client = 0, by_server = 0;
      const SessionEnd* client = nullptr;
      const SessionEnd* server = nullptr;
      transport::TransportConfig client_side = client_config(), server_side = server_config();
      for (transport::TransportConfig* side : {&client_side, &server_side}) {
        side->algorithms.kex = {std::string(row.name)};
        side->algorithms.cipher = {cipher};
      }
      client_side.disclose_session_secrets = watch(search, row, client, by_client);
      server_side.disclose_session_secrets = watch(search, row, server, by_server);
      {
        SessionPair pair(BufferPool::create(), client_side, server_side);
        client = &pair.client;
        server = &pair.server;
        pair.client.text = "something";
        pair.pump();
        REQUIRE(pair.client.echoed == "something");
        pair.client.session.transport().rekey();
        pair.pump();
      }
      CHECK(by_client == 2);
      CHECK(by_server == 2);
      CHECK(search.found() == 0);
    }
  }
}
