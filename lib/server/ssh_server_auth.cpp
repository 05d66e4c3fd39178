// Authentication: SSHServerSession asks the hooks and answers.
#include <algorithm>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

#include "ssh_server_session.h"

namespace hawser::server {

Awaitable<void> SSHServerSession::on_userauth_request(auth::UserauthServerEvent event) {
  if (const auto* success = std::get_if<auth::AuthSucceeded>(&event)) {
    succeeded(*success);
  } else {
    co_await answer_auth(std::get<auth::AuthRequested>(std::move(event)));
  }
}

void SSHServerSession::succeeded(const auth::AuthSucceeded& success) {
  user_ = success.user;
  authenticated_ = true;
  place_.authenticated();
  log(LogLevel::info, escaped(user_) + " signed in with " + success.method);
  announce_host_keys();
}

Awaitable<void> SSHServerSession::answer_auth(auth::AuthRequested request) {
  const bool query = std::holds_alternative<auth::PublicKeyQuery>(request.request);
  partial_successes_ = request.partial_successes;
  const AuthResult result = co_await judge(request);
  if (result == AuthResult::partial && !query) partial_successes_.push_back(request.method);

  std::vector<std::string> allowed = co_await ask("get_allowed_auths", std::vector<std::string>(),
                                                  [&] { return server_.get_allowed_auths(*this, request.user); });
  // "none" is how a client asks for this list, and is never on it (RFC 4252 §5.2).
  std::erase_if(allowed, [&](const std::string& method) {
    return method == "none" || std::ranges::find(methods_, method) == methods_.end();
  });

  if (result == AuthResult::successful && !query) {
    tell("on_authentication_successful",
         [&] { server_.on_authentication_successful(*this, request.user, request.method); });
  }
  if (result == AuthResult::failed) {
    tell("on_authentication_failed", [&] { server_.on_authentication_failed(*this, request.user, request.method); });
    log(LogLevel::info, escaped(request.user) + " refused with " + escaped(request.method));
    if (settings_.auth_failure_delay.count() != 0) {
      asio::steady_timer timer(connection_->executor(), settings_.auth_failure_delay);
      co_await timer.async_wait(asio::use_awaitable);
    }
  }
  connection_->session().answer(result, allowed);
}

Awaitable<AuthResult> SSHServerSession::judge(const auth::AuthRequested& request) {
  if (std::ranges::find(methods_, request.method) == methods_.end()) co_return AuthResult::failed;
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
  }
  co_return result;
}

}  // namespace hawser::server
