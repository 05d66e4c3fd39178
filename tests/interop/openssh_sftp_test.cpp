// OpenSSH's sftp against `hawser serve`: what people do all day.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "checks.h"
#include "peers.h"

using namespace hawser::test;
namespace fs = std::filesystem;

namespace {

void make_folders(const std::string& at, int folders, int files_in_each) {
  for (int i = 0; i < folders; ++i) {
    const std::string folder = at + "/d" + std::to_string(i);
    fs::create_directories(folder);
    for (int j = 0; j < files_in_each; ++j) {
      const auto seed = static_cast<unsigned>(i * 1000 + j);
      write_file(folder + "/f" + std::to_string(j), sample_bytes(seed % 5000, seed), 0644);
    }
  }
}

// The relative names and contents of every file below `at`.
std::map<std::string, std::string> contents_of(const std::string& at) {
  std::map<std::string, std::string> all;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(at)) {
    if (entry.is_regular_file()) all[entry.path().lexically_relative(at).string()] = read_file(entry.path().string());
  }
  return all;
}

struct CipherCase {
  const char* cipher;
  const char* mac;
};
constexpr CipherCase ciphers[] = {
    // clang-format off
    {"aes128-gcm@openssh.com", "hmac-sha2-256"},
    {"aes256-gcm@openssh.com", "hmac-sha2-256"},
    {"chacha20-poly1305@openssh.com", "hmac-sha2-256"},
    {"aes128-ctr", "hmac-sha2-256"},
    {"aes128-ctr", "hmac-sha2-512-etm@openssh.com"},
    {"aes256-ctr", "hmac-sha2-512"},
    {"aes256-ctr", "hmac-sha2-256-etm@openssh.com"},
    // clang-format on
};

}  // namespace

TEST_CASE("OpenSSH sftp: put and get of a large file with each cipher row, by key and by password, during rekeys") {
  const HawserServer server({"--policy", "modern"});
  const std::string content = sample_bytes(large_size());
  write_file(server.folder() + "/large", content);
  bool by_password = false;
  for (const CipherCase& row : ciphers) {
    CAPTURE(row.cipher);
    CAPTURE(row.mac);
    by_password = !by_password;
    CAPTURE(by_password);
    const Finished finished =
        openssh_sftp(server, "put large up\nget up down\nrm up\n",
                     {"-c", row.cipher, "-o", std::string("MACs=") + row.mac, "-o", "RekeyLimit=16M"}, by_password);
    require_success(finished);
    CHECK((read_file(server.folder() + "/down") == content));
    CHECK_FALSE(fs::exists(server.root() + "/up"));
    fs::remove(server.folder() + "/down");
  }
}

TEST_CASE("OpenSSH sftp: each key exchange and host key algorithm") {
  for (const std::string type : {"ed25519", "ecdsa", "rsa"}) {
    const TemporaryDirectory keys;
    make_key(keys.path() + "/host", type);
    const HawserServer server({"--policy", "modern", "--host-key", keys.path() + "/host"});
    write_file(server.known_hosts(),
               "[127.0.0.1]:" + std::to_string(server.port()) + " " + read_file(keys.path() + "/host.pub"));
    for (const char* kex :
         {"curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256", "diffie-hellman-group14-sha256"}) {
      CAPTURE(type);
      CAPTURE(kex);
      require_success(openssh_sftp(server, "pwd\n", {"-o", std::string("KexAlgorithms=") + kex}));
    }
    if (type == "rsa") {
      for (const char* algorithm : {"rsa-sha2-256", "rsa-sha2-512"}) {
        CAPTURE(algorithm);
        require_success(openssh_sftp(server, "pwd\n", {"-o", std::string("HostKeyAlgorithms=") + algorithm}));
      }
    }
  }
}

TEST_CASE("OpenSSH sftp: a tree of 2,000 files there and back") {
  const HawserServer server;
  make_folders(server.folder() + "/tree", 20, 100);
  require_success(openssh_sftp(server, "put -r tree\nget -r tree back\n"));
  const auto sent = contents_of(server.folder() + "/tree");
  CHECK(sent.size() == 2000);
  CHECK((contents_of(server.root() + "/tree") == sent));
  CHECK((contents_of(server.folder() + "/back") == sent));
}

