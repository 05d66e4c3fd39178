// keyboard-interactive between a hook, which sees a conversation, and the connection, which sees one message after the
// other. The two take turns: while the hook thinks, the connection does not read on, as with every other hook; while
// the client is asked, the hook waits in `prompt`.
#pragma once

#include "hawser/auth/userauth_server.h"
#include "hawser/net/connection.h"
#include "hawser/server/keyboard_interactive.h"

namespace hawser::server {

class AuthDialog final : public KeyboardInteractive {
 public:
  // `connection` is borrowed for this object's life.
  AuthDialog(net::Connection& connection, auth::AuthRequested request);

  net::Awaitable<std::optional<PromptAnswers>> prompt(std::string_view name, std::string_view instruction,
                                                      const std::vector<auth::Prompt>& prompts) override;
  const std::string& language_tag() const override { return asked().language_tag; }

  const auth::AuthRequested& request() const { return request_; }
  const std::string& submethods() const { return asked().submethods; }

  // The connection's side. Waits until the hook has returned (its result), or asks the client (nullopt).
  net::Awaitable<std::optional<auth::AuthResult>> turn();
  void answered(std::optional<PromptAnswers> answers);
  // The client will not answer any more: waits until the hook has returned.
  net::Awaitable<void> abandon();

  // The hook has returned.
  void finish(auth::AuthResult result);

 private:
  const auth::KeyboardInteractiveRequest& asked() const {
    return std::get<auth::KeyboardInteractiveRequest>(request_.request);
  }

  net::Connection& connection_;
  auth::AuthRequested request_;
  net::Signal changed_;
  bool client_is_asked_ = false;
  bool abandoned_ = false;
  bool void_ = false;  // the client has sent a wrong number of answers: nothing but failure can follow
  std::optional<PromptAnswers> answers_;
  std::optional<auth::AuthResult> result_;
};

}  // namespace hawser::server
