// The two sides of user authentication, each against a peer played by hand that may break every rule, and both joined
// in memory.
#pragma once

#include <doctest/doctest.h>

#include "hawser/auth/request_fields.h"
#include "hawser/auth/userauth_client.h"
#include "hawser/auth/userauth_server.h"
#include "hawser/transport/messages.h"
#include "support/recording_sink.h"

namespace hawser::test {

using UserauthOutcome = Result<std::optional<auth::UserauthServerEvent>>;

inline transport::SessionId some_session_id() {
  return transport::SessionId::without_key_exchange(as_bytes("the hash of the first key exchange"));
}

// Requests as a client sends them.
template <class Fields>
ByteVector userauth_request(std::string_view user, std::string_view method, const Fields& fields,
                            std::string_view service = auth::connection_service) {
  ByteVector body(wire::Codec<Fields>::size(fields));
  wire::Writer writer(body);
  wire::Codec<Fields>::write(writer, fields);
  return wire::encode(auth::UserauthRequest{user, service, method, wire::Rest{body}});
}
inline ByteVector none_request(std::string_view user) { return userauth_request(user, "none", wire::Rest{}); }
inline ByteVector password_request(std::string_view user, std::string_view password) {
  return userauth_request(user, "password", auth::PasswordFields{false, password});
}
inline ByteVector query_request(std::string_view user, std::string_view algorithm, Bytes blob) {
  return userauth_request(user, "publickey", auth::PublicKeyQueryFields{false, algorithm, blob});
}
// What is signed for this request, when all is right.
inline ByteVector data_to_sign(const transport::SessionId& session_id, std::string_view user,
                               std::string_view algorithm, Bytes blob) {
  return wire::encode(
      auth::PublicKeySignedData{session_id.bytes(), 50, user, "ssh-connection", "publickey", true, algorithm, blob});
}
inline ByteVector signed_request(const transport::SessionId& session_id, std::string_view user,
                                 const crypto::Signer& signer, const crypto::SignatureRow& row) {
  const Bytes blob = signer.public_key().blob();
  const Result<ByteVector> signature = signer.sign(row, data_to_sign(session_id, user, row.name, blob));
  REQUIRE(signature);
  return userauth_request(user, "publickey", auth::PublicKeySignedFields{true, row.name, blob, *signature});
}

class UserauthServerPeer {
 public:
  explicit UserauthServerPeer(auth::UserauthServerConfig config = {}, bool with_service = true)
      : server(sink, session_id, std::move(config)) {
    if (!with_service) return;
    nothing(give(wire::encode(transport::ServiceRequest{"ssh-userauth"})));
    CHECK(sink.take<transport::ServiceAccept>().service_name == "ssh-userauth");
  }

  UserauthOutcome give(Bytes packet) { return server.receive(payload(packet)); }
  UserauthOutcome answer(auth::AuthResult result, std::vector<std::string> methods = {"publickey", "password"}) {
    return server.answer(result, methods);
  }

  // The outcome must be this.
  template <class R>
  R asked(UserauthOutcome outcome) {
    auth::AuthRequested event = asked(std::move(outcome));
    REQUIRE(std::holds_alternative<R>(event.request));
    return std::get<R>(std::move(event.request));
  }
  auth::AuthRequested asked(UserauthOutcome outcome) {
    REQUIRE_MESSAGE(outcome, (outcome ? std::string() : outcome.error().message()));
    REQUIRE(outcome->has_value());
    REQUIRE(std::holds_alternative<auth::AuthRequested>(**outcome));
    return std::get<auth::AuthRequested>(**std::move(outcome));
  }
  void nothing(UserauthOutcome outcome) {
    REQUIRE_MESSAGE(outcome, (outcome ? std::string() : outcome.error().message()));
    CHECK_FALSE(outcome->has_value());
  }
  void succeeded(UserauthOutcome outcome) {
    REQUIRE(outcome);
    REQUIRE(outcome->has_value());
    REQUIRE(std::holds_alternative<auth::AuthSucceeded>(**outcome));
    sink.take<auth::UserauthSuccess>();
  }
  // Refused before anybody is asked: it fails even where the answer says otherwise.
  auth::AuthRequested refused(UserauthOutcome outcome, std::vector<std::string> methods = {"publickey", "password"}) {
    auth::AuthRequested event = asked(std::move(outcome));
    CHECK(std::holds_alternative<auth::RefusedRequest>(event.request));
    CHECK(sink.empty());
    nothing(answer(auth::AuthResult::successful, std::move(methods)));
    CHECK_FALSE(sink.take<auth::UserauthFailure>().partial_success);
    CHECK(sink.empty());
    CHECK_FALSE(server.take_authenticated());
    return event;
  }
  static Errc code(const UserauthOutcome& outcome) { return outcome ? Errc::ok : outcome.error().code(); }

