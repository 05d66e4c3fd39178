// `hawser serve --config` and `hawser passwd`, as a person runs them.
#include <doctest/doctest.h>
#include <signal.h>

#include <filesystem>
#include <regex>

#include "peers.h"

using namespace hawser::test;

namespace {

std::string hash_of(const std::string& password) {
  const Finished made = run_hawser({"passwd", "--stdin"}, password + "\n");
  REQUIRE(made.exit_code == 0);
  return made.output.substr(0, made.output.find('\n'));
}

class ConfiguredServer {
 public:
  ConfiguredServer() {
    make_key(path("alice"), "ed25519");
    make_key(path("bob"), "ed25519");
    std::filesystem::create_directories(path("srv/shared"));
    write_file(path("srv/shared/notes"), "for all\n");
    configure(text());
  }

  std::string path(const std::string& name) const { return folder_.path() + "/" + name; }
  void configure(const std::string& text) const { write_file(path("serve.toml"), text); }

  // alice has a root of her own with a quota, bob may only read.
  std::string text(const std::string& bob = "bob") const {
    return "[listen]\naddresses = [\"127.0.0.1:0\"]\nhost_keys = [\"" + path("host") + "\"]\n" +
           "[defaults]\nroot = \"" + path("srv/%u") + "\"\ncreate = true\nquota_bytes = \"1M\"\n" +
           "[[users]]\nname = \"alice\"\nauthorized_keys_file = \"" + path("%u.pub") + "\"\n" + "[[users]]\nname = \"" +
           bob + "\"\nauthorized_keys = [\"" + key_line("bob") + "\"]\nroot = \"" + path("srv/shared") +
           "\"\nread_only = true\nquota_bytes = 0\n" + more;
  }
  std::string key_line(const std::string& name) const {
    const std::string line = read_file(path(name + ".pub"));
    return line.substr(0, line.find('\n'));
  }

  void start() {
    server_ = std::make_unique<Background>(
        Command{{hawser_program(), "serve", "--config", path("serve.toml")}, {}, {}, {}}, path("log"));
    INFO(server_->output());
    REQUIRE(server_->wait_for_output("listening on 127.0.0.1:"));
    const std::string output = server_->output();
    std::smatch port;
    REQUIRE(std::regex_search(output, port, std::regex("listening on 127\\.0\\.0\\.1:([0-9]+)\n")));
    port_ = port[1];
    const Finished host = run_command({{"ssh-keygen", "-y", "-f", path("host")}, {}, {}, {}});
    write_file(path("known_hosts"), "[127.0.0.1]:" + port_ + " " + host.output);
  }
  // Waits for the log to say so.
  void reload(const std::string& expected) {
    ::kill(server_->pid(), SIGHUP);
    INFO(server_->output());
    REQUIRE(server_->wait_for_output(expected));
  }
  Finished sftp(const std::string& user, const std::string& key, const std::string& batch) const {
    return run_command({{"sftp", "-F", "/dev/null", "-b", "-", "-P", port_, "-i", path(key), "-o", "IdentitiesOnly=yes",
                         "-o", "BatchMode=yes", "-o", "UserKnownHostsFile=" + path("known_hosts"), user + "@127.0.0.1"},
                        {},
                        batch,
                        folder_.path()});
  }
  Background& process() { return *server_; }

  std::string more;  // at the end of the configuration

 private:
  TemporaryDirectory folder_;
  std::string port_;
  std::unique_ptr<Background> server_;
};

}  // namespace

