// The client's side of user authentication (RFC 4252), sans I/O: `start` asks for the service, then one request at a
// time, each answered by one event. Which methods to try in which order is the caller's decision.
//
// An error of `receive` ends the session: the server has sent what no request asked for.
#pragma once

#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "hawser/auth/authenticated.h"
#include "hawser/crypto/keys.h"
#include "hawser/transport/session_id.h"
#include "hawser/wire/packet_sink.h"
#include "hawser/wire/payload.h"

namespace hawser::auth {

struct ServiceAccepted {};
struct BannerReceived {
  std::string text;  // UTF-8 lines; control bytes but newline and tab escaped
};
struct AuthFailed {
  std::vector<std::string> methods_that_can_continue;
  bool partial_success = false;
};
struct PublicKeyAccepted {};  // the answer to `query_public_key`: signing with it may succeed
struct PasswordChangeRequested {
  std::string prompt;  // as a banner's text
};
struct ClientAuthenticated {};
using UserauthClientEvent = std::variant<ServiceAccepted, BannerReceived, AuthFailed, PublicKeyAccepted,
                                         PasswordChangeRequested, ClientAuthenticated>;

class UserauthClient {
 public:
  // Both references are borrowed for this object's life.
  UserauthClient(PacketSink& sink, const transport::SessionId& session_id, std::string user);
  ~UserauthClient();

  // Sends SERVICE_REQUEST. The first request may follow without waiting for ServiceAccepted, which saves a round trip.
  void start();
  // Errors: invalid_state before `start`, while an answer is awaited, and after success; invalid_argument where the key
  // cannot sign with the algorithm; what the signer gives. After an error nothing has been sent.
  Result<void> request_none();
  Result<void> request_password(std::string_view password);
  Result<void> request_password_change(std::string_view old_password, std::string_view new_password);
  Result<void> query_public_key(const crypto::PublicKey& key, const crypto::SignatureRow& algorithm);
  Result<void> request_public_key(const crypto::Signer& signer, const crypto::SignatureRow& algorithm);

  Result<std::optional<UserauthClientEvent>> receive(const Payload& payload);
  // The token, once, after ClientAuthenticated.
  std::optional<Authenticated> take_authenticated();

  // Together over one authentication; a server that sends more ends the session (Errc::too_many_messages).
  static constexpr std::size_t banner_bytes = 64 * 1024;
  static constexpr std::size_t banner_count = 64;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hawser::auth
