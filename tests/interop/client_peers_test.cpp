// Other people's clients against `hawser serve`. One that is not installed is skipped, and the output says so;
// `./bootstrap test` installs all but ssh2.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "checks.h"
#include "missing.h"
#include "peers.h"

using namespace hawser::test;
namespace fs = std::filesystem;

namespace {

// False, with a message, where the peer is missing.
bool installed(const std::vector<std::string>& probe) {
  if (run_command({probe, {}, {}, {}}).exit_code == 0) return true;
  goes_without(probe.front());
  return false;
}

Finished run_in(const HawserServer& server, std::vector<std::string> arguments, const std::string& input = {}) {
  return run_command({std::move(arguments), {}, input, server.folder()});
}

// Folders, files of several sizes, a link.
void make_tree(const std::string& at) {
  fs::create_directories(at + "/a/b");
  for (const unsigned size : {0u, 1u, 10'000u, 300'000u}) {
    write_file(at + "/a/f" + std::to_string(size), sample_bytes(size, size), 0644);
  }
  write_file(at + "/a/b/with space", "x", 0600);
}

void check_same_tree(const HawserServer& server, const std::string& a, const std::string& b) {
  const Finished finished = run_in(server, {"diff", "-r", a, b});
  INFO(finished.output);
  CHECK(finished.exit_code == 0);
}

std::string host_key_fingerprint(const HawserServer& server) {
  const Finished finished = run_in(server, {"ssh-keygen", "-lf", "host.pub"});
  const std::size_t begin = finished.output.find("SHA256:");
  REQUIRE(begin != std::string::npos);
  return finished.output.substr(begin, finished.output.find(' ', begin) - begin);
}

std::string url_of(const HawserServer& server) { return "sftp://127.0.0.1:" + std::to_string(server.port()); }

std::vector<std::string> ssh_options(const HawserServer& server) {
  return {"-F", "/dev/null",          "-o", "UserKnownHostsFile=" + server.known_hosts(),
          "-o", "IdentitiesOnly=yes", "-i", server.client_key()};
}

}  // namespace

TEST_CASE("PuTTY psftp: put, get, resume, rename, mode, list, remove") {
  if (!installed({"psftp", "-V"}) || !installed({"puttygen", "-V"})) return;
  const HawserServer server;
  const std::string content = sample_bytes(3'000'000);
  write_file(server.folder() + "/file", content);
  write_file(server.folder() + "/part", content.substr(0, 1'000'000));
  require_success(run_in(server, {"puttygen", server.client_key(), "-O", "private", "-o", "client.ppk"}));
  const Finished finished = run_in(
      server,
      {"psftp", "-P", std::to_string(server.port()), "-batch", "-hostkey", host_key_fingerprint(server), "-i",
       "client.ppk", "-b", "/dev/stdin", "alice@127.0.0.1"},
      "put file up\nmkdir d\nmv up d/renamed\nget d/renamed down\nreget d/renamed part\nchmod 640 d/renamed\nls d\n"
      "put part gone\ndel gone\nmkdir empty\nrmdir empty\nquit\n");
  require_success(finished);
  CHECK((read_file(server.folder() + "/down") == content));
  CHECK((read_file(server.folder() + "/part") == content));
  CHECK((read_file(server.root() + "/d/renamed") == content));
  CHECK(finished.output.find("-rw-r-----") != std::string::npos);
  CHECK(std::distance(fs::directory_iterator(server.root()), fs::directory_iterator()) == 1);
}

TEST_CASE("lftp: mirror there and back, rename, remove") {
  if (!installed({"lftp", "--version"})) return;
  const HawserServer server;
  make_tree(server.folder() + "/tree");
  fs::create_symlink("f1", server.folder() + "/tree/a/link");
  std::string connect = "ssh -a -x";
  for (const std::string& option : ssh_options(server)) connect += " " + option;
  const std::string script = "set sftp:connect-program '" + connect +
                             "'; set cmd:fail-exit yes; set net:max-retries 1; mirror -R tree up; mirror up back; "
                             "mv up/a/f1 up/a/f2; ls up/a; rm -r up/a/b; bye";
  const Finished finished = run_in(server, {"lftp", "-e", script, "-u", "alice,", url_of(server)});
  require_success(finished);
  check_same_tree(server, "tree", "back");
  CHECK(fs::exists(server.root() + "/up/a/f2"));
  CHECK_FALSE(fs::exists(server.root() + "/up/a/b"));
}

TEST_CASE("curl (libssh2): upload, download, resume, list, by key and by password") {
  if (!installed({"curl", "--version"})) return;
  const HawserServer server({"--policy", "modern"});  // libssh2 before 1.11 has neither GCM nor encrypt-then-MAC
  const std::string content = sample_bytes(3'000'000);
  write_file(server.folder() + "/file", content);
  write_file(server.folder() + "/part", content.substr(0, 1'000'000));
  const std::string fingerprint = host_key_fingerprint(server).substr(7);
  const std::string url = url_of(server);
  const std::string key = server.client_key();
  require_success(run_in(server, {"curl", "-sS", "--key", key, "--pubkey", key + ".pub", "--hostpubsha256", fingerprint,
                                  "-u", "alice:", "--ftp-create-dirs", "-T", "file", url + "/d/up"}));
  require_success(run_in(server, {"curl", "-sS", "--hostpubsha256", fingerprint, "-u", "alice:correct horse", "-C", "-",
                                  "-o", "part", url + "/d/up"}));
  const Finished list =
      run_in(server, {"curl", "-sS", "--hostpubsha256", fingerprint, "-u", "alice:correct horse", url + "/d/"});
  require_success(list);
  CHECK((read_file(server.folder() + "/part") == content));
  CHECK((read_file(server.root() + "/d/up") == content));
  CHECK(list.output.find(" up\n") != std::string::npos);
  const Finished refused =
      run_in(server, {"curl", "-sS", "--hostpubsha256", fingerprint, "-u", "alice:wrong", url + "/d/up"});
  CHECK(refused.exit_code == 67);  // login denied
}

