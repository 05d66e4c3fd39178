// One packet as a line of text: the name of its message and its fields. What a number means depends on the method of
// key exchange or of authentication in progress (RFC 4250 §4.1.2); this follows a session and knows it.
//
// Safe to log unless an option says otherwise: passwords, answers to prompts, tokens that establish a GSS-API context,
// the cookie of an X11 request and the values of environment variables are not shown, nor is what the channels carry,
// of which only the size is told. The peer's text is escaped, and long fields are cut (wire/dump.h).
#pragma once

#include <optional>
#include <string>

#include "hawser/auth/method_messages.h"
#include "hawser/crypto/algorithms.h"
#include "hawser/transport/observer.h"

namespace hawser::session {

struct PacketTextOptions {
  bool show_passwords = false;     // and the answers to keyboard-interactive prompts, as they were sent
  bool show_channel_data = false;  // the first bytes of it; somebody's keystrokes may be a password, too
};

class PacketText {
 public:
  explicit PacketText(PacketTextOptions options = {}) : options_(options) {}

  // `kex`: Negotiated::kex.
  void on_negotiated(std::string_view kex);
  // Each packet of a session, in order: "SSH_MSG_CHANNEL_CLOSE{recipient_channel=0}". A payload that does not decode
  // gives the error and none of its bytes, an unknown number its size.
  std::string text(Bytes payload);

 private:
  void follow(Bytes payload);

  PacketTextOptions options_;
  std::optional<crypto::KexFamily> kex_;
  std::optional<auth::Method> method_;
};

}  // namespace hawser::session
