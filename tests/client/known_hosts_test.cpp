#include "hawser/client/known_hosts.h"

#include <doctest/doctest.h>

#include <sys/stat.h>

#include "hawser/client/host_key_verifier.h"
#include "hawser/crypto/hash.h"
#include "hawser/crypto/hmac_sha1.h"
#include "hawser/wire/wildcard.h"
#include "support/hex.h"
#include "support/run_awaitable.h"
#include "support/temporary_directory.h"
#include "support/test_keys.h"
#include "support/text_file.h"

using namespace hawser;
using namespace hawser::client;
using test::TemporaryDirectory;
using wire::wildcard_match;

namespace {

const crypto::PublicKey& key() { return test::ed25519_key().public_key(); }
const crypto::PublicKey& other() { return test::other_ed25519_key().public_key(); }
const crypto::PublicKey& rsa() { return test::rsa_key().public_key(); }

HostKeyMatch match(const std::string& text, const std::string& host, std::uint16_t port,
                   const crypto::PublicKey& asked = key()) {
  return KnownHosts::parse(text).match(host, port, asked);
}

Result<void> ask(KnownHostsVerifier& verifier, const crypto::PublicKey& asked, std::uint16_t port = 22) {
  asio::io_context io;
  return test::run(io, verifier.verify({"example.org", port, asked}));
}

}  // namespace

TEST_CASE("HMAC-SHA1 gives the tags of RFC 2202 §3") {
  CHECK(crypto::hmac_sha1(ByteVector(20, 0x0b), as_bytes("Hi There")) ==
        test::from_hex("b617318655057264e28bc0b6fb378c8ef146be00"));
  CHECK(crypto::hmac_sha1(as_bytes("Jefe"), as_bytes("what do ya want for nothing?")) ==
        test::from_hex("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"));
}

TEST_CASE("[defect 41] known_hosts: host patterns, ports and negation (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT)") {
  struct Case {
    const char* hosts;
    const char* host;
    std::uint16_t port;
    bool matches;
  };
  const Case cases[] = {
      {"example.org", "example.org", 22, true},
      {"example.org", "EXAMPLE.ORG", 22, true},
      {"Example.Org", "example.org", 22, true},
      {"example.org", "example.org", 2222, false},
      {"[example.org]:2222", "example.org", 2222, true},
      {"[example.org]:2222", "example.org", 22, false},
      {"example.org", "sub.example.org", 22, false},
      {"*.example.org", "sub.example.org", 22, true},
      {"*.example.org", "example.org", 22, false},
      {"host?", "host1", 22, true},
      {"host?", "host", 22, false},
      {"a,b,c", "b", 22, true},
      {"*,!bad", "good", 22, true},
      {"*,!bad", "bad", 22, false},
      {"!bad,*", "bad", 22, false},
      {"!bad", "good", 22, false},
      {"[*]:2222", "any", 2222, true},
      {"[::1]:2222", "::1", 2222, true},
      {"::1", "::1", 22, true},
      {"192.0.2.*", "192.0.2.7", 22, true},
  };
  for (const Case& c : cases) {
    CAPTURE(c.hosts);
    CAPTURE(c.host);
    CHECK(match(std::string(c.hosts) + " " + key().text() + "\n", c.host, c.port) ==
          (c.matches ? HostKeyMatch::known : HostKeyMatch::unknown));
  }
}

TEST_CASE("[CVE-2026-0967] known_hosts: wildcards take time in proportion to their length") {
  CHECK_FALSE(wildcard_match(std::string(2000, '*') + "a*a*a*a*a*a*a*a*a*b", std::string(5000, 'a')));
  CHECK(wildcard_match("**a?*", "xxab"));
  CHECK(wildcard_match("", ""));
  CHECK_FALSE(wildcard_match("", "a"));
  CHECK(wildcard_match("*", ""));
}

TEST_CASE("[defect 41] known_hosts: hashed names match, with their port, and only themselves") {
  const ByteVector salt(20, 7);
  const auto hashed = [&](std::string_view name) {
    return "|1|" + crypto::base64_encode(salt) + "|" + crypto::base64_encode(crypto::hmac_sha1(salt, as_bytes(name)));
  };
  const std::string text =
      hashed("example.org") + " " + key().text() + "\n" + hashed("[example.org]:2222") + " " + other().text() + "\n";
  CHECK(match(text, "Example.org", 22) == HostKeyMatch::known);
  CHECK(match(text, "example.org", 2222, other()) == HostKeyMatch::known);
  CHECK(match(text, "example.org", 2222) == HostKeyMatch::changed);
  CHECK(match(text, "example.net", 22) == HostKeyMatch::unknown);
  for (const char* broken : {"|1|", "|1|x", "|1||", "|1|AAAA|", "|1|!!|!!", "|2|AAAA|AAAA", "|1|AAAA|AAAA|AAAA"}) {
    CAPTURE(broken);
    CHECK(match(std::string(broken) + " " + key().text(), "example.org", 22) == HostKeyMatch::unknown);
  }
}

