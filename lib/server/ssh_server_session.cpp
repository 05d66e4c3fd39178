#include "ssh_server_session.h"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

namespace hawser::server {

SSHServerSession::SSHServerSession(Settings settings, std::shared_ptr<net::Connection> connection, std::string address)
    : settings_(std::move(settings)),
      server_(*settings_.server),
      connection_(std::move(connection)),
      address_(std::move(address)),
      peer_address_(connection_->peer_address()),
      id_(peer_address_ + ":" + std::to_string(settings_.registry->next_serial())),
      methods_(server_.authentication_methods()) {}

Awaitable<void> SSHServerSession::run(Self self) {
  Error reason(Errc::closed);
  try {
    reason = co_await self->connection_->run(*self);
  } catch (const std::exception& e) {
    self->log_exception("the connection", e.what());
    self->connection_->abort(Error(Errc::closed));
  }
  self->log(LogLevel::info, "closed: " + reason.message());
  if (self->opened_) {
    self->tell("on_connection_closed", [&] { self->server_.on_connection_closed(*self, reason); });
  }
  self->settings_.registry->leave(self->address_, self->id_, self->authenticated_);
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

void SSHServerSession::on_channel_requested(channel::OpenRequested request) {
  asio::co_spawn(connection_->executor(), open_channel(shared_from_this(), std::move(request)), asio::detached);
}

Awaitable<void> SSHServerSession::on_global_request(channel::GlobalRequestReceived request) {
  const bool accepted = co_await decide_global(request);
  if (request.want_reply && !connection_->over()) connection_->session().channels().reply_global_request(accepted);
}

Awaitable<bool> SSHServerSession::decide_global(const channel::GlobalRequestReceived& request) {
  if (request.type == "no-more-sessions@openssh.com") {  // OpenSSH PROTOCOL §2.2
    no_more_sessions_ = true;
    co_return true;
  }
  if (request.type == channel::TcpipForward::type) {
    const auto forward = wire::decode<channel::TcpipForward>(request.specific.bytes());
    if (!forward) co_return false;
    const std::string address(forward->address_to_bind);
    co_await ask("check_port_forward_request", false,
                 [&] { return server_.check_port_forward_request(*this, address, forward->port_to_bind); });
    co_return false;  // nothing here can listen, so success would be a lie
  }
  if (request.type == channel::CancelTcpipForward::type) {
    const auto cancel = wire::decode<channel::CancelTcpipForward>(request.specific.bytes());
    if (!cancel) co_return false;
    const std::string address(cancel->address_to_bind);
    co_await ask("check_port_forward_cancel_request", false,
                 [&] { return server_.check_port_forward_cancel_request(*this, address, cancel->port_to_bind); });
    co_return false;  // there is no such forwarding
  }
  const bool accepted = co_await ask("check_global_request", false, [&] {
    return server_.check_global_request(*this, request.type, request.specific);
  });
  co_return accepted;
}

void SSHServerSession::log_exception(const char* hook, const char* what) {
  log(LogLevel::error, std::string("exception in ") + hook + ": " + escaped(what));
}

void SSHServerSession::log(LogLevel level, const std::string& text) {
  if (settings_.log) settings_.log->write(level, id_ + ": " + text);
}

}  // namespace hawser::server
