// The SFTP server in one object.
#include "hawser/server/base_sftp_server.h"

#include "hawser/server/memory_file_system.h"
#include "hawser/sftp/messages.h"
#include "ssh_fixture.h"

namespace hawser::test {

namespace {

server::BaseSFTPServerOptions base_options() {
  server::BaseSFTPServerOptions options;
  options.listen = test_options();
  options.file_system = std::make_shared<server::MemoryFileSystem>();
  options.authenticators = {*server::Passwords::from_text("user:secret"),
                            server::AuthorizedKeys::from_text(ed25519_key().public_key().text())};
  return options;
}

// A session that is in use: MKDIR, and whether it worked.
struct SftpUser {
  explicit SftpUser(std::uint16_t port) : client(port) {
    REQUIRE(client.login());
    const auto opened = client.open();
    REQUIRE(opened);
    channel = *opened;
    REQUIRE(client.ask(*channel, "subsystem", wire::encode(channel::SubsystemRequest{.subsystem_name = "sftp"})));
    send(ByteVector{1, 0, 0, 0, 3});
    CHECK(receive().at(0) == 2);
  }
  bool make_directory(std::string_view path) {
    sftp::Mkdir request;
    request.id = 1;
    request.path = path;
    send(wire::encode(request));
    const ByteVector reply = receive();
    return reply.at(0) == 101 && wire::load_uint32(&reply.at(5)) == 0;
  }
  void send(Bytes message) {
    ByteVector framed;
    wire::append_uint32(framed, static_cast<std::uint32_t>(message.size()));
    framed.insert(framed.end(), message.begin(), message.end());
    CHECK(client.wait(channel->write(framed)));
  }
  ByteVector receive() {
    while (received.size() < 4 || received.size() < 4 + wire::load_uint32(received.data())) {
      const Result<Payload> piece = client.wait(channel->receive());
      REQUIRE(piece);
      REQUIRE_FALSE(piece->empty());
      const Bytes bytes = piece->bytes();
      received.insert(received.end(), bytes.begin(), bytes.end());
      channel->consumed(bytes.size());
    }
    const auto end = received.begin() + 4 + wire::load_uint32(received.data());
    ByteVector message(received.begin() + 4, end);
    received.erase(received.begin(), end);
    return message;
  }

