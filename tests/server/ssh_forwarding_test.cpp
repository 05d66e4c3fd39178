// Forwarding of TCP ports and Unix sockets through a server (RFC 4254 §7, OpenSSH PROTOCOL §2.4), with real sockets on
// both sides.
#include <sys/stat.h>

#include <fstream>

#include "hawser/net/spawn.h"
#include "hook_server.h"
#include "support/tcp_peer.h"
#include "support/temporary_directory.h"

namespace hawser::test {

namespace {

struct ForwardFixture : HookFixture {
  ForwardFixture() {
    for (const char* hook : {"check_direct_tcpip_request", "check_direct_streamlocal_request",
                             "check_port_forward_request", "check_streamlocal_forward_request"}) {
      hooks->modes[hook] = HookMode::allow;
    }
  }
  void begin() {
    client = std::make_unique<TestClient>(start());
    REQUIRE(client->login());
  }
  std::shared_ptr<net::Channel> open_direct(const std::string& host, std::uint32_t port) {
    const auto opened = client->open("direct-tcpip", body(channel::DirectTcpipOpen{host, port, "127.0.0.1", 1}));
    REQUIRE(opened);
    return *opened;
  }
  // Sends, ends its direction, reads to the end.
  std::string talk(net::Channel& channel, const std::string& text) {
    CHECK(client->wait(channel.write(as_bytes(text))));
    channel.send_eof();
    const std::string answer = client->read_all(channel);
    channel.close();
    client->wait_closed(channel);
    return answer;
  }
  std::uint16_t forward(const std::string& address, std::uint32_t port = 0) {
    const auto reply = client->global("tcpip-forward", body(channel::TcpipForward{address, port}));
    REQUIRE(reply);
    if (port != 0) {
      CHECK(reply->empty());  // RFC 4254 §7.1: the port only where it was left open
      return static_cast<std::uint16_t>(port);
    }
    const auto bound = wire::decode<channel::TcpipForwardReply>(*reply);
    REQUIRE(bound);
    REQUIRE(bound->bound_port != 0);
    return static_cast<std::uint16_t>(bound->bound_port);
  }
  bool cancel(const std::string& address, std::uint32_t port) {
    return client->ask_global("cancel-tcpip-forward", body(channel::CancelTcpipForward{address, port}));
  }
  // The client's answer to the next forwarded connection.
  std::shared_ptr<net::Channel> take() {
    last = client->next_open();
    return client->connection->accept_channel(last.channel);
  }

