#include "client/login.h"

namespace hawser::client {

Login::Login(net::Connection& connection, ClientOptions options)
    : connection_(connection),
      options_(std::move(options)),
      attempts_(std::move(options_.credentials), options_.password_answers_prompt),
      keys_(attempts_.keys()),
      done_(connection.executor()) {
  failure_.stage = ConnectFailure::Stage::key_exchange;
}

Awaitable<std::optional<ConnectFailure>> Login::wait() {
  while (!logged_in_ && !over_) co_await done_.wait();
  if (logged_in_) co_return std::nullopt;
  co_return failure_;
}

void Login::ended(Error reason) {
  over_ = true;
  // The first cause stands: what follows from it (our own DISCONNECT) says less.
  if (failure_.error.code() == Errc::ok) failure_.error = reason;
  if (failure_.detail.empty()) failure_.detail = connection_.session().transport().failure_detail();
  done_.notify();
}

Awaitable<void> Login::on_transport_event(transport::TransportEvent event) {
  if (const auto* offered = std::get_if<transport::HostKeyOffered>(&event)) {
    co_await check_host_key(*offered);
  } else if (const auto* exchanged = std::get_if<transport::KeyExchanged>(&event)) {
    if (exchanged->first) {
      begin_authentication();
      if (!waiting_for_service_) co_await try_next();
    }
  } else if (const auto* goodbye = std::get_if<transport::Disconnected>(&event)) {
    failure_.disconnect_reason = goodbye->reason;
    failure_.disconnect_text = goodbye->description;
  }
}

Awaitable<void> Login::check_host_key(const transport::HostKeyOffered& offered) {
  HostKeyQuestion question{options_.host, options_.port, offered.key};
  const Result<void> verdict = co_await options_.host_keys->verify(std::move(question));
  if (verdict) {
    connection_.session().transport().accept_host_key();
    co_return;
  }
  if (!logged_in_) {
    failure_.stage = ConnectFailure::Stage::host_key;
    failure_.error = Error(Errc::host_key_rejected, verdict.error().where());
    failure_.detail = offered.key.text() + " " + offered.key.fingerprint();
  }
  connection_.session().transport().reject_host_key();
}

// The first request follows SERVICE_REQUEST without waiting, which saves a round trip. Not so where the answer is
// needed: an RSA key must know the server's signature algorithms (RFC 8308 §3.1), which come before SERVICE_ACCEPT.
void Login::begin_authentication() {
  failure_.stage = ConnectFailure::Stage::authentication;
  userauth().start();
  const Credential* const first = attempts_.first();
  const Key* const key = first == nullptr ? nullptr : std::get_if<Key>(first);
  waiting_for_service_ = key != nullptr && *key && (*key)->public_key().type() == crypto::KeyType::rsa;
  if (first != nullptr && std::holds_alternative<AgentKeys>(*first)) waiting_for_service_ = true;  // it may hold one
}

void Login::give_up() {
  failure_.error = Error(Errc::authentication_failed);
  if (failure_.detail.empty() && attempts_.empty()) failure_.detail = "no credentials were given";
  connection_.disconnect(transport::DisconnectReason::no_more_auth_methods_available, "no more authentication methods");
}

// A server has no reason to open channels with us: nothing is forwarded.
void Login::on_channel_requested(channel::OpenRequested request) {
  connection_.refuse_channel(request.channel, channel::OpenFailure::administratively_prohibited, "not allowed");
}

// hostkeys-00@openssh.com and the like. The refusal also answers a server's keepalive.
Awaitable<void> Login::on_global_request(channel::GlobalRequestReceived request) {
  if (request.want_reply) connection_.session().channels().reply_global_request(false);
  co_return;
}

}  // namespace hawser::client