  TestClient client;
  std::shared_ptr<net::Channel> channel;
  ByteVector received;
};

bool exists(server::FileSystem& files, const std::string& path) {
  asio::io_context io;
  return static_cast<bool>(run(io, files.stat(path)));
}

}  // namespace

TEST_CASE("base SFTP server: sftp_for gives each client its own options") {
  for (const bool read_only : {false, true}) {
    server::BaseSFTPServerOptions options = base_options();
    options.sftp.read_only = !read_only;  // not asked
    std::string asked_for;
    options.sftp_for = [&](server::ServerConnection& connection) {
      asked_for = connection.user();
      server::SFTPServerOptions its;
      its.read_only = read_only;
      return its;
    };
    server::BaseSFTPServer server(options);
    REQUIRE(server.start());
    {
      SftpUser user(server.port());
      CHECK(user.make_directory("/d") == !read_only);
    }
    server.stop();
    CHECK(asked_for == "user");
  }
}

TEST_CASE("[defect 27] base sftp server: it needs a file system and somebody who may sign in") {
  server::BaseSFTPServerOptions options = base_options();
  SUBCASE("no file system") { options.file_system = nullptr; }
  SUBCASE("no authenticator") { options.authenticators.clear(); }
  SUBCASE("no host key") { options.listen.host_keys.clear(); }
  server::BaseSFTPServer server(options);
  const Result<void> started = server.start();
  REQUIRE_FALSE(started);
  CHECK(started.error().code() == Errc::invalid_argument);
}

TEST_CASE("base sftp server: unknown names in the request lists are refused") {
  server::BaseSFTPServerOptions options = base_options();
  options.sftp.denied_requests = {"delete"};
  server::BaseSFTPServer server(options);
  CHECK(server.start().error().code() == Errc::not_found);
}

TEST_CASE("base sftp server: password and key sign in, and sftp is served") {
  server::BaseSFTPServer server(base_options());
  REQUIRE(server.start());
  {
    TestClient client(server.port());
    CHECK_FALSE(client.login("wrong"));
    CHECK(client.failure.methods_that_can_continue == std::vector<std::string>{"password", "publickey"});
  }
  {
    TestClient client(server.port());
    REQUIRE(client.connect());
    CHECK(client.userauth().request_public_key(ed25519_key(), signature_row("ssh-ed25519")));
    client.connection->flush_soon();
    CHECK(client.succeeded());
  }
  TestClient client(server.port());
  REQUIRE(client.login());
  const auto opened = client.open();
  REQUIRE(opened);
  CHECK(client.ask(**opened, "subsystem", wire::encode(channel::SubsystemRequest{.subsystem_name = "sftp"})));
  CHECK_FALSE(client.ask(**opened, "shell"));
}

TEST_CASE("base sftp server: anybody may sign in only where that was asked for") {
  server::BaseSFTPServerOptions options = base_options();
  options.allow_unauthenticated = true;
  options.authenticators.clear();
  server::BaseSFTPServer server(options);
  REQUIRE(server.start());
  TestClient client(server.port());
  REQUIRE(client.connect());
  CHECK(client.userauth().request_none());
  client.connection->flush_soon();
  CHECK(client.succeeded());
}

TEST_CASE("base sftp server: an endpoint, files, a key and an authenticator are enough") {
  const auto files = std::make_shared<server::MemoryFileSystem>();
  const auto host_key = std::make_shared<crypto::PrivateKey>(ed25519_key());
  server::BaseSFTPServer server({server::TcpEndpoint{"127.0.0.1", 0}}, files, host_key,
                                server::Passwords::from_map({{"user", "secret"}}));
  std::thread running([&] { CHECK(server.run()); });
  while (server.port() == 0) std::this_thread::yield();
  {
    SftpUser user(server.port());
    CHECK(user.make_directory("/made"));
  }
  server.stop();
  running.join();
  CHECK(exists(*files, "/made"));
}

TEST_CASE("[defect 27] base sftp server: with one of the four missing it does not start") {
  const auto files = std::make_shared<server::MemoryFileSystem>();
  const auto host_key = std::make_shared<crypto::PrivateKey>(ed25519_key());
  const auto users = server::Passwords::from_map({{"user", "secret"}});
  const server::Endpoint endpoint{server::TcpEndpoint{"127.0.0.1", 0}};
  CHECK(server::BaseSFTPServer(endpoint, nullptr, host_key, users).run().error().code() == Errc::invalid_argument);
  CHECK(server::BaseSFTPServer(endpoint, files, nullptr, users).run().error().code() == Errc::invalid_argument);
  CHECK(server::BaseSFTPServer(endpoint, files, host_key, nullptr).run().error().code() == Errc::invalid_argument);
}

TEST_CASE("base sftp server: a client that goes takes nothing from the others (the file system is shared)") {
  server::BaseSFTPServerOptions options = base_options();
  server::BaseSFTPServer server(options);
  REQUIRE(server.start());
  SftpUser stays(server.port());
  {
    SftpUser goes(server.port());
    CHECK(goes.make_directory("/a"));
  }
  CHECK(stays.make_directory("/a/b"));
  SftpUser comes(server.port());
  CHECK(comes.make_directory("/a/b/c"));
}

TEST_CASE("base sftp server: the file system is replaced between two runs, not during one") {
  server::BaseSFTPServer server(base_options());
  REQUIRE(server.start());
  const auto next = std::make_shared<server::MemoryFileSystem>();
  CHECK(server.set_file_system(next).error().code() == Errc::invalid_state);
  server.stop();
  REQUIRE(server.set_file_system(next));
  REQUIRE(server.start());
  SftpUser user(server.port());
  CHECK(user.make_directory("/new"));
  CHECK(exists(*next, "/new"));
}

}  // namespace hawser::test
