#include "credentials.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "connect.h"
#include "hawser/client/user_defaults.h"
#include "prompt.h"

namespace hawser::tools {
namespace {

constexpr int tries_at_terminal = 3;

using Proof = std::optional<std::variant<client::Password, client::Key>>;

// Named functions instead of capturing lambdas: a coroutine must own what it asks with.
client::Awaitable<Proof> ask_password(std::string question, bool useful) {
  if (!useful) co_return std::nullopt;
  const std::optional<std::string> answer = co_await ask_at_terminal(std::move(question));
  if (!answer) co_return std::nullopt;
  co_return client::Password(*answer);
}

client::AskCredential password_at_terminal(std::string question) {
  auto tries = std::make_shared<int>(tries_at_terminal);
  return [question = std::move(question), tries](const std::vector<std::string>& methods) {
    const bool useful = std::ranges::find(methods, "password") != methods.end();
    return ask_password(question, useful && (*tries)-- > 0);
  };
}

client::Awaitable<std::optional<std::vector<client::Password>>> answer_at_terminal(auth::PromptsReceived asked) {
  std::string text = asked.name + (asked.name.empty() ? "" : "\n") + asked.instruction;
  if (!text.empty() && text.back() != '\n') text += '\n';
  if (!text.empty()) show_at_terminal(text);
  std::vector<client::Password> answers;
  for (const auth::Prompt& prompt : asked.prompts) {
    const std::optional<std::string> answer = co_await ask_at_terminal(prompt.text, prompt.echo);
    if (!answer) co_return std::nullopt;
    answers.emplace_back(*answer);
  }
  co_return answers;
}

client::Awaitable<std::optional<client::Password>> ask_passphrase(std::string path, bool again) {
  std::string question = fmt::format("{}Passphrase for {}: ", again ? "That is not it. " : "", path);
  const std::optional<std::string> answer = co_await ask_at_terminal(std::move(question));
  if (!answer) co_return std::nullopt;
  co_return client::Password(*answer);
}

client::KeyFileOptions key_file_options() {
  client::KeyFileOptions options;
  if (has_terminal()) {
    options.ask = [asked = std::string()](std::string path) mutable {
      const bool again = std::exchange(asked, path) == path;
      return ask_passphrase(std::move(path), again);
    };
  }
  options.tries = tries_at_terminal;
  options.on_unusable = [](const std::string& path, const Error& why) {
    fmt::print(stderr, "hawser: {} is passed over: {}\n", path, why.message());
  };
  return options;
}

std::vector<client::Credential> named_keys(const std::vector<std::string>& paths) {
  std::vector<client::Credential> keys;
  for (const std::string& path : paths) {
    Result<client::Credential> key = client::key_file_credential(path, key_file_options());
    if (!key) throw Failure{usage_error, fmt::format("--identity {}: {}", path, key.error().message())};
    keys.push_back(*std::move(key));
  }
  return keys;
}

}  // namespace

std::vector<client::Credential> make_credentials(const ConnectOptions& options, const client::Url& url) {
  std::vector<client::Credential> credentials =
      options.identities.empty() ? client::usual_credentials(key_file_options()) : named_keys(options.identities);
  if (const char* password = std::getenv("HAWSER_PASSWORD"); password != nullptr) {
    credentials.push_back(client::Password(password));
  } else {
    credentials.push_back(client::KeyboardInteractive{answer_at_terminal, tries_at_terminal, {}});
    credentials.push_back(password_at_terminal(fmt::format("Password for {}@{}: ", url.user.value_or(""), url.host)));
  }
  return credentials;
}

}  // namespace hawser::tools