TEST_CASE("OpenSSH scp: a tree there and back with times and modes") {
  const HawserServer server;
  make_tree(server.folder() + "/tree");
  timespec times[2] = {{1'000'000'000, 0}, {1'100'000'000, 0}};
  REQUIRE(::utimensat(AT_FDCWD, (server.folder() + "/tree/a/f1").c_str(), times, 0) == 0);
  std::vector<std::string> scp{"scp", "-q", "-r", "-p", "-s", "-P", std::to_string(server.port())};
  for (const std::string& option : ssh_options(server)) scp.push_back(option);
  std::vector<std::string> up = scp, down = scp;
  up.insert(up.end(), {"tree", "alice@127.0.0.1:/up"});
  down.insert(down.end(), {"alice@127.0.0.1:/up", "back"});
  require_success(run_in(server, up));
  require_success(run_in(server, down));
  check_same_tree(server, "tree", "back");
  struct stat status {};
  REQUIRE(::stat((server.folder() + "/back/a/f1").c_str(), &status) == 0);
  CHECK(status.st_mtime == 1'100'000'000);
}

TEST_CASE("sshfs: the server's files as a mounted file system") {
  if (!program_exists("/usr/bin/sshfs")) return goes_without("sshfs");
  if (::access("/dev/fuse", R_OK | W_OK) != 0) {
    MESSAGE("skipped: there is no /dev/fuse");
    return;
  }
  const HawserServer server;
  const std::string mount = server.folder() + "/mount";
  fs::create_directory(mount);
  const std::string options = "UserKnownHostsFile=" + server.known_hosts() + ",IdentityFile=" + server.client_key() +
                              ",IdentitiesOnly=yes,StrictHostKeyChecking=yes";
  const Finished mounted =
      run_in(server, {"sshfs", "-p", std::to_string(server.port()), "-o", options, "alice@127.0.0.1:/", mount});
  if (mounted.exit_code != 0 && mounted.output.find("fuse") != std::string::npos) {
    MESSAGE("skipped: mounting is not allowed here: " << mounted.output);
    return;
  }
  require_success(mounted);
  struct Unmount {
    std::string path;
    ~Unmount() { run_command({{"fusermount", "-u", path}, {}, {}, {}}); }
  } const unmount{mount};
  const std::string content = sample_bytes(3'000'000);
  write_file(mount + "/file", content, 0640);
  CHECK((read_file(mount + "/file") == content));
  CHECK((read_file(server.root() + "/file") == content));
  fs::create_directory(mount + "/d");
  fs::rename(mount + "/file", mount + "/d/renamed");
  fs::create_symlink("renamed", mount + "/d/link");
  CHECK(fs::read_symlink(mount + "/d/link") == "renamed");
  CHECK((read_file(mount + "/d/link") == content));
  fs::resize_file(mount + "/d/renamed", 1000);
  CHECK(fs::file_size(server.root() + "/d/renamed") == 1000);
  CHECK(fs::space(mount).capacity > 0);
  CHECK(fs::remove_all(mount + "/d") == 3);
  CHECK(fs::is_empty(server.root()));
}

TEST_CASE("paramiko: its whole SFTP client") {
  if (!installed({"/usr/bin/python3", "-c", "import paramiko"})) return;
  const HawserServer server;
  const Finished finished =
      run_in(server, {"/usr/bin/python3", HAWSER_CLIENTS "/paramiko_client.py", std::to_string(server.port()),
                      server.client_key(), server.known_hosts(), server.folder()});
  require_success(finished);
  CHECK(finished.output.ends_with("done\n"));
}

TEST_CASE("AsyncSSH: trees, links in the draft's order, extensions") {
  if (!installed({"/usr/bin/python3", "-W", "ignore", "-c", "import asyncssh"})) return;
  const HawserServer server;
  const Finished finished =
      run_in(server, {"/usr/bin/python3", HAWSER_CLIENTS "/asyncssh_client.py", std::to_string(server.port()),
                      server.client_key(), server.known_hosts(), server.folder()});
  require_success(finished);
  CHECK(finished.output.ends_with("done\n"));
}

TEST_CASE("ssh2 of npm: its SFTP client, links in the draft's order") {
  if (run_command({{"node", "-e", "require('ssh2')"}, {}, {}, {}}).exit_code != 0) {
    MESSAGE("skipped: there is no ssh2 of npm");  // Debian has none
    return;
  }
  const HawserServer server;
  const Finished finished = run_in(server, {"node", HAWSER_CLIENTS "/ssh2_client.js", std::to_string(server.port()),
                                            server.client_key(), server.folder()});
  require_success(finished);
  CHECK(finished.output.ends_with("done\n"));
}
