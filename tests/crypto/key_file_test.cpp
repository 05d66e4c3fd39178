#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>

#include "hawser/crypto/keys.h"
#include "support/fixed_random.h"
#include "vectors.h"

using namespace hawser;
using namespace hawser::crypto;
using namespace hawser::test;

namespace {

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "hawser-key-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }

  std::string file(const std::string& name) const { return (path_ / name).string(); }
  std::string file(const std::string& name, const std::string& content) const {
    std::ofstream(path_ / name, std::ios::binary) << content;
    return file(name);
  }

 private:
  std::filesystem::path path_;
};

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

Errc load_error(const std::string& path) {
  const auto key = load_private_key(path);
  return key ? Errc::ok : key.error().code();
}

}  // namespace

TEST_CASE("key files: those of ssh-keygen load") {
  for (const std::string name : {"ed25519", "ecdsa_256", "rsa_2048"}) {
    const auto key = load_private_key(vector_path("keys/" + name));
    REQUIRE(key);
    CHECK(key->comment() == "hawser test " + name);
  }
}

TEST_CASE("[CVE-2022-24302] key files: a saved key has mode 0600 whatever the umask, and loads again") {
  const Folder folder;
  FixedRandom random;
  const auto key = PrivateKey::generate(KeyType::ed25519, random);
  REQUIRE(key);
  const mode_t before = ::umask(0);
  const auto saved = save_private_key(folder.file("key"), *key, random, "a comment");
  ::umask(before);
  REQUIRE(saved);
  struct stat status {};
  REQUIRE(::stat(folder.file("key").c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
  const auto loaded = load_private_key(folder.file("key"));
  REQUIRE(loaded);
  CHECK(loaded->public_key() == key->public_key());
  CHECK(loaded->comment() == "a comment");
}

TEST_CASE("[CVE-2022-24302] key files: saving never replaces a file, nor follows a link to none") {
  const Folder folder;
  FixedRandom random;
  const auto key = PrivateKey::generate(KeyType::ed25519, random);
  REQUIRE(key);
  const std::string path = folder.file("key", "precious");
  std::filesystem::create_symlink(folder.file("target"), folder.file("link"));
  for (const std::string& taken : {path, folder.file("link"), folder.file("no folder/key"), folder.file("")}) {
    const auto saved = save_private_key(taken, *key, random);
    REQUIRE_FALSE(saved);
    CHECK(saved.error().code() == Errc::file_error);
  }
  CHECK(content(path) == "precious");
  CHECK_FALSE(std::filesystem::exists(folder.file("target")));
}

TEST_CASE("[CVE-2026-0965] key files: only regular files of at most 64 KiB are read") {
  const Folder folder;
  CHECK(load_error(folder.file("missing")) == Errc::file_error);
  CHECK(load_error(folder.file("")) == Errc::file_error);  // a folder
  CHECK(load_error("/dev/zero") == Errc::file_error);
  REQUIRE(::mkfifo(folder.file("pipe").c_str(), 0600) == 0);
  CHECK(load_error(folder.file("pipe")) == Errc::file_error);
  const std::string key = vector_text("keys/ed25519");
  CHECK(load_error(folder.file("padded", key + std::string(64 * 1024 - key.size(), '\n'))) == Errc::ok);
  CHECK(load_error(folder.file("too large", key + std::string(64 * 1024 + 1 - key.size(), '\n'))) == Errc::file_error);
  CHECK(load_error(folder.file("empty", "")) == Errc::bad_key);
  CHECK(load_error(folder.file("noise", std::string(1000, '\xff'))) == Errc::bad_key);
}

TEST_CASE("key files: load_or_create makes a key once and finds it from then on") {
  const Folder folder;
  FixedRandom random;
  const auto made = load_or_create_private_key(folder.file("host_key"), KeyType::ed25519, random);
  REQUIRE(made);
  CHECK(made->public_key().type() == KeyType::ed25519);
  for (const KeyType type : {KeyType::ed25519, KeyType::ecdsa_p256}) {
    const auto found = load_or_create_private_key(folder.file("host_key"), type, random);
    REQUIRE(found);
    CHECK(found->public_key() == made->public_key());
  }
}

TEST_CASE("key files: load_or_create leaves a file alone that it cannot use") {
  const Folder folder;
  FixedRandom random;
  const auto broken = load_or_create_private_key(folder.file("key", "not a key"), KeyType::ed25519, random);
  REQUIRE_FALSE(broken);
  CHECK(broken.error().code() == Errc::bad_key);
  CHECK(content(folder.file("key")) == "not a key");
  const auto nowhere = load_or_create_private_key(folder.file("no folder/key"), KeyType::ed25519, random);
  REQUIRE_FALSE(nowhere);
  CHECK(nowhere.error().code() == Errc::file_error);
}
