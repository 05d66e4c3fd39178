#include "hawser/client/remote_process.h"

#include <doctest/doctest.h>

#include "client/client_fixture.h"
#include "hawser/net/deadline.h"
#include "server/process_fixture.h"

using namespace hawser;
using namespace hawser::client;
using hawser::test::ClientRig;
using hawser::test::run;
using hawser::test::Status;
using ServerProcess = std::shared_ptr<server::Process>;

namespace {

// Grants all that a client may set up for its program.
struct GenerousServer : test::ScriptedServer {
  server::Awaitable<bool> check_channel_env_request(server::ServerConnection&, const net::Channel&, std::string,
                                                    std::string) override {
    co_return true;
  }
  server::Awaitable<bool> check_channel_break_request(server::ServerConnection&, const net::Channel&,
                                                      std::uint32_t) override {
    co_return true;
  }
};

// A server whose one program is this.
struct ProgramRig : ClientRig {
  explicit ProgramRig(std::function<Status(ServerProcess, std::string)> program)
      : ClientRig(test::test_options(), std::make_shared<GenerousServer>()) {
    server->accept_programs = true;
    server->program = std::move(program);
    client = login();
  }
  std::shared_ptr<RemoteProcess> start(ProcessOptions options = {}) {
    const auto process = run(io, client->exec("program", std::move(options)));
    REQUIRE(process);
    return *process;
  }
  std::string read_line(RemoteProcess& process) {
    const Result<Payload> piece = run(io, process.read());
    REQUIRE(piece);
    return std::string(as_text(piece->bytes()));
  }

  std::shared_ptr<Client> client;
};

ByteVector bytes_of(std::size_t count) { return ByteVector(count, 'x'); }

// Everything is written before anything is read: more than any window holds.
Status talk_first(ServerProcess process, std::string) {
  const ByteVector all = bytes_of(8 * 1024 * 1024);
  const Result<void> output = co_await process->write(all);
  const Result<void> errors = co_await process->write_error(all);
  co_return output&& errors ? 0 : 1;
}

// One line for each event, until the channel closes.
Status tell_events(ServerProcess process, std::string) {
  while (true) {
    const Result<server::ProcessEvent> event = co_await process->next_event();
    if (!event) co_return 0;
    std::string line;
    if (const auto* signal = std::get_if<server::SignalReceived>(&*event)) line = "signal " + signal->name;
    if (const auto* change = std::get_if<server::WindowChanged>(&*event)) {
      line = "columns " + std::to_string(change->size.columns);
    }
    if (const auto* pause = std::get_if<server::BreakReceived>(&*event)) {
      line = "break " + std::to_string(pause->length.count());
    }
    const Result<void> written = co_await process->write(line);
    if (!written) co_return 1;
  }
}

Status tell_settings(ServerProcess process, std::string command) {
  std::string text = command;
  for (const auto& [name, value] : process->environment()) text += " " + name + "=" + value;
  if (process->terminal()) text += " " + process->terminal()->term;
  const Result<void> written = co_await process->write(text);
  co_return written ? 0 : 1;
}

net::Awaitable<void> talk(std::shared_ptr<RemoteProcess> process) {
  (void)co_await communicate(std::move(process), bytes_of(10), 1000);
}

}  // namespace

TEST_CASE("remote process: input, output, errors and exit status") {
  ProgramRig rig(test::upper);
  const auto process = rig.start();
  CHECK(run(rig.io, process->write("abc")));
  CHECK(rig.read_line(*process) == "ABC");
  process->end_input();
  CHECK(rig.read_line(*process).empty());
  const Result<Payload> errors = run(rig.io, process->read_error());
  REQUIRE(errors);
  CHECK(as_text(errors->bytes()) == "done\n");
  const Result<ProcessEnd> end = run(rig.io, process->wait());
  REQUIRE(end);
  CHECK(end->status == 3u);
  CHECK_FALSE(end->success());
  CHECK(run(rig.io, process->write("more")).error().code() == Errc::end_of_file);
}

