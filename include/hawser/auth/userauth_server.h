// The server's side of user authentication (RFC 4252), sans I/O.
//
// Feed it SERVICE_REQUEST and messages 50..79. Each request that wants a decision comes out as one event; `answer` it,
// at once or later. A signed publickey request comes out only after its signature has been verified: the key in the
// event is the key that signed. A client may send ahead (RFC 4252 §5.1): requests that arrive before the answer are
// kept, up to `waiting_limit` of them, and processed in order; more end the session.
//
// Refused without an event, so that no decision can go wrong on them: methods this side does not know, methods that are
// not among those that can continue, signature algorithms that are not accepted, keys that do not parse or do not fit
// their algorithm, and wrong signatures. All of them are failed attempts and answered like any other.
//
// An error of `receive` or `answer` ends the session.
#pragma once

#include <memory>
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
  // Failed requests that are answered; the next request ends the session (Errc::too_many_auth_attempts). As with
  // OpenSSH a `none` that comes first, how clients ask for the methods, is not a failure, and a refused key query is
  // one.
  std::size_t attempt_limit = 6;
  // Requests of every kind, the accepted key queries included, which cost work but are no failures.
  std::size_t request_limit = 1024;
  std::vector<std::string> signature_algorithms;  // accepted in publickey requests; empty: the modern policy's
  // What a client may try before an `answer` has named the methods that can continue for its user.
  std::vector<std::string> initial_methods = {"publickey", "password"};
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
  // The methods answered with `partial` so far, in order, for this very user: a request for another one begins anew
  // (§5).
  std::vector<std::string> partial_successes;
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
  // The decision on the last AuthRequested. `methods_that_can_continue` fills USERAUTH_FAILURE, and the client is held
  // to it; for a PublicKeyQuery `successful` and `partial` both mean PK_OK. Gives AuthSucceeded, or the next request
  // that was waiting, as an event. Errors of the asking kind: invalid_state where nothing waits for an answer.
  Result<std::optional<UserauthServerEvent>> answer(AuthResult result,
                                                    const std::vector<std::string>& methods_that_can_continue);
  // Answers a password request with PASSWD_CHANGEREQ (RFC 4252 §8). Any other request: invalid_state.
  Result<std::optional<UserauthServerEvent>> ask_for_new_password(std::string_view prompt);
  // Kept until the client has asked for the service, dropped after success (RFC 4252 §5.4).
  void send_banner(std::string_view text);

  std::size_t failed_attempts() const;
  // The token, once, after AuthSucceeded.
  std::optional<Authenticated> take_authenticated();

  static constexpr std::size_t waiting_limit = 4;          // requests sent ahead
  static constexpr std::size_t waiting_bytes = 64 * 1024;  // and their size together

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hawser::auth
