// The `hawser` client commands against a real sshd.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>

#include "checks.h"
#include "peers.h"

using namespace hawser::test;
namespace fs = std::filesystem;

namespace {

std::string url(const Sshd& sshd, const std::string& path) {
  return "sftp://" + current_user() + "@127.0.0.1:" + std::to_string(sshd.port()) + path;
}

Finished hawser_client(const Sshd& sshd, const std::string& command, std::vector<std::string> arguments) {
  std::vector<std::string> all{hawser_program(),  command,         "--identity",
                               sshd.client_key(), "--known-hosts", sshd.known_hosts()};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return run_command({all, {}, {}, sshd.folder()}, std::chrono::seconds(600));
}

}  // namespace

TEST_CASE("hawser get and put: a large file with each cipher row, during rekeys") {
  const Sshd sshd("RekeyLimit 16M\n");
  const std::string content = sample_bytes(large_size());
  write_file(sshd.folder() + "/large", content);
  const struct {
    const char* cipher;
    const char* mac;
  } rows[] = {{"aes128-gcm@openssh.com", "hmac-sha2-256"},        {"aes256-gcm@openssh.com", "hmac-sha2-256"},
              {"chacha20-poly1305@openssh.com", "hmac-sha2-256"}, {"aes128-ctr", "hmac-sha2-256"},
              {"aes128-ctr", "hmac-sha2-512-etm@openssh.com"},    {"aes256-ctr", "hmac-sha2-512"},
              {"aes256-ctr", "hmac-sha2-256-etm@openssh.com"}};
  for (const auto& row : rows) {
    CAPTURE(row.cipher);
    CAPTURE(row.mac);
    const std::vector<std::string> algorithms{"--ciphers", row.cipher, "--macs", row.mac, "--rekey-bytes", "16M"};
    std::vector<std::string> up{"large", url(sshd, sshd.folder() + "/up")};
    up.insert(up.end(), algorithms.begin(), algorithms.end());
    require_success(hawser_client(sshd, "put", up));
    CHECK((read_file(sshd.folder() + "/up") == content));
    std::vector<std::string> down{url(sshd, sshd.folder() + "/up"), "down"};
    down.insert(down.end(), algorithms.begin(), algorithms.end());
    require_success(hawser_client(sshd, "get", down));
    CHECK((read_file(sshd.folder() + "/down") == content));
    fs::remove(sshd.folder() + "/up");
    fs::remove(sshd.folder() + "/down");
  }
}

TEST_CASE("hawser get and put -r: a tree of 2,000 files there and back") {
  const Sshd sshd;
  const std::string at = sshd.folder();
  for (unsigned i = 0; i < 2000; ++i) {
    const std::string folder = at + "/tree/d" + std::to_string(i % 20);
    fs::create_directories(folder);
    write_file(folder + "/f" + std::to_string(i), sample_bytes(i, i), 0644);
  }
  require_success(hawser_client(sshd, "put", {"-r", "tree", url(sshd, at + "/remote")}));
  require_success(hawser_client(sshd, "get", {"-r", url(sshd, at + "/remote"), "back"}));
  for (unsigned i = 0; i < 2000; ++i) {
    const std::string name = "/d" + std::to_string(i % 20) + "/f" + std::to_string(i);
    REQUIRE((read_file(at + "/back" + name) == sample_bytes(i, i)));
  }
}

