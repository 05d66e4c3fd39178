// The client's side of user authentication (RFC 4252), sans I/O: `start` asks for the service, then one request at a time, each
// answered by one event. Which methods to try in which order is the caller's decision.
#pragma once

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
  std::string text;  // control bytes but newline and tab escaped
};
struct AuthFailed {
  std::vector<std::string> methods_that_can_continue;
  bool partial_success = false;
};
struct PublicKeyAccepted {};  // the answer to `query_public_key`: signing with it may succeed
struct PasswordChangeRequested {
  std::string prompt;
};
struct ClientAuthenticated {};
using UserauthClientEvent =
    std::variant<ServiceAccepted, BannerReceived, AuthFailed, PublicKeyAccepted, PasswordChangeRequested, ClientAuthenticated>;

class UserauthClient {
 public:
  UserauthClient(PacketSink& sink, const transport::SessionId& session_id, std::string user);
  ~UserauthClient();

  // Sends SERVICE_REQUEST. The first request may follow without waiting for ServiceAccepted, which saves a round trip.
  void start();
  // Errors: invalid_state while an answer is awaited or after success.
  Result<void> request_none();
  Result<void> request_password(std::string_view password);
  Result<void> request_password_change(std::string_view old_password, std::string_view new_password);
  Result<void> query_public_key(const crypto::PublicKey& key, const crypto::SignatureRow& algorithm);
  Result<void> request_public_key(const crypto::Signer& signer, const crypto::SignatureRow& algorithm);

  Result<std::optional<UserauthClientEvent>> receive(const Payload& payload);
  std::optional<Authenticated> take_authenticated();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hawser::auth