TEST_CASE("known_hosts: a line that ssh-keygen -H has hashed (OpenSSH 9.2)") {
  // The key is that of tests/data/vectors/keys/ed25519.pub in form only; the name is "localhost".
  const ByteVector salt = *crypto::base64_decode("F1E1KeoE/eEWhi10WpGv4OdiO6Y=");
  const std::string field =
      "|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|" + crypto::base64_encode(crypto::hmac_sha1(salt, as_bytes("localhost")));
  CHECK(match(field + " " + key().text() + " comment with blanks", "localhost", 22) == HostKeyMatch::known);
}

TEST_CASE("[defect 41] known_hosts: another key of a known host is a change, whatever its type") {
  const std::string text = "example.org " + key().text() + "\n";
  CHECK(match(text, "example.org", 22, other()) == HostKeyMatch::changed);
  CHECK(match(text, "example.org", 22, rsa()) == HostKeyMatch::changed);
  CHECK(match(text + "example.org " + rsa().text() + "\n", "example.org", 22, rsa()) == HostKeyMatch::known);
  // A type that we do not support says as much about the host as one that we do.
  ByteVector blob{0, 0, 0, 7, 's', 's', 'h', '-', 'd', 's', 's', 1, 2, 3};
  CHECK(match("example.org ssh-dss " + crypto::base64_encode(blob) + "\n", "example.org", 22) == HostKeyMatch::changed);
}

TEST_CASE(
    "[CVE-2026-42508, defect 41] known_hosts: a revoked key is refused before and after the line that knows it, also "
    "as a key of any host") {
  const std::string known = "example.org " + key().text() + "\n";
  const std::string revoked = "@revoked * " + key().text() + "\n";
  CHECK(match(known + revoked, "example.org", 22) == HostKeyMatch::revoked);
  CHECK(match(revoked + known, "example.org", 22) == HostKeyMatch::revoked);
  CHECK(match(revoked, "elsewhere", 22) == HostKeyMatch::revoked);
  CHECK(match(revoked, "elsewhere", 22, other()) == HostKeyMatch::unknown);
  CHECK(match("@cert-authority * " + key().text() + "\n", "example.org", 22) == HostKeyMatch::unknown);
  CHECK(match("@mystery * " + key().text() + "\n", "example.org", 22) == HostKeyMatch::unknown);
}

