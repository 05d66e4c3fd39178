#include "session_channel.h"

#include <algorithm>
#include <array>

#include "hawser/net/spawn.h"

namespace hawser::server {

// One row per request type. RFC 4254 §6.5: only one program can be started per channel, and what sets up its
// surroundings comes before it.
struct SessionChannel::Request {
  std::string_view type;
  enum class Moment { before_program, any, while_running } moment;
  Awaitable<bool> (SessionChannel::*setting)(Bytes) = nullptr;
  Awaitable<Decision> (SessionChannel::*program)(Bytes) = nullptr;
};

const SessionChannel::Request* SessionChannel::find_request(std::string_view type) {
  using Moment = Request::Moment;
  using C = SessionChannel;
  static constexpr std::array<Request, 10> requests{{
      {channel::PtyRequest::type, Moment::before_program, &C::on_pty, nullptr},
      {channel::EnvRequest::type, Moment::before_program, &C::on_env, nullptr},
      {channel::X11Request::type, Moment::before_program, &C::on_x11, nullptr},
      {channel::AuthAgentRequest::type, Moment::before_program, &C::on_agent, nullptr},
      {channel::ExecRequest::type, Moment::before_program, nullptr, &C::on_exec},
      {channel::ShellRequest::type, Moment::before_program, nullptr, &C::on_shell},
      {channel::SubsystemRequest::type, Moment::before_program, nullptr, &C::on_subsystem},
      {channel::WindowChange::type, Moment::any, &C::on_window_change, nullptr},
      {channel::Signal::type, Moment::while_running, &C::on_signal, nullptr},
      {channel::Break::type, Moment::while_running, &C::on_break, nullptr},
  }};
  const auto found = std::ranges::find(requests, type, &Request::type);
  return found == requests.end() ? nullptr : &*found;
}

SessionChannel::SessionChannel(std::shared_ptr<void> owner, ConnectionProtocolSettings& settings,
                               std::shared_ptr<net::Channel> channel)
    : owner_(std::move(owner)), settings_(settings), channel_(std::move(channel)) {}

Awaitable<void> SessionChannel::serve(std::shared_ptr<SessionChannel> self) {
  while (true) {
    const Result<channel::RequestReceived> request = co_await self->channel_->next_request();
    if (!request) break;
    Decision decision = co_await self->decide(*request);
    if (self->channel_->connection().over()) {  // while the hook was asked: no program starts for nobody
      if (decision.program != nullptr) --self->settings_.programs_running;
      break;
    }
    if (decision.program != nullptr) {
      self->process_ = std::make_shared<Process>(self->channel_, std::move(self->process_settings_));
    }
    if (request->want_reply) self->channel_->reply(decision.accepted);
    if (decision.program == nullptr) continue;
    // After the reply: nothing of the program's output, nor its end, may come before it.
    net::spawn(self->channel_->executor(), run(self, decision.program, std::move(decision.argument)));
  }
  if (self->process_) self->process_->channel_closed();
}

Awaitable<SessionChannel::Decision> SessionChannel::decide(const channel::RequestReceived& request) {
  using Moment = Request::Moment;
  const Request* row = find_request(request.type);
  Decision decision;
  if (row == nullptr) co_return decision;
  if (row->moment == Moment::before_program && process_) co_return decision;
  if (row->moment == Moment::while_running && !process_) co_return decision;
  const Bytes specific = request.specific.bytes();
  if (row->program == nullptr) {
    Awaitable<bool> asked = (this->*row->setting)(specific);
    decision.accepted = co_await std::move(asked);
    co_return decision;
  }
  if (settings_.programs_running >= settings_.options.programs) co_return decision;
  ++settings_.programs_running;  // now, since other channels are decided while this one waits
  Awaitable<Decision> asked = (this->*row->program)(specific);
  decision = co_await std::move(asked);
  if (!decision.accepted) --settings_.programs_running;
  co_return decision;
}

Awaitable<void> SessionChannel::run(std::shared_ptr<SessionChannel> self, Program program, std::string argument) {
  co_await self->settings_.hooks.run_hook("a program", [&] { return (self.get()->*program)(std::move(argument)); });
  --self->settings_.programs_running;
  self->channel_->close();  // where an exception has kept it from saying how it ended
}

Awaitable<void> SessionChannel::run_exec(std::string command) {
  Awaitable<std::uint32_t> running = settings_.server.handle_exec(settings_.connection, process_, std::move(command));
  const std::uint32_t status = co_await std::move(running);
  process_->exit(status);
}

Awaitable<void> SessionChannel::run_shell(std::string) {
  Awaitable<std::uint32_t> running = settings_.server.handle_shell(settings_.connection, process_);
  const std::uint32_t status = co_await std::move(running);
  process_->exit(status);
}

Awaitable<void> SessionChannel::run_subsystem(std::string name) {
  Awaitable<std::uint32_t> running = settings_.server.handle_subsystem(settings_.connection, process_, std::move(name));
  const std::uint32_t status = co_await std::move(running);
  process_->exit(status);
}

}  // namespace hawser::server
