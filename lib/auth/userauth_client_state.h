// The inside of a UserauthClient, in four files: userauth_client.cpp is the order of requests and answers,
// userauth_client_requests.cpp the requests of a single message, userauth_client_keyboard.cpp and
// userauth_client_gssapi.cpp the methods that go on with messages of their own.
#pragma once

#include "hawser/auth/messages.h"
#include "hawser/auth/method_messages.h"
#include "hawser/auth/userauth_client.h"

namespace hawser::auth {

// The request in progress. Its method decides what messages from 60 on mean (RFC 4252 §6).
struct OutstandingRequest {
  Method method = Method::none;
  // publickey: a query, which proves nothing
  bool key_query = false;
  std::string queried_algorithm;
  ByteVector queried_blob;
  // keyboard-interactive: the prompts that wait for `answer_prompts`
  std::optional<std::size_t> prompts;
  std::size_t rounds = 0;
  // gssapi-with-mic
  std::shared_ptr<GssClientProvider> provider;
  std::unique_ptr<GssInitiator> gss;
  bool mic_sent = false;

  bool can_succeed() const {
    if (method == Method::gssapi_with_mic) return mic_sent;
    return !key_query && !prompts;
  }
};

struct UserauthClient::State {
  enum class Phase : std::uint8_t { idle, service_requested, service_accepted, authenticated };

  State(PacketSink& s, const transport::SessionId& id, std::string name)
      : sink(s), session_id(id), user(std::move(name)) {}

  Result<void> may_ask() const;
  // Encodes straight into the packet, which is sealed in place: a password is not left behind in a buffer of ours.
  template <class Fields>
  OutstandingRequest& ask(Method method, const Fields& fields, std::optional<std::string_view> name = std::nullopt) {
    const UserauthRequest head{user, connection_service, name.value_or(method_name(method)), {}};
    const std::size_t head_size = wire::encoded_size(head);
    PacketBuffer packet = sink.prepare(head_size + wire::Codec<Fields>::size(fields));
    wire::encode(head, packet.payload());
    wire::Writer tail(packet.payload().subspan(head_size));
    wire::Codec<Fields>::write(tail, fields);
    outstanding.emplace().method = method;
    sink.send(std::move(packet));
    return *outstanding;
  }

  ByteVector data_to_sign(const crypto::PublicKey& key, const crypto::SignatureRow& algorithm) const;
  void ask_signed(const crypto::PublicKey& key, const crypto::SignatureRow& algorithm, Bytes signature);

  Event receive(Bytes message);
  Event service_accept(Bytes message);
  Event failure(Bytes message);
  Event success(Bytes message);
  Event banner(Bytes message);
  Event method_message(Bytes message);

  Event pk_ok(Bytes message);
  Event passwd_changereq(Bytes message);
  Event info_request(Bytes message);
  Event gssapi_message(Bytes message);
  Event gssapi_response(Bytes message);
  Event gssapi_token(Bytes message);
  Event gssapi_step(Bytes token);
  Event gssapi_give_up(std::string message);

  PacketSink& sink;
  const transport::SessionId& session_id;
  std::string user;
  std::optional<ByteVector> server_host_key;  // that publickey requests name
  Phase phase = Phase::idle;
  std::optional<OutstandingRequest> outstanding;
  std::size_t banners = 0;
  std::size_t banner_size = 0;
  std::optional<Authenticated> token;
};

template <class E>
UserauthClient::Event client_event(E event) {
  return std::optional<UserauthClientEvent>(std::in_place, std::in_place_type<E>, std::move(event));
}

}  // namespace hawser::auth
