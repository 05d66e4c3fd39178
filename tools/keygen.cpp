// `hawser keygen`: makes key files, and shows what is in one.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "commands.h"
#include "connect.h"
#include "hawser/crypto/keys.h"
#include "hawser/crypto/secret.h"
#include "printable.h"
#include "prompt.h"

namespace hawser::tools {
namespace {

crypto::KeyType type_of(const std::string& name) {
  if (name == "ecdsa") return crypto::KeyType::ecdsa_p256;
  return name == "rsa" ? crypto::KeyType::rsa : crypto::KeyType::ed25519;
}

std::string ask(const std::string& question) {
  std::optional<std::string> answer = ask_and_wait(question);
  if (!answer) throw Failure{usage_error, "there is no terminal to ask for a passphrase at; see --no-passphrase"};
  return *std::move(answer);
}

std::optional<crypto::SecretBytes> new_passphrase(const KeygenOptions& options) {
  if (options.no_passphrase) return std::nullopt;
  const std::string text = ask("Passphrase (empty: none): ");
  if (ask("The same again: ") != text) throw Failure{operation_failed, "the two differ; no key was made"};
  if (text.empty()) return std::nullopt;
  return crypto::SecretBytes(as_bytes(text));
}

// In the manner of save_private_key: never over a file that is there.
void save_public_key(const std::string& path, const std::string& line) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  const bool written = fd >= 0 && ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  const bool closed = fd >= 0 && ::close(fd) == 0;
  if (!written || !closed)
    throw Failure{operation_failed, fmt::format("{}: cannot be written, or is there already", path)};
}

std::string described(const crypto::PublicKey& key, const std::string& comment) {
  return fmt::format("{} {} {} ({})", key.bits(), key.fingerprint(),
                     comment.empty() ? "no comment" : printable(comment), key.blob_type());
}

void make(const KeygenOptions& options) {
  if (printable(options.comment) != options.comment) throw Failure{usage_error, "--comment: not one line of text"};
  if (::access(options.file.c_str(), F_OK) == 0 || ::access((options.file + ".pub").c_str(), F_OK) == 0) {
    throw Failure{operation_failed,
                  fmt::format("{} or {}.pub is there already, and is left as it is", options.file, options.file)};
  }
  const std::optional<crypto::SecretBytes> passphrase = new_passphrase(options);
  const std::unique_ptr<crypto::Random> random = crypto::system_random();
  const Result<crypto::PrivateKey> key = crypto::PrivateKey::generate(type_of(options.type), *random, options.bits);
  if (!key) throw Failure{usage_error, "--bits: 2048 to 16384"};
  const Result<void> saved =
      crypto::save_private_key(options.file, *key, *random, options.comment, passphrase ? &*passphrase : nullptr);
  if (!saved) throw Failure{operation_failed, fmt::format("{}: {}", options.file, saved.error().message())};
  save_public_key(options.file + ".pub", key->public_key().text(options.comment) + "\n");
  fmt::print("{}\n", described(key->public_key(), options.comment));
}

struct Shown {
  crypto::PublicKey key;
  std::string comment;
};

// The first line; what is no regular file, or no line that a public key could be, has none.
std::string public_line(const std::string& path) {
  constexpr std::size_t longest = 16 * 1024;
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return {};
  std::string line(longest, '\0');
  std::ifstream file(path);
  if (!file.getline(line.data(), longest)) return {};
  line.resize(std::strlen(line.c_str()));
  return line;
}

Shown load(const std::string& path) {
  const std::string line = public_line(path);
  // A .pub file has its comment behind the second blank.
  if (const Result<crypto::PublicKey> key = crypto::PublicKey::from_text(line)) {
    const std::size_t second = line.find(' ', line.find(' ') + 1);
    return {*key, second == std::string::npos ? "" : line.substr(second + 1)};
  }
  const auto passphrase = [](const std::string& name) -> std::optional<crypto::SecretBytes> {
    const std::optional<std::string> answer = ask_and_wait(fmt::format("Passphrase for {}: ", name));
    if (!answer) return std::nullopt;
    return crypto::SecretBytes(as_bytes(*answer));
  };
  const Result<crypto::PrivateKey> key = crypto::load_private_key(path, passphrase);
  if (!key) throw Failure{operation_failed, fmt::format("{}: {}", path, key.error().message())};
  return {key->public_key(), key->comment()};
}

void run(const KeygenOptions& options) {
  if (!options.show_public && !options.show_fingerprint) return make(options);
  const Shown shown = load(options.file);
  if (options.show_public) fmt::print("{}\n", shown.key.text(printable(shown.comment)));
  if (options.show_fingerprint) fmt::print("{}\n", described(shown.key, shown.comment));
}

}  // namespace

int keygen(const KeygenOptions& options) {
  try {
    run(options);
    return success;
  } catch (const Failure& failure) {
    fmt::print(stderr, "hawser keygen: {}\n", failure.text);
    return failure.exit_code;
  }
}

}  // namespace hawser::tools
