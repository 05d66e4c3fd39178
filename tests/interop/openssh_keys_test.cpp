// Private key files between ssh-keygen and us, both ways: what it writes in each form is read, and what we write it
// reads, converts and shows.
#include <doctest/doctest.h>

#include "checks.h"
#include "hawser/crypto/keys.h"
#include "peers.h"

using namespace hawser;
using namespace hawser::crypto;
using namespace hawser::test;

namespace {

const std::string types[] = {"ed25519", "ecdsa", "rsa"};

Finished ssh_keygen(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "ssh-keygen");
  return run_command({std::move(arguments), {}, {}, {}});
}

AskPassphrase answer(const std::string& passphrase) {
  return [passphrase](const std::string&) { return std::optional(SecretBytes(as_bytes(passphrase))); };
}

PublicKey public_key_of(const std::string& line) {
  const auto key = PublicKey::from_text(line.substr(0, line.find('\n')));
  REQUIRE(key);
  return *key;
}

}  // namespace

TEST_CASE("ssh-keygen: its files are read in every form, plain and encrypted") {
  const TemporaryDirectory folder;
  for (const std::string& type : types) {
    const std::string made = folder.path() + "/" + type;
    make_key(made, type);
    const PublicKey expected = public_key_of(read_file(made + ".pub"));
    for (const std::string form : {"RFC4716", "PEM", "PKCS8"}) {
      if (type == "ed25519" && form != "RFC4716") continue;  // ssh-keygen writes these in its own form only
      for (const std::string passphrase : {"", "correct horse"}) {
        CAPTURE(type);
        CAPTURE(form);
        CAPTURE(passphrase);
        const std::string path = made + form + (passphrase.empty() ? "" : "-encrypted");
        write_file(path, read_file(made));
        require_success(ssh_keygen({"-p", "-P", "", "-N", passphrase, "-m", form, "-f", path}));
        const auto key = load_private_key(path, answer("correct horse"));
        REQUIRE_MESSAGE(key, (key ? std::string() : key.error().message()));
        CHECK(key->public_key() == expected);
        if (passphrase.empty()) continue;
        CHECK(load_private_key(path).error().code() == Errc::passphrase_required);
        CHECK(load_private_key(path, answer("wrong horse")).error().code() == Errc::wrong_passphrase);
      }
    }
  }
}

TEST_CASE(
    "ssh-keygen: reads our files, plain and encrypted, with type, bits and comment; we read what it makes of them") {
  const TemporaryDirectory folder;
  const auto random = system_random();
  struct Row {
    KeyType type;
    const char* name;
  };
  for (const Row& row :
       {Row{KeyType::ed25519, "ed25519"}, Row{KeyType::ecdsa_p256, "ecdsa_256"}, Row{KeyType::ecdsa_p384, "ecdsa_384"},
        Row{KeyType::ecdsa_p521, "ecdsa_521"}, Row{KeyType::rsa, "rsa"}}) {
    CAPTURE(row.name);
    const auto key = PrivateKey::generate(row.type, *random, 2048);
    REQUIRE(key);
    const std::string plain = folder.path() + "/" + row.name, encrypted = plain + "-encrypted";
    const SecretBytes passphrase(as_bytes("correct horse"));
    REQUIRE(save_private_key(plain, *key, *random, "a comment"));
    REQUIRE(save_private_key(encrypted, *key, *random, "a comment", &passphrase));

    const Finished shown = ssh_keygen({"-y", "-P", "", "-f", plain});
    require_success(shown);
    CHECK(public_key_of(shown.output) == key->public_key());
    CHECK(shown.output.find(" a comment") != std::string::npos);
    const Finished decrypted = ssh_keygen({"-y", "-P", "correct horse", "-f", encrypted});
    require_success(decrypted);
    CHECK(public_key_of(decrypted.output) == key->public_key());
    CHECK(ssh_keygen({"-y", "-P", "wrong horse", "-f", encrypted}).exit_code != 0);
    const Finished listed = ssh_keygen({"-l", "-f", plain});
    require_success(listed);
    CHECK(listed.output.find(std::to_string(key->public_key().bits()) + " " + key->public_key().fingerprint()) == 0);

    require_success(ssh_keygen({"-p", "-P", "correct horse", "-N", "battery staple", "-f", encrypted}));
    const auto changed = load_private_key(encrypted, answer("battery staple"));
    REQUIRE(changed);
    CHECK(changed->public_key() == key->public_key());
    CHECK(changed->comment() == "a comment");
  }
}
