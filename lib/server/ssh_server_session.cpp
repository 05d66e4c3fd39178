#include "ssh_server_session.h"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

namespace hawser::server {

namespace {

// How a connection has ended that had not signed in.
Ending ending_of(Error reason, std::size_t failed_attempts) {
  switch (reason.code()) {
    case Errc::disconnected_by_us: return Ending::closed_by_server;
    case Errc::timed_out:  // the key exchange
    case Errc::login_timeout: return Ending::login_timeout;
    case Errc::too_many_auth_attempts: return Ending::failed_authentication;
    default: break;
  }
  switch (blame(reason.code())) {
    case Blame::peer_malformed:
    case Blame::peer_protocol:
    case Blame::crypto:
    case Blame::limit: return Ending::protocol_error;
    default: return failed_attempts != 0 ? Ending::failed_authentication : Ending::no_attempt;
  }
}

}  // namespace

std::shared_ptr<SSHServerSession> SSHServerSession::create(Settings settings,
                                                           std::shared_ptr<net::Connection> connection,
                                                           ConnectionPlace place,
                                                           std::shared_ptr<const Traffic> traffic) {
  Self session(new SSHServerSession(std::move(settings), std::move(connection), std::move(place)));
  session->place_.add(session, session->settings_.loop, std::move(traffic));
  return session;
}

SSHServerSession::SSHServerSession(Settings settings, std::shared_ptr<net::Connection> connection,
                                   ConnectionPlace place)
    : HookCaller(settings.log, connection->peer_address() + ":" + std::to_string(settings.registry->next_serial())),
      settings_(std::move(settings)),
      server_(*settings_.server),
      connection_(std::move(connection)),
      place_(std::move(place)),
      peer_address_(connection_->peer_address()),
      methods_(server_.authentication_methods()),
      protocol_{server_, *this, *this, settings_.connection_protocol},
      forwarding_(connection_, protocol_.options),
      global_request_answered_(connection_->executor()) {}

Awaitable<void> SSHServerSession::run(Self self) {
  Error reason(Errc::closed);
  Awaitable<void> running = self->run_hook("the connection", [&] { return self->run_connection(reason); });
  co_await std::move(running);
  self->connection_->abort(reason);  // where an exception has ended `run`
  self->forwarding_.close();
  co_await self->abandon_dialog();
  self->log(LogLevel::info, "closed: " + reason.message());
  if (self->opened_) {
    self->tell("on_connection_closed", [&] { self->server_.on_connection_closed(*self, reason); });
  }
  self->leave(reason);
}

Awaitable<void> SSHServerSession::run_connection(Error& reason) { reason = co_await connection_->run(*this); }

void SSHServerSession::leave(Error reason) {
  const std::size_t failures = opened_ ? connection_->session().userauth_server().failed_attempts() : 0;
  place_.leave(authenticated_ ? Ending::authenticated : ending_of(reason, failures), failures);
}

void SSHServerSession::close() {
  asio::post(connection_->executor(), [self = shared_from_this()] {
    self->connection_->disconnect(transport::DisconnectReason::by_application, "closed by the server");
  });
}

void SSHServerSession::finish() {
  asio::post(connection_->executor(), [self = shared_from_this()] {
    self->finishing_ = true;
    self->disconnect_when_idle();
  });
}

void SSHServerSession::disconnect_when_idle() {
  if (!finishing_ || connection_->channel_count() != 0) return;
  connection_->disconnect(transport::DisconnectReason::by_application, "the server is shutting down");
}

Awaitable<void> SSHServerSession::on_transport_event(transport::TransportEvent event) {
  if (const auto* goodbye = std::get_if<transport::Disconnected>(&event)) {
    log(LogLevel::info, "disconnected by the peer: " + goodbye->description);
  }
  const auto* exchanged = std::get_if<transport::KeyExchanged>(&event);
  if (exchanged == nullptr || !exchanged->first) co_return;
  opened_ = true;
  log(LogLevel::debug, "keys exchanged with " + peer_identification());
  tell("on_connection_opened", [&] { server_.on_connection_opened(*this); });
  const std::string banner = co_await ask("get_banner", std::string(), [this] { return server_.get_banner(*this); });
  if (!banner.empty() && !connection_->over()) connection_->session().userauth_server().send_banner(banner);
}

}  // namespace hawser::server
