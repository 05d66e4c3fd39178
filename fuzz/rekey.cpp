// The second key exchange, in either role: begun by the input's side or by ours, with all messages under the first
// keys.
#include "kex_session.h"

using namespace hawser;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::uint8_t choice = input.byte();
  const Role role = (choice & 8) != 0 ? Role::client : Role::server;
  fuzz::EditedPeer peer(role, fuzz::kex_config(choice));
  fuzz::require(peer.connect());
  peer.check();
  const Bytes first_session_id = peer.subject.session_id().bytes();

  fuzz::EditScript script(input);
  peer.follow(script);
  if ((choice & 16) != 0) peer.subject.rekey();
  peer.exchange_edited_keys();
  fuzz::require(peer.key_exchanges == 2 || size > 1);  // left alone it succeeds
  peer.send_rest(input);
  // RFC 4253 §7.2: it stays that of the first exchange.
  fuzz::require(equal(peer.subject.session_id().bytes(), first_session_id));
  return 0;
}
