// A server whose authentication hooks all do the same, as the test has set: what the base class does, allow, deny, or
// throw. Every call is remembered with its arguments.
#pragma once

#include "hawser/auth/request_fields.h"
#include "server/hook_mode.h"
#include "server/ssh_fixture.h"
#include "support/test_gss.h"
#include "support/transport_configs.h"

namespace hawser::test {

class AuthServer final : public server::SSHServer {
 public:
  using Methods = std::vector<std::string>;
  template <class T>
  using Awaitable = server::Awaitable<T>;

  HookMode mode = HookMode::allow;
  std::string throwing;  // this hook alone throws, whatever the mode
  Methods methods{"password", "publickey", "keyboard-interactive", "gssapi-with-mic"};
  Methods chain;                              // one method after the other, for every user; empty: `allowed` says
  std::map<std::string, Methods> allowed;     // by user name; without a row: the default
  std::map<std::string, AuthResult> results;  // by method, over the mode
  std::string banner;
  std::string change_prompt;  // empty: the default
  // What keyboard-interactive does, over the mode.
  std::function<Awaitable<AuthResult>(server::KeyboardInteractive&)> dialog;

  Methods calls() const {
    const std::lock_guard lock(mutex_);
    return calls_;
  }
  bool called(const std::string& call) const {
    const Methods all = calls();
    return std::find(all.begin(), all.end(), call) != all.end();
  }

  Methods authentication_methods() const override { return methods; }

  Awaitable<AuthResult> check_auth_none(ServerConnection& connection, std::string user) override {
    note("check_auth_none", user);
    if (mode == HookMode::base) {
      const AuthResult result = co_await SSHServer::check_auth_none(connection, user);
      co_return result;
    }
    co_return outcome("none");
  }
  Awaitable<AuthResult> check_auth_password(ServerConnection& connection, std::string user,
                                            const crypto::SecretBytes& password) override {
    note("check_auth_password", user + " " + std::string(as_text(password.view())));
    if (mode == HookMode::base) {
      const AuthResult result = co_await SSHServer::check_auth_password(connection, user, password);
      co_return result;
    }
    co_return outcome("password");
  }
  Awaitable<std::string> get_password_change_prompt(ServerConnection& connection, std::string user) override {
    if (throwing == "get_password_change_prompt") throw std::runtime_error("broken");
    if (change_prompt.empty()) {
      std::string none = co_await SSHServer::get_password_change_prompt(connection, user);
      co_return none;
    }
    note("get_password_change_prompt", user);
    co_return change_prompt;
  }
  Awaitable<AuthResult> check_auth_password_change(ServerConnection& connection, std::string user,
                                                   const crypto::SecretBytes& old_password,
                                                   const crypto::SecretBytes& new_password) override {
    note("check_auth_password_change",
         user + " " + std::string(as_text(old_password.view())) + " " + std::string(as_text(new_password.view())));
    if (mode == HookMode::base) {
      const AuthResult result =
          co_await SSHServer::check_auth_password_change(connection, user, old_password, new_password);
      co_return result;
    }
    co_return outcome("password");
  }
  Awaitable<AuthResult> check_auth_publickey(ServerConnection& connection, std::string user, crypto::PublicKey key,
                                             KeyUse use) override {
    note(use == KeyUse::query ? "check_auth_publickey query" : "check_auth_publickey signature",
         user + " " + key.fingerprint());
    if (mode == HookMode::base) {
      const AuthResult result = co_await SSHServer::check_auth_publickey(connection, user, key, use);
      co_return result;
    }
    co_return outcome("publickey");
  }
  Awaitable<AuthResult> check_auth_keyboard_interactive(ServerConnection& connection, std::string user,
                                                        std::string submethods,
                                                        server::KeyboardInteractive& client) override {
    note("check_auth_keyboard_interactive", user + " " + submethods);
    if (dialog) {
      Awaitable<AuthResult> talking = dialog(client);  // g++ 12: no temporaries in a co_await expression
      const AuthResult result = co_await std::move(talking);
      note("dialog", result == AuthResult::successful ? "successful" : "failed");
      co_return result;
    }
    if (mode == HookMode::base) {
      const AuthResult result =
          co_await SSHServer::check_auth_keyboard_interactive(connection, user, submethods, client);
      co_return result;
    }
    co_return outcome("keyboard-interactive");
  }
  Awaitable<AuthResult> check_auth_gssapi_with_mic(ServerConnection& connection, std::string user,
                                                   auth::GssapiAuthenticated proved) override {
    note("check_auth_gssapi_with_mic", user + " " + proved.initiator_name);
    if (mode == HookMode::base) {
      const AuthResult result = co_await SSHServer::check_auth_gssapi_with_mic(connection, user, proved);
      co_return result;
    }
    co_return outcome("gssapi-with-mic");
  }
  Awaitable<Methods> get_allowed_auths(ServerConnection& connection, std::string user) override {
    note("get_allowed_auths", user);
    if (throwing == "get_allowed_auths") throw std::runtime_error("broken");
    if (!chain.empty()) co_return Methods{chain.at(connection.partial_successes().size())};
    if (const auto row = allowed.find(user); row != allowed.end()) co_return row->second;
    Methods all = co_await SSHServer::get_allowed_auths(connection, user);
    co_return all;
  }
  Awaitable<std::string> get_banner(ServerConnection& connection) override {
    note("get_banner", connection.authenticated() ? "late" : "before");
    if (throwing == "get_banner") throw std::runtime_error("broken");
    if (!banner.empty()) co_return banner;
    std::string none = co_await SSHServer::get_banner(connection);
    co_return none;
  }
  void on_authentication_successful(ServerConnection& connection, const std::string& user,
                                    const std::string& method) override {
    note("on_authentication_successful", user + " " + method + (connection.authenticated() ? " late" : ""));
    SSHServer::on_authentication_successful(connection, user, method);
    if (throwing == "on_authentication_successful") throw std::runtime_error("broken");
  }
  void on_authentication_failed(ServerConnection& connection, const std::string& user,
                                const std::string& method) override {
    note("on_authentication_failed", user + " " + method);
    SSHServer::on_authentication_failed(connection, user, method);
    if (throwing == "on_authentication_failed") throw std::runtime_error("broken");
  }