TEST_CASE("hawser ls, mkdir, mv, rm, stat against sshd") {
  const Sshd sshd;
  const std::string at = sshd.folder();
  require_success(hawser_client(sshd, "mkdir", {"-p", url(sshd, at + "/a/b/c")}));
  CHECK(fs::is_directory(at + "/a/b/c"));
  write_file(at + "/a/file", "twelve bytes");
  require_success(hawser_client(sshd, "mv", {url(sshd, at + "/a/file"), url(sshd, at + "/a/b/moved")}));
  CHECK(read_file(at + "/a/b/moved") == "twelve bytes");
  const Finished listed = hawser_client(sshd, "ls", {"-l", url(sshd, at + "/a/b")});
  require_success(listed);
  CHECK(listed.output.find("moved") != std::string::npos);
  CHECK(listed.output.find(" 12 ") != std::string::npos);
  const Finished shown = hawser_client(sshd, "stat", {url(sshd, at + "/a/b/moved")});
  require_success(shown);
  CHECK(shown.output.find("12") != std::string::npos);
  CHECK(hawser_client(sshd, "rm", {url(sshd, at + "/a")}).exit_code == 1);  // a directory needs -r
  require_success(hawser_client(sshd, "rm", {"-r", url(sshd, at + "/a")}));
  CHECK_FALSE(fs::exists(at + "/a"));
}

TEST_CASE("hawser get and put --resume finish what was cut short") {
  const Sshd sshd;
  const std::string at = sshd.folder();
  const std::string content = sample_bytes(2'000'000, 3);
  write_file(at + "/whole", content);
  write_file(at + "/got", content.substr(0, 1'000'001));
  write_file(at + "/part", content.substr(0, 65'537));
  require_success(hawser_client(sshd, "get", {"--resume", url(sshd, at + "/whole"), "got"}));
  CHECK((read_file(at + "/got") == content));
  require_success(hawser_client(sshd, "put", {"--resume", "whole", url(sshd, at + "/part")}));
  CHECK((read_file(at + "/part") == content));
}

TEST_CASE("hawser client: exit codes say what went wrong") {
  const Sshd sshd;
  const std::string at = sshd.folder();
  CHECK(hawser_client(sshd, "get", {url(sshd, at + "/missing"), "x"}).exit_code == 1);
  CHECK(run_command({{hawser_program(), "get"}, {}, {}, {}}).exit_code == 2);
  CHECK(hawser_client(sshd, "get", {"not-a-url", "x"}).exit_code == 2);
  CHECK(hawser_client(sshd, "ls", {"sftp://nobody@127.0.0.1:" + std::to_string(free_port()) + "/"}).exit_code == 3);
  make_key(at + "/stranger", "ed25519");
  const Finished stranger = run_command(
      {{hawser_program(), "ls", "--identity", at + "/stranger", "--known-hosts", sshd.known_hosts(), url(sshd, "/")},
       {},
       {},
       at});
  INFO(stranger.output);
  CHECK(stranger.exit_code == 5);
  write_file(at + "/empty_hosts", "");
  const Finished unknown = run_command(
      {{hawser_program(), "ls", "--identity", sshd.client_key(), "--known-hosts", at + "/empty_hosts", url(sshd, "/")},
       {},
       {},
       at});
  INFO(unknown.output);
  CHECK(unknown.exit_code == 4);
}

TEST_CASE("hawser client: tofu stores the key, and a changed key is refused under every policy") {
  const Sshd first;
  const std::string hosts = first.folder() + "/tofu_hosts";
  const std::vector<std::string> common{hawser_program(), "ls", "--identity", first.client_key(),
                                        "--known-hosts",  hosts};
  std::vector<std::string> tofu = common;
  tofu.insert(tofu.end(), {"--host-key-policy", "tofu", url(first, first.folder())});
  require_success(run_command({tofu, {}, {}, {}}));
  CHECK(read_file(hosts).find("[127.0.0.1]:" + std::to_string(first.port())) != std::string::npos);
  require_success(run_command({tofu, {}, {}, {}}));

  // Another key for the same name.
  const TemporaryDirectory other;
  make_key(other.path() + "/key", "ed25519");
  write_file(hosts, "[127.0.0.1]:" + std::to_string(first.port()) + " " + read_file(other.path() + "/key.pub"));
  for (const char* policy : {"strict", "tofu", "auto"}) {
    CAPTURE(policy);
    std::vector<std::string> arguments = common;
    arguments.insert(arguments.end(), {"--host-key-policy", policy, url(first, first.folder())});
    const Finished refused = run_command({arguments, {}, {}, {}});
    INFO(refused.output);
    CHECK(refused.exit_code == 4);
  }
}
