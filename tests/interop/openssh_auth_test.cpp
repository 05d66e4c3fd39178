// OpenSSH's sftp against a server of ours that asks in every way: keyboard-interactive, chains of methods, host-bound
// keys; and our own program against it and against sshd.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <mutex>

#include "checks.h"
#include "hawser/server/memory_file_system.h"
#include "hawser/server/ssh_server_manager.h"
#include "peers.h"

using namespace hawser;
using namespace hawser::test;
using auth::AuthResult;
using server::Awaitable;
using server::ServerConnection;

namespace {

// Signs in alice: by the methods of `chain`, one after the other.
class ChainServer final : public server::SSHServer {
 public:
  using Methods = std::vector<std::string>;

  explicit ChainServer(Methods wanted) : chain_(std::move(wanted)) {}

  Methods authentication_methods() const override { return {"publickey", "keyboard-interactive", "password"}; }
  Awaitable<Methods> get_allowed_auths(ServerConnection& connection, std::string) override {
    const std::size_t done = connection.partial_successes().size();
    co_return Methods{chain_.at(std::min(done, chain_.size() - 1))};
  }
  Awaitable<AuthResult> check_auth_publickey(ServerConnection& connection, std::string user, crypto::PublicKey key,
                                             server::KeyUse) override {
    co_return result(connection, user == "alice" && known_key && key == *known_key);
  }
  Awaitable<AuthResult> check_auth_password(ServerConnection& connection, std::string user,
                                            const crypto::SecretBytes& password) override {
    co_return result(connection, user == "alice" && as_text(password.view()) == "correct horse");
  }
  Awaitable<std::string> get_password_change_prompt(ServerConnection&, std::string) override {
    co_return change_prompt;
  }
  Awaitable<AuthResult> check_auth_password_change(ServerConnection& connection, std::string user,
                                                   const crypto::SecretBytes& old_password,
                                                   const crypto::SecretBytes& new_password) override {
    co_return result(connection, user == "alice" && as_text(old_password.view()) == "correct horse" &&
                                     as_text(new_password.view()) == "battery staple");
  }
  Awaitable<AuthResult> check_auth_keyboard_interactive(ServerConnection& connection, std::string user, std::string,
                                                        server::KeyboardInteractive& client) override {
    std::vector<auth::Prompt> prompts{{"Password: ", false}};
    if (with_code) prompts.push_back({"Code: ", true});
    const auto answers = co_await client.prompt("Sign in", "Answer well", prompts);
    if (!answers) co_return AuthResult::failed;
    bool right = user == "alice" && as_text((*answers)[0].view()) == "correct horse";
    if (with_code) {
      right = right && as_text((*answers)[1].view()) == "123456";
      const std::vector<auth::Prompt> none;
      const auto shown = co_await client.prompt("", right ? "Welcome" : "Sorry", none);
      right = right && shown.has_value();
    }
    co_return result(connection, right);
  }
  std::shared_ptr<server::FileSystem> file_system(ServerConnection&) override { return files_; }
  void on_authentication_successful(ServerConnection& connection, const std::string&,
                                    const std::string& method) override {
    const std::lock_guard lock(mutex_);
    successes_.push_back(connection.partial_successes());
    successes_.back().push_back(method);
  }

  std::vector<Methods> successes() const {
    const std::lock_guard lock(mutex_);
    return successes_;
  }

  std::optional<crypto::PublicKey> known_key;
  std::atomic<bool> with_code = false;
  std::string change_prompt;  // not empty: passwords must be changed

 private:
  AuthResult result(const ServerConnection& connection, bool right) const {
    if (!right) return AuthResult::failed;
    return connection.partial_successes().size() + 1 < chain_.size() ? AuthResult::partial : AuthResult::successful;
  }