 private:
  void note(const std::string& hook, const std::string& arguments) {
    const std::lock_guard lock(mutex_);
    calls_.push_back(hook + "(" + arguments + ")");
  }
  AuthResult outcome(const std::string& method) const {
    if (const auto row = results.find(method); row != results.end()) return row->second;
    if (mode == HookMode::throws) throw std::runtime_error("broken");
    return mode == HookMode::allow ? AuthResult::successful : AuthResult::failed;
  }

  mutable std::mutex mutex_;
  Methods calls_;
};

// The server, running, with every method at hand.
struct AuthFixture {
  std::shared_ptr<AuthServer> server = std::make_shared<AuthServer>();
  std::shared_ptr<RecordingLog> log = std::make_shared<RecordingLog>();
  server::SSHServerOptions options = test_options();
  std::unique_ptr<server::SSHServerManager> manager;
  TestGss gss;

  std::uint16_t start() {
    options.log = log;
    options.session.userauth.gss = std::make_shared<TestGssServer>(gss);
    manager = std::make_unique<server::SSHServerManager>(server, options);
    REQUIRE(manager->start());
    return manager->port();
  }
};

// A client that answers prompts, and keeps what it was shown.
struct AuthClient : TestClient {
  using TestClient::TestClient;
  std::vector<std::string_view> answers;  // to every prompt of a round; empty: the text "answer" for each
  std::vector<auth::PromptsReceived> prompted;
  std::vector<std::string> banners;
  std::vector<std::string> change_prompts;  // what a new password was asked for with

  // The outcome of the request that has just been made. False: it failed, a new password is asked for, or the
  // connection is over.
  bool outcome() {
    connection->flush_soon();
    while (const auto one = next_event()) {
      if (std::holds_alternative<auth::ClientAuthenticated>(*one)) return true;
      if (const auto* failed = std::get_if<auth::AuthFailed>(&*one)) {
        failure = *failed;
        return false;
      }
      if (const auto* change = std::get_if<auth::PasswordChangeRequested>(&*one)) {
        change_prompts.push_back(change->prompt);
        return false;
      }
      if (const auto* banner = std::get_if<auth::BannerReceived>(&*one)) banners.push_back(banner->text);
      if (const auto* asked = std::get_if<auth::PromptsReceived>(&*one)) {
        prompted.push_back(*asked);
        std::vector<std::string_view> responses = answers;
        if (responses.empty()) responses.assign(asked->prompts.size(), "answer");
        CHECK(userauth().answer_prompts(responses));
        connection->flush_soon();
      }
    }
    return false;
  }
};

}  // namespace hawser::test
