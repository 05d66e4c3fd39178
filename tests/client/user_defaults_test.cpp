// The user's own keys: what is found in ~/.ssh, in which order it is tried, and when somebody is asked.
#include "hawser/client/user_defaults.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>

#include "login_options.h"
#include "server/auth_fixture.h"
#include "support/temporary_directory.h"

using namespace hawser;
using namespace hawser::client;
using test::ecdsa_key;
using test::ed25519_key;
using test::rsa_key;
using Texts = std::vector<std::string>;

namespace {

class Environment {
 public:
  Environment(const char* name, const std::string& value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    ::setenv(name, value.c_str(), 1);
  }
  ~Environment() {
    if (before_) {
      ::setenv(name_, before_->c_str(), 1);
    } else {
      ::unsetenv(name_);
    }
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  const char* name_;
  std::optional<std::string> before_;
};

// Somebody at home, and a server that takes some of their keys.
struct HomeRig : test::AuthFixture {
  HomeRig() {
    ::mkdir((home / ".ssh").c_str(), 0700);
    server->methods = {"publickey", "password"};
    server->mode = test::HookMode::deny;
    options.ask = [this](std::string path) { return answer(this, std::move(path)); };
    options.on_unusable = [this](const std::string& path, const Error& why) {
      unusable.push_back(name_of(path));
      reason = why.code();
    };
  }
  std::string path(const std::string& name) const { return home / (".ssh/" + name); }
  void save(const std::string& name, const crypto::PrivateKey& key, const char* passphrase = nullptr) {
    const std::optional<crypto::SecretBytes> secret =
        passphrase ? std::optional(crypto::SecretBytes(as_bytes(passphrase))) : std::nullopt;
    REQUIRE(crypto::save_private_key(path(name), key, *crypto::system_random(), "", secret ? &*secret : nullptr));
  }
  // Which keys the server was asked about, and with what the login ended.
  Texts tried(std::vector<Credential> credentials) {
    if (!manager) start();
    const std::size_t before = server->calls().size();
    const ConnectResult client =
        test::run(io, Client::connect(test::login_options(manager->port(), std::move(credentials))));
    Texts calls = server->calls();
    calls.erase(calls.begin(), calls.begin() + static_cast<std::ptrdiff_t>(before));
    Texts keys;
    for (const std::string& call : calls) {
      for (const auto& [name, key] :
           {std::pair("ed25519", &ed25519_key()), {"ecdsa", &ecdsa_key()}, {"rsa", &rsa_key()}}) {
        if (call.find(key->public_key().fingerprint()) != std::string::npos) keys.emplace_back(name);
      }
    }
    if (client) (*client)->disconnect();
    return keys;
  }

  test::TemporaryDirectory home;
  Environment home_variable{"HOME", home.path()};
  Environment agent_variable{"SSH_AUTH_SOCK", ""};
  asio::io_context io;
  KeyFileOptions options;
  std::vector<std::optional<Password>> answers;
  Texts asked, unusable;
  Errc reason = Errc::ok;

 private:
  static std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }
  static Awaitable<std::optional<Password>> answer(HomeRig* self, std::string path) {
    const std::size_t round = self->asked.size();
    self->asked.push_back(name_of(path));
    co_return round < self->answers.size() ? self->answers[round] : std::nullopt;
  }
};

}  // namespace

TEST_CASE_FIXTURE(HomeRig, "user defaults: the home is $HOME, or what the system says") {
  CHECK(home_directory() == home.path());
  CHECK(usual_known_hosts() == path("known_hosts"));
  CHECK_FALSE(user_name().empty());
  const Environment none("HOME", "");
  CHECK_FALSE(home_directory().empty());
  CHECK(home_directory() != home.path());
}

