// `--packet-log` of the program, on both sides of one connection.
#include <doctest/doctest.h>

#include "checks.h"
#include "client_commands.h"

using namespace hawser::test;

namespace {

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

constexpr int usage_error = 2;  // tools/exit_code.h

}  // namespace

TEST_CASE("hawser --packet-log: both sides write a line for each packet, each connection with its number") {
  const TemporaryDirectory logs;
  const std::string of_server = logs / "server", of_client = logs / "client";
  const HawserServer server({"--packet-log", of_server});
  const Target target(server);
  write_file(target.there_locally + "/file", "the content of a file\n");
  for (int i = 0; i != 2; ++i) target.must("cat", {"--packet-log", of_client, target.url("file")});

  // The server may notice later than the client's end.
  CHECK(wait_until([&] { return contains(read_file(of_server), " 2 server closed: "); }));
  const std::string sent = read_file(of_client), received = read_file(of_server);
  for (const char* part : {" 1 client sent 0 20 SSH_MSG_KEXINIT{", " 1 client negotiated kex ",
                           " SSH_MSG_USERAUTH_SUCCESS{}", "request_type=\"subsystem\"", " 1 client closed: "}) {
    CAPTURE(part);
    CHECK(contains(sent, part));
  }
  for (const char* part : {" 1 server sent 0 20 SSH_MSG_KEXINIT{", " 2 server sent 0 20 SSH_MSG_KEXINIT{",
                           "SSH_MSG_USERAUTH_REQUEST{user_name=\""}) {
    CAPTURE(part);
    CHECK(contains(received, part));
  }
  CHECK(mode_of(of_client) == 0600);
  CHECK(mode_of(of_server) == 0600);
}

TEST_CASE("hawser --packet-log: neither the password nor what is transferred is in it, on either side") {
  const TemporaryDirectory logs;
  const std::string of_server = logs / "server", of_client = logs / "client";
  const HawserServer server({"--packet-log", of_server});
  write_file(server.root() + "/file", "the content of a file\n");
  const std::string url = "sftp://alice@127.0.0.1:" + std::to_string(server.port()) + "/file";
  const Finished finished =
      run_command({{hawser_program(), "cat", "--known-hosts", server.known_hosts(), "--packet-log", of_client, url},
                   {{"HAWSER_PASSWORD", "correct horse"}, {"SSH_AUTH_SOCK", ""}, {"HOME", logs.path()}},
                   {},
                   {}});
  INFO(finished.output);
  REQUIRE(finished.exit_code == 0);
  for (const std::string& path : {of_client, of_server}) {
    const std::string log = read_file(path);
    CHECK(contains(log, "method_specific={change=false, password=\"(hidden)\"}"));
    CHECK(contains(log, "SSH_MSG_CHANNEL_DATA{recipient_channel=0, data=["));
    for (const char* secret : {"correct", "636f7272656374", "content", "636f6e74656e74"}) {
      CAPTURE(secret);
      CHECK_FALSE(contains(log, secret));
    }
  }
}

TEST_CASE("hawser --packet-log: a file that others may read is refused before anything is connected") {
  const TemporaryDirectory logs;
  write_file(logs / "open", "", 0644);
  const Finished finished =
      run_command({{hawser_program(), "ls", "--packet-log", logs / "open", "sftp://alice@127.0.0.1:1/"}, {}, {}, {}});
  CHECK(finished.exit_code == usage_error);
  CHECK(contains(finished.output, "open to others than its owner"));
  CHECK(read_file(logs / "open").empty());
}
