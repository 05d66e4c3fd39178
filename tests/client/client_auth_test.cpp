// The client's methods of authentication: which is tried when, and what each is answered with.
#include <doctest/doctest.h>

#include "client/login_attempts.h"
#include "client/login_options.h"
#include "server/auth_fixture.h"

using namespace hawser;
using namespace hawser::client;
using test::key;

namespace {

using Calls = std::vector<std::string>;
using Answers = std::optional<std::vector<Password>>;

// Answers a conversation from what it is made of; keeps what it was asked.
struct Someone {
  std::vector<Answers> rounds;
  std::vector<auth::PromptsReceived> asked;

  AnswerPrompts callback() {
    return [this](auth::PromptsReceived prompts) { return answer(this, prompts); };
  }

 private:
  static Awaitable<Answers> answer(Someone* self, auth::PromptsReceived prompts) {
    const std::size_t round = self->asked.size();
    self->asked.push_back(std::move(prompts));
    co_return round < self->rounds.size() ? self->rounds[round] : Answers();
  }
};

struct AuthRig : test::AuthFixture {
  ConnectResult connect(std::vector<Credential> credentials, bool password_answers_prompt = false) {
    if (!manager) start();
    ClientOptions client = test::login_options(manager->port(), std::move(credentials));
    client.password_answers_prompt = password_answers_prompt;
    return test::run(io, Client::connect(std::move(client)));
  }
  // How often it was called, whatever the arguments.
  std::size_t count(const std::string& hook) const {
    std::size_t calls = 0;
    for (const std::string& call : server->calls()) calls += call.starts_with(hook + "(");
    return calls;
  }
  asio::io_context io;
};

server::Awaitable<auth::AuthResult> ask_password_and_code(server::KeyboardInteractive& client) {
  const std::vector<auth::Prompt> prompts{{"Password: ", false}, {"Code: ", true}};
  const auto answers = co_await client.prompt("Sign in", "Answer", prompts);
  const bool right = answers && as_text((*answers)[0].view()) == "secret" && as_text((*answers)[1].view()) == "123456";
  const std::vector<auth::Prompt> none;
  (void)co_await client.prompt("", right ? "Welcome" : "Sorry", none);
  co_return right ? auth::AuthResult::successful : auth::AuthResult::failed;
}
server::Awaitable<auth::AuthResult> ask_password(server::KeyboardInteractive& client) {
  const std::vector<auth::Prompt> prompts{{"Password: ", false}};
  const auto answers = co_await client.prompt("", "", prompts);
  co_return answers&& as_text((*answers)[0].view()) == "secret" ? auth::AuthResult::successful
                                                                : auth::AuthResult::failed;
}
server::Awaitable<auth::AuthResult> ask_name(server::KeyboardInteractive& client) {
  const std::vector<auth::Prompt> prompts{{"Your mother's name: ", true}};
  const auto answers = co_await client.prompt("", "", prompts);
  co_return answers ? auth::AuthResult::successful : auth::AuthResult::failed;
}
// Asks again where the answer was wrong, in the same conversation.
server::Awaitable<auth::AuthResult> ask_password_twice(server::KeyboardInteractive& client) {
  for (int i = 0; i != 2; ++i) {
    const std::vector<auth::Prompt> prompts{{"Password: ", false}};
    const auto answers = co_await client.prompt("", "", prompts);
    if (!answers) co_return auth::AuthResult::failed;
  }
  co_return auth::AuthResult::successful;
}

}  // namespace

TEST_CASE_FIXTURE(AuthRig, "client: somebody answers keyboard-interactive, round by round (RFC 4256)") {
  server->dialog = ask_password_and_code;
  Someone someone;
  someone.rounds = {std::vector<Password>{Password("secret"), Password("123456")}};
  CHECK(connect({KeyboardInteractive{someone.callback(), 1, "pam"}}));
  REQUIRE(someone.asked.size() == 2);
  CHECK(someone.asked[0].name == "Sign in");
  CHECK(someone.asked[0].prompts[1].text == "Code: ");
  // The message without prompts was shown, and its missing answer was none.
  CHECK(someone.asked[1].instruction == "Welcome");
  CHECK(server->called("check_auth_keyboard_interactive(user pam)"));
}

