// Channels: SSHServerSession asks the hooks, answers requests in order, and starts what they accept.

#include "hawser/net/relay.h"
#include "hawser/net/spawn.h"
#include "session_channel.h"
#include "ssh_server_session.h"

namespace hawser::server {

using channel::OpenFailure;

namespace {

const char* refusal_text(ChannelOpenResult result) {
  switch (result) {
    case ChannelOpenResult::unknown_channel_type: return "unknown channel type";
    case ChannelOpenResult::connect_failed: return "connect failed";
    case ChannelOpenResult::resource_shortage: return "resource shortage";
    default: return "administratively prohibited";
  }
}

}  // namespace

void SSHServerSession::on_channel_requested(channel::OpenRequested request) {
  settings_.registry->channel_requested();
  // Decided now: what the client asks for next must not come before it.
  if (no_more_sessions_ && request.type == channel::SessionOpen::type) {
    refuse_channel(request.channel, ChannelOpenResult::administratively_prohibited);
    return;
  }
  net::spawn(connection_->executor(), open_channel(shared_from_this(), std::move(request)));
}

Awaitable<void> SSHServerSession::open_channel(Self self, channel::OpenRequested request) {
  const ChannelOpenResult result =
      co_await self->ask("check_channel_request", ChannelOpenResult::administratively_prohibited,
                         [&] { return self->server_.check_channel_request(*self, request); });
  if (self->connection_->over()) co_return;
  if (result != ChannelOpenResult::ok) {
    self->refuse_channel(request.channel, result);
    co_return;
  }
  Awaitable<void> opened;
  if (request.type == channel::SessionOpen::type) {
    const ChannelPointer channel = self->accept_channel(request.channel);
    opened = serve_session(self, channel);
  } else if (request.type == channel::DirectTcpipOpen::type) {
    opened = open_direct_tcpip(self, std::move(request));
  } else if (request.type == channel::DirectStreamlocalOpen::type) {
    opened = open_direct_streamlocal(self, std::move(request));
  } else {
    const ChannelPointer channel = self->accept_channel(request.channel);
    opened = serve_other(self, channel, std::move(request));
  }
  co_await std::move(opened);
}

SSHServerSession::ChannelPointer SSHServerSession::accept_channel(channel::ChannelId id) {
  ChannelPointer channel = connection_->accept_channel(id);
  tell("on_channel_opened", [&] { server_.on_channel_opened(*this, *channel); });
  return channel;
}

void SSHServerSession::refuse_channel(channel::ChannelId id, ChannelOpenResult reason) {
  connection_->refuse_channel(id, static_cast<OpenFailure>(reason), refusal_text(reason));
}

void SSHServerSession::channel_closed(const net::Channel& channel) {
  tell("on_channel_closed", [&] { server_.on_channel_closed(*this, channel); });
  disconnect_when_idle();
}

Awaitable<void> SSHServerSession::serve_session(Self self, ChannelPointer channel) {
  const auto session = std::make_shared<SessionChannel>(self, self->protocol_, channel);
  Awaitable<void> serving = SessionChannel::serve(session);
  co_await std::move(serving);
  self->channel_closed(*channel);
}

// A channel that is no session has no requests (RFC 4254 §6).
Awaitable<void> SSHServerSession::serve_other(Self self, ChannelPointer channel, channel::OpenRequested request) {
  net::spawn(self->connection_->executor(), run_channel(self, channel, std::move(request)));
  co_await net::refuse_requests(channel);
  self->channel_closed(*channel);
}

Awaitable<void> SSHServerSession::run_channel(Self self, ChannelPointer channel, channel::OpenRequested request) {
  SSHServerSession& s = *self;
  co_await s.run_hook("handle_channel", [&] { return s.server_.handle_channel(s, channel, std::move(request)); });
  channel->close();
}

Awaitable<void> SSHServerSession::open_direct_tcpip(Self self, channel::OpenRequested request) {
  const auto open = wire::decode<channel::DirectTcpipOpen>(request.specific.bytes());
  bool allowed = false;
  if (open && !self->protocol_.options.deny_all_forwarding) {
    const std::string host(open->host_to_connect);
    allowed = co_await self->ask("check_direct_tcpip_request", false, [&] {
      return self->server_.check_direct_tcpip_request(*self, host, open->port_to_connect);
    });
  }
  if (!allowed) {
    self->refuse_channel(request.channel, ChannelOpenResult::administratively_prohibited);
    co_return;
  }
  std::unique_ptr<net::Stream> stream;
  if (open->port_to_connect != 0 && open->port_to_connect <= largest_port) {
    Awaitable<std::unique_ptr<net::Stream>> connecting = self->forwarding_.connect(
        std::string(open->host_to_connect), static_cast<std::uint16_t>(open->port_to_connect));
    stream = co_await std::move(connecting);
  }
  Awaitable<void> carried = carry(self, std::move(request), std::move(stream));
  co_await std::move(carried);
}

Awaitable<void> SSHServerSession::open_direct_streamlocal(Self self, channel::OpenRequested request) {
  const auto open = wire::decode<channel::DirectStreamlocalOpen>(request.specific.bytes());
  bool allowed = false;
  if (open && !self->protocol_.options.deny_all_forwarding) {
    const std::string path(open->socket_path);
    allowed = co_await self->ask("check_direct_streamlocal_request", false,
                                 [&] { return self->server_.check_direct_streamlocal_request(*self, path); });
  }
  if (!allowed) {
    self->refuse_channel(request.channel, ChannelOpenResult::administratively_prohibited);
    co_return;
  }
  Awaitable<std::unique_ptr<net::Stream>> connecting = self->forwarding_.connect(std::string(open->socket_path));
  std::unique_ptr<net::Stream> stream = co_await std::move(connecting);
  Awaitable<void> carried = carry(self, std::move(request), std::move(stream));
  co_await std::move(carried);
}

// The answer comes once the other end is there, or cannot be reached.
Awaitable<void> SSHServerSession::carry(Self self, channel::OpenRequested request,
                                        std::unique_ptr<net::Stream> stream) {
  if (self->connection_->over()) co_return;
  if (!stream) {
    self->refuse_channel(request.channel, ChannelOpenResult::connect_failed);
    co_return;
  }
  const ChannelPointer channel = self->accept_channel(request.channel);
  net::spawn(channel->executor(), net::refuse_requests(channel));
  Awaitable<void> carried = net::relay(channel, std::move(stream));
  co_await std::move(carried);
  self->channel_closed(*channel);
}

}  // namespace hawser::server