  std::unique_ptr<TestClient> client;
  channel::OpenRequested last;
};

const std::string& large_text() {
  static const std::string text = [] {
    std::string bytes(3'000'000, '\0');
    for (std::size_t i = 0; i != bytes.size(); ++i) bytes[i] = static_cast<char>('a' + i * 7 % 26);
    return bytes;
  }();
  return text;
}

}  // namespace

TEST_CASE_FIXTURE(ForwardFixture,
                  "forwarding: direct-tcpip carries bytes both ways, and each end by itself (RFC 4254 §7.2)") {
  const HalfCloseServer target;
  begin();
  const auto channel = open_direct("127.0.0.1", target.port());
  CHECK((talk(*channel, large_text()) == "got " + large_text()));
  CHECK(hooks->called("on_channel_opened user open"));
  CHECK(eventually([&] { return hooks->called("on_channel_closed user closed"); }));
  // By name, and several at once.
  const auto one = open_direct("localhost", target.port());
  const auto two = open_direct("localhost", target.port());
  CHECK(talk(*two, "two") == "got two");
  CHECK(talk(*one, "one") == "got one");
}

TEST_CASE_FIXTURE(ForwardFixture,
                  "forwarding: a target that cannot be reached is connect failed (RFC 4254 §5.1), and not opened") {
  std::uint16_t nobody = 0;
  {
    const HalfCloseServer gone;
    nobody = gone.port();
  }
  begin();
  for (const std::uint32_t port : {std::uint32_t{nobody}, std::uint32_t{0}, std::uint32_t{65536}}) {
    CAPTURE(port);
    CHECK_FALSE(client->open("direct-tcpip", body(channel::DirectTcpipOpen{"127.0.0.1", port, "127.0.0.1", 1})));
    CHECK(client->connection->open_failure() == "connect failed");
  }
  for (const char* path : {"/missing/socket", "relative", ""}) {
    CHECK_FALSE(client->open("direct-streamlocal@openssh.com", body(channel::DirectStreamlocalOpen{path, {}, 0})));
    CHECK(client->connection->open_failure() == "connect failed");
  }
  CHECK_FALSE(hooks->called("on_channel_opened user open"));
  // What does not parse is refused before anybody is asked.
  CHECK_FALSE(client->open("direct-tcpip", to_vector(as_bytes("x"))));
  CHECK(client->connection->open_failure() == "administratively prohibited");
}

TEST_CASE_FIXTURE(ForwardFixture, "forwarding: no program runs on a channel that is no session (RFC 4254 §6.5)") {
  const HalfCloseServer target;
  hooks->modes["check_channel_exec_request"] = HookMode::allow;
  begin();
  const auto channel = open_direct("127.0.0.1", target.port());
  CHECK_FALSE(client->ask(*channel, "exec", body(channel::ExecRequest{.command = "x"})));
  CHECK_FALSE(client->ask(*channel, "pty-req", body(channel::PtyRequest{.term = "x", .modes = {}})));
  CHECK_FALSE(hooks->called("check_channel_exec_request x"));
  CHECK(talk(*channel, "still open") == "got still open");
}

TEST_CASE_FIXTURE(ForwardFixture,
                  "forwarding: a channel that closes ends its connection, a connection that ends its channels") {
  const HalfCloseServer target;
  begin();
  auto closed = open_direct("127.0.0.1", target.port());
  CHECK(client->wait(closed->write(as_bytes("x"))));
  closed->close();
  CHECK(eventually([&] {
    settle(client->io);
    return target.served() == 1;
  }));
  auto lost = open_direct("127.0.0.1", target.port());
  lost.reset();  // a channel may not outlive the io_context, which is the client's
  closed.reset();
  client.reset();
  CHECK(eventually([&] { return target.served() == 2; }));
}

TEST_CASE_FIXTURE(
    ForwardFixture,
    "[slow-request] forwarding: a target that does not read holds the client back, and the connection goes on") {
  const TcpSocket silent(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::bind(silent.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(::listen(silent.fd(), 1) == 0);
  options.session.channels.initial_window = 64 * 1024;
  begin();
  const auto channel = open_direct("127.0.0.1", silent.own_port());
  // More than sockets hold: what the window does not let through stays here.
  net::spawn(client->io.get_executor(), [](std::shared_ptr<net::Channel> to) -> net::Awaitable<void> {
    const ByteVector piece(32 * 1024);
    while (to->open()) {
      const Result<void> sent = co_await to->write(piece);
      if (!sent) break;
    }
  }(channel));
  CHECK(eventually([&] {
    settle(client->io);
    return !channel->writable();
  }));
  CHECK(client->ask_global("keepalive@openssh.com"));
  CHECK(client->open());
}

TEST_CASE_FIXTURE(
    ForwardFixture,
    "forwarding: tcpip-forward listens, tells its port, and hands each connection on (RFC 4254 §7.1, §7.2)") {
  begin();
  const std::uint16_t port = forward("localhost");
  TcpSocket peer;
  REQUIRE(peer.connect(port));
  const auto channel = take();
  CHECK(last.type == "forwarded-tcpip");
  const auto open = wire::decode<channel::ForwardedTcpipOpen>(last.specific.bytes());
  REQUIRE(open);
  CHECK(open->connected_address == "localhost");  // as it was asked for
  CHECK(open->connected_port == port);
  CHECK(open->originator_address == "127.0.0.1");
  CHECK(open->originator_port == peer.own_port());
  // To the end of what the peer sends, then the answer.
  REQUIRE(peer.send("question"));
  peer.end();
  CHECK(client->read_all(*channel) == "question");
  CHECK_FALSE(client->ask(*channel, "exec", body(channel::ExecRequest{.command = "x"})));
  const Result<void> sent = client->wait(channel->write(as_bytes("answer")));
  CHECK(sent);
  channel->send_eof();
  channel->close();
  client->wait_closed(*channel);
  CHECK(peer.read_all() == "answer");
}

TEST_CASE_FIXTURE(ForwardFixture, "forwarding: a port that is asked for is taken, and twice is refused") {
  begin();
  const std::uint16_t port = forward("127.0.0.1");
  CHECK(cancel("127.0.0.1", port));
  CHECK(forward("127.0.0.1", port) == port);
  CHECK_FALSE(client->ask_global("tcpip-forward", body(channel::TcpipForward{"127.0.0.1", port})));
  CHECK_FALSE(client->ask_global("tcpip-forward", body(channel::TcpipForward{"127.0.0.1", 65536})));
  CHECK_FALSE(
      client->ask_global("tcpip-forward", body(channel::TcpipForward{"host.example", 0})));  // no name is looked up
  CHECK_FALSE(client->ask_global("tcpip-forward", body(channel::TcpipForward{"192.0.2.1", 0})));
  CHECK(hooks->called("check_port_forward_public_request 192.0.2.1 0"));
  CHECK_FALSE(client->ask_global("tcpip-forward", to_vector(as_bytes("x"))));
}

TEST_CASE_FIXTURE(ForwardFixture,
                  "forwarding: a cancelled port takes nobody new, its connections go on (RFC 4254 §7.1)") {
  begin();
  const std::uint16_t port = forward("localhost");
  TcpSocket peer;
  REQUIRE(peer.connect(port));
  const auto channel = take();
  CHECK_FALSE(cancel("127.0.0.1", port));  // not as it was asked for
  CHECK_FALSE(cancel("localhost", port == 65535 ? 1 : port + 1U));
  CHECK_FALSE(cancel("localhost", 0));
  CHECK(cancel("localhost", port));
  CHECK_FALSE(cancel("localhost", port));
  TcpSocket late;
  CHECK_FALSE(late.connect(port));
  REQUIRE(peer.send("still there"));
  peer.end();
  CHECK(client->read_all(*channel) == "still there");
}

TEST_CASE_FIXTURE(ForwardFixture,
                  "[CVE-2026-73282, CVE-2017-9078] a forwarding cancelled, twice, while connections are pending") {
  begin();
  const std::uint16_t port = forward("localhost");
  TcpSocket taken, refused;
  REQUIRE(taken.connect(port));
  REQUIRE(refused.connect(port));
  const channel::OpenRequested first = client->next_open();
  const channel::OpenRequested second = client->next_open();
  CHECK(cancel("localhost", port));
  CHECK_FALSE(cancel("localhost", port));
  const auto channel = client->connection->accept_channel(first.channel);
  client->connection->refuse_channel(second.channel, channel::OpenFailure::connect_failed, "no");
  REQUIRE(taken.send("x"));
  taken.end();
  CHECK(client->read_all(*channel) == "x");
  CHECK(refused.read_all().empty());
}

TEST_CASE_FIXTURE(ForwardFixture, "forwarding: listeners and pending connections of a client are bounded") {
  options.connection_protocol.forward_listeners = 2;
  options.connection_protocol.pending_forwarded_connections = 2;
  begin();
  const std::uint16_t port = forward("localhost");
  const std::uint16_t other = forward("localhost");
  CHECK_FALSE(client->ask_global("tcpip-forward", body(channel::TcpipForward{"localhost", 0})));
  CHECK(cancel("localhost", other));
  forward("localhost");

  // The system takes them all; the server no more than two.
  TcpSocket peers[4];
  for (TcpSocket& peer : peers) REQUIRE(peer.connect(port));
  const channel::OpenRequested first = client->next_open();
  client->next_open();
  CHECK(client->ask_global("keepalive@openssh.com"));
  CHECK(client->connection->session().channels().channel_count() == 2);
  client->connection->refuse_channel(first.channel, channel::OpenFailure::connect_failed, "no");
  client->next_open();
}

TEST_CASE_FIXTURE(ForwardFixture, "forwarding: with the connection the listeners go, and what came through them") {
  const TemporaryDirectory folder;
  const std::string path = folder.path() + "/socket";
  begin();
  const std::uint16_t port = forward("localhost");
  REQUIRE(client->ask_global("streamlocal-forward@openssh.com", body(channel::StreamlocalForward{path})));
  TcpSocket carried, pending;
  REQUIRE(carried.connect(port));
  const auto channel = take();
  REQUIRE(pending.connect(port));
  client->next_open();
  client->connection->abort(Error(Errc::closed));
  CHECK(carried.read_all().empty());
  CHECK(pending.read_all().empty());
  CHECK(eventually([&] { return !TcpSocket().connect(port); }));
  CHECK(eventually([&] { return !std::filesystem::exists(path); }));
}

TEST_CASE_FIXTURE(
    ForwardFixture,
    "forwarding: Unix sockets both ways, made for their owner alone and removed (OpenSSH PROTOCOL §2.4)") {
  const TemporaryDirectory folder;
  const std::string own = folder.path() + "/target";
  const std::string path = folder.path() + "/forwarded";
  const HalfCloseServer target(own);
  begin();
  const auto direct = client->open("direct-streamlocal@openssh.com", body(channel::DirectStreamlocalOpen{own, {}, 0}));
  REQUIRE(direct);
  CHECK(talk(**direct, "question") == "got question");

  const ByteVector asked = body(channel::StreamlocalForward{path});
  REQUIRE(client->ask_global("streamlocal-forward@openssh.com", asked));
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  CHECK_FALSE(client->ask_global("streamlocal-forward@openssh.com", asked));  // it exists
  TcpSocket peer;
  REQUIRE(peer.connect(path));
  const auto channel = take();
  CHECK(last.type == "forwarded-streamlocal@openssh.com");
  const auto open = wire::decode<channel::ForwardedStreamlocalOpen>(last.specific.bytes());
  REQUIRE(open);
  CHECK(open->socket_path == path);
  REQUIRE(peer.send("hello"));
  peer.end();
  CHECK(client->read_all(*channel) == "hello");
  CHECK(client->ask_global("cancel-streamlocal-forward@openssh.com", body(channel::CancelStreamlocalForward{path})));
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE_FIXTURE(ForwardFixture,
                  "forwarding: a file in the place of a Unix socket is neither taken over nor removed") {
  const TemporaryDirectory folder;
  const std::string path = folder.path() + "/socket";
  std::ofstream(path) << "a file";
  begin();
  const ByteVector asked = body(channel::StreamlocalForward{path});
  CHECK_FALSE(client->ask_global("streamlocal-forward@openssh.com", asked));
  CHECK(std::filesystem::is_regular_file(path));
  // One that takes the socket's place later stays too.
  std::filesystem::remove(path);
  REQUIRE(client->ask_global("streamlocal-forward@openssh.com", asked));
  std::filesystem::remove(path);
  std::ofstream(path) << "another file";
  CHECK(client->ask_global("cancel-streamlocal-forward@openssh.com", body(channel::CancelStreamlocalForward{path})));
  CHECK(std::filesystem::is_regular_file(path));
  for (const std::string& bad :
       {std::string("relative"), std::string(), std::string(200, '/'), std::string("/a\0b", 4)}) {
    CHECK_FALSE(client->ask_global("streamlocal-forward@openssh.com", body(channel::StreamlocalForward{bad})));
  }
}

TEST_CASE_FIXTURE(ForwardFixture,
                  "[CVE-2025-32728] deny_all_forwarding covers every kind of it, whatever the hooks say") {
  options.connection_protocol.deny_all_forwarding = true;
  for (const char* hook :
       {"check_channel_x11_request", "check_channel_agent_request", "check_port_forward_public_request"}) {
    hooks->modes[hook] = HookMode::allow;
  }
  const HalfCloseServer target;
  const TemporaryDirectory folder;
  const std::string path = folder.path() + "/socket";
  begin();
  CHECK_FALSE(client->open("direct-tcpip", body(channel::DirectTcpipOpen{"127.0.0.1", target.port(), "::1", 1})));
  CHECK_FALSE(client->open("direct-streamlocal@openssh.com", body(channel::DirectStreamlocalOpen{path, {}, 0})));
  CHECK(client->connection->open_failure() == "administratively prohibited");
  CHECK_FALSE(client->ask_global("tcpip-forward", body(channel::TcpipForward{"localhost", 0})));
  CHECK_FALSE(client->ask_global("streamlocal-forward@openssh.com", body(channel::StreamlocalForward{path})));
  CHECK_FALSE(std::filesystem::exists(path));
  const auto session = client->open();
  REQUIRE(session);
  CHECK_FALSE(client->ask(**session, "x11-req", body(channel::X11Request{})));
  CHECK_FALSE(client->ask(**session, "auth-agent-req@openssh.com"));
  for (const std::string& call : hooks->calls()) {
    CAPTURE(call);
    CHECK(call.find("forward") == std::string::npos);
    CHECK(call.find("direct_") == std::string::npos);
  }
}

TEST_CASE_FIXTURE(
    ForwardFixture,
    "[CVE-2021-30129, CVE-2017-9078] hundreds of forwardings made, used and cancelled leave nothing behind") {
  const HalfCloseServer target;
  begin();
  for (int i = 0; i != 200; ++i) {
    const std::uint16_t port = forward("localhost");
    TcpSocket peer;
    REQUIRE(peer.connect(port));
    const auto channel = take();
    channel->close();
    client->wait_closed(*channel);
    CHECK(cancel("localhost", port));
    CHECK(talk(*open_direct("127.0.0.1", target.port()), "x") == "got x");
  }
  CHECK(client->connection->session().channels().channel_count() == 0);
}

}  // namespace hawser::test