TEST_CASE_FIXTURE(AuthRig, "client: keyboard-interactive is tried as often as its tries say") {
  server->dialog = ask_password;
  Someone someone;
  someone.rounds = {std::vector<Password>{Password("wrong")}, std::vector<Password>{Password("secret")}};
  CHECK(connect({KeyboardInteractive{someone.callback(), 2, {}}}));
  CHECK(count("check_auth_keyboard_interactive") == 2);

  Someone hopeless;
  hopeless.rounds = {std::vector<Password>{Password("1")}, std::vector<Password>{Password("2")},
                     std::vector<Password>{Password("3")}};
  const ConnectResult failed = connect({KeyboardInteractive{hopeless.callback(), 2, {}}});
  REQUIRE_FALSE(failed);
  CHECK(hopeless.asked.size() == 2);
}

TEST_CASE_FIXTURE(AuthRig,
                  "client: who gives no answers, or too few, is not asked again; the next credential is tried") {
  for (const Answers& none : {Answers(), Answers(std::vector<Password>{})}) {
    AuthRig rig;
    rig.server->dialog = ask_password;
    Someone someone;
    someone.rounds = {none, none};
    CHECK(rig.connect({KeyboardInteractive{someone.callback(), 3, {}}, Password("secret")}));
    CHECK(someone.asked.size() == 1);
    CHECK(rig.server->called("check_auth_password(user secret)"));
  }
}

TEST_CASE("client: a password answers a single prompt without echo, where that is allowed and needed") {
  struct Row {
    const char* what;
    std::function<server::Awaitable<auth::AuthResult>(server::KeyboardInteractive&)> dialog;
    Calls methods;
    bool allowed;
    bool lets_in;
    std::size_t dialogs;
  };
  for (const Row& row : {Row{"one prompt", ask_password, {"keyboard-interactive"}, true, true, 1},
                         Row{"not allowed", ask_password, {"keyboard-interactive"}, false, false, 0},
                         Row{"two prompts", ask_password_and_code, {"keyboard-interactive"}, true, false, 1},
                         Row{"with echo", ask_name, {"keyboard-interactive"}, true, false, 1},
                         Row{"asked again", ask_password_twice, {"keyboard-interactive"}, true, false, 1},
                         Row{"password is taken", ask_password, {"keyboard-interactive", "password"}, true, true, 0}}) {
    CAPTURE(row.what);
    AuthRig rig;
    rig.server->methods = row.methods;
    rig.server->dialog = row.dialog;
    CHECK(static_cast<bool>(rig.connect({Password("secret")}, row.allowed)) == row.lets_in);
    CHECK(rig.count("check_auth_keyboard_interactive") == row.dialogs);
  }
}

TEST_CASE("client: credentials in any order fit a chain in any order (RFC 4252 §5.1)") {
  for (const Calls& chain : {Calls{"publickey", "password"}, Calls{"password", "publickey"}}) {
    for (const bool key_first : {true, false}) {
      CAPTURE(chain[0]);
      CAPTURE(key_first);
      AuthRig rig;
      rig.server->methods = chain;
      rig.server->results = {{chain[0], auth::AuthResult::partial}};
      rig.server->chain = chain;
      std::vector<Credential> credentials{key(test::ecdsa_key()), Password("secret")};
      if (!key_first) std::swap(credentials[0], credentials[1]);
      const ConnectResult client = rig.connect(std::move(credentials));
      CHECK_MESSAGE(client, (client ? std::string() : client.error().message()));
    }
  }
}

