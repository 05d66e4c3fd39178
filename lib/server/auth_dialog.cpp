#include "auth_dialog.h"

namespace hawser::server {

AuthDialog::AuthDialog(net::Connection& connection, auth::AuthRequested request)
    : connection_(connection), request_(std::move(request)), changed_(connection.executor()) {}

net::Awaitable<std::optional<PromptAnswers>> AuthDialog::prompt(std::string_view name, std::string_view instruction,
                                                                const std::vector<auth::Prompt>& prompts) {
  if (client_is_asked_ || abandoned_ || connection_.over()) co_return std::nullopt;
  if (!connection_.session().prompt(name, instruction, prompts)) co_return std::nullopt;
  client_is_asked_ = true;
  changed_.notify();
  while (client_is_asked_ && !abandoned_) co_await changed_.wait();
  co_return std::exchange(answers_, std::nullopt);
}

net::Awaitable<std::optional<auth::AuthResult>> AuthDialog::turn() {
  while (!client_is_asked_ && !result_) co_await changed_.wait();
  if (result_ && void_) co_return auth::AuthResult::failed;
  co_return result_;
}

void AuthDialog::answered(std::optional<PromptAnswers> answers) {
  void_ = !answers;
  answers_ = std::move(answers);
  client_is_asked_ = false;
  changed_.notify();
}

net::Awaitable<void> AuthDialog::abandon() {
  abandoned_ = true;
  changed_.notify();
  while (!result_) co_await changed_.wait();
}

void AuthDialog::finish(auth::AuthResult result) {
  result_ = result;
  changed_.notify();
}

}  // namespace hawser::server
