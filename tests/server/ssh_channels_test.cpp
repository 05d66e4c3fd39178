// Channels and global requests as an SSHServer decides them (contract: hooks of channels and global requests).
#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>
#include <atomic>

#include "hawser/server/local_file_system.h"
#include "hawser/sftp/messages.h"
#include "hook_server.h"

namespace hawser::test {

namespace {

net::Awaitable<std::uint32_t> say_and_exit(std::shared_ptr<server::Process> process, std::string command) {
  const std::string said = "ran " + command;
  const Result<void> written = co_await process->write(said);
  co_return written ? 7 : 1;
}

}  // namespace

TEST_CASE_FIXTURE(ServerFixture,
                  "[hook check_channel_request] ssh server: an unknown channel type is 3, one that is known but "
                  "refused is 1 (RFC 4254 §5.1)") {
  TestClient client(start());
  REQUIRE(client.login());
  CHECK_FALSE(client.open("what@example.com"));
  CHECK(client.connection->open_failure() == "unknown channel type");
  CHECK_FALSE(client.open("direct-tcpip",
                          body(channel::DirectTcpipOpen{.host_to_connect = "localhost", .originator_address = {}})));
  CHECK(client.connection->open_failure() == "administratively prohibited");
  CHECK(client.open());
}

TEST_CASE_FIXTURE(
    ServerFixture,
    "[hook check_channel_request] ssh server: check_channel_request decides, and an exception from it is a refusal") {
  SUBCASE("refused") { server->channel_results["session"] = ChannelOpenResult::resource_shortage; }
  SUBCASE("thrown") { server->throwing = "check_channel_request"; }
  TestClient client(start());
  REQUIRE(client.login());
  CHECK_FALSE(client.open());
  CHECK(client.connection->open_failure() ==
        (server->throwing.empty() ? "resource shortage" : "administratively prohibited"));
  CHECK_FALSE(server->called("channel opened"));
}

TEST_CASE_FIXTURE(ServerFixture, "ssh server: by default a session may have a terminal and run nothing") {
  TestClient client(start());
  REQUIRE(client.login());
  const auto opened = client.open();
  REQUIRE(opened);
  net::Channel& session = **opened;
  CHECK(client.ask(session, "pty-req", body(channel::PtyRequest{.term = "xterm", .modes = {}})));
  CHECK(client.ask(session, "window-change", body(channel::WindowChange{})));
  CHECK_FALSE(client.ask(session, "env", body(channel::EnvRequest{.variable_name = "A", .variable_value = "b"})));
  CHECK_FALSE(client.ask(session, "x11-req", body(channel::X11Request{})));
  CHECK_FALSE(client.ask(session, "shell"));
  CHECK_FALSE(client.ask(session, "exec", body(channel::ExecRequest{.command = "ls"})));
  CHECK_FALSE(client.ask(session, "subsystem", body(channel::SubsystemRequest{.subsystem_name = "sftp"})));
  CHECK_FALSE(client.ask(session, "what@example.com"));
  CHECK_FALSE(client.ask(session, "pty-req"));  // malformed
  CHECK(session.open());
}

TEST_CASE_FIXTURE(ServerFixture,
                  "ssh server: an accepted exec is answered before its first byte, and ends with its status") {
  server->accept_programs = true;
  server->program = say_and_exit;
  TestClient client(start());
  REQUIRE(client.login());
  const auto opened = client.open();
  REQUIRE(opened);
  net::Channel& session = **opened;
  CHECK(client.ask(session, "exec", body(channel::ExecRequest{.command = "it"})));
  CHECK(client.read_all(session) == "ran it");
  client.wait_closed(session);
  CHECK(session.exit_status() == 7u);
  CHECK(server->called("authorized user"));
  CHECK(eventually([&] { return server->called("channel closed"); }));
}

TEST_CASE_FIXTURE(ServerFixture, "ssh server: a channel runs one program only (RFC 4254 §6.5)") {
  server->accept_programs = true;
  server->program = [](std::shared_ptr<server::Process> process, std::string) -> net::Awaitable<std::uint32_t> {
    const Result<Payload> until_eof = co_await process->read();
    co_return until_eof ? 0 : 1;
  };
  TestClient client(start());
  REQUIRE(client.login());
  const auto opened = client.open();
  REQUIRE(opened);
  CHECK(client.ask(**opened, "exec", body(channel::ExecRequest{.command = "first"})));
  CHECK_FALSE(client.ask(**opened, "exec", body(channel::ExecRequest{.command = "second"})));
  CHECK_FALSE(server->called("exec second"));
  (*opened)->send_eof();
  client.wait_closed(**opened);
}

TEST_CASE_FIXTURE(ServerFixture, "ssh server: an exception from a program closes its channel, not the connection") {
  server->accept_programs = true;
  server->program = [](std::shared_ptr<server::Process>, std::string) -> net::Awaitable<std::uint32_t> {
    throw std::runtime_error("a program that fails");
    co_return 0;
  };
  TestClient client(start());
  REQUIRE(client.login());
  const auto opened = client.open();
  REQUIRE(opened);
  CHECK(client.ask(**opened, "exec", body(channel::ExecRequest{.command = "x"})));
  client.wait_closed(**opened);
  CHECK(client.open());
  CHECK(log->errors().size() == 1);
}

TEST_CASE_FIXTURE(
    ServerFixture,
    "[defect 6] ssh server: the sftp subsystem serves the file system and ends with exit-status 0, EOF, CLOSE") {
  const auto files = server::LocalFileSystem::open("/");
  REQUIRE(files);
  server->files = *files;
  TestClient client(start());
  REQUIRE(client.login());
  const auto opened = client.open();
  REQUIRE(opened);
  net::Channel& session = **opened;
  CHECK(client.ask(session, "subsystem", body(channel::SubsystemRequest{.subsystem_name = "sftp"})));
  ByteVector init;
  wire::append_string(init, wire::encode(sftp::Init{}));
  CHECK(client.wait(session.write(init)));
  session.send_eof();
  const std::string reply = client.read_all(session);
  REQUIRE(reply.size() > 9);
  CHECK(reply[4] == sftp::Version::number);
  client.wait_closed(session);
  CHECK(session.exit_status() == 0u);
}

TEST_CASE_FIXTURE(ServerFixture, "ssh server: a subsystem that is not sftp is refused even with a file system") {
  const auto files = server::LocalFileSystem::open("/");
  REQUIRE(files);
  server->files = *files;
  TestClient client(start());
  REQUIRE(client.login());
  const auto opened = client.open();
  REQUIRE(opened);
  CHECK_FALSE(client.ask(**opened, "subsystem", body(channel::SubsystemRequest{.subsystem_name = "netconf"})));
}

TEST_CASE_FIXTURE(ServerFixture, "ssh server: global requests go to their hook, unknown ones fail") {
  TestClient client(start());
  REQUIRE(client.login());
  CHECK(client.ask_global("yes@example.com"));
  CHECK_FALSE(client.ask_global("what@example.com"));
  CHECK(server->called("global what@example.com"));
}

TEST_CASE_FIXTURE(ServerFixture, "ssh server: after no-more-sessions no session is opened (OpenSSH PROTOCOL §2.2)") {
  TestClient client(start());
  REQUIRE(client.login());
  CHECK(client.open());
  CHECK(client.ask_global("no-more-sessions@openssh.com"));
  CHECK_FALSE(client.open());
}

namespace {

// Its answer to exec comes when the connection has ended.
class LateServer : public ScriptedServer {
 public:
  server::Awaitable<bool> check_channel_exec_request(ServerConnection& connection, const net::Channel& channel,
                                                     std::string command) override {
    note("exec " + command);
    const asio::any_io_executor strand = channel.executor();
    connection.close();
    while (!connection.connection().over()) co_await asio::post(strand, asio::use_awaitable);
    co_return true;
  }
};

}  // namespace

TEST_CASE_FIXTURE(ServerFixture, "ssh server: when the connection has ended no hook is asked and no program starts") {
  const auto late = std::make_shared<LateServer>();
  std::atomic<int> started{0};
  late->program = [&started](std::shared_ptr<server::Process>, std::string) -> server::Awaitable<std::uint32_t> {
    ++started;
    co_return 0;
  };
  server = late;
  {
    TestClient client(start());
    REQUIRE(client.login());
    const auto channel = client.open();
    REQUIRE(channel);
    for (const char* command : {"one", "two"}) {
      ByteVector body;
      wire::append_string(body, as_bytes(command));
      (*channel)->request_without_reply("exec", body);
    }
    static_cast<void>(client.wait_end());
  }
  CHECK(eventually([&] { return late->called("channel closed"); }));
  CHECK(late->called("exec one"));
  CHECK_FALSE(late->called("exec two"));
  CHECK(started == 0);
}

}  // namespace hawser::test