TEST_CASE("[long-lines] known_hosts: comments, CRLF, blanks, long lines, NUL, a missing last newline") {
  const std::string line = "example.org " + key().text();
  for (const std::string& text :
       {line, line + "\r\n", "\t " + line + " \t\n", "# " + line + "\n\n" + line + " a comment\n",
        std::string(300'000, 'x') + "\n" + line, "garbage\n@\n@revoked\n" + line, "example.org \t " + key().text()}) {
    CHECK(match(text, "example.org", 22) == HostKeyMatch::known);
  }
  const std::string with_nul = std::string("example.org\0 ", 13) + key().text() + "\n";
  const std::string other_type = "example.org ssh-rsa " + crypto::base64_encode(key().blob());
  for (const std::string& text :
       std::vector<std::string>{"# " + line, with_nul, "example.org", "example.org ssh-ed25519", other_type, ""}) {
    CHECK(match(text, "example.org", 22) == HostKeyMatch::unknown);
  }
}

TEST_CASE("known_hosts: the algorithms of the known keys are named, for the server to be asked for these first") {
  const KnownHosts hosts = KnownHosts::parse("example.org " + rsa().text() + "\n[example.org]:2222 " + key().text() +
                                             "\n@revoked example.org " + other().text());
  CHECK(hosts.algorithms("example.org", 2222) == std::vector<std::string>{"ssh-ed25519"});
  CHECK(hosts.algorithms("example.org", 22) == std::vector<std::string>{"rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"});
  CHECK(hosts.algorithms("example.net", 22).empty());
}

TEST_CASE(
    "[defect 41, SFTP-028] known_hosts: appending keeps what is there, and makes directory (0700) and file (0644)") {
  const TemporaryDirectory directory;
  const std::string path = directory / "new/known_hosts";
  const mode_t mask = ::umask(0);
  REQUIRE(KnownHosts::append(path, "example.org", 2222, key()).has_value());
  ::umask(mask);
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0644);
  REQUIRE(::stat((directory / "new").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0700);
  CHECK(test::read_text(path) == "[example.org]:2222 " + key().text() + "\n");

  const std::string foreign = "# mine\r\n@cert-authority * what\nhalf a line";
  test::write_text(path, foreign);
  REQUIRE(KnownHosts::append(path, "Example.net", 22, key()).has_value());
  CHECK(test::read_text(path) == foreign + "\nexample.net " + key().text() + "\n");
  CHECK(KnownHosts::load(path)->match("example.net", 22, key()) == HostKeyMatch::known);
}

TEST_CASE("known_hosts: a host is written hashed, with a salt of its own, and found again") {
  const TemporaryDirectory directory;
  const std::string path = directory / "known_hosts";
  for (int i = 0; i < 2; ++i) {
    REQUIRE(KnownHosts::append(path, "example.org", 2222, key(), HostNameForm::hashed).has_value());
  }
  const std::string text = test::read_text(path);
  CHECK(text.find("example") == std::string::npos);
  const std::size_t second = text.find('\n') + 1;
  CHECK(text.substr(0, second) != text.substr(second));
  CHECK(match(text, "example.org", 2222) == HostKeyMatch::known);
  CHECK(match(text, "example.org", 22) == HostKeyMatch::unknown);
}

TEST_CASE("known_hosts: certificate authorities are those of the host, less the revoked ones") {
  const KnownHosts hosts = KnownHosts::parse("@cert-authority *.example.org,!bad.example.org " + key().text() +
                                             "\n@cert-authority * " + other().text() + "\n@revoked www.example.org " +
                                             other().text() + "\nwww.example.org " + rsa().text() + "\n");
  CHECK(hosts.certificate_authorities("www.example.org", 22) == std::vector{key()});
  CHECK(hosts.certificate_authorities("bad.example.org", 22) == std::vector{other()});
  CHECK(hosts.keys("www.example.org", 22) == std::vector{rsa()});
  CHECK(hosts.match("www.example.org", 22, key()) == HostKeyMatch::changed);
}

TEST_CASE("known_hosts: replacing the keys of a host leaves every other line as it is") {
  const TemporaryDirectory directory;
  const std::string path = directory / "known_hosts";
  const std::string hashed = KnownHosts::line("example.org", 22, key(), HostNameForm::hashed);
  const std::string before = "# mine\r\n" + hashed + "\n  a.net,Example.org,b.net  " + key().text() +
                             " comment\nexample.org " + rsa().text() + "\n[example.org]:2222 " + key().text() +
                             "\n@revoked example.org " + other().text() + "\n*.org " + rsa().text() + "\nhalf a line";
  test::write_text(path, before);
  REQUIRE(::chmod(path.c_str(), 0640) == 0);
  REQUIRE(::symlink("known_hosts", (directory / "link").c_str()) == 0);
  const std::vector keys{key(), other()};
  const Result<std::size_t> changed = KnownHosts::replace(directory / "link", "EXAMPLE.org", 22, keys);
  REQUIRE(changed.has_value());
  CHECK(*changed == 3);
  CHECK(test::read_text(path) == "# mine\r\n  a.net,b.net  " + key().text() + " comment\n[example.org]:2222 " +
                                     key().text() + "\n@revoked example.org " + other().text() + "\n*.org " +
                                     rsa().text() + "\nhalf a line\nexample.org " + key().text() + "\nexample.org " +
                                     other().text() + "\n");
  struct stat status {};
  REQUIRE(::lstat((directory / "link").c_str(), &status) == 0);
  CHECK(S_ISLNK(status.st_mode));
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0640);

  CHECK(*KnownHosts::replace(path, "example.org", 22, {}) == 2);
  CHECK(KnownHosts::load(path)->keys("example.org", 22) == std::vector{rsa()});  // by the pattern *.org
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory.path())) files += entry.exists() ? 1 : 0;
  CHECK(files == 2);
}

TEST_CASE("known_hosts: where the new file cannot be made the old one stays, and nothing is left behind") {
  const TemporaryDirectory directory;
  CHECK(KnownHosts::replace(directory / "a/b/known_hosts", "example.org", 22, {}).error().code() == Errc::file_error);
  CHECK(KnownHosts::replace(directory.path(), "example.org", 22, {}).error().code() == Errc::file_error);
  CHECK(KnownHosts::replace(directory / "known_hosts", "a b", 22, {}).error().code() == Errc::invalid_argument);
  CHECK(std::filesystem::is_empty(directory.path()));
}