TEST_CASE_FIXTURE(HomeRig, "user defaults: key files that are there, in their order") {
  CHECK(usual_key_files().empty());
  CHECK(usual_credentials(options).empty());
  save("id_rsa", rsa_key());
  save("id_ed25519", ed25519_key());
  save("id_other", ecdsa_key());
  CHECK(usual_key_files() == Texts{path("id_ed25519"), path("id_rsa")});
  CHECK(tried(usual_credentials(options)) == Texts{"ed25519", "rsa"});
  CHECK(unusable.empty());
}

TEST_CASE_FIXTURE(HomeRig, "user defaults: the agent comes first, where there is one") {
  save("id_rsa", rsa_key());
  const Environment agent("SSH_AUTH_SOCK", "/run/agent");
  const std::vector<Credential> credentials = usual_credentials(options);
  REQUIRE(credentials.size() == 2);
  REQUIRE(std::holds_alternative<AgentKeys>(credentials[0]));
  CHECK(std::get<AgentKeys>(credentials[0]).socket == "/run/agent");
}

TEST_CASE_FIXTURE(HomeRig, "user defaults: nobody is asked for a passphrase before every plain key has been tried") {
  save("id_ed25519", ed25519_key(), "open");
  save("id_rsa", rsa_key());
  answers = {Password("open")};
  CHECK(tried(usual_credentials(options)) == Texts{"rsa", "ed25519"});
  CHECK(asked == Texts{"id_ed25519"});
  // A key that is taken spares the question.
  asked.clear();
  server->results["publickey"] = auth::AuthResult::successful;
  CHECK(tried(usual_credentials(options)) == Texts{"rsa"});
  CHECK(asked.empty());
}

TEST_CASE_FIXTURE(HomeRig, "user defaults: a wrong passphrase is asked for again, as often as it says") {
  save("id_ed25519", ed25519_key(), "open");
  answers = {Password("shut"), Password("open")};
  CHECK(tried(usual_credentials(options)) == Texts{"ed25519"});
  CHECK(asked.size() == 2);
  CHECK(unusable.empty());

  asked.clear();
  answers = {Password("a"), Password("b"), Password("c"), Password("open")};
  CHECK(tried(usual_credentials(options)).empty());
  CHECK(asked.size() == 3);
  CHECK(unusable == Texts{"id_ed25519"});
  CHECK(reason == Errc::wrong_passphrase);
}

TEST_CASE_FIXTURE(HomeRig, "user defaults: no answer, or nobody to ask, and the next credential has its turn") {
  save("id_ed25519", ed25519_key(), "open");
  save("id_ecdsa", ecdsa_key(), "open");
  answers = {std::nullopt, Password("open")};
  CHECK(tried(usual_credentials(options)) == Texts{"ecdsa"});
  CHECK(asked == Texts{"id_ed25519", "id_ecdsa"});
  CHECK(unusable == Texts{"id_ed25519"});
  CHECK(reason == Errc::passphrase_required);

  unusable.clear();
  options.ask = nullptr;
  CHECK(usual_credentials(options).empty());
  CHECK(unusable == Texts{"id_ed25519", "id_ecdsa"});
}

TEST_CASE_FIXTURE(HomeRig, "user defaults: nobody is asked for a key where the server takes none") {
  save("id_ed25519", ed25519_key(), "open");
  server->methods = {"password"};
  CHECK(tried(usual_credentials(options)).empty());
  CHECK(asked.empty());
}

TEST_CASE_FIXTURE(HomeRig, "user defaults: a file that is no key is told, and the others are used") {
  save("id_rsa", rsa_key());
  std::FILE* file = std::fopen(path("id_ecdsa").c_str(), "w");
  REQUIRE(file != nullptr);
  std::fputs("no key", file);
  std::fclose(file);
  CHECK(tried(usual_credentials(options)) == Texts{"rsa"});
  CHECK(unusable == Texts{"id_ecdsa"});
  CHECK(reason == Errc::bad_key);
  CHECK(key_file_credential(path("missing"), options).error().code() == Errc::file_error);
}