TEST_CASE("OpenSSH sftp: rename, rm, mkdir, rmdir, ln -s, chmod, ls -l, df") {
  const HawserServer server;
  write_file(server.folder() + "/file", "hello");
  const Finished finished =
      openssh_sftp(server,
                   "put file a\nrename a b\nmkdir dir\nrename b dir/c\nln -s c dir/link\nln dir/c dir/hard\n"
                   "chmod 640 dir/c\nls -l dir\nls -ln /\ndf\ndf -h\nmkdir empty\nrmdir empty\n"
                   "put file gone\nrm gone\nget dir/link fetched\n");
  require_success(finished);
  struct stat status {};
  REQUIRE(::stat((server.root() + "/dir/c").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0640);
  CHECK(status.st_nlink == 2);
  CHECK(fs::read_symlink(server.root() + "/dir/link") == "c");
  CHECK_FALSE(fs::exists(server.root() + "/empty"));
  CHECK_FALSE(fs::exists(server.root() + "/gone"));
  CHECK(read_file(server.folder() + "/fetched") == "hello");
  CHECK(finished.output.find("-rw-r-----") != std::string::npos);
  CHECK(finished.output.find("lrwxrwxrwx") != std::string::npos);
  CHECK(finished.output.find("%Capacity") != std::string::npos);
}

TEST_CASE("OpenSSH sftp: reget and reput finish what was cut short") {
  const HawserServer server;
  const std::string content = sample_bytes(3'000'000, 7);
  write_file(server.root() + "/whole", content, 0644);
  write_file(server.root() + "/part", content.substr(0, 1'234'567), 0644);
  write_file(server.folder() + "/whole", content);
  write_file(server.folder() + "/got", content.substr(0, 777'777));
  require_success(openssh_sftp(server, "reget whole got\nreput whole part\n"));
  CHECK((read_file(server.folder() + "/got") == content));
  CHECK((read_file(server.root() + "/part") == content));
}

TEST_CASE("[defect 3] OpenSSH sftp: put -p keeps times and modes") {
  const HawserServer server;
  write_file(server.folder() + "/file", "x", 0604);
  timespec times[2] = {{1'000'000'000, 0}, {1'100'000'000, 0}};
  REQUIRE(::utimensat(AT_FDCWD, (server.folder() + "/file").c_str(), times, 0) == 0);
  require_success(openssh_sftp(server, "put -p file\n"));
  struct stat status {};
  REQUIRE(::stat((server.root() + "/file").c_str(), &status) == 0);
  CHECK(status.st_mtime == 1'100'000'000);
  CHECK((status.st_mode & 0777) == 0604);
}

TEST_CASE("OpenSSH sftp: errors reach the user as the right status and the session lives on") {
  const HawserServer server;
  fs::create_directory(server.root() + "/full");
  write_file(server.root() + "/full/file", "");
  // A leading '-' lets the batch go on.
  const Finished finished =
      openssh_sftp(server, "-get missing\n-rmdir full\n-mkdir full\n-cd nowhere\n-rename missing other\npwd\n");
  INFO(finished.output);
  CHECK(finished.exit_code == 0);
  CHECK(finished.output.find("not found") != std::string::npos);
  CHECK(finished.output.find("Failure") != std::string::npos);
  CHECK(finished.output.find("Remote working directory: /") != std::string::npos);
}

TEST_CASE("OpenSSH sftp: wrong credentials are refused") {
  const HawserServer server;
  make_key(server.folder() + "/stranger", "ed25519");
  const Finished finished = run_command(
      {{"sftp", "-b", "-", "-F", "/dev/null", "-P", std::to_string(server.port()), "-i", server.folder() + "/stranger",
        "-o", "IdentitiesOnly=yes", "-o", "UserKnownHostsFile=" + server.known_hosts(), "alice@127.0.0.1"},
       {},
       "pwd\n",
       {}});
  CHECK(finished.exit_code != 0);
  CHECK(finished.output.find("Permission denied") != std::string::npos);
}

TEST_CASE("[CVE-2017-15906] OpenSSH sftp: a read-only server changes nothing") {
  const HawserServer server({"--read-only"});
  write_file(server.root() + "/file", "content", 0644);
  write_file(server.folder() + "/other", "other");
  const Finished finished = openssh_sftp(server,
                                         "-put other\n-put other file\n-rm file\n-mkdir d\n-rename file x\n-chmod 600 "
                                         "file\n-ln -s file l\n-truncate file\nget file got\n");
  INFO(finished.output);
  CHECK(read_file(server.folder() + "/got") == "content");
  CHECK(contents_of(server.root()) == std::map<std::string, std::string>{{"file", "content"}});
  struct stat status {};
  REQUIRE(::stat((server.root() + "/file").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0644);
}

TEST_CASE("hawser serve: the host key file is made with mode 0600, and SIGTERM ends it cleanly") {
  const TemporaryDirectory keys;
  const std::string path = keys.path() + "/host_key";
  HawserServer server({"--host-key", path});
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  CHECK(server.terminate() == 0);
}

TEST_CASE("OpenSSH ssh: exec and shell are refused, the connection ends in order") {
  const HawserServer server;
  const Finished finished =
      run_command({{"ssh", "-F", "/dev/null", "-p", std::to_string(server.port()), "-i", server.client_key(), "-o",
                    "IdentitiesOnly=yes", "-o", "UserKnownHostsFile=" + server.known_hosts(), "-o", "BatchMode=yes",
                    "alice@127.0.0.1", "id"},
                   {},
                   {},
                   {}});
  INFO(finished.output);
  CHECK(finished.exit_code == 255);
  CHECK(finished.output.find("uid=") == std::string::npos);
}