TEST_CASE("known_hosts: a host name that would write another line is refused") {
  const TemporaryDirectory directory;
  const std::string path = directory / "known_hosts";
  for (const char* host : {"a b", "a\n* ", "*", "a,b", "@revoked", "#", "|1|x"}) {
    CAPTURE(host);
    CHECK(KnownHosts::append(path, host, 22, key()).error().code() == Errc::invalid_argument);
  }
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("known_hosts: a file that is missing is empty; a directory, a FIFO and a huge file are errors") {
  const TemporaryDirectory directory;
  CHECK(KnownHosts::load(directory / "missing")->empty());
  CHECK(KnownHosts::load(directory.path()).error().code() == Errc::file_error);
  const std::string fifo = directory / "fifo";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  CHECK(KnownHosts::load(fifo).error().code() == Errc::file_error);
  test::write_text(directory / "huge", std::string(1024 * 1024 + 1, '#'));
  CHECK(KnownHosts::load(directory / "huge").error().code() == Errc::file_error);
}

TEST_CASE("[SFTP-006] host key policies have names") {
  for (const char* text : {"strict", "STRICT", "Strict"}) CHECK(parse_host_key_policy(text) == HostKeyPolicy::strict);
  for (const char* text : {"tofu", "TRUST_ON_FIRST_USE", "trust_On_first_use"}) {
    CHECK(parse_host_key_policy(text) == HostKeyPolicy::trust_on_first_use);
  }
  for (const char* text : {"auto", "AUTO_ADD", "auto_add"})
    CHECK(parse_host_key_policy(text) == HostKeyPolicy::auto_add);
  for (const char* text : {"", "AUTO", "Tofu", "TOFU", "no", "strict ", "auto add"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(parse_host_key_policy(text), std::invalid_argument);
  }
}

TEST_CASE(
    "[CVE-2026-42508, defect 41, SFTP-006] what each policy makes of a known, an unknown, a contradicting and a "
    "revoked "
    "key") {
  struct Row {
    HostKeyPolicy policy;
    bool unknown_accepted;
  };
  for (const Row& row : {Row{HostKeyPolicy::strict, false},
                         {HostKeyPolicy::trust_on_first_use, true},
                         {HostKeyPolicy::auto_add, true}}) {
    CAPTURE(static_cast<int>(row.policy));
    const std::string text = "example.org " + key().text() + "\n@revoked * " + rsa().text() + "\n";
    KnownHostsVerifier verifier(KnownHosts::parse(text), row.policy);
    int new_keys = 0;
    verifier.on_new_key = [&](const HostKeyQuestion&) { ++new_keys; };
    CHECK(ask(verifier, key()).has_value());
    CHECK(ask(verifier, other()).error().code() == Errc::host_key_rejected);
    CHECK(ask(verifier, test::ecdsa_key().public_key()).error().code() == Errc::host_key_rejected);
    CHECK(ask(verifier, rsa(), 2222).error().code() == Errc::host_key_rejected);
    CHECK(new_keys == 0);
    CHECK(ask(verifier, key(), 2222).has_value() == row.unknown_accepted);
    CHECK(new_keys == (row.unknown_accepted ? 1 : 0));
    // What was accepted once is known from then on.
    CHECK(ask(verifier, key(), 2222).has_value() == row.unknown_accepted);
    CHECK_FALSE(ask(verifier, other(), 2222).has_value());
    CHECK(new_keys == (row.unknown_accepted ? 1 : 0));
  }
}

TEST_CASE(
    "[SFTP-028] only trust on first use writes the file, and a file that cannot be written does not refuse the key") {
  const TemporaryDirectory directory;
  const std::string path = directory / "known_hosts";
  KnownHostsVerifier automatic({}, HostKeyPolicy::auto_add, path);
  CHECK(ask(automatic, key()).has_value());
  CHECK_FALSE(std::filesystem::exists(path));
  KnownHostsVerifier tofu({}, HostKeyPolicy::trust_on_first_use, path);
  CHECK(ask(tofu, key()).has_value());
  KnownHostsVerifier second(*KnownHosts::load(path), HostKeyPolicy::strict);
  CHECK(ask(second, key()).has_value());
  CHECK_FALSE(ask(second, other()).has_value());
  KnownHostsVerifier nowhere({}, HostKeyPolicy::trust_on_first_use, path + "/below/a/file");
  CHECK(ask(nowhere, key()).has_value());
}
