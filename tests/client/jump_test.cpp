// One SSH connection through another: a direct-tcpip channel as the stream of a second client.
#include <doctest/doctest.h>

#include "client/client_fixture.h"
#include "hawser/net/channel.h"

using namespace hawser;
using namespace hawser::client;
using test::ClientRig;
using test::run;

namespace {

class JumpServer final : public test::ScriptedServer {
 public:
  server::Awaitable<bool> check_direct_tcpip_request(test::ServerConnection&, std::string host,
                                                     std::uint32_t) override {
    co_return host == "127.0.0.1";
  }
};

struct JumpRig {
  JumpRig() : manager(std::make_shared<JumpServer>(), test::test_options()) {
    REQUIRE(manager.start());
    ClientOptions options = target.options();
    options.port = manager.port();
    options.credentials = {Password("secret")};
    const ConnectResult connected = target.connect(std::move(options));
    REQUIRE_MESSAGE(connected, (connected ? std::string() : connected.error().message()));
    jump = *connected;
  }
  ClientRig target;
  server::SSHServerManager manager;
  std::shared_ptr<Client> jump;
};

}  // namespace

TEST_CASE("jump: a client connects through another client's server, and moves files there") {
  JumpRig rig;
  const auto channel = run(rig.target.io, rig.jump->open_direct_tcpip("127.0.0.1", rig.target.manager->port()));
  REQUIRE(channel);
  ClientOptions options = rig.target.options();
  options.credentials = {Password("secret")};
  const ConnectResult through =
      run(rig.target.io, Client::connect_over(net::channel_stream(*channel), std::move(options)));
  REQUIRE_MESSAGE(through, (through ? std::string() : through.error().message()));
  const auto sftp = run(rig.target.io, (*through)->open_sftp());
  REQUIRE(sftp);
  CHECK(run(rig.target.io, (*sftp)->make_directory("/made")));
  CHECK(run(rig.target.io, (*sftp)->stat("/made")));

  // With the connection beneath the one above ends.
  rig.jump->disconnect();
  CHECK_FALSE(run(rig.target.io, (*sftp)->stat("/made")));
  CHECK_FALSE((*through)->alive());
}

TEST_CASE("jump: what the server does not allow, or cannot reach, is refused and said") {
  JumpRig rig;
  const auto denied = run(rig.target.io, rig.jump->open_direct_tcpip("elsewhere.example", 22));
  REQUIRE_FALSE(denied);
  CHECK(denied.error().code() == Errc::channel_open_refused);
  CHECK(rig.jump->connection().open_failure() == "administratively prohibited");
  CHECK_FALSE(run(rig.target.io, rig.jump->open_direct_tcpip("127.0.0.1", 0)));
  CHECK(rig.jump->connection().open_failure() == "connect failed");
}
