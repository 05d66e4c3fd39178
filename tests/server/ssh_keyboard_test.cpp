// keyboard-interactive as a hook sees it: a conversation (RFC 4256).
#include "auth_fixture.h"

namespace hawser::test {

namespace {

using server::Awaitable;
using server::KeyboardInteractive;
using Calls = std::vector<std::string>;

const std::vector<auth::Prompt> password_and_code{{"Password: ", false}, {"Code: ", true}};

// Two rounds: what is asked, then a message alone.
Awaitable<AuthResult> ask_twice(KeyboardInteractive& client) {
  const auto answers = co_await client.prompt("Sign in", "Two things", password_and_code);
  if (!answers || answers->size() != 2) co_return AuthResult::failed;
  const bool right = as_text((*answers)[0].view()) == "secret" && as_text((*answers)[1].view()) == "123456";
  const std::vector<auth::Prompt> nothing;
  const auto shown = co_await client.prompt("", right ? "Welcome" : "Sorry", nothing);
  co_return right&& shown ? AuthResult::successful : AuthResult::failed;
}

// For ever.
Awaitable<AuthResult> ask_on(KeyboardInteractive& client) {
  while (true) {
    const std::vector<auth::Prompt> prompts{{"Again: ", false}};
    const auto answers = co_await client.prompt("", "", prompts);
    if (!answers) co_return AuthResult::failed;
  }
}

// Says yes, whatever the client does.
Awaitable<AuthResult> ask_in_vain(KeyboardInteractive& client) {
  (void)co_await client.prompt("", "", password_and_code);
  co_return AuthResult::successful;
}

Awaitable<AuthResult> ask_and_throw(KeyboardInteractive& client) {
  const std::vector<auth::Prompt> prompts{{"Password: ", false}};
  (void)co_await client.prompt("", "", prompts);
  throw std::runtime_error("broken");
}

Awaitable<AuthResult> ask_too_much(KeyboardInteractive& client) {
  std::vector<auth::Prompt> prompts(auth::prompt_limit + 1);
  const auto answers = co_await client.prompt("", "", prompts);
  co_return answers ? AuthResult::failed : AuthResult::successful;
}

}  // namespace

TEST_CASE_FIXTURE(AuthFixture, "keyboard-interactive: a hook asks as often as it likes, and decides") {
  server->dialog = ask_twice;
  AuthClient client(start());
  client.answers = {"secret", "123456"};
  REQUIRE(client.connect());
  REQUIRE(client.userauth().request_keyboard_interactive());
  client.connection->flush_soon();
  const auto first = client.next_event();
  REQUIRE(first);
  const auto& prompts = std::get<auth::PromptsReceived>(*first);
  CHECK(prompts.name == "Sign in");
  CHECK(prompts.instruction == "Two things");
  REQUIRE(prompts.prompts.size() == 2);
  CHECK_FALSE(prompts.prompts[0].echo);
  CHECK(prompts.prompts[1].echo);
  REQUIRE(client.userauth().answer_prompts({"secret", "123456"}));
  client.answers.clear();
  CHECK(client.outcome());
  REQUIRE(client.prompted.size() == 1);
  CHECK(client.prompted[0].instruction == "Welcome");
  CHECK(server->called("on_authentication_successful(user keyboard-interactive)"));
}

TEST_CASE_FIXTURE(AuthFixture, "keyboard-interactive: wrong answers fail, and the next conversation may succeed") {
  server->dialog = ask_twice;
  AuthClient client(start());
  REQUIRE(client.connect());
  REQUIRE(client.userauth().request_keyboard_interactive());
  CHECK_FALSE(client.outcome());
  CHECK(server->called("on_authentication_failed(user keyboard-interactive)"));
  CHECK(client.prompted.back().instruction == "Sorry");
}

TEST_CASE_FIXTURE(AuthFixture,
                  "keyboard-interactive: a wrong number of answers fails, though the hook says yes (RFC 4256 §3.4)") {
  server->dialog = ask_in_vain;
  AuthClient client(start());
  REQUIRE(client.connect());
  REQUIRE(client.userauth().request_keyboard_interactive());
  client.connection->flush_soon();
  REQUIRE(client.next_event());
  // Behind the back of the client's own state, which would not send it.
  client.connection->session().transport().send_message(auth::UserauthInfoResponse{0, {}});
  client.connection->flush_soon();
  (void)client.wait_end();
  CHECK(server->called("dialog(successful)"));
  CHECK(server->called("on_authentication_failed(user keyboard-interactive)"));
  CHECK_FALSE(server->called("on_authentication_successful(user keyboard-interactive)"));
}

TEST_CASE_FIXTURE(AuthFixture,
                  "keyboard-interactive: another request abandons it; what the hook says then counts for nothing") {
  server->dialog = ask_in_vain;
  server->results = {{"password", AuthResult::failed}};
  AuthClient client(start());
  REQUIRE(client.connect());
  REQUIRE(client.userauth().request_keyboard_interactive());
  client.connection->flush_soon();
  REQUIRE(client.next_event());
  REQUIRE(client.userauth().request_password("wrong"));
  CHECK_FALSE(client.outcome());
  // The hook had returned before the next one was asked.
  const Calls calls = server->calls();
  const auto dialog = std::find(calls.begin(), calls.end(), "dialog(successful)");
  REQUIRE(dialog != calls.end());
  CHECK(std::find(dialog, calls.end(), "check_auth_password(user wrong)") != calls.end());
  CHECK_FALSE(server->called("on_authentication_successful(user keyboard-interactive)"));
  CHECK_FALSE(server->called("on_authentication_failed(user keyboard-interactive)"));  // RFC 4252 §5.1: no failure
}

TEST_CASE_FIXTURE(AuthFixture, "keyboard-interactive: a client that goes away ends the conversation") {
  server->dialog = ask_in_vain;
  const std::uint16_t port = start();
  {
    AuthClient client(port);
    REQUIRE(client.connect());
    REQUIRE(client.userauth().request_keyboard_interactive());
    client.connection->flush_soon();
    REQUIRE(client.next_event());
  }
  manager->stop();
  CHECK(server->called("dialog(successful)"));
  CHECK_FALSE(server->called("on_authentication_successful(user keyboard-interactive)"));
}

TEST_CASE_FIXTURE(AuthFixture, "keyboard-interactive: the login deadline strikes while the client is asked") {
  server->dialog = ask_twice;
  options.session.login_time = std::chrono::seconds(1);
  AuthClient client(start());
  REQUIRE(client.connect());
  REQUIRE(client.userauth().request_keyboard_interactive());
  client.connection->flush_soon();
  REQUIRE(client.next_event());
  (void)client.wait_end();
  manager->stop();
  CHECK(server->called("dialog(failed)"));
}

TEST_CASE_FIXTURE(
    AuthFixture,
    "[endless-conversation] keyboard-interactive: rounds are limited, and the hook is told by getting no answer") {
  server->dialog = ask_on;
  options.session.userauth.prompt_rounds = 3;
  AuthClient client(start());
  REQUIRE(client.connect());
  REQUIRE(client.userauth().request_keyboard_interactive());
  CHECK_FALSE(client.outcome());
  CHECK(client.prompted.size() == 3);
  CHECK_FALSE(client.ended);
}

TEST_CASE_FIXTURE(AuthFixture, "keyboard-interactive: too many prompts are not sent; the hook decides without them") {
  server->dialog = ask_too_much;
  AuthClient client(start());
  REQUIRE(client.connect());
  REQUIRE(client.userauth().request_keyboard_interactive());
  CHECK(client.outcome());
  CHECK(client.prompted.empty());
}

TEST_CASE_FIXTURE(AuthFixture, "keyboard-interactive: an exception in the midst of it denies, and is logged") {
  server->dialog = ask_and_throw;
  AuthClient client(start());
  REQUIRE(client.connect());
  REQUIRE(client.userauth().request_keyboard_interactive());
  CHECK_FALSE(client.outcome());
  REQUIRE(log->errors().size() == 1);
  CHECK(log->errors()[0].find("check_auth_keyboard_interactive: broken") != std::string::npos);
}

TEST_CASE_FIXTURE(AuthFixture,
                  "[endless-conversation] keyboard-interactive: conversations that are abandoned again and again meet "
                  "the attempt limit") {
  server->dialog = ask_in_vain;
  options.session.userauth.attempt_limit = 3;
  AuthClient client(start());
  REQUIRE(client.connect());
  int begun = 0;
  while (begun != 10 && client.userauth().request_keyboard_interactive()) {
    client.connection->flush_soon();
    if (!client.next_event()) break;
    ++begun;
  }
  CHECK(begun == 3);
  CHECK(client.ended);
}

}  // namespace hawser::test
