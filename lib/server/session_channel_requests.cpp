// What each request on a session channel asks of the hooks (RFC 4254 §6.2 to §6.10, RFC 4335). A request whose body is
// malformed is refused before anybody is asked.
#include "hawser/wire/limits.h"
#include "session_channel.h"

namespace hawser::server {

namespace {

std::optional<Terminal> terminal_of(const channel::PtyRequest& request) {
  Result<std::vector<channel::PtyMode>> modes = channel::decode_pty_modes(request.modes);
  if (!modes) return std::nullopt;
  return Terminal{std::string(request.term),
                  {request.width_characters, request.height_rows, request.width_pixels, request.height_pixels},
                  std::move(*modes)};
}

// Such a name cannot be one of an environment.
bool names_variable(std::string_view name, std::string_view value) {
  constexpr std::string_view forbidden("=\0", 2);
  return !name.empty() && name.find_first_of(forbidden) == name.npos && value.find('\0') == value.npos;
}

}  // namespace

Awaitable<bool> SessionChannel::on_pty(Bytes specific) {
  const auto request = wire::decode<channel::PtyRequest>(specific);
  if (!request || process_settings_.terminal) co_return false;  // one terminal per session
  std::optional<Terminal> terminal = terminal_of(*request);
  if (!terminal) co_return false;
  const bool accepted = co_await settings_.hooks.ask("check_channel_pty_request", false, [&] {
    return settings_.server.check_channel_pty_request(settings_.connection, *channel_, *request);
  });
  if (accepted) process_settings_.terminal = std::move(terminal);
  co_return accepted;
}

Awaitable<bool> SessionChannel::on_env(Bytes specific) {
  const auto request = wire::decode<channel::EnvRequest>(specific);
  if (!request || !names_variable(request->variable_name, request->variable_value)) co_return false;
  const std::size_t size = request->variable_name.size() + request->variable_value.size();
  if (process_settings_.environment.size() >= settings_.options.environment_variables ||
      size > settings_.options.environment_bytes - environment_bytes_) {
    co_return false;
  }
  const std::string name(request->variable_name);
  const std::string value(request->variable_value);
  const bool accepted = co_await settings_.hooks.ask("check_channel_env_request", false, [&] {
    return settings_.server.check_channel_env_request(settings_.connection, *channel_, name, value);
  });
  if (accepted) {
    environment_bytes_ += size;
    process_settings_.environment.emplace_back(name, value);
  }
  co_return accepted;
}

Awaitable<bool> SessionChannel::on_x11(Bytes specific) {
  const auto request = wire::decode<channel::X11Request>(specific);
  if (!request || process_settings_.x11 || settings_.options.deny_all_forwarding) co_return false;
  const bool accepted = co_await settings_.hooks.ask("check_channel_x11_request", false, [&] {
    return settings_.server.check_channel_x11_request(settings_.connection, *channel_, *request);
  });
  if (accepted) {
    process_settings_.x11 = X11Forwarding{request->single_connection, std::string(request->authentication_protocol),
                                          std::string(request->authentication_cookie), request->screen_number};
  }
  co_return accepted;
}

Awaitable<bool> SessionChannel::on_agent(Bytes specific) {
  if (!wire::decode<channel::AuthAgentRequest>(specific) || settings_.options.deny_all_forwarding) co_return false;
  const bool accepted = co_await settings_.hooks.ask("check_channel_agent_request", false, [&] {
    return settings_.server.check_channel_agent_request(settings_.connection, *channel_);
  });
  if (accepted) process_settings_.agent_forwarding = true;
  co_return accepted;
}

// RFC 4254 §6.5: what runs a program is first a matter of the channel, then of the program.
template <class Ask>
Awaitable<SessionChannel::Decision> SessionChannel::decide_program(Decision wanted, const char* hook, Ask ask) {
  const bool authorized = co_await settings_.hooks.ask("is_channel_authorized", false, [&] {
    return settings_.server.is_channel_authorized(settings_.connection, *channel_);
  });
  if (!authorized) co_return Decision();
  wanted.accepted = co_await settings_.hooks.ask(hook, false, ask);
  if (!wanted.accepted) co_return Decision();
  co_return wanted;
}

Awaitable<SessionChannel::Decision> SessionChannel::on_exec(Bytes specific) {
  const auto request = wire::decode<channel::ExecRequest>(specific);
  if (!request) co_return Decision();
  const std::string command(request->command);
  Decision wanted{.program = &SessionChannel::run_exec, .argument = command};
  Awaitable<Decision> asked = decide_program(std::move(wanted), "check_channel_exec_request", [&] {
    return settings_.server.check_channel_exec_request(settings_.connection, *channel_, command);
  });
  Decision decision = co_await std::move(asked);
  co_return decision;
}

Awaitable<SessionChannel::Decision> SessionChannel::on_shell(Bytes specific) {
  if (!wire::decode<channel::ShellRequest>(specific)) co_return Decision();
  Decision wanted{.program = &SessionChannel::run_shell, .argument = {}};
  Awaitable<Decision> asked = decide_program(std::move(wanted), "check_channel_shell_request", [&] {
    return settings_.server.check_channel_shell_request(settings_.connection, *channel_);
  });
  Decision decision = co_await std::move(asked);
  co_return decision;
}

Awaitable<SessionChannel::Decision> SessionChannel::on_subsystem(Bytes specific) {
  const auto request = wire::decode<channel::SubsystemRequest>(specific);
  if (!request) co_return Decision();
  const std::string name(request->subsystem_name);
  Decision wanted{.program = &SessionChannel::run_subsystem, .argument = name};
  Awaitable<Decision> asked = decide_program(std::move(wanted), "check_channel_subsystem_request", [&] {
    return settings_.server.check_channel_subsystem_request(settings_.connection, *channel_, name);
  });
  Decision decision = co_await std::move(asked);
  co_return decision;
}

Awaitable<bool> SessionChannel::on_window_change(Bytes specific) {
  const auto request = wire::decode<channel::WindowChange>(specific);
  if (!request) co_return false;
  const bool accepted = co_await settings_.hooks.ask("check_channel_window_change_request", false, [&] {
    return settings_.server.check_channel_window_change_request(settings_.connection, *channel_, *request);
  });
  if (!accepted) co_return false;
  const TerminalSize size{request->width_characters, request->height_rows, request->width_pixels,
                          request->height_pixels};
  if (process_) {
    process_->deliver(WindowChanged{size});
  } else if (process_settings_.terminal) {
    process_settings_.terminal->size = size;
  }
  co_return true;
}

Awaitable<bool> SessionChannel::on_signal(Bytes specific) {
  const auto request = wire::decode<channel::Signal>(specific);
  if (!request || request->signal_name.empty() || request->signal_name.size() > limits::name) co_return false;
  const std::string name(request->signal_name);
  const bool accepted = co_await settings_.hooks.ask("check_channel_signal_request", false, [&] {
    return settings_.server.check_channel_signal_request(settings_.connection, *channel_, name);
  });
  if (accepted) process_->deliver(SignalReceived{name});
  co_return accepted;
}

Awaitable<bool> SessionChannel::on_break(Bytes specific) {
  const auto request = wire::decode<channel::Break>(specific);
  if (!request) co_return false;
  const bool accepted = co_await settings_.hooks.ask("check_channel_break_request", false, [&] {
    return settings_.server.check_channel_break_request(settings_.connection, *channel_, request->break_length);
  });
  if (accepted) process_->deliver(BreakReceived{std::chrono::milliseconds(request->break_length)});
  co_return accepted;
}

}  // namespace hawser::server
