// Authentication: SSHServerSession asks the hooks and answers.
#include <algorithm>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

#include "auth_dialog.h"
#include "hawser/net/spawn.h"
#include "ssh_server_session.h"

namespace hawser::server {
namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

Awaitable<void> SSHServerSession::on_userauth_request(auth::UserauthServerEvent event) {
  attempt_began_ = std::chrono::steady_clock::now();
  if (const auto* success = std::get_if<auth::AuthSucceeded>(&event)) {
    succeeded(*success);
  } else if (auto* answered = std::get_if<auth::PromptsAnswered>(&event)) {
    dialog_->answered(std::move(answered->responses));
    co_await follow_dialog();
  } else {
    co_await abandon_dialog();
    co_await on_auth_requested(std::get<auth::AuthRequested>(std::move(event)));
  }
}

void SSHServerSession::succeeded(const auth::AuthSucceeded& success) {
  user_ = success.user;
  authenticated_ = true;
  place_.authenticated();
  log(LogLevel::info, escaped(user_) + " signed in with " + success.method);
  announce_host_keys();
}

Awaitable<void> SSHServerSession::on_auth_requested(auth::AuthRequested request) {
  password_change_prompt_.clear();
  partial_successes_ = request.partial_successes;
  if (!claimed_user_ || *claimed_user_ != request.user) {
    claimed_user_ = request.user;
    co_await ask_allowed_methods(request.user);
  }
  const bool allowed = contains(allowed_methods_, request.method);
  if (allowed && std::holds_alternative<auth::KeyboardInteractiveRequest>(request.request)) {
    dialog_ = std::make_shared<AuthDialog>(*connection_, std::move(request));
    net::spawn(connection_->executor(), run_dialog(shared_from_this(), dialog_));
    co_await follow_dialog();
    co_return;
  }
  AuthResult result = AuthResult::failed;
  if (allowed || std::holds_alternative<auth::NoneRequest>(request.request)) result = co_await judge(request);
  co_await answer_auth(request, result);
}

Awaitable<void> SSHServerSession::answer_auth(const auth::AuthRequested& request, AuthResult result) {
  if (result != AuthResult::failed && !password_change_prompt_.empty()) {
    log(LogLevel::info, escaped(request.user) + " must change the password");
    const Result<void> asked = connection_->session().ask_for_new_password(password_change_prompt_);
    if (!asked) log(LogLevel::info, "cannot ask for a new password: " + asked.error().message());
    co_return;
  }
  const bool query = std::holds_alternative<auth::PublicKeyQuery>(request.request);
  if (result == AuthResult::successful && !query) {
    tell("on_authentication_successful",
         [&] { server_.on_authentication_successful(*this, request.user, request.method); });
  }
  if (result == AuthResult::partial && !query) {
    partial_successes_.push_back(request.method);
    log(LogLevel::info, escaped(request.user) + " has done " + request.method + ", and must go on");
    co_await ask_allowed_methods(request.user);
  }
  if (result == AuthResult::failed) {
    co_await ask_allowed_methods(request.user);
    tell("on_authentication_failed", [&] { server_.on_authentication_failed(*this, request.user, request.method); });
    const auto* refused = std::get_if<auth::RefusedRequest>(&request.request);
    log(LogLevel::info, escaped(request.user) + " refused with " + escaped(request.method) +
                            (refused != nullptr ? std::string(": ") + refused->reason : std::string()));
    co_await delay_failure(request);
  }
  connection_->session().answer(result, allowed_methods_);
}

// Not before this time since the request, so that the time a hook took does not show either, where it is shorter. A
// client that only asks for the methods (RFC 4252 §5.2) has guessed nothing.
Awaitable<void> SSHServerSession::delay_failure(const auth::AuthRequested& request) {
  if (settings_.auth_failure_delay.count() == 0) co_return;
  if (std::holds_alternative<auth::NoneRequest>(request.request)) co_return;
  asio::steady_timer timer(connection_->executor(), attempt_began_ + settings_.auth_failure_delay);
  co_await timer.async_wait(asio::use_awaitable);
}

Awaitable<void> SSHServerSession::ask_allowed_methods(std::string user) {
  const std::vector<std::string> none;
  allowed_methods_ = co_await ask("get_allowed_auths", none, [&] { return server_.get_allowed_auths(*this, user); });
  // "none" is how a client asks for this list, and is never on it (RFC 4252 §5.2).
  std::erase_if(allowed_methods_,
                [&](const std::string& method) { return method == "none" || !contains(methods_, method); });
}

Awaitable<AuthResult> SSHServerSession::judge(const auth::AuthRequested& request) {
  if (!contains(methods_, request.method)) co_return AuthResult::failed;
  const std::string& user = request.user;
  AuthResult result = AuthResult::failed;
  if (std::holds_alternative<auth::NoneRequest>(request.request)) {
    result = co_await ask("check_auth_none", AuthResult::failed, [&] { return server_.check_auth_none(*this, user); });
  } else if (const auto* password = std::get_if<auth::PasswordRequest>(&request.request)) {
    result = co_await judge_password(user, *password);
  } else if (const auto* query = std::get_if<auth::PublicKeyQuery>(&request.request)) {
    result = co_await ask("check_auth_publickey", AuthResult::failed,
                          [&] { return server_.check_auth_publickey(*this, user, query->key, KeyUse::query); });
  } else if (const auto* key = std::get_if<auth::PublicKeySigned>(&request.request)) {
    result = co_await ask("check_auth_publickey", AuthResult::failed,
                          [&] { return server_.check_auth_publickey(*this, user, key->key, KeyUse::signature); });
  } else if (const auto* proved = std::get_if<auth::GssapiAuthenticated>(&request.request)) {
    result = co_await ask("check_auth_gssapi_with_mic", AuthResult::failed,
                          [&] { return server_.check_auth_gssapi_with_mic(*this, user, *proved); });
  }
  co_return result;
}

Awaitable<AuthResult> SSHServerSession::judge_password(const std::string& user, const auth::PasswordRequest& request) {
  AuthResult result = AuthResult::failed;
  if (request.new_password) {
    result = co_await ask("check_auth_password_change", AuthResult::failed, [&] {
      return server_.check_auth_password_change(*this, user, request.password, *request.new_password);
    });
  } else {
    result = co_await ask("check_auth_password", AuthResult::failed,
                          [&] { return server_.check_auth_password(*this, user, request.password); });
    if (result == AuthResult::failed) co_return result;  // a guesser does not learn that the password has expired
    result = co_await ask("get_password_change_prompt", AuthResult::failed,
                          [&] { return read_password_change_prompt(user, result); });
  }
  co_return result;
}

Awaitable<AuthResult> SSHServerSession::read_password_change_prompt(std::string user, AuthResult otherwise) {
  password_change_prompt_ = co_await server_.get_password_change_prompt(*this, std::move(user));
  co_return otherwise;
}

// The hook of keyboard-interactive, beside the connection's own loop, which must read the client's answers.
Awaitable<void> SSHServerSession::run_dialog(Self self, std::shared_ptr<AuthDialog> dialog) {
  const AuthResult result = co_await self->ask("check_auth_keyboard_interactive", AuthResult::failed, [&] {
    return self->server_.check_auth_keyboard_interactive(*self, dialog->request().user, dialog->submethods(), *dialog);
  });
  dialog->finish(result);
}

// Until the hook asks the client, or has decided.
Awaitable<void> SSHServerSession::follow_dialog() {
  const std::shared_ptr<AuthDialog> dialog = dialog_;
  const std::optional<AuthResult> result = co_await dialog->turn();
  if (!result) co_return;
  dialog_.reset();
  if (!connection_->over()) co_await answer_auth(dialog->request(), *result);
}

// The client goes on with another request, or is gone: what the hook still decides counts for nothing.
Awaitable<void> SSHServerSession::abandon_dialog() {
  if (!dialog_) co_return;
  const std::shared_ptr<AuthDialog> dialog = std::exchange(dialog_, nullptr);
  co_await dialog->abandon();
  log(LogLevel::info, escaped(dialog->request().user) + " abandoned " + dialog->request().method);
}

}  // namespace hawser::server
