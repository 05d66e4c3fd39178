// Where a key exchange stands. Each state holds what is valid in it and nothing else: leaving a state wipes its
// secrets.
//
//   client:  KexInitSent ─ [GroupAwaited] ─ ReplyAwaited ─ HostKeyUndecided ─ NewKeysAwaited ─ Established
//   server:  KexInitSent ─ [GroupRequestAwaited] ─ InitAwaited ─ (AnswerUnderWay) ─ NewKeysAwaited ─ Established
//
// A rekey begins in Established. Those in brackets belong to a group exchange (RFC 4419 §3); AnswerUnderWay is there
// where the work is done elsewhere.
#pragma once

#include <variant>

#include "transport/exchange.h"
#include "transport/key_material.h"

namespace hawser::transport {

// No exchange runs.
struct Established {};

// Our KEXINIT is on its way, the peer's is awaited.
struct KexInitSent {
  ByteVector own_kexinit;
};

// Client: our request for a group is sent.
struct GroupAwaited {
  Exchange exchange;
  crypto::GroupRequest request;
  bool drop_next = false;  // the peer's guess was wrong, its next packet is void (RFC 4253 §7)
};

// Server: the client's request for a group is awaited.
struct GroupRequestAwaited {
  Exchange exchange;
  bool drop_next = false;
};

// Client: our method message is sent.
struct ReplyAwaited {
  Exchange exchange;
  ClientStart start;
  bool drop_next = false;
};

// Server: the client's method message is awaited.
struct InitAwaited {
  Exchange exchange;
  bool drop_next = false;
};

// Server: what the client's message asks for is being computed elsewhere.
struct AnswerUnderWay {
  std::shared_ptr<AnswerWork> work;
};

// Client: the server has proved its host key, someone must say whether we trust it.
struct HostKeyUndecided {
  Algorithms algorithms;
  ExchangeResult result;
  crypto::PublicKey host_key;
};

// Our NEWKEYS is sent, new keys seal; the peer's NEWKEYS is awaited, then these open.
struct NewKeysAwaited {
  std::unique_ptr<crypto::Opener> opener;
};

using KexState = std::variant<Established, KexInitSent, GroupAwaited, GroupRequestAwaited, ReplyAwaited, InitAwaited,
                              AnswerUnderWay, HostKeyUndecided, NewKeysAwaited>;

}  // namespace hawser::transport