  Methods chain_;
  std::shared_ptr<server::FileSystem> files_ = std::make_shared<server::MemoryFileSystem>();
  mutable std::mutex mutex_;
  std::vector<Methods> successes_;  // of each login: the methods of its chain
};

struct Chain {
  explicit Chain(ChainServer::Methods methods) : server(std::make_shared<ChainServer>(std::move(methods))) {
    make_key(client_key(), "ed25519");
    server->known_key = crypto::load_private_key(client_key())->public_key();
    server::SSHServerOptions options;
    options.port = 0;
    options.threads = 1;
    options.host_keys = {*server::ephemeral_host_key()};
    const std::string host_key = options.host_keys[0]->public_key().text();
    manager = std::make_unique<server::SSHServerManager>(server, std::move(options));
    REQUIRE(manager->start());
    write_file(known_hosts(), "[127.0.0.1]:" + std::to_string(manager->port()) + " " + host_key + "\n");
    // Says what OpenSSH's client asks it for: one answer for each prompt.
    write_file(askpass(), "#!/bin/sh\ncase \"$1\" in\n*Code*) echo 123456 ;;\n*) echo 'correct horse' ;;\nesac\n",
               0700);
  }
  std::string client_key() const { return folder.path() + "/client"; }
  std::string known_hosts() const { return folder.path() + "/known_hosts"; }
  std::string askpass() const { return folder.path() + "/askpass"; }

  Finished sftp(const std::string& methods, std::vector<std::string> options = {}) const {
    Command command;
    command.arguments = {"sftp",
                         "-o",
                         "BatchMode=no",
                         "-b",
                         "-",
                         "-F",
                         "/dev/null",
                         "-P",
                         std::to_string(manager->port()),
                         "-o",
                         "UserKnownHostsFile=" + known_hosts(),
                         "-o",
                         "StrictHostKeyChecking=yes",
                         "-o",
                         "IdentitiesOnly=yes",
                         "-i",
                         client_key(),
                         "-o",
                         "PreferredAuthentications=" + methods,
                         "-o",
                         "NumberOfPasswordPrompts=1"};
    command.arguments.insert(command.arguments.end(), options.begin(), options.end());
    command.arguments.push_back("alice@127.0.0.1");
    command.environment = {{"SSH_ASKPASS", askpass()}, {"SSH_ASKPASS_REQUIRE", "force"}, {"DISPLAY", ":0"}};
    command.input = "pwd\n";
    command.directory = folder.path();
    return run_command(command);
  }
  Finished hawser(std::vector<std::string> options, std::map<std::string, std::string> environment) const {
    std::vector<std::string> arguments{hawser_program(), "ls", "--known-hosts", known_hosts()};
    arguments.insert(arguments.end(), options.begin(), options.end());
    arguments.push_back("sftp://alice@127.0.0.1:" + std::to_string(manager->port()) + "/");
    environment["HOME"] = folder.path();
    return run_command({arguments, std::move(environment), {}, folder.path()});
  }

  TemporaryDirectory folder;
  std::shared_ptr<ChainServer> server;
  std::unique_ptr<server::SSHServerManager> manager;
};

using Successes = std::vector<ChainServer::Methods>;

}  // namespace

TEST_CASE("OpenSSH sftp: keyboard-interactive, two prompts and a message (RFC 4256)") {
  Chain chain({"keyboard-interactive"});
  chain.server->with_code = true;
  require_success(chain.sftp("keyboard-interactive"));
  CHECK(chain.server->successes() == Successes{{"keyboard-interactive"}});
}

TEST_CASE("OpenSSH sftp: keyboard-interactive with wrong answers is refused") {
  Chain chain({"keyboard-interactive"});
  write_file(chain.askpass(), "#!/bin/sh\necho wrong\n", 0700);
  const Finished refused = chain.sftp("keyboard-interactive");
  INFO(refused.output);
  CHECK(refused.exit_code != 0);
  CHECK(refused.output.find("Permission denied (keyboard-interactive)") != std::string::npos);
  CHECK(chain.server->successes().empty());
}

