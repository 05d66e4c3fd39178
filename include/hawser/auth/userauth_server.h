// The server's side of user authentication (RFC 4252), sans I/O.
//
// Feed it SERVICE_REQUEST and messages 50..79. Every request comes out as one AuthRequested; `answer` it, at once or
// later. A proof has been checked by then: the key of a PublicKeySigned is the key that signed, the name of a
// GssapiAuthenticated is the one whose MIC was verified. A client may send ahead (RFC 4252 §5.1): requests that arrive
// before the answer are kept, up to `waiting_limit` of them, and processed in order; more end the session.
//
// Some requests are refused before anybody is asked, so that no decision can go wrong on them: methods this side does
// not know, methods that are not among those that can continue, signature algorithms that are not accepted, keys that
// do not parse or do not fit their algorithm, wrong signatures and MICs. They come out as RefusedRequest, are failed
// attempts like any other, and fail whatever the answer says.
//
// keyboard-interactive is a conversation: `prompt` instead of `answer`, then PromptsAnswered, and so on until `answer`.
// A request that comes while the client's message of such a method is awaited abandons it: no USERAUTH_FAILURE answers
// it (RFC 4252 §5.1), but it counts as a failed attempt.
//
// Received messages that may hold secrets are wiped where they lie. An error of `receive` or `answer` ends the session.
#pragma once

#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "hawser/auth/authenticated.h"
#include "hawser/auth/gssapi.h"
#include "hawser/auth/keyboard_interactive.h"
#include "hawser/crypto/deferred_work.h"
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
  std::size_t prompt_rounds = 16;  // INFO_REQUESTs of one keyboard-interactive request
  std::size_t token_rounds = 16;   // tokens of one gssapi-with-mic request
  // Accepted in publickey requests. A `Session` takes its transport's, which it has announced (RFC 8308 §3.1).
  std::vector<std::string> signature_algorithms = crypto::AlgorithmPolicy::modern().user_signature;
  // The check of a signature is handed out as WorkDue instead of being done within `receive`.
  bool defer_public_key_work = false;
  // What a client may try before an `answer` has named the methods that can continue for its user.
  std::vector<std::string> initial_methods = {"publickey", "password"};
  // Null: gssapi-with-mic is refused.
  std::shared_ptr<GssServerProvider> gss;
  // The host key that the first key exchange was signed with, for publickey-hostbound-v00@openssh.com; empty: requests
  // of that form are refused. A `Session` fills it in.
  ByteVector host_key;
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
// Answered by any number of `prompt` rounds, then `answer`. What the client would like, both mostly empty.
struct KeyboardInteractiveRequest {
  std::string language_tag;  // RFC 3066
  std::string submethods;    // comma separated
};
// The context is complete and its MIC over session and request is right. Whether this name may sign in as that user
// is the question.
struct GssapiAuthenticated {
  std::string initiator_name;
  ByteVector mechanism;
};
// Fails, whatever is answered.
struct RefusedRequest {
  const char* reason;  // for a log
};
using AuthMethodRequest = std::variant<NoneRequest, PasswordRequest, PublicKeyQuery, PublicKeySigned,
                                       KeyboardInteractiveRequest, GssapiAuthenticated, RefusedRequest>;

struct AuthRequested {
  std::string user;
  std::string method;  // as on the wire, but "publickey" for its host-bound form, too
  AuthMethodRequest request;
  // The methods answered with `partial` so far, in order, for this very user: a request for another one begins anew
  // (§5).
  std::vector<std::string> partial_successes;
};
// To the last `prompt`, in its order. nullopt: the client has sent another number of them, and its request fails
// whatever is answered (RFC 4256 §3.4).
struct PromptsAnswered {
  std::optional<std::vector<crypto::SecretBytes>> responses;
};
struct AuthSucceeded {
  std::string user;
  std::string method;
};
using UserauthServerEvent = std::variant<AuthRequested, PromptsAnswered, AuthSucceeded, crypto::WorkDue>;

enum class AuthResult : std::uint8_t { failed, successful, partial };

class UserauthServer {
 public:
  // Both references are borrowed for this object's life.
  UserauthServer(PacketSink& sink, const transport::SessionId& session_id, UserauthServerConfig config);
  ~UserauthServer();

  using Event = Result<std::optional<UserauthServerEvent>>;

  Event receive(const Payload& payload);
  // The decision on the last AuthRequested. `methods_that_can_continue` fills USERAUTH_FAILURE, and the client is held
  // to it; for a PublicKeyQuery `successful` and `partial` both mean PK_OK. Gives AuthSucceeded, or the next request
  // that was waiting, as an event. Errors of the asking kind: invalid_state where nothing waits for an answer.
  Event answer(AuthResult result, const std::vector<std::string>& methods_that_can_continue);
  // The work of the last WorkDue has been run. Gives its AuthRequested.
  Event work_done();
  // Answers a keyboard-interactive request, or its last PromptsAnswered, with an INFO_REQUEST. No prompts at all is a
  // message that the client only shows. May give the next request that was waiting. Errors of the asking kind, after
  // which `answer` is still due: invalid_state where no such request waits or its rounds are used up; invalid_argument
  // for more than `prompt_limit` prompts or `info_message_limit` bytes.
  Event prompt(std::string_view name, std::string_view instruction, const std::vector<Prompt>& prompts);
  // Answers a password request with PASSWD_CHANGEREQ (RFC 4252 §8). Any other request: invalid_state.
  Event ask_for_new_password(std::string_view prompt);
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
