// Every hook of the connection protocol: called at its moment with what the client sent; its default; an override that
// allows and one that denies; an exception, which denies and is logged (contract: hooks of channels and global
// requests).
#include "hook_server.h"
#include "support/temporary_directory.h"

namespace hawser::test {

namespace {

// What a client does to have the hook asked; true: it was granted.
using Action = std::function<bool(TestClient&)>;

struct HookRow {
  std::string hook;
  std::string call;         // as HookServer notes it
  bool by_default = false;  // the base class's answer
  bool allowed = true;      // what the client sees where the hook allows
};

void check_hook(const HookRow& row, const std::vector<std::string>& allow_besides, const Action& action) {
  struct Case {
    const char* name;
    HookMode mode;
    bool granted;
  };
  const Case cases[] = {{"default", HookMode::base, row.by_default},
                        {"allows", HookMode::allow, row.allowed},
                        {"denies", HookMode::deny, false},
                        {"throws", HookMode::throws, false}};
  for (const Case& one : cases) {
    CAPTURE(one.name);
    HookFixture fixture;
    for (const std::string& other : allow_besides) fixture.hooks->modes[other] = HookMode::allow;
    fixture.hooks->modes[row.hook] = one.mode;
    TestClient client(fixture.start());
    REQUIRE(client.login());
    CHECK(action(client) == one.granted);
    CHECK(fixture.server->called(row.call));  // before the answer has come
    const std::vector<std::string> errors = fixture.log->errors();
    REQUIRE(errors.size() == (one.mode == HookMode::throws ? 1U : 0U));
    if (!errors.empty()) CHECK(errors[0].find("exception in " + row.hook + ": broken") != std::string::npos);
    CHECK(client.open());  // the connection goes on
  }
}

// A request on a session channel.
Action request(std::string type, ByteVector specific = {}) {
  return [=](TestClient& client) {
    const auto session = client.open();
    REQUIRE(session);
    return client.ask(**session, type, specific);
  };
}

// The same while a program runs that waits for the end of its input.
Action request_while_running(std::string type, ByteVector specific) {
  return [=](TestClient& client) {
    const auto session = client.open();
    REQUIRE(session);
    REQUIRE(client.ask(**session, "shell"));
    return client.ask(**session, type, specific);
  };
}

Action open_channel(std::string type, ByteVector specific) {
  return [=](TestClient& client) { return client.open(type, specific).has_value(); };
}

Action global_request(std::string type, ByteVector specific) {
  return [=](TestClient& client) { return client.ask_global(type, specific); };
}

}  // namespace

TEST_CASE("[hook is_channel_authorized] asked before exec, shell and subsystem, default yes") {
  // Then the program's own hook decides.
  for (const char* program : {"shell", "exec", "subsystem"}) {
    CAPTURE(program);
    const ByteVector specific =
        std::string_view(program) == "shell" ? ByteVector() : body(channel::ExecRequest{.command = "x"});
    check_hook({"is_channel_authorized", "is_channel_authorized user", true},
               {std::string("check_channel_") + program + "_request"}, request(program, specific));
  }
}

TEST_CASE("[hook check_channel_exec_request] default no, the command is bytes (RFC 4254 §6.5)") {
  const std::string command("caf\xe9 \0 \xff", 8);
  check_hook({"check_channel_exec_request", "check_channel_exec_request " + command}, {},
             request("exec", body(channel::ExecRequest{.command = command})));
}

TEST_CASE("[hook check_channel_shell_request] default no (RFC 4254 §6.5)") {
  check_hook({"check_channel_shell_request", "check_channel_shell_request"}, {}, request("shell"));
}

TEST_CASE("[hook check_channel_subsystem_request] default no without a file system (RFC 4254 §6.5)") {
  check_hook({"check_channel_subsystem_request", "check_channel_subsystem_request netconf"}, {},
             request("subsystem", body(channel::SubsystemRequest{.subsystem_name = "netconf"})));
}

TEST_CASE("[hook check_channel_pty_request] default yes (RFC 4254 §6.2)") {
  const ByteVector modes = channel::encode_pty_modes({{channel::PtyOpcode::echo, 1}, {channel::PtyOpcode::vintr, 3}});
  check_hook({"check_channel_pty_request", "check_channel_pty_request xterm 80x24 640x480 2", true}, {},
             request("pty-req", body(channel::PtyRequest{"xterm", 80, 24, 640, 480, modes})));
}

TEST_CASE("[hook check_channel_window_change_request] default yes (RFC 4254 §6.7)") {
  check_hook({"check_channel_window_change_request", "check_channel_window_change_request 100x50 1000x500", true}, {},
             request("window-change", body(channel::WindowChange{100, 50, 1000, 500})));
}

TEST_CASE("[hook check_channel_x11_request] default no (RFC 4254 §6.3.1)") {
  check_hook({"check_channel_x11_request", "check_channel_x11_request single MIT-MAGIC-COOKIE-1 0a0b 2"}, {},
             request("x11-req", body(channel::X11Request{true, "MIT-MAGIC-COOKIE-1", "0a0b", 2})));
}

TEST_CASE("[hook check_channel_env_request] default no (RFC 4254 §6.4)") {
  check_hook({"check_channel_env_request", "check_channel_env_request LANG=C"}, {},
             request("env", body(channel::EnvRequest{"LANG", "C"})));
}

TEST_CASE("[hook check_channel_agent_request] default no (OpenSSH PROTOCOL.agent §2)") {
  check_hook({"check_channel_agent_request", "check_channel_agent_request"}, {}, request("auth-agent-req@openssh.com"));
}

TEST_CASE("[hook check_channel_signal_request] default yes, for a program that runs (RFC 4254 §6.9)") {
  check_hook({"check_channel_signal_request", "check_channel_signal_request TERM", true},
             {"check_channel_shell_request"},
             request_while_running("signal", body(channel::Signal{.signal_name = "TERM"})));
}

TEST_CASE("[hook check_channel_break_request] default no (RFC 4335 §3)") {
  check_hook({"check_channel_break_request", "check_channel_break_request 500"}, {"check_channel_shell_request"},
             request_while_running("break", body(channel::Break{500})));
}

TEST_CASE("[hook check_direct_tcpip_request] default no (RFC 4254 §7.2)") {
  // Allowed, it is tried: nobody listens on port 0.
  check_hook({"check_direct_tcpip_request", "check_direct_tcpip_request localhost 0", false, false}, {},
             open_channel("direct-tcpip", body(channel::DirectTcpipOpen{"localhost", 0, "127.0.0.1", 4000})));
}

TEST_CASE(
    "[CVE-2016-10010, CVE-2025-14282, hook check_direct_streamlocal_request] default no (OpenSSH PROTOCOL §2.4)") {
  check_hook({"check_direct_streamlocal_request", "check_direct_streamlocal_request /missing", false, false}, {},
             open_channel("direct-streamlocal@openssh.com", body(channel::DirectStreamlocalOpen{"/missing", {}, 0})));
}

TEST_CASE("[hook check_port_forward_request] default no (RFC 4254 §7.1)") {
  check_hook({"check_port_forward_request", "check_port_forward_request 127.0.0.1 0"}, {},
             global_request("tcpip-forward", body(channel::TcpipForward{"127.0.0.1", 0})));
}

TEST_CASE(
    "[public-forwarding, hook check_port_forward_public_request] asked for an address that others can reach, default "
    "no") {
  check_hook({"check_port_forward_public_request", "check_port_forward_public_request 0.0.0.0 0"},
             {"check_port_forward_request"},
             global_request("tcpip-forward", body(channel::TcpipForward{"0.0.0.0", 0})));
}

TEST_CASE("[hook check_port_forward_cancel_request] default yes, for a forwarding that there is (RFC 4254 §7.1)") {
  check_hook({"check_port_forward_cancel_request", "check_port_forward_cancel_request localhost", true},
             {"check_port_forward_request"}, [](TestClient& client) {
               const auto reply = client.global("tcpip-forward", body(channel::TcpipForward{"localhost", 0}));
               REQUIRE(reply);
               const std::uint32_t port = wire::decode<channel::TcpipForwardReply>(*reply)->bound_port;
               return client.ask_global("cancel-tcpip-forward", body(channel::CancelTcpipForward{"localhost", port}));
             });
}

TEST_CASE(
    "[CVE-2016-10010, hook check_streamlocal_forward_request, hook check_streamlocal_forward_cancel_request] default "
    "no and yes") {
  const TemporaryDirectory folder;
  const std::string path = folder.path() + "/socket";
  check_hook({"check_streamlocal_forward_request", "check_streamlocal_forward_request " + path}, {},
             global_request("streamlocal-forward@openssh.com", body(channel::StreamlocalForward{path})));
  check_hook({"check_streamlocal_forward_cancel_request", "check_streamlocal_forward_cancel_request " + path, true},
             {"check_streamlocal_forward_request"}, [&](TestClient& client) {
               REQUIRE(client.ask_global("streamlocal-forward@openssh.com", body(channel::StreamlocalForward{path})));
               return client.ask_global("cancel-streamlocal-forward@openssh.com",
                                        body(channel::CancelStreamlocalForward{path}));
             });
}

TEST_CASE("[hook check_global_request] every kind that the library does not know, default no (RFC 4254 §4)") {
  check_hook({"check_global_request", "check_global_request ask@example.com text"}, {},
             global_request("ask@example.com", to_vector(as_bytes("text"))));
}

TEST_CASE_FIXTURE(HookFixture, "[hook on_channel_opened] after CHANNEL_OPEN_CONFIRMATION, not for a refused channel") {
  SUBCASE("told") {}
  SUBCASE("an exception is logged, and the channel is open") { hooks->modes["on_channel_opened"] = HookMode::throws; }
  const bool throws = hooks->modes["on_channel_opened"] == HookMode::throws;
  TestClient client(start());
  REQUIRE(client.login());
  CHECK_FALSE(client.open("what@example.com"));
  CHECK_FALSE(hooks->called("on_channel_opened user open"));
  const auto session = client.open();
  REQUIRE(session);
  CHECK(client.ask(**session, "pty-req", body(channel::PtyRequest{.term = "vt100", .modes = {}})));
  CHECK(hooks->called("on_channel_opened user open"));
  CHECK(log->errors().size() == (throws ? 1U : 0U));
}

TEST_CASE_FIXTURE(HookFixture, "[hook on_channel_closed] once both sides have closed, or the connection has ended") {
  SUBCASE("by the client") {}
  SUBCASE("an exception is logged, and the connection goes on") {
    hooks->modes["on_channel_closed"] = HookMode::throws;
  }
  SUBCASE("by its connection") {
    {
      TestClient client(start());
      REQUIRE(client.login());
      REQUIRE(client.open());
      CHECK_FALSE(hooks->called("on_channel_closed user closed"));
    }
    CHECK(eventually([&] { return hooks->called("on_channel_closed user closed"); }));
    return;
  }
  const bool throws = hooks->modes["on_channel_closed"] == HookMode::throws;
  TestClient client(start());
  REQUIRE(client.login());
  const auto session = client.open();
  REQUIRE(session);
  CHECK_FALSE(hooks->called("on_channel_closed user closed"));
  (*session)->close();
  client.wait_closed(**session);
  CHECK(eventually([&] { return hooks->called("on_channel_closed user closed"); }));
  CHECK(eventually([&] { return log->errors().size() == (throws ? 1U : 0U); }));  // a moment after the call
  CHECK(client.open());
}

}  // namespace hawser::test
