// An SSHServer whose every hook of the connection protocol notes its call and answers as the test has set: like the
// base class, yes, no, or by an exception.
#pragma once

#include <atomic>

#include "hook_mode.h"
#include "ssh_fixture.h"

namespace hawser::test {

class HookServer : public ScriptedServer {
 public:
  using Connection = ServerConnection&;
  using Shown = const net::Channel&;
  using Answer = server::Awaitable<bool>;

  std::map<std::string, HookMode> modes;  // set before the start; else `base`

  Answer check_direct_tcpip_request(Connection c, std::string host, std::uint32_t port) override {
    return answer("check_direct_tcpip_request", host + " " + std::to_string(port),
                  SSHServer::check_direct_tcpip_request(c, host, port));
  }
  Answer check_direct_streamlocal_request(Connection c, std::string path) override {
    return answer("check_direct_streamlocal_request", path, SSHServer::check_direct_streamlocal_request(c, path));
  }
  Answer is_channel_authorized(Connection c, Shown channel) override {
    return answer("is_channel_authorized", c.user(), SSHServer::is_channel_authorized(c, channel));
  }
  Answer check_channel_exec_request(Connection c, Shown channel, std::string command) override {
    return answer("check_channel_exec_request", command, SSHServer::check_channel_exec_request(c, channel, command));
  }
  Answer check_channel_shell_request(Connection c, Shown channel) override {
    return answer("check_channel_shell_request", "", SSHServer::check_channel_shell_request(c, channel));
  }
  Answer check_channel_subsystem_request(Connection c, Shown channel, std::string name) override {
    return answer("check_channel_subsystem_request", name,
                  SSHServer::check_channel_subsystem_request(c, channel, name));
  }
  Answer check_channel_pty_request(Connection c, Shown channel, channel::PtyRequest r) override {
    return answer("check_channel_pty_request",
                  std::string(r.term) + " " + std::to_string(r.width_characters) + "x" + std::to_string(r.height_rows) +
                      " " + std::to_string(r.width_pixels) + "x" + std::to_string(r.height_pixels) + " " +
                      std::to_string(channel::decode_pty_modes(r.modes)->size()),
                  SSHServer::check_channel_pty_request(c, channel, r));
  }
  Answer check_channel_window_change_request(Connection c, Shown channel, channel::WindowChange r) override {
    return answer("check_channel_window_change_request",
                  std::to_string(r.width_characters) + "x" + std::to_string(r.height_rows) + " " +
                      std::to_string(r.width_pixels) + "x" + std::to_string(r.height_pixels),
                  SSHServer::check_channel_window_change_request(c, channel, r));
  }
  Answer check_channel_x11_request(Connection c, Shown channel, channel::X11Request r) override {
    return answer("check_channel_x11_request",
                  std::string(r.single_connection ? "single " : "many ") + std::string(r.authentication_protocol) +
                      " " + std::string(r.authentication_cookie) + " " + std::to_string(r.screen_number),
                  SSHServer::check_channel_x11_request(c, channel, r));
  }
  Answer check_channel_env_request(Connection c, Shown channel, std::string name, std::string value) override {
    return answer("check_channel_env_request", name + "=" + value,
                  SSHServer::check_channel_env_request(c, channel, name, value));
  }
  Answer check_channel_agent_request(Connection c, Shown channel) override {
    return answer("check_channel_agent_request", "", SSHServer::check_channel_agent_request(c, channel));
  }
  Answer check_channel_signal_request(Connection c, Shown channel, std::string name) override {
    return answer("check_channel_signal_request", name, SSHServer::check_channel_signal_request(c, channel, name));
  }
  Answer check_channel_break_request(Connection c, Shown channel, std::uint32_t length) override {
    return answer("check_channel_break_request", std::to_string(length),
                  SSHServer::check_channel_break_request(c, channel, length));
  }
  Answer check_port_forward_request(Connection c, std::string address, std::uint32_t port) override {
    return answer("check_port_forward_request", address + " " + std::to_string(port),
                  SSHServer::check_port_forward_request(c, address, port));
  }
  Answer check_port_forward_public_request(Connection c, std::string address, std::uint32_t port) override {
    return answer("check_port_forward_public_request", address + " " + std::to_string(port),
                  SSHServer::check_port_forward_public_request(c, address, port));
  }
  Answer check_port_forward_cancel_request(Connection c, std::string address, std::uint32_t port) override {
    return answer("check_port_forward_cancel_request", address,
                  SSHServer::check_port_forward_cancel_request(c, address, port));
  }
  Answer check_streamlocal_forward_request(Connection c, std::string path) override {
    return answer("check_streamlocal_forward_request", path, SSHServer::check_streamlocal_forward_request(c, path));
  }
  Answer check_streamlocal_forward_cancel_request(Connection c, std::string path) override {
    return answer("check_streamlocal_forward_cancel_request", path,
                  SSHServer::check_streamlocal_forward_cancel_request(c, path));
  }
  Answer check_global_request(Connection c, std::string type, Payload specific) override {
    return answer("check_global_request", type + " " + std::string(as_text(specific.bytes())),
                  SSHServer::check_global_request(c, type, specific));
  }
  // Runs until the end of its input.
  server::Awaitable<std::uint32_t> handle_shell(Connection, std::shared_ptr<server::Process> process) override {
    while (true) {
      const Result<Payload> piece = co_await process->read();
      if (!piece || piece->empty()) co_return 0;
    }
  }
  void on_channel_opened(Connection c, Shown channel) override {
    note("on_channel_opened " + c.user() + (channel.open() ? " open" : " closed"));
    if (modes["on_channel_opened"] == HookMode::throws) throw std::runtime_error("broken");
  }
  void on_channel_closed(Connection c, Shown channel) override {
    note("on_channel_closed " + c.user() + (channel.open() ? " open" : " closed"));
    if (modes["on_channel_closed"] == HookMode::throws) throw std::runtime_error("broken");
  }

 private:
  Answer answer(std::string hook, std::string arguments, Answer by_default) {
    note(arguments.empty() ? hook : hook + " " + arguments);
    const auto set = modes.find(hook);
    const HookMode mode = set == modes.end() ? HookMode::base : set->second;
    if (mode == HookMode::throws) throw std::runtime_error("broken");
    if (mode != HookMode::base) co_return mode == HookMode::allow;
    const bool result = co_await std::move(by_default);
    co_return result;
  }
};

struct HookFixture : ServerFixture {
  std::shared_ptr<HookServer> hooks = std::make_shared<HookServer>();
  HookFixture() { server = hooks; }
};

// The body of a request.
template <class Body>
ByteVector body(const Body& fields) {
  return wire::encode(fields);
}

}  // namespace hawser::test