TEST_CASE_FIXTURE(AuthRig,
                  "client: gssapi-with-mic signs in, and says what the server's mechanism said (RFC 4462 §3)") {
  CHECK(connect({std::make_shared<test::TestGssClient>()}));
  CHECK(server->called("check_auth_gssapi_with_mic(user joe@EXAMPLE.ORG)"));

  // The client's mechanism breaks: the next credential is tried.
  test::TestGss broken;
  broken.breaks = 1;
  for (const bool with_error_token : {true, false}) {
    broken.with_error_token = with_error_token;
    CHECK(connect({std::make_shared<test::TestGssClient>(broken), Password("secret")}));
  }
  test::TestGss expired;
  expired.breaks = 0;
  AuthRig other;
  other.gss = expired;
  const ConnectResult failed = other.connect({std::make_shared<test::TestGssClient>()});
  REQUIRE_FALSE(failed);
  CHECK(failed.error().detail == "the ticket has expired");
}

TEST_CASE_FIXTURE(AuthRig, "client: a callback that is the only credential is asked once the methods are known") {
  struct Asked {
    static Awaitable<std::optional<std::variant<Password, Key>>> answer(Calls* told, Calls methods) {
      *told = std::move(methods);
      co_return Password("secret");
    }
  };
  Calls told;
  const AskCredential ask = [&told](Calls methods) { return Asked::answer(&told, std::move(methods)); };
  CHECK(connect({ask}));
  CHECK(told == server->methods);
}

TEST_CASE("client: server-sig-algs is respected: an RSA key signs with what it names, or not at all (RFC 8332 §3.3)") {
  struct Row {
    Calls accepted;
    bool lets_in;
    bool signs;
  };
  for (const Row& row :
       {Row{{"rsa-sha2-256"}, true, true}, Row{{"rsa-sha2-512"}, true, true}, Row{{"ssh-ed25519"}, false, false}}) {
    AuthRig rig;
    rig.options.session.transport.algorithms.user_signature = row.accepted;
    CHECK(static_cast<bool>(rig.connect({key(test::rsa_key())})) == row.lets_in);
    CHECK((rig.count("check_auth_publickey signature") == 1) == row.signs);
    // Without a request that could not succeed.
    CHECK((rig.count("on_authentication_failed") == 0));
  }
}

TEST_CASE(
    "client: what a policy's user_signature leaves out is neither accepted by a server nor signed with (RFC 8308 "
    "§3.1)") {
  for (const bool by_server : {true, false}) {
    CAPTURE(by_server);
    AuthRig rig;
    const Calls rsa{"rsa-sha2-256"};
    if (by_server) rig.options.session.transport.algorithms.user_signature = rsa;
    rig.start();
    const auto lets_in = [&](const crypto::PrivateKey& one) {
      ClientOptions client = test::login_options(rig.manager->port(), {key(one)});
      if (!by_server) client.session.transport.algorithms.user_signature = rsa;
      return static_cast<bool>(test::run(rig.io, Client::connect(std::move(client))));
    };
    CHECK_FALSE(lets_in(test::ed25519_key()));
    CHECK(rig.count("check_auth_publickey signature") == 0);
    CHECK(lets_in(test::rsa_key()));
  }
}

TEST_CASE("login attempts: a try that was sent blind to a server that does not take the method is given back") {
  LoginAttempts attempts({Password("x"), key(test::ed25519_key())}, false);
  CHECK_FALSE(attempts.methods_known());
  REQUIRE(attempts.next() != nullptr);
  CHECK(std::holds_alternative<Password>(*attempts.next()));
  attempts.spend();
  CHECK(attempts.refused({"publickey"}, false));
  CHECK(std::holds_alternative<Key>(*attempts.next()));
  attempts.spend();
  CHECK_FALSE(attempts.refused({"password"}, true));
  CHECK(std::holds_alternative<Password>(*attempts.next()));
  attempts.spend();
  CHECK_FALSE(attempts.refused({"password", "publickey"}, false));
  CHECK(attempts.next() == nullptr);
}