  transport::SessionId session_id = some_session_id();
  RecordingSink sink;
  PayloadMaker payload;
  auth::UserauthServer server;
};

class UserauthClientPeer {
 public:
  explicit UserauthClientPeer(bool with_service = true) : client(sink, session_id, "user") {
    if (!with_service) return;
    client.start();
    CHECK(sink.take<transport::ServiceRequest>().service_name == "ssh-userauth");
    expect<auth::ServiceAccepted>(transport::ServiceAccept{"ssh-userauth"});
  }

  template <class M>
  Result<std::optional<auth::UserauthClientEvent>> give(const M& message) {
    return client.receive(payload(message));
  }
  template <class E, class M>
  E expect(const M& message) {
    const auto event = give(message);
    REQUIRE_MESSAGE(event, (event ? std::string() : event.error().message()));
    REQUIRE(event->has_value());
    REQUIRE(std::holds_alternative<E>(**event));
    return std::get<E>(**event);
  }
  template <class M>
  Errc error(const M& message) {
    const auto event = give(message);
    return event ? Errc::ok : event.error().code();
  }

  transport::SessionId session_id = some_session_id();
  RecordingSink sink;
  PayloadMaker payload;
  auth::UserauthClient client;
};

// Client and server joined. `run` carries packets both ways until none is left.
class UserauthPair {
 public:
  explicit UserauthPair(auth::UserauthServerConfig config = {})
      : client(client_sink, session_id, "user"), server(server_sink, session_id, std::move(config)) {}

  void run() {
    while (!client_sink.empty() || !server_sink.empty()) {
      while (!client_sink.empty()) keep(server.receive(payload(Bytes(client_sink.take_packet()))), server_events);
      while (!server_sink.empty()) keep(client.receive(payload(Bytes(server_sink.take_packet()))), client_events);
    }
  }
  void answer(auth::AuthResult result, std::vector<std::string> methods = {}) {
    keep(server.answer(result, methods), server_events);
    run();
  }
  // The oldest event, which must be this.
  template <class E, class Events>
  E take(Events& events) {
    REQUIRE_FALSE(events.empty());
    auto event = std::move(events.front());
    events.erase(events.begin());
    REQUIRE(std::holds_alternative<E>(event));
    return std::get<E>(std::move(event));
  }
  auth::AuthRequested asked() { return take<auth::AuthRequested>(server_events); }
  template <class E>
  E told() {
    return take<E>(client_events);
  }

  transport::SessionId session_id = some_session_id();
  RecordingSink client_sink;
  RecordingSink server_sink;
  PayloadMaker payload;
  auth::UserauthClient client;
  auth::UserauthServer server;
  std::vector<auth::UserauthServerEvent> server_events;
  std::vector<auth::UserauthClientEvent> client_events;

 private:
  template <class Outcome, class Events>
  static void keep(Outcome outcome, Events& events) {
    REQUIRE_MESSAGE(outcome, (outcome ? std::string() : outcome.error().message()));
    if (*outcome) events.push_back(*std::move(*outcome));
  }
};

}  // namespace hawser::test
