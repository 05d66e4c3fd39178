// Programs on session channels: what a handler's Process gives, and what the client sees of it (RFC 4254 §6).
#include <future>

#include "process_fixture.h"

namespace hawser::test {

namespace {

net::Awaitable<Result<void>> say(ProcessPointer process, std::string text) {
  Result<void> written = co_await process->write(text);
  co_return written;
}

// Says every event, to the last one or a signal TERM.
Status tell_events(ProcessPointer process, std::string) {
  Result<void> said = co_await process->write("ready ");
  while (said) {
    const Result<server::ProcessEvent> event = co_await process->next_event();
    if (!event) co_return event.error().code() == Errc::end_of_file ? 0 : 1;
    std::string line;
    if (const auto* window = std::get_if<server::WindowChanged>(&*event)) {
      line = "window " + std::to_string(window->size.columns) + "x" + std::to_string(window->size.rows) + " ";
    } else if (const auto* signal = std::get_if<server::SignalReceived>(&*event)) {
      if (signal->name == "TERM") co_return 0;
      line = "signal " + signal->name + " ";
    } else {
      line = "break " + std::to_string(std::get<server::BreakReceived>(*event).length.count()) + " ";
    }
    net::Awaitable<Result<void>> saying = say(process, line);
    said = co_await std::move(saying);
  }
  co_return 1;
}

Status tell_settings(ProcessPointer process, std::string) {
  std::string all;
  for (const auto& [name, value] : process->environment()) all += name + "=" + value + " ";
  if (const auto& terminal = process->terminal()) {
    all += terminal->term + " " + std::to_string(terminal->size.columns) + "x" + std::to_string(terminal->size.rows);
    for (const channel::PtyMode& mode : terminal->modes) {
      all += " " + std::to_string(static_cast<int>(mode.opcode)) + "=" + std::to_string(mode.value);
    }
  }
  if (process->x11()) all += " x11 " + process->x11()->authentication_protocol;
  if (process->agent_forwarding()) all += " agent";
  const Result<void> written = co_await process->write(all);
  co_return written ? 0 : 1;
}

}  // namespace

TEST_CASE_FIXTURE(ProcessFixture,
                  "process: standard input to its end, both outputs, exit status (RFC 4254 §6.5, §6.10)") {
  hooks->program = upper;
  begin();
  REQUIRE(exec());
  const std::string sent(100000, 'a');
  CHECK(client->wait(session->write(as_bytes(sent))));
  session->send_eof();
  CHECK((output() == std::string(100000, 'A')));
  const Result<Payload> error = client->wait(session->receive_stderr());
  REQUIRE(error);
  CHECK(as_text(error->bytes()) == "done\n");
  CHECK(session->exit_status() == 3U);
  CHECK_FALSE(session->exit_signal());
}

TEST_CASE_FIXTURE(ProcessFixture, "process: a program that a signal ended says which (RFC 4254 §6.10)") {
  hooks->program = [](ProcessPointer process, std::string) -> Status {
    const Result<void> written = co_await process->write("last words");
    process->exit(server::ExitSignal{"SEGV", true, "out\nof memory"});
    co_return written ? 0 : 1;  // too late to count
  };
  begin();
  REQUIRE(exec());
  CHECK(output() == "last words");
  REQUIRE(session->exit_signal());
  CHECK(session->exit_signal()->name == "SEGV");
  CHECK(session->exit_signal()->core_dumped);
  CHECK(session->exit_signal()->message == "out\\x0aof memory");  // safe to print
  CHECK_FALSE(session->exit_status());
}

TEST_CASE_FIXTURE(ProcessFixture,
                  "process: environment, terminal, X11 and agent are what the hooks accepted, in order") {
  hooks->program = tell_settings;
  begin();
  CHECK(ask("env", body(channel::EnvRequest{"B", "2"})));
  CHECK(ask("env", body(channel::EnvRequest{"A", "x=y"})));
  const ByteVector modes = channel::encode_pty_modes({{channel::PtyOpcode::echo, 0}, {channel::PtyOpcode::vintr, 3}});
  CHECK(ask("pty-req", body(channel::PtyRequest{"xterm-256color", 80, 24, 0, 0, modes})));
  CHECK(ask("window-change", body(channel::WindowChange{132, 43, 0, 0})));  // before the program: its first size
  CHECK(ask("x11-req", body(channel::X11Request{false, "MIT-MAGIC-COOKIE-1", "00", 0})));
  CHECK(ask("auth-agent-req@openssh.com"));
  REQUIRE(exec());
  CHECK(output() == "B=2 A=x=y xterm-256color 132x43 53=0 1=3 x11 MIT-MAGIC-COOKIE-1 agent");
  CHECK(session->exit_status() == 0U);
}

TEST_CASE_FIXTURE(ProcessFixture,
                  "process: what an environment cannot hold, a second terminal and bad modes are refused, unasked") {
  begin();
  CHECK_FALSE(ask("env", body(channel::EnvRequest{"", "empty"})));
  CHECK_FALSE(ask("env", body(channel::EnvRequest{"A=B", "x"})));
  CHECK_FALSE(ask("env", body(channel::EnvRequest{std::string_view("A\0B", 3), "x"})));
  CHECK_FALSE(ask("env", body(channel::EnvRequest{"A", std::string_view("x\0y", 3)})));
  CHECK_FALSE(ask("pty-req", body(channel::PtyRequest{"vt100", 80, 24, 0, 0, as_bytes("\x01\x00")})));
  const std::vector<std::string> calls = hooks->calls();
  for (const std::string& call : calls) CHECK_FALSE(call.starts_with("check_channel_env"));
  CHECK(ask("pty-req", body(channel::PtyRequest{.term = "vt100", .modes = {}})));
  CHECK_FALSE(ask("pty-req", body(channel::PtyRequest{.term = "vt220", .modes = {}})));
}

TEST_CASE_FIXTURE(ProcessFixture, "process: the environment is bounded in count and in bytes") {
  hooks->program = tell_settings;
  SUBCASE("count") {
    options.connection_protocol.environment_variables = 2;
    begin();
    CHECK(ask("env", body(channel::EnvRequest{"A", "1"})));
    CHECK(ask("env", body(channel::EnvRequest{"B", "2"})));
    CHECK_FALSE(ask("env", body(channel::EnvRequest{"C", "3"})));
    REQUIRE(exec());
    CHECK(output() == "A=1 B=2 ");
  }
  SUBCASE("bytes") {
    options.connection_protocol.environment_bytes = 10;
    begin();
    CHECK(ask("env", body(channel::EnvRequest{"A", "12345"})));
    CHECK_FALSE(ask("env", body(channel::EnvRequest{"B", "1234"})));
    CHECK(ask("env", body(channel::EnvRequest{"C", "123"})));
    CHECK_FALSE(ask("env", body(channel::EnvRequest{"D", ""})));
    REQUIRE(exec());
    CHECK(output() == "A=12345 C=123 ");
  }
}

TEST_CASE_FIXTURE(ProcessFixture, "process: window changes, signals and breaks reach the program that runs") {
  hooks->program = tell_events;
  begin();
  CHECK_FALSE(ask("signal", body(channel::Signal{.signal_name = "HUP"})));  // nothing runs yet
  REQUIRE(exec());
  CHECK(ask("window-change", body(channel::WindowChange{100, 30, 0, 0})));
  CHECK(ask("signal", body(channel::Signal{.signal_name = "USR1"})));
  CHECK(ask("break", body(channel::Break{500})));
  CHECK_FALSE(ask("signal", body(channel::Signal{.signal_name = std::string(65, 'x')})));
  CHECK_FALSE(ask("signal", body(channel::Signal{.signal_name = ""})));
  CHECK_FALSE(ask("env", body(channel::EnvRequest{"A", "too late"})));
  CHECK_FALSE(ask("pty-req", body(channel::PtyRequest{.term = "too late", .modes = {}})));
  CHECK(ask("signal", body(channel::Signal{.signal_name = "TERM"})));
  CHECK(output() == "ready window 100x30 signal USR1 break 500 ");
  CHECK(session->exit_status() == 0U);
}

TEST_CASE_FIXTURE(ProcessFixture, "process: events that wait are told once, whatever a client piles up") {
  // Reads its input to the end before it looks at events.
  hooks->program = [](ProcessPointer process, std::string command) -> Status {
    const Result<Payload> end = co_await process->read();
    if (!end || !end->empty()) co_return 1;
    net::Awaitable<std::uint32_t> telling = tell_events(process, command);
    const std::uint32_t status = co_await std::move(telling);
    co_return status;
  };
  begin();
  REQUIRE(exec());
  for (int i = 0; i != 1000; ++i) {
    CHECK(ask("signal", body(channel::Signal{.signal_name = i % 2 == 0 ? "INT" : "HUP"})));
    CHECK(ask("window-change", body(channel::WindowChange{static_cast<std::uint32_t>(i), 1, 0, 0})));
  }
  for (int i = 0; i != 100; ++i) {
    CHECK(ask("signal", body(channel::Signal{.signal_name = "x" + std::to_string(i) + "@example.com"})));
  }
  session->send_eof();
  std::string expected = "ready signal INT window 999x1 signal HUP ";
  for (int i = 0; i != 29; ++i) expected += "signal x" + std::to_string(i) + "@example.com ";
  const auto enough = [&]() -> std::string {
    std::string all;
    while (all.size() < expected.size()) {
      const Result<Payload> piece = client->wait(session->receive());
      REQUIRE(piece);
      REQUIRE_FALSE(piece->empty());
      all += as_text(piece->bytes());
    }
    return all;
  };
  CHECK(enough() == expected);
}

TEST_CASE_FIXTURE(ProcessFixture,
                  "process: a program that writes more than is read waits, and holds no more than window and queue") {
  auto written = std::make_shared<std::atomic<std::size_t>>(0);
  hooks->program = [written](ProcessPointer process, std::string) -> Status {
    const ByteVector piece(10000);
    for (int i = 0; i != 1000; ++i) {
      const Result<void> said = co_await process->write(piece);
      if (!said) co_return 1;
      *written += piece.size();
    }
    co_return 0;
  };
  begin();
  REQUIRE(exec());
  // The client reads nothing: it takes its window of 2 MiB, the server queues 1 MiB and one piece.
  constexpr std::size_t most = (2 + 1) * 1024 * 1024 + 20000;
  CHECK(eventually([&] {
    settle(client->io);
    return *written > 2 * 1024 * 1024;
  }));
  CHECK(client->ask_global("keepalive@openssh.com"));  // the connection goes on meanwhile
  CHECK(*written <= most);
  CHECK(output().size() == 10'000'000);
  CHECK(session->exit_status() == 0U);
}

TEST_CASE_FIXTURE(ProcessFixture,
                  "process: after eow@openssh.com writing fails, reading goes on (OpenSSH PROTOCOL §2.1)") {
  auto failed_with = std::make_shared<std::promise<Errc>>();
  hooks->program = [failed_with](ProcessPointer process, std::string) -> Status {
    const ByteVector piece(1000);
    Result<void> said;
    while (said) {
      said = co_await process->write(piece);
      const Result<Payload> input = co_await process->read();  // one piece per piece, so that neither runs away
      if (!input || input->empty()) break;
    }
    failed_with->set_value(said.error().code());
    co_return 0;
  };
  begin();
  REQUIRE(exec());
  CHECK(client->wait(session->write(as_bytes("x"))));
  tell("eow@openssh.com", {});
  for (int i = 0; i != 3; ++i) {
    const Result<void> sent = client->wait(session->write(as_bytes("x")));
    if (!sent) break;
    CHECK(client->ask_global("keepalive@openssh.com"));
  }
  output();
  CHECK(failed_with->get_future().get() == Errc::closed);
  CHECK(session->exit_status() == 0U);
}

TEST_CASE_FIXTURE(ProcessFixture,
                  "process: flow control is the client's to handle once the program says so (RFC 4254 §6.8)") {
  hooks->program = [](ProcessPointer process, std::string) -> Status {
    process->set_flow_control(true);
    co_return 0;
  };
  begin();
  CHECK_FALSE(session->flow_control());
  REQUIRE(exec());
  output();
  CHECK(session->flow_control());
}

TEST_CASE_FIXTURE(ProcessFixture, "process: when the connection ends every call of the program fails, and it can end") {
  auto ended = std::make_shared<std::promise<std::string>>();
  hooks->program = [ended](ProcessPointer process, std::string) -> Status {
    const Result<Payload> input = co_await process->read();
    const Result<void> written = co_await process->write("nobody reads this");
    const Result<server::ProcessEvent> event = co_await process->next_event();
    process->exit(0);
    ended->set_value(std::string(input ? "read " : "") + (written ? "written " : "") + (event ? "event" : ""));
    co_return 0;
  };
  begin();
  REQUIRE(exec());
  session.reset();  // before its io_context, which is the client's
  client.reset();
  std::future<std::string> what_worked = ended->get_future();
  REQUIRE(what_worked.wait_for(std::chrono::seconds(20)) == std::future_status::ready);
  CHECK(what_worked.get().empty());
}

TEST_CASE_FIXTURE(ProcessFixture,
                  "process: programs of a connection are bounded, also where the client has closed their channels") {
  options.connection_protocol.programs = 2;
  auto let_go_on = std::make_shared<std::promise<std::function<void()>>>();
  hooks->modes["check_channel_shell_request"] = HookMode::allow;
  hooks->program = [let_go_on](ProcessPointer process, std::string) -> Status {
    const asio::any_io_executor strand = process->channel()->executor();
    const auto signal = std::make_shared<net::Signal>(strand);
    let_go_on->set_value([strand, signal] { asio::post(strand, [signal] { signal->notify(); }); });
    co_await signal->wait();  // whatever becomes of the channel
    co_return 0;
  };
  begin();
  REQUIRE(exec());
  session->close();
  client->wait_closed(*session);
  const auto start_another = [&] {
    const auto opened = client->open();
    REQUIRE(opened);
    return client->ask(**opened, "shell");  // runs to the end of its input
  };
  CHECK(start_another());
  CHECK_FALSE(start_another());
  let_go_on->get_future().get()();
  CHECK(eventually(start_another));
}

TEST_CASE_FIXTURE(ProcessFixture, "process: an accepted request without a handler ends with 127") {
  begin();
  REQUIRE(exec());
  CHECK(output().empty());
  CHECK(session->exit_status() == 127U);
}

}  // namespace hawser::test
