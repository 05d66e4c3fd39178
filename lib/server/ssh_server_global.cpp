// Global requests (RFC 4254 §4): SSHServerSession decides them one after the other, and answers in order.
#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

#include "hawser/net/spawn.h"
#include "hawser/transport/quirks.h"
#include "host_key_proof.h"
#include "ssh_server_session.h"

namespace hawser::server {

namespace {

// Not yet decided; beyond this the client's next messages wait for a decision.
constexpr std::size_t waiting_global_requests = 16;
// Requests of one connection to prove the host keys. A client asks once, and again when keys are announced to it.
constexpr std::size_t most_host_key_proofs = 8;

}  // namespace

Awaitable<void> SSHServerSession::on_global_request(channel::GlobalRequestReceived request) {
  // OpenSSH PROTOCOL §2.2. From now on, not from when its turn has come: a session may follow at once.
  if (request.type == channel::NoMoreSessions::type) no_more_sessions_ = true;
  while (global_requests_.size() >= waiting_global_requests && !connection_->over()) {
    co_await global_request_answered_.wait();
  }
  if (connection_->over()) co_return;
  global_requests_.push_back(std::move(request));
  if (std::exchange(answering_global_requests_, true)) co_return;
  net::spawn(connection_->executor(), answer_global_requests(shared_from_this()));
}

Awaitable<void> SSHServerSession::answer_global_requests(Self self) {
  while (!self->global_requests_.empty() && !self->connection_->over()) {
    const channel::GlobalRequestReceived request = std::move(self->global_requests_.front());
    self->global_requests_.pop_front();
    // Besides the hooks themselves, a signer may throw, or there may be no memory: the next request goes on.
    Awaitable<GlobalAnswer> asked =
        self->ask("a global request", GlobalAnswer(), [&] { return self->decide_global(request); });
    const GlobalAnswer answer = co_await std::move(asked);
    self->global_request_answered_.notify();
    if (request.want_reply && !self->connection_->over()) {
      self->connection_->session().channels().reply_global_request(answer.success, answer.specific);
      self->connection_->flush_soon();
    }
    co_await asio::post(self->connection_->executor(), asio::use_awaitable);  // others of this thread have their turn
  }
  self->global_requests_.clear();
  self->answering_global_requests_ = false;
}

Awaitable<SSHServerSession::GlobalAnswer> SSHServerSession::decide_global(
    const channel::GlobalRequestReceived& request) {
  using Decide = Awaitable<GlobalAnswer> (SSHServerSession::*)(Bytes);
  using S = SSHServerSession;
  static constexpr std::pair<std::string_view, Decide> forwardings[] = {
      {channel::TcpipForward::type, &S::on_tcpip_forward},
      {channel::CancelTcpipForward::type, &S::on_cancel_tcpip_forward},
      {channel::StreamlocalForward::type, &S::on_streamlocal_forward},
      {channel::CancelStreamlocalForward::type, &S::on_cancel_streamlocal_forward},
  };
  const Bytes specific = request.specific.bytes();
  GlobalAnswer answer;
  for (const auto& [type, decide] : forwardings) {
    if (request.type != type) continue;
    if (protocol_.options.deny_all_forwarding) co_return answer;
    Awaitable<GlobalAnswer> asked = (this->*decide)(specific);
    answer = co_await std::move(asked);
    co_return answer;
  }
  if (request.type == "keepalive@openssh.com" || request.type == channel::NoMoreSessions::type) {
    answer.success = true;
  } else if (request.type == host_keys_proof) {
    if (host_key_proofs_ != most_host_key_proofs) answer = on_prove_host_keys(specific);
  } else {
    answer.success = co_await ask("check_global_request", false,
                                  [&] { return server_.check_global_request(*this, request.type, request.specific); });
  }
  co_return answer;
}

Awaitable<SSHServerSession::GlobalAnswer> SSHServerSession::on_tcpip_forward(Bytes specific) {
  const auto request = wire::decode<channel::TcpipForward>(specific);
  if (!request) co_return GlobalAnswer();
  const std::string name(request->address_to_bind);
  const std::uint32_t port = request->port_to_bind;
  bool allowed = co_await ask("check_port_forward_request", false,
                              [&] { return server_.check_port_forward_request(*this, name, port); });
  const auto addresses = addresses_to_bind(name);
  if (!allowed || !addresses || port > largest_port) co_return GlobalAnswer();
  if (!only_loopback(*addresses)) {
    allowed = co_await ask("check_port_forward_public_request", false,
                           [&] { return server_.check_port_forward_public_request(*this, name, port); });
  }
  if (!allowed) co_return GlobalAnswer();
  const Result<std::uint16_t> bound = forwarding_.listen(name, *addresses, static_cast<std::uint16_t>(port));
  if (!bound) {
    log(LogLevel::info, "cannot listen for " + escaped(name) + ": " + bound.error().message());
    co_return GlobalAnswer();
  }
  GlobalAnswer answer{.success = true, .specific = {}};
  // RFC 4254 §7.1: the port, where the client left its choice to us, and only there.
  if (port == 0) answer.specific = wire::encode(channel::TcpipForwardReply{*bound});
  co_return answer;
}

Awaitable<SSHServerSession::GlobalAnswer> SSHServerSession::on_cancel_tcpip_forward(Bytes specific) {
  const auto request = wire::decode<channel::CancelTcpipForward>(specific);
  if (!request) co_return GlobalAnswer();
  const std::string name(request->address_to_bind);
  const bool allowed = co_await ask("check_port_forward_cancel_request", false, [&] {
    return server_.check_port_forward_cancel_request(*this, name, request->port_to_bind);
  });
  GlobalAnswer answer;
  answer.success = allowed && request->port_to_bind != 0 && forwarding_.cancel(name, request->port_to_bind);
  co_return answer;
}

Awaitable<SSHServerSession::GlobalAnswer> SSHServerSession::on_streamlocal_forward(Bytes specific) {
  const auto request = wire::decode<channel::StreamlocalForward>(specific);
  if (!request) co_return GlobalAnswer();
  const std::string path(request->socket_path);
  const bool allowed = co_await ask("check_streamlocal_forward_request", false,
                                    [&] { return server_.check_streamlocal_forward_request(*this, path); });
  GlobalAnswer answer;
  answer.success = allowed && forwarding_.listen(path);
  co_return answer;
}

Awaitable<SSHServerSession::GlobalAnswer> SSHServerSession::on_cancel_streamlocal_forward(Bytes specific) {
  const auto request = wire::decode<channel::CancelStreamlocalForward>(specific);
  if (!request) co_return GlobalAnswer();
  const std::string path(request->socket_path);
  const bool allowed = co_await ask("check_streamlocal_forward_cancel_request", false,
                                    [&] { return server_.check_streamlocal_forward_cancel_request(*this, path); });
  GlobalAnswer answer;
  answer.success = allowed && forwarding_.cancel(path);
  co_return answer;
}

SSHServerSession::GlobalAnswer SSHServerSession::on_prove_host_keys(Bytes specific) {
  ++host_key_proofs_;
  const transport::Transport& transport = connection_->session().transport();
  Result<ByteVector> proof =
      prove_host_keys(settings_.host_keys, specific, transport.session_id(), transport.negotiated().host_key);
  if (!proof) return {};
  return {.success = true, .specific = std::move(*proof)};
}

void SSHServerSession::announce_host_keys() {
  if (!settings_.connection_protocol.announce_host_keys) return;
  if (transport::quirks_of(peer_identification()).fails_on_unknown_global_request) return;
  const ByteVector keys = server::announce_host_keys(settings_.host_keys);
  // Refused only where the session has ended meanwhile.
  if (connection_->session().global_request(host_keys_announcement, false, keys)) connection_->flush_soon();
}

}  // namespace hawser::server
