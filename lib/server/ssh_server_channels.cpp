// Channels: SSHServerSession asks the hooks, answers requests in order, and starts what they accept.
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>

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

Awaitable<void> SSHServerSession::open_channel(Self self, channel::OpenRequested request) {
  ChannelOpenResult result = ChannelOpenResult::administratively_prohibited;
  if (!self->no_more_sessions_ || request.type != "session") {
    result = co_await self->ask("check_channel_request", result,
                                [&] { return self->server_.check_channel_request(*self, request); });
  }
  if (self->connection_->over()) co_return;
  if (result != ChannelOpenResult::ok) {
    self->connection_->refuse_channel(request.channel, static_cast<OpenFailure>(result), refusal_text(result));
    co_return;
  }
  const ChannelPointer channel = self->connection_->accept_channel(request.channel);
  self->tell("on_channel_opened", [&] { self->server_.on_channel_opened(*self, *channel); });
  if (request.type != "session") {
    asio::co_spawn(self->connection_->executor(), run_channel(self, channel, std::move(request)), asio::detached);
  }
  co_await self->serve_channel(channel);
  self->tell("on_channel_closed", [&] { self->server_.on_channel_closed(*self, *channel); });
  self->disconnect_when_idle();
}

Awaitable<void> SSHServerSession::serve_channel(ChannelPointer channel) {
  bool started = false;
  while (true) {
    Result<channel::RequestReceived> request = co_await channel->next_request();
    if (!request) co_return;
    const bool had_started = started;
    const bool accepted = co_await decide(*channel, *request, started);
    if (request->want_reply) channel->reply(accepted);
    if (started == had_started) continue;
    // After the reply: nothing of the program's output may come before it.
    asio::co_spawn(connection_->executor(), run_program(shared_from_this(), channel, std::move(*request)),
                   asio::detached);
  }
}

Awaitable<bool> SSHServerSession::decide(net::Channel& channel, const channel::RequestReceived& request,
                                         bool& started) {
  const Bytes specific = request.specific.bytes();
  bool accepted = false;
  if (request.type == channel::PtyRequest::type) {
    const auto pty = wire::decode<channel::PtyRequest>(specific);
    if (!pty) co_return false;
    accepted = co_await ask("check_channel_pty_request", false,
                            [&] { return server_.check_channel_pty_request(*this, channel, *pty); });
  } else if (request.type == channel::WindowChange::type) {
    const auto change = wire::decode<channel::WindowChange>(specific);
    if (!change) co_return false;
    accepted = co_await ask("check_channel_window_change_request", false,
                            [&] { return server_.check_channel_window_change_request(*this, channel, *change); });
  } else if (request.type == channel::EnvRequest::type) {
    const auto env = wire::decode<channel::EnvRequest>(specific);
    if (!env) co_return false;
    accepted = co_await ask("check_channel_env_request", false, [&] {
      return server_.check_channel_env_request(*this, channel, std::string(env->variable_name),
                                               std::string(env->variable_value));
    });
  } else if (request.type == channel::X11Request::type) {
    const auto x11 = wire::decode<channel::X11Request>(specific);
    if (!x11) co_return false;
    accepted = co_await ask("check_channel_x11_request", false,
                            [&] { return server_.check_channel_x11_request(*this, channel, *x11); });
  } else {
    accepted = co_await decide_program(channel, request, started);
  }
  co_return accepted;
}

Awaitable<bool> SSHServerSession::decide_program(net::Channel& channel, const channel::RequestReceived& request,
                                                 bool& started) {
  const Bytes specific = request.specific.bytes();
  std::string text;
  if (request.type == channel::ExecRequest::type) {
    const auto exec = wire::decode<channel::ExecRequest>(specific);
    if (!exec) co_return false;
    text = exec->command;
  } else if (request.type == channel::SubsystemRequest::type) {
    const auto subsystem = wire::decode<channel::SubsystemRequest>(specific);
    if (!subsystem) co_return false;
    text = subsystem->subsystem_name;
  } else if (request.type != channel::ShellRequest::type || !wire::decode<channel::ShellRequest>(specific)) {
    co_return false;
  }
  if (started) co_return false;  // RFC 4254 §6.5: only one of these requests can succeed per channel

  const bool authorized =
      co_await ask("is_channel_authorized", false, [&] { return server_.is_channel_authorized(*this, channel); });
  if (!authorized) co_return false;
  bool accepted = false;
  if (request.type == channel::ExecRequest::type) {
    accepted = co_await ask("check_channel_exec_request", false,
                            [&] { return server_.check_channel_exec_request(*this, channel, text); });
  } else if (request.type == channel::SubsystemRequest::type) {
    accepted = co_await ask("check_channel_subsystem_request", false,
                            [&] { return server_.check_channel_subsystem_request(*this, channel, text); });
  } else {
    accepted = co_await ask("check_channel_shell_request", false,
                            [&] { return server_.check_channel_shell_request(*this, channel); });
  }
  if (accepted) started = true;
  co_return accepted;
}

Awaitable<void> SSHServerSession::run_program(Self self, ChannelPointer channel, channel::RequestReceived request) {
  SSHServerSession& s = *self;
  // The request has been decoded before it was accepted.
  wire::Reader reader(request.specific.bytes());
  const std::string text(reader.text());
  if (request.type == channel::ExecRequest::type) {
    co_await s.run_hook("handle_exec", [&] { return s.server_.handle_exec(s, channel, text); });
  } else if (request.type == channel::SubsystemRequest::type) {
    co_await s.run_hook("handle_subsystem", [&] { return s.server_.handle_subsystem(s, channel, text); });
  } else {
    co_await s.run_hook("handle_shell", [&] { return s.server_.handle_shell(s, channel); });
  }
  channel->close();
}

Awaitable<void> SSHServerSession::run_channel(Self self, ChannelPointer channel, channel::OpenRequested request) {
  SSHServerSession& s = *self;
  co_await s.run_hook("handle_channel", [&] { return s.server_.handle_channel(s, channel, std::move(request)); });
  channel->close();
}

}  // namespace hawser::server
