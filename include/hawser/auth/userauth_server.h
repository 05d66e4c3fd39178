// The server's side of user authentication (RFC 4252), sans I/O.
//
// Feed it SERVICE_REQUEST and messages 50..79. Each request that wants a decision comes out as one event; `answer` it, at once or
// later. A signed publickey request comes out only after its signature has been verified: the key in the event is the key that
// signed. Further requests that arrive before the answer are refused with an error, since a client must wait (RFC 4252 §5.1 lets
// it send ahead; they are kept, up to one, and processed in order).
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "hawser/auth/authenticated.h"
#include "hawser/crypto/keys.h"
#include "hawser/crypto/secret.h"
#include "hawser/transport/session_id.h"
#include "hawser/wire/packet_sink.h"
#include "hawser/wire/payload.h"

namespace hawser::auth {

struct UserauthServerConfig {
  std::size_t attempt_limit = 6;  // failed requests; the next one ends the session (Errc::too_many_auth_attempts)
  std::vector<std::string> signature_algorithms;  // accepted in publickey requests; empty: the modern policy's
};

struct NoneRequest {};
struct PasswordRequest {
  crypto::SecretBytes password;
  std::optional<crypto::SecretBytes> new_password;  // a change request (RFC 4252 §8)
};
// May this key sign in? Answered with PK_OK or FAILURE; never authenticates.
struct PublicKeyQuery {
  crypto::PublicKey key;
  std::string algorithm;
};
// The key has signed and the signature is right.
struct PublicKeySigned {
  crypto::PublicKey key;
  std::string algorithm;
};
using AuthMethodRequest = std::variant<NoneRequest, PasswordRequest, PublicKeyQuery, PublicKeySigned>;

struct AuthRequested {
  std::string user;
  std::string method;  // as on the wire
  AuthMethodRequest request;
};
struct AuthSucceeded {
  std::string user;
  std::string method;
};
using UserauthServerEvent = std::variant<AuthRequested, AuthSucceeded>;

enum class AuthResult : std::uint8_t { failed, successful, partial };

class UserauthServer {
 public:
  // Both references are borrowed for this object's life.
  UserauthServer(PacketSink& sink, const transport::SessionId& session_id, UserauthServerConfig config);
  ~UserauthServer();

  Result<std::optional<UserauthServerEvent>> receive(const Payload& payload);
  // The decision on the last AuthRequested. `methods_that_can_continue` fills USERAUTH_FAILURE; for a PublicKeyQuery
  // `successful` means PK_OK. Gives AuthSucceeded, or the next request that was waiting, as an event.
  Result<std::optional<UserauthServerEvent>> answer(AuthResult result, const std::vector<std::string>& methods_that_can_continue);
  // Answers a password request with PASSWD_CHANGEREQ (RFC 4252 §8).
  Result<std::optional<UserauthServerEvent>> ask_for_new_password(std::string_view prompt);
  void send_banner(std::string_view text);

  std::size_t failed_attempts() const;
  // The token, once, after AuthSucceeded.
  std::optional<Authenticated> take_authenticated();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hawser::auth
