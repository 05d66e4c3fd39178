// The client's side of user authentication (RFC 4252), sans I/O: `start` asks for the service, then one request at a
// time, each answered by one event, or by a conversation of several. Which methods to try in which order is the
// caller's decision.
//
// While PromptsReceived waits for `answer_prompts`, a new request may be made instead: it abandons the one in progress
// (RFC 4252 §5.1).
//
// An error of `receive` ends the session: the server has sent what no request asked for.
#pragma once

#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "hawser/auth/authenticated.h"
#include "hawser/auth/gssapi.h"
#include "hawser/auth/keyboard_interactive.h"
#include "hawser/crypto/keys.h"
#include "hawser/transport/session_id.h"
#include "hawser/wire/packet_sink.h"
#include "hawser/wire/payload.h"

namespace hawser::auth {

// Texts of the server are UTF-8 lines; control bytes but newline and tab are escaped.
struct ServiceAccepted {};
struct BannerReceived {
  std::string text;
};
struct AuthFailed {
  std::vector<std::string> methods_that_can_continue;
  bool partial_success = false;
};
struct PublicKeyAccepted {};  // the answer to `query_public_key`: signing with it may succeed
struct PasswordChangeRequested {
  std::string prompt;
};
// An INFO_REQUEST (RFC 4256 §3.2): show the texts, ask the prompts, then `answer_prompts`. There may be no prompts.
struct PromptsReceived {
  std::string name;
  std::string instruction;
  std::vector<Prompt> prompts;
};
// What went wrong on the server's side of gssapi-with-mic; AuthFailed follows.
struct GssapiErrorReceived {
  std::uint32_t major_status = 0;
  std::uint32_t minor_status = 0;
  std::string message;
};
// gssapi-with-mic cannot go on: this side's mechanism has failed. The next request may be made.
struct GssapiGivenUp {
  std::string message;
};
struct ClientAuthenticated {};
using UserauthClientEvent =
    std::variant<ServiceAccepted, BannerReceived, AuthFailed, PublicKeyAccepted, PasswordChangeRequested,
                 PromptsReceived, GssapiErrorReceived, GssapiGivenUp, ClientAuthenticated>;

class UserauthClient {
 public:
  // Both references are borrowed for this object's life.
  UserauthClient(PacketSink& sink, const transport::SessionId& session_id, std::string user);
  ~UserauthClient();

  // Sends SERVICE_REQUEST. The first request may follow without waiting for ServiceAccepted, which saves a round trip.
  void start();
  // From now on publickey requests name this host key (OpenSSH PROTOCOL §3.1), so that their signatures count for this
  // server only. For servers that have said to understand it.
  void bind_to_host_key(Bytes server_host_key);

  // Errors: invalid_state before `start`, while an answer is awaited, and after success; invalid_argument where the key
  // cannot sign with the algorithm; what the signer gives. After an error nothing has been sent.
  Result<void> request_none();
  Result<void> request_password(std::string_view password);
  Result<void> request_password_change(std::string_view old_password, std::string_view new_password);
  Result<void> query_public_key(const crypto::PublicKey& key, const crypto::SignatureRow& algorithm);
  Result<void> request_public_key(const crypto::Signer& signer, const crypto::SignatureRow& algorithm);
  // The same in two steps, for a signature that is made elsewhere and takes its time: what it must cover, which stays
  // the same for this session, and the request with it. A signature that does not verify is not sent: bad_signature.
  Result<ByteVector> public_key_data(const crypto::PublicKey& key, const crypto::SignatureRow& algorithm) const;
  Result<void> request_public_key(const crypto::PublicKey& key, const crypto::SignatureRow& algorithm, Bytes signature);
  // `submethods`: hints which the server may know (RFC 4256 §3.1), comma separated; mostly none.
  Result<void> request_keyboard_interactive(std::string_view submethods = {});
  // One for each prompt of the last PromptsReceived, in its order; another number: invalid_argument, as are more than
  // `info_message_limit` bytes. invalid_state where no prompts wait.
  Result<void> answer_prompts(const std::vector<std::string_view>& responses);
  // `provider` without mechanisms: invalid_argument. It is asked for a context when the server has chosen one.
  Result<void> request_gssapi_with_mic(std::shared_ptr<GssClientProvider> provider);

  using Event = Result<std::optional<UserauthClientEvent>>;

  Event receive(const Payload& payload);
  // The token, once, after ClientAuthenticated.
  std::optional<Authenticated> take_authenticated();

  // Together over one authentication; a server that sends more ends the session (Errc::too_many_messages).
  static constexpr std::size_t banner_bytes = 64 * 1024;
  static constexpr std::size_t banner_count = 64;
  // Tokens of one gssapi-with-mic request; more end the session in the same way.
  static constexpr std::size_t token_rounds = 16;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hawser::auth
