// How an observer reaches the connections of a client and of a server: through the options of either.
#include "hawser/session/packet_log.h"

#include <doctest/doctest.h>

#include <mutex>

#include "client/client_fixture.h"

using namespace hawser;
using test::ClientRig;

namespace {

// Told of by the server's threads and by this one.
struct Lines {
  std::shared_ptr<session::PacketLog> log = std::make_shared<session::PacketLog>([this](std::string_view line) {
    const std::lock_guard lock(mutex);
    text += std::string(line) + "\n";
  });
  bool contain(const std::string& part) {
    const std::lock_guard lock(mutex);
    return text.find(part) != std::string::npos;
  }
  std::mutex mutex;
  std::string text;
};

}  // namespace

TEST_CASE("packet log: ClientOptions and SSHServerOptions hand it over, and each connection has a number of its own") {
  Lines of_client, of_server;
  {
    server::SSHServerOptions options = test::test_options();
    options.session.transport.make_observer = of_server.log->observers();
    ClientRig rig(std::move(options));
    for (int i = 0; i != 2; ++i) {
      client::ClientOptions login = rig.options();
      login.session.transport.make_observer = of_client.log->observers();
      login.credentials = {client::Password("secret")};
      const client::ConnectResult client = rig.connect(std::move(login));
      REQUIRE(client);
      (*client)->disconnect();
    }
    rig.manager->stop();
  }
  CHECK(of_client.contain(" 1 client sent 0 20 SSH_MSG_KEXINIT{"));
  CHECK(of_client.contain(" 2 client sent 0 20 SSH_MSG_KEXINIT{"));
  CHECK(of_client.contain("SSH_MSG_USERAUTH_SUCCESS{}"));
  CHECK(of_client.contain(" 2 client closed: "));
  CHECK_FALSE(of_client.contain(" 3 client"));
  CHECK(of_server.contain(" 1 server received 0 20 SSH_MSG_KEXINIT{"));
  CHECK(of_server.contain(" 2 server received 0 20 SSH_MSG_KEXINIT{"));
  CHECK(of_server.contain("password=\"(hidden)\""));
  CHECK_FALSE(of_server.contain("secret"));
  CHECK_FALSE(of_server.contain(" 3 server"));
}