TEST_CASE("OpenSSH sftp: a password that has expired is changed (RFC 4252 §8)") {
  Chain chain({"password"});
  chain.server->change_prompt = "Your password has expired.";
  write_file(chain.askpass(),
             "#!/bin/sh\ncase \"$1\" in\n*'new password'*) echo 'battery staple' ;;\n*) echo 'correct horse' "
             ";;\nesac\n",
             0700);
  const Finished changed = chain.sftp("password");
  require_success(changed);
  CHECK(changed.output.find("Your password has expired.") != std::string::npos);
  CHECK(chain.server->successes() == Successes{{"password"}});
}

TEST_CASE("OpenSSH sftp: publickey, then password; publickey, then keyboard-interactive (RFC 4252 §5.1)") {
  for (const std::string second : {"password", "keyboard-interactive"}) {
    CAPTURE(second);
    Chain chain({"publickey", second});
    require_success(chain.sftp("publickey,password,keyboard-interactive"));
    CHECK(chain.server->successes() == Successes{{"publickey", second}});
    // Half of it is not enough.
    const Finished half = chain.sftp("publickey");
    INFO(half.output);
    CHECK(half.exit_code != 0);
    CHECK(chain.server->successes().size() == 1);
  }
}

TEST_CASE("OpenSSH sftp: signs host-bound where it is offered (OpenSSH PROTOCOL §3.1)") {
  Chain chain({"publickey"});
  const Finished finished = chain.sftp("publickey", {"-vvv"});
  require_success(finished);
  CHECK(finished.output.find("publickey-hostbound-v00@openssh.com") != std::string::npos);
  CHECK(chain.server->successes() == Successes{{"publickey"}});
}

TEST_CASE("hawser: a password answers the one prompt of a server that asks for it so, and chains in any order") {
  Chain prompt({"keyboard-interactive"});
  require_success(prompt.hawser({}, {{"HAWSER_PASSWORD", "correct horse"}}));
  CHECK(prompt.server->successes() == Successes{{"keyboard-interactive"}});
  // Two prompts are not asking for a password.
  prompt.server->with_code = true;
  CHECK(prompt.hawser({}, {{"HAWSER_PASSWORD", "correct horse"}}).exit_code == 5);

  for (const ChainServer::Methods& methods : {ChainServer::Methods{"publickey", "password"},
                                              {"password", "publickey"},
                                              {"publickey", "keyboard-interactive"}}) {
    CAPTURE(methods[0]);
    CAPTURE(methods[1]);
    Chain chain(methods);
    require_success(chain.hawser({"--identity", chain.client_key()}, {{"HAWSER_PASSWORD", "correct horse"}}));
    CHECK(chain.server->successes() == Successes{methods});
  }
}

TEST_CASE("hawser and sshd: an RSA key signs host-bound; two keys make a chain (OpenSSH PROTOCOL §3.1)") {
  const Sshd sshd("LogLevel DEBUG2\nAuthenticationMethods publickey,publickey\n");
  const std::string other = sshd.folder() + "/other";
  make_key(other, "rsa");
  write_file(sshd.client_key() + ".pub", read_file(sshd.client_key() + ".pub") + read_file(other + ".pub"));
  const std::string url = "sftp://" + current_user() + "@127.0.0.1:" + std::to_string(sshd.port()) + "/";
  require_success(run_command({{hawser_program(), "ls", "--known-hosts", sshd.known_hosts(), "--identity", other,
                                "--identity", sshd.client_key(), url},
                               {},
                               {},
                               sshd.folder()}));
  const std::string log = sshd.log();
  INFO(log);
  CHECK(log.find("method publickey-hostbound-v00@openssh.com") != std::string::npos);
  CHECK(log.find("Partial publickey") != std::string::npos);
  // One of the two is not enough.
  CHECK(
      run_command({{hawser_program(), "ls", "--known-hosts", sshd.known_hosts(), "--identity", other, url}, {}, {}, {}})
          .exit_code == 5);
}
