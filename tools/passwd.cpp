// `hawser passwd`: a password becomes its hash.
#include <fmt/format.h>

#include <iostream>

#include "commands.h"
#include "connect.h"
#include "hawser/crypto/password_hash.h"
#include "hawser/crypto/secret.h"
#include "prompt.h"

namespace hawser::tools {
namespace {

std::string ask(const char* question) {
  std::optional<std::string> answer = ask_and_wait(question);
  if (!answer)
    throw Failure{usage_error, "there is no terminal to ask at; --stdin takes the password from standard input"};
  return *std::move(answer);
}

std::string read_password(const PasswdOptions& options) {
  std::string password;
  if (options.from_stdin) {
    if (!std::getline(std::cin, password)) throw Failure{operation_failed, "there is no line on standard input"};
    return password;
  }
  password = ask("Password: ");
  if (ask("The same again: ") != password) throw Failure{operation_failed, "the two differ; no hash was made"};
  return password;
}

void print_hash(const PasswdOptions& options) {
  if (options.user.find_first_of(":\n") != std::string::npos) {
    throw Failure{usage_error, "--user: a name has neither a colon nor a line break"};
  }
  std::string password = read_password(options);
  if (password.empty()) throw Failure{operation_failed, "an empty password lets nobody in; no hash was made"};
  const crypto::PasswordHash hash = crypto::PasswordHash::make(as_bytes(password), *crypto::system_random());
  crypto::wipe({reinterpret_cast<std::uint8_t*>(password.data()), password.size()});
  fmt::print("{}{}{}\n", options.user, options.user.empty() ? "" : ":", hash.text());
}

}  // namespace

int make_password_hash(const PasswdOptions& options) {
  try {
    print_hash(options);
    return success;
  } catch (const Failure& failure) {
    fmt::print(stderr, "hawser passwd: {}\n", failure.text);
    return failure.exit_code;
  }
}

}  // namespace hawser::tools
