// The inside of a UserauthServer, in four files: userauth_server.cpp is the order of requests and answers,
// userauth_server_requests.cpp the methods of a single request, userauth_server_keyboard.cpp and
// userauth_server_gssapi.cpp those that go on with messages of their own.
#pragma once

#include <list>

#include "auth/publickey_request.h"
#include "hawser/auth/messages.h"
#include "hawser/auth/method_messages.h"
#include "hawser/auth/userauth_server.h"

namespace hawser::auth {

struct UserauthServer::State {
  enum class Phase : std::uint8_t {
    awaiting_service,  // SERVICE_REQUEST has not come
    ready,             // the next request may be looked at
    proving,           // the signature of a request is being checked elsewhere
    deciding,          // an AuthRequested or PromptsAnswered waits for its answer
    exchanging,        // the client's next message of the method in progress is awaited
    authenticated,
  };

  // What is remembered of the request in progress.
  struct Pending {
    std::string method;          // as on the wire
    std::optional<Method> kind;  // none: a method nobody knows
    bool refused = false;        // fails, whatever is answered
    // A key query, for PK_OK.
    bool key_query = false;
    std::string algorithm;
    ByteVector blob;
    std::shared_ptr<ProofWork> proof;  // while it is checked
    // A method of several rounds.
    std::size_t rounds = 0;
    std::size_t prompts = 0;  // of the INFO_REQUEST that awaits its responses
    ByteVector mechanism;
    std::unique_ptr<GssAcceptor> gss;
    bool gss_complete = false;
  };

  State(PacketSink& s, const transport::SessionId& id, UserauthServerConfig c);

  Event receive(Bytes message);
  Event process(Bytes message);
  Event accept_service(Bytes message);
  Event userauth_request(Bytes message);
  Event dispatch(const UserauthRequest& request);
  Event next_waiting();
  Result<void> keep(Bytes message);
  Result<void> may_receive(std::uint8_t number) const;

  // Requests of a single message
  Event none_request(const UserauthRequest& request);
  Event password_request(const UserauthRequest& request);
  Event publickey_request(const UserauthRequest& request);
  Event prove(PublicKeyRequest request);
  Event proof_checked(ProofWork& work);

  // keyboard-interactive
  Event keyboard_request(const UserauthRequest& request);
  Event info_response(Bytes message);

  // gssapi-with-mic
  Event gssapi_request(const UserauthRequest& request);
  Event gssapi_message(Bytes message);
  Event gssapi_token(Bytes message);
  Event gssapi_mic(Bytes message);

  // Hands the request to whoever decides.
  Event decide(AuthMethodRequest method_request);
  Event refuse(const char* reason);
  void begin_user(std::string_view name);
  void abandon();
  void fail();
  void send_failure(bool partial_success);
  void succeed();

  PacketSink& sink;
  const transport::SessionId& session_id;
  UserauthServerConfig config;

  Phase phase = Phase::awaiting_service;
  std::string banner;  // what must wait for SERVICE_ACCEPT

  // Of the user of the last request; flushed when another is named (RFC 4252 §5).
  std::string user;
  std::vector<std::string> methods;  // that can continue
  std::vector<std::string> partial_successes;

  Pending pending;
  std::size_t requests = 0;
  std::size_t failures = 0;
  std::list<crypto::SecretBytes> waiting;  // whole messages, which may hold passwords
  std::size_t waiting_size = 0;
  std::optional<Authenticated> token;
};

inline UserauthServer::Event no_server_event() { return std::optional<UserauthServerEvent>(); }

}  // namespace hawser::auth