TEST_CASE("remote process: run gives input and takes all output at once, however much there is of both") {
  ProgramRig rig(test::upper);
  const Result<ProcessOutput> said = run(rig.io, rig.client->run("program", bytes_of(9'000'000)));
  REQUIRE(said);
  CHECK(said->output == ByteVector(9'000'000, 'X'));
  CHECK(as_text(said->errors) == "done\n");
  CHECK(said->end.status == 3u);
}

TEST_CASE("remote process: a program that says more than it may is ended, and the connection goes on") {
  ProgramRig rig(talk_first);
  constexpr std::size_t all = 16 * 1024 * 1024;
  CHECK(run(rig.io, rig.client->run("program", {}, all - 1)).error().code() == Errc::message_too_large);
  // The input that it does not read does no harm.
  const Result<ProcessOutput> said = run(rig.io, rig.client->run("program", bytes_of(100'000), all));
  REQUIRE(said);
  CHECK(said->output.size() + said->errors.size() == all);
}

TEST_CASE("remote process: signals, breaks and the size of the window reach the program") {
  ProgramRig rig(tell_events);
  ProcessOptions options;
  options.terminal = channel::Terminal{"vt100", {80, 24, 0, 0}, {}};
  const auto process = rig.start(std::move(options));
  process->send_signal("INT");
  CHECK(rig.read_line(*process) == "signal INT");
  process->resize({132, 50, 0, 0});
  CHECK(rig.read_line(*process) == "columns 132");
  const Result<bool> can = run(rig.io, process->send_break(std::chrono::milliseconds(500)));
  REQUIRE(can);
  CHECK(*can);
  CHECK(rig.read_line(*process) == "break 500");
}

TEST_CASE("remote process: environment and terminal are asked for before the program") {
  ProgramRig rig(tell_settings);
  ProcessOptions options;
  options.environment = {{"LANG", "C"}, {"LC_ALL", "C.UTF-8"}};
  options.terminal = channel::Terminal{"xterm", {80, 24, 0, 0}, {}};
  const auto process = rig.start(std::move(options));
  CHECK(rig.read_line(*process) == "program LANG=C LC_ALL=C.UTF-8 xterm");
}

TEST_CASE("remote process: a signal that ended the program is told") {
  ProgramRig rig([](ServerProcess process, std::string) -> Status {
    process->exit(net::ExitSignal{"KILL", true, "out of patience"});
    co_return 0;
  });
  const auto process = rig.start();
  const Result<ProcessEnd> end = run(rig.io, process->wait());
  REQUIRE(end);
  CHECK_FALSE(end->status);
  REQUIRE(end->signal);
  CHECK(end->signal->name == "KILL");
  CHECK(end->signal->core_dumped);
  CHECK(end->signal->message == "out of patience");
}

TEST_CASE("remote process: what the server refuses is an error of the call, not of the connection") {
  ClientRig rig;
  const auto client = rig.login();
  CHECK(run(rig.io, client->exec("rm")).error().code() == Errc::request_refused);
  CHECK(run(rig.io, client->shell()).error().code() == Errc::request_refused);
  ProcessOptions options;
  options.terminal = channel::Terminal{"xterm", {80, 24, 0, 0}, {}};
  CHECK(run(rig.io, client->exec("rm", std::move(options))).error().code() == Errc::request_refused);
  CHECK(client->alive());
}

TEST_CASE("remote process: a connection that breaks is an error, never an end") {
  ProgramRig rig(test::upper);
  const auto process = rig.start();
  rig.client->disconnect();
  CHECK(run(rig.io, process->wait()).error().code() == Errc::disconnected_by_us);
  CHECK(run(rig.io, process->read()).error().code() == Errc::disconnected_by_us);
  CHECK_FALSE(run(rig.io, process->write("x")));
}

TEST_CASE("remote process: a conversation that is cancelled closes the program's channel, the connection goes on") {
  ProgramRig rig(tell_events);
  const auto process = rig.start();
  const std::shared_ptr<net::Channel> channel = process->channel();
  net::Awaitable<bool> conversation = net::run_with_deadline(std::chrono::milliseconds(20), talk(process));
  CHECK_FALSE(run(rig.io, std::move(conversation)));
  run(rig.io, channel->wait_closed());
  CHECK(rig.client->alive());
}