TEST_CASE("hawser serve --config: each user sees a root of their own, with quota and rights") {
  ConfiguredServer server;
  server.start();
  write_file(server.path("small"), sample_bytes(100'000));
  write_file(server.path("big"), sample_bytes(2'000'000));

  const Finished stored = server.sftp("alice", "alice", "put small\nget small back\nls -l\n");
  INFO(stored.output);
  CHECK(stored.exit_code == 0);
  CHECK((read_file(server.path("back")) == read_file(server.path("small"))));
  CHECK(std::filesystem::exists(server.path("srv/alice/small")));
  CHECK(server.sftp("alice", "alice", "put big\n").exit_code != 0);
  CHECK(std::filesystem::file_size(server.path("srv/alice/big")) <= 1024 * 1024);

  CHECK(server.sftp("bob", "bob", "get notes\n").exit_code == 0);
  CHECK(read_file(server.path("notes")) == "for all\n");
  const Finished refused = server.sftp("bob", "bob", "rm notes\n");
  CHECK(refused.exit_code != 0);
  CHECK(refused.output.find("Permission denied") != std::string::npos);

  for (const auto& [user, key] : {std::pair("alice", "bob"), std::pair("bob", "alice"), std::pair("carol", "alice")}) {
    CAPTURE(user);
    CHECK(server.sftp(user, key, "ls\n").exit_code == 255);
  }
  CHECK(server.process().terminate() == 0);
}

TEST_CASE("hawser serve --config: a password that `hawser passwd` has hashed") {
  ConfiguredServer server;
  server.more = "[[users]]\nname = \"carol\"\npassword = '" + hash_of("pass word") + "'\n";
  server.configure(server.text());
  server.start();
  const auto list = [&](const std::string& password) {
    const std::string output = server.process().output();
    const std::string port = output.substr(output.find("127.0.0.1:") + 10, 5);
    return run_command({{hawser_program(), "ls", "--known-hosts", server.path("known_hosts"),
                         "sftp://carol@127.0.0.1:" + std::to_string(std::stoi(port)) + "/"},
                        {{"HAWSER_PASSWORD", password}},
                        {},
                        {}});
  };
  const Finished right = list("pass word");
  INFO(right.output);
  CHECK(right.exit_code == 0);
  CHECK(list("pass words").exit_code == 5);
  CHECK(list("").exit_code == 5);
}

TEST_CASE("hawser serve --password-file: plain passwords or hashes, not both") {
  const TemporaryDirectory folder;
  const std::string file = folder.path() + "/passwords";
  const std::string hashed = run_hawser({"passwd", "--stdin", "--user", "alice"}, "pass word\n").output;
  CHECK(hashed.starts_with("alice:$argon2id$v=19$m=65536,t=3,p=1$"));
  write_file(file, hashed + "bob:plain\n");
  const Finished mixed = run_hawser({"serve", "--password-file", file, folder.path()});
  CHECK(mixed.exit_code == 1);
  CHECK(mixed.output.find("all are user:hash") != std::string::npos);

  write_file(file, hashed);
  Background server({{hawser_program(), "serve", "--password-file", file, folder.path()}, {}, {}, {}},
                    folder.path() + "/log");
  REQUIRE(server.wait_for_output("listening on "));
  const std::string output = server.output();
  std::smatch port;
  REQUIRE(std::regex_search(output, port, std::regex("listening on 127\\.0\\.0\\.1:([0-9]+)\n")));
  const Finished listed = run_command(
      {{hawser_program(), "ls", "--host-key-policy", "auto", "sftp://alice@127.0.0.1:" + port[1].str() + "/"},
       {{"HAWSER_PASSWORD", "pass word"}},
       {},
       {}});
  INFO(listed.output);
  CHECK(listed.exit_code == 0);
}

TEST_CASE("hawser passwd: what cannot be right makes no hash") {
  CHECK(run_hawser({"passwd", "--stdin"}, "\n").exit_code == 1);
  CHECK(run_hawser({"passwd", "--stdin"}, "").exit_code == 1);
  CHECK(run_hawser({"passwd", "--stdin", "--user", "a:b"}, "x\n").exit_code == 2);
  CHECK(hash_of("the same") != hash_of("the same"));
}

TEST_CASE("hawser serve: SIGHUP takes a new configuration, and none that has a mistake") {
  ConfiguredServer server;
  server.start();
  CHECK(server.sftp("bob", "bob", "ls\n").exit_code == 0);

  server.configure(server.text("robert") + "nonsense = true\n");
  server.reload("serve.toml is not taken; all is as before");
  CHECK(server.process().output().find("users.nonsense is not known here") != std::string::npos);
  CHECK(server.sftp("bob", "bob", "ls\n").exit_code == 0);
  CHECK(server.sftp("robert", "bob", "ls\n").exit_code == 255);

  std::filesystem::remove(server.path("alice.pub"));
  server.configure(server.text("robert"));
  server.reload("user \"alice\": authorized_keys_file");
  CHECK(server.sftp("robert", "bob", "ls\n").exit_code == 255);

  // A key that the running policy has no use for: neither it nor the users of that file are taken.
  write_file(server.path("alice.pub"), server.key_line("bob") + "\n");
  make_key(server.path("ecdsa"), "ecdsa");
  std::string with_ecdsa = server.text("robert");
  with_ecdsa.replace(with_ecdsa.find(server.path("host")), server.path("host").size(), server.path("ecdsa"));
  server.configure(with_ecdsa);
  server.reload("listen.host_keys: ");
  CHECK(server.sftp("robert", "bob", "ls\n").exit_code == 255);
  CHECK(server.sftp("bob", "bob", "ls\n").exit_code == 0);
  const Finished checked = run_hawser({"serve", "--check", "--config", server.path("serve.toml")});
  CHECK(checked.exit_code == 1);
  CHECK(checked.output.find("listen.host_keys: ") != std::string::npos);

  server.more = "[log]\nformat = \"json\"\n";
  write_file(server.path("alice.pub"), server.key_line("bob") + "\n");
  server.configure(server.text("robert"));
  server.reload("is read again: 2 users");
  CHECK(server.process().output().find("log.format: changed, which takes a restart") != std::string::npos);
  CHECK(server.sftp("robert", "bob", "ls\n").exit_code == 0);
  CHECK(server.sftp("bob", "bob", "ls\n").exit_code == 255);
  CHECK(server.sftp("alice", "bob", "ls\n").exit_code == 0);
}

TEST_CASE("hawser serve: counters for Prometheus, JSON lines for a log") {
  ConfiguredServer server;
  const std::string metrics = "127.0.0.1:" + std::to_string(free_port());
  server.more = "[metrics]\nlisten = \"" + metrics + "\"\n[log]\nformat = \"json\"\n";
  server.configure(server.text());
  server.start();
  CHECK(server.sftp("bob", "bob", "get notes\n").exit_code == 0);
  REQUIRE(server.process().wait_for_output("closed: the peer disconnected"));
  const Finished page = run_command({{"curl", "-sS", "http://" + metrics + "/metrics"}, {}, {}, {}});
  CHECK(page.exit_code == 0);
  for (const char* line :
       {"# TYPE hawser_connections_accepted_total counter\n", "\nhawser_connections_accepted_total 1\n",
        "\nhawser_signed_in_total 1\n", "\nhawser_connections_rejected_total{limit=\"penalty\"} 0\n",
        "\nhawser_sftp_read_bytes_total 8\n"}) {
    CAPTURE(line);
    CHECK(page.output.find(line) != std::string::npos);
  }
  const std::regex json(
      R"(\{"level":"info","message":"[^"]*bob signed in with publickey","time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"\}\n)");
  CHECK(std::regex_search(server.process().output(), json));
}

TEST_CASE("hawser serve --check: every mistake, with file, line and what was expected") {
  const TemporaryDirectory folder;
  const std::string file = folder.path() + "/serve.toml";
  const std::string good = "[listen]\naddresses = [\"127.0.0.1:0\"]\nhost_keys = [\"" + folder.path() +
                           "/host\"]\n[[users]]\n" + "name = \"alice\"\nroot = \"" + folder.path() +
                           "/%u\"\ncreate = true\npassword = '" + hash_of("x") + "'\n";
  const auto check = [&](const std::string& text) {
    write_file(file, text);
    return run_hawser({"serve", "--check", "--config", file});
  };
  const Finished right = check(good);
  INFO(right.output);
  CHECK(right.exit_code == 0);
  CHECK(right.output == file + ": no mistakes; 1 user\n");
  CHECK_FALSE(std::filesystem::exists(folder.path() + "/host"));  // a check makes nothing
  CHECK_FALSE(std::filesystem::exists(folder.path() + "/alice"));

  struct Mistake {
    std::string text;  // instead of or behind the good one
    std::string told;
  };
  const std::string tail = good.substr(good.find("[[users]]"));
  const Mistake mistakes[] = {
      {"", ": listen.addresses is missing"},
      {"", ": listen.host_keys is missing"},
      {"", ": nobody could sign in"},
      {"[listen\n", ":1: "},
      {"listen = 5\n", ":1: listen: expected a table, [listen]"},
      {"[listen]\nadresses = []\n", ":2: listen.adresses is not known here; there are addresses, host_keys"},
      {"[listen]\naddresses = [\"127.0.0.1\"]\n", ":2: listen.addresses has \"127.0.0.1\": expected"},
      {"[listen]\naddresses = [\"::1:22\"]\n", ":2: listen.addresses has \"::1:22\": expected"},
      {"[listen]\naddresses = [\"127.0.0.1:65536\"]\n", ":2: listen.addresses has"},
      {"[listen]\naddresses = [7]\n", ":2: listen.addresses: expected a list of texts"},
      {"[listen]\nproxy_protocol_from = [\"10.0.0.1/8\"]\n", ":2: listen.proxy_protocol_from has \"10.0.0.1/8\""},
      {"[limits]\nconnections = 0\n", ":2: limits.connections: expected a whole number from 1 to 1000000"},
      {"[limits]\nconnections = -1\n", ":2: limits.connections: expected"},
      {"[limits]\nlogin_seconds = 1.5\n", ":2: limits.login_seconds: expected"},
      {"[limits]\npenalties = 1\n", ":2: limits.penalties: expected true or false"},
      {"[log]\nlevel = \"loud\"\n", ":2: log.level: expected one of \"debug\", \"info\", \"warning\", \"error\""},
      {"[metrics]\nlisten = \"0.0.0.0:9464\"\n",
       ":2: metrics.listen is \"0.0.0.0:9464\": expected an address of this machine"},
      {"[algorithms]\nciphers = [\"rot13\"]\n", ":1: algorithms: cipher: unknown name"},
      {"[defaults]\nquota_bytes = \"ten\"\n", ":2: defaults.quota_bytes: expected a number of bytes"},
      {"[defaults]\nquota_bytes = \"99999999999G\"\n", ":2: defaults.quota_bytes: expected a number of bytes"},
      {"[defaults]\numask = \"888\"\n", ":2: defaults.umask: expected an octal text"},
      {"[[users]]\nname = \"../x\"\n", ":1: user \"../x\" has a name that is none"},
      {"[[users]]\nname = \"a\"\npassword = \"plain\"\n", ":1: user \"a\" has a password that is no argon2id hash"},
      {"[[users]]\nname = \"a\"\n", ":1: user \"a\" could not sign in"},
      {"[[users]]\nname = \"a\"\nroot = \"relative\"\n", ":1: user \"a\" has no root"},
      {good + tail, ":9: user \"alice\" is there already, at " + file + ":4"},
      {good + "authorized_keys_file = \"/no/such/file\"\n", ":4: user \"alice\": authorized_keys_file /no/such/file"},
  };
  for (const Mistake& mistake : mistakes) {
    CAPTURE(mistake.text);
    const Finished wrong = check(mistake.text);
    CAPTURE(wrong.output);
    CHECK(wrong.exit_code == 1);
    CHECK(wrong.output.find(file + mistake.told) != std::string::npos);
  }
  const Finished gone = check(good.substr(0, good.find("create = true")) + good.substr(good.find("password = ")));
  CHECK(gone.exit_code == 1);
  CHECK(gone.output.find(":4: user \"alice\": root " + folder.path() + "/alice: no directory; create = true") !=
        std::string::npos);
}

TEST_CASE("hawser serve: the command line says what goes with what") {
  const TemporaryDirectory folder;
  write_file(folder.path() + "/serve.toml", "");
  const std::string config = folder.path() + "/serve.toml";
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"serve"},
                                             {"serve", "--check", folder.path()},
                                             {"serve", "--config", "/no/such/file"},
                                             {"serve", "--config", config, "--port", "5"},
                                             {"serve", "--config", config, folder.path()},
                                             {"serve", "/no/such/directory"},
                                             {"serve", folder.path()}}) {
    const Finished refused = run_hawser(arguments);
    CAPTURE(refused.output);
    CHECK(refused.exit_code == 2);
  }
}

// As a service manager does it: the listening socket is descriptor 3 of the program.
TEST_CASE("hawser serve: the sockets of systemd") {
  ConfiguredServer server;
  std::string text = server.text();
  text.replace(text.find("127.0.0.1:0"), 11, "systemd");
  server.configure(text);
  const Finished without = run_hawser({"serve", "--config", server.path("serve.toml")});
  CHECK(without.exit_code == 1);
  CHECK(without.output.find("systemd has opened no socket") != std::string::npos);

  const std::string activate =
      "import os, socket, sys\n"
      "s = socket.create_server(('127.0.0.1', 0))\n"
      "os.dup2(s.fileno(), 3, inheritable=True)\n"
      "os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid()))\n"
      "os.execv(sys.argv[1], sys.argv[1:])\n";
  Background activated(
      {{"python3", "-c", activate, hawser_program(), "serve", "--config", server.path("serve.toml")}, {}, {}, {}},
      server.path("log"));
  INFO(activated.output());
  REQUIRE(activated.wait_for_output("listening on 127.0.0.1:"));
}
