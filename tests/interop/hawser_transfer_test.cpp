// `hawser get`, `put` and `sync`, each against OpenSSH's sshd and against `hawser serve`.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "client_commands.h"
#include "stalling_relay.h"

using namespace hawser::test;
namespace fs = std::filesystem;

namespace {

void make_tree(const std::string& at) {
  fs::create_directories(at + "/sub/deep");
  fs::create_directories(at + "/empty");
  write_file(at + "/a.txt", "first", 0644);
  write_file(at + "/b.txt", sample_bytes(300'000), 0640);
  write_file(at + "/c.bin", "", 0644);
  write_file(at + "/sub/d [1].txt", sample_bytes(70'000, 2), 0600);
  write_file(at + "/sub/deep/größe", "utf-8", 0644);
}

void set_time(const std::string& path, std::int64_t seconds) {
  const timespec times[2] = {{seconds, 0}, {seconds, 0}};
  REQUIRE(::utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW) == 0);
}

std::int64_t time_of(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mtim.tv_sec;
}

// Runs a test's body against both servers.
template <class Body>
void against_both(Body body) {
  {
    INFO("sshd");
    const Sshd sshd;
    body(Target(sshd));
  }
  INFO("hawser serve");
  const HawserServer server;
  body(Target(server));
}

}  // namespace

TEST_CASE("hawser put -r and get -r: a tree goes there and back, with its rights and times") {
  against_both([](const Target& target) {
    make_tree(target.here + "/tree");
    set_time(target.here + "/tree/a.txt", 1'000'000'000);
    set_time(target.here + "/tree/sub/deep", 1'100'000'000);
    fs::create_symlink("a.txt", target.here + "/tree/link");
    const std::string said = target.must("put", {"-r", "-p", "tree", target.url("new")});
    CHECK(said.find("1 left out (links and special files)") != std::string::npos);
    fs::remove(target.here + "/tree/link");
    CHECK((content_of(target.there_locally + "/new") == content_of(target.here + "/tree")));
    CHECK(time_of(target.there_locally + "/new/a.txt") == 1'000'000'000);
    target.must("get", {"-r", "-p", target.url("new"), "."});
    CHECK((content_of(target.here + "/new") == content_of(target.here + "/tree")));
    CHECK(time_of(target.here + "/new/a.txt") == 1'000'000'000);
    CHECK(time_of(target.here + "/new/sub/deep") == 1'100'000'000);
    CHECK((fs::status(target.here + "/new/b.txt").permissions() & fs::perms::mask) == fs::perms(0640));
  });
}

TEST_CASE("hawser get: patterns stand for what fits on the server, and not across directories") {
  against_both([](const Target& target) {
    make_tree(target.there_locally);
    fs::create_directories(target.here + "/got");
    target.must("get", {target.url("*.txt"), target.url("s?b/*.txt"), "got"});
    CHECK(content_of(target.here + "/got").size() == 3);
    CHECK(read_file(target.here + "/got/a.txt") == "first");
    CHECK(fs::exists(target.here + "/got/d [1].txt"));
    // A name that is there as it was typed is no pattern.
    fs::create_directories(target.here + "/literal");
    target.must("get", {target.url("sub/d [1].txt"), "literal"});
    CHECK(fs::exists(target.here + "/literal/d [1].txt"));
    const Finished nothing = target.run("get", {target.url("*.none"), "got"});
    CHECK(nothing.exit_code == 1);
    CHECK(nothing.output.find("nothing on the server fits this pattern") != std::string::npos);
  });
}

TEST_CASE("hawser get and put: one file that fails does not keep the others, and the exit code tells") {
  const Sshd sshd;
  const Target target(sshd);
  make_tree(target.there_locally);
  fs::create_directories(target.here + "/got");
  const Finished some = target.run("get", {target.url("a.txt"), target.url("missing"), target.url("c.bin"), "got"});
  CHECK(some.exit_code == 1);
  CHECK(some.output.find("missing: ") != std::string::npos);
  CHECK(read_file(target.here + "/got/a.txt") == "first");
  CHECK(fs::exists(target.here + "/got/c.bin"));
  const Finished directory = target.run("get", {target.url("sub"), "got"});
  CHECK(directory.exit_code == 1);
  CHECK(directory.output.find("is a directory: use -r") != std::string::npos);
  CHECK(target.run("get", {target.url("a.txt"), target.url("b.txt"), "nowhere"}).exit_code == 2);
  // What is not on the server leaves the local file as it is.
  write_file(target.here + "/mine", "mine");
  CHECK(target.run("get", {target.url("missing"), "mine"}).exit_code == 1);
  CHECK(read_file(target.here + "/mine") == "mine");
}

TEST_CASE("hawser get: interrupted by a signal it keeps what has come, and -a brings the rest") {
  for (const int signal : {SIGINT, SIGTERM, SIGKILL}) {
    CAPTURE(signal);
    const Sshd sshd;
    Target target(sshd);
    const std::string content = sample_bytes(24'000'000);
    write_file(target.there_locally + "/large", content);
    const StallingRelay relay(target.port, 9'000'000);
    Target stalled = target;
    stalled.port = relay.port();
    stalled.known_hosts = target.here + "/relay_hosts";
    write_file(stalled.known_hosts,
               "[127.0.0.1]:" + std::to_string(relay.port()) + " " + read_file(sshd.folder() + "/host_ed25519.pub"));
    {
      const std::string local = target.here + "/large";
      Background get({stalled.command("get", {stalled.url("large"), local}), {}, {}, {}}, target.here + "/log");
      REQUIRE(wait_until([&] { return !get.running() || (fs::exists(local) && fs::file_size(local) != 0); }));
      REQUIRE(get.running());
      ::kill(get.pid(), signal);
      REQUIRE(wait_until([&] { return !get.running(); }));
      CHECK(get.terminate() == 128 + signal);
      if (signal != SIGKILL) CHECK(get.output().find("the same command with -a goes on") != std::string::npos);
      const std::string part = read_file(local);
      CHECK(part.size() < content.size());
      CHECK((part == content.substr(0, part.size())));
    }
    target.must("get", {"-a", target.url("large"), "large"});
    CHECK((read_file(target.here + "/large") == content));
    const std::string again = target.must("get", {"-a", target.url("large"), "large"});
    CHECK(again.find("1 the same already") != std::string::npos);
  }
}

TEST_CASE("hawser get and put -a: a target with more bytes than the source is no part of it") {
  const Sshd sshd;
  const Target target(sshd);
  write_file(target.there_locally + "/file", "short");
  write_file(target.here + "/file", "something longer");
  const Finished refused = target.run("get", {"-a", target.url("file"), "file"});
  CHECK(refused.exit_code == 1);
  CHECK(refused.output.find("has more bytes than the source") != std::string::npos);
  CHECK(read_file(target.here + "/file") == "something longer");
  target.must("put", {"-a", "file", target.url("new")});
  CHECK(read_file(target.there_locally + "/new") == "something longer");
}

TEST_CASE("hawser get: a line per file where standard error is no terminal, nothing with -q, objects with --json") {
  const Sshd sshd;
  const Target target(sshd);
  make_tree(target.there_locally);
  const std::string plain = target.must("get", {"-r", "-j", "1", target.url(), "plain"});
  CHECK(plain.find("a.txt -> plain/a.txt (5 B)\n") != std::string::npos);
  CHECK(plain.find("5 files, ") != std::string::npos);
  CHECK(plain.find('\r') == std::string::npos);
  CHECK(plain.find('\x1b') == std::string::npos);
  CHECK(target.must("get", {"-r", "-q", target.url(), "quiet"}).empty());
  const std::vector<nlohmann::json> events = target.json("get", {"-r", target.url(), "json"});
  REQUIRE(events.size() == 6);
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(events[i]["event"] == "copied");
    bytes += events[i]["bytes"].get<std::uint64_t>();
  }
  CHECK(events[5]["event"] == "summary");
  CHECK(events[5]["files"] == 5);
  CHECK(events[5]["bytes"] == bytes);
  CHECK(events[5]["failed"] == 0);
}

TEST_CASE("hawser sync: either way, only what differs, removing and writing only when asked to") {
  against_both([](const Target& target) {
    const std::string here = target.here + "/tree";
    const std::string there = target.there_locally + "/copy";
    make_tree(here);
    target.must("sync", {"tree", target.url("copy")});
    CHECK((content_of(there) == content_of(here)));
    CHECK(target.must("sync", {"tree", target.url("copy")}).find("0 files, 0 B") == 0);

    write_file(here + "/a.txt", "changed", 0644);
    write_file(there + "/extra", "extra");
    fs::create_directories(there + "/more/below");
    write_file(there + "/more/below/file", "extra");
    const auto before = content_of(there);
    const std::string would = target.must("sync", {"-n", "--delete", "tree", target.url("copy")});
    for (const char* line : {"remove extra\n", "remove more\n", "remove more/below/file\n", "copy a.txt\n"}) {
      CHECK(would.find(line) != std::string::npos);
    }
    CHECK((content_of(there) == before));
    target.must("sync", {"tree", target.url("copy")});
    CHECK(read_file(there + "/a.txt") == "changed");
    CHECK(fs::exists(there + "/extra"));
    target.must("sync", {"--delete", "tree", target.url("copy")});
    CHECK((content_of(there) == content_of(here)));

    target.must("sync", {target.url("copy"), "back"});
    CHECK((content_of(target.here + "/back") == content_of(here)));
    write_file(target.here + "/back/surplus", "x");
    target.must("sync", {"--delete", target.url("copy"), "back"});
    CHECK((content_of(target.here + "/back") == content_of(here)));
  });
}

TEST_CASE("hawser sync --checksum: same size and time, other bytes") {
  against_both([](const Target& target) {
    make_tree(target.here + "/tree");
    target.must("sync", {"tree", target.url("copy")});
    const std::string file = target.there_locally + "/copy/b.txt";
    const std::int64_t time = time_of(file);
    std::string content = read_file(file);
    content[200'000] = static_cast<char>(content[200'000] + 1);
    write_file(file, content);
    set_time(file, time);
    CHECK(target.must("sync", {target.url("copy"), "tree"}).find("0 files, 0 B") == 0);
    CHECK(target.must("sync", {"--checksum", target.url("copy"), "tree"}).find("b.txt") != std::string::npos);
    CHECK((read_file(target.here + "/tree/b.txt") == content));
  });
}

TEST_CASE("hawser sync: links lead nowhere, on either side") {
  against_both([](const Target& target) {
    const std::string outside = target.here + "/outside";
    fs::create_directories(outside);
    write_file(outside + "/precious", "precious");
    fs::create_directories(target.there_locally + "/source/d");
    write_file(target.there_locally + "/source/d/precious", "from the server");
    write_file(target.there_locally + "/source/f", "from the server");
    fs::create_symlink("/etc", target.there_locally + "/source/etc");
    fs::create_directories(target.here + "/target");
    fs::create_symlink(outside, target.here + "/target/d");
    fs::create_symlink(outside + "/precious", target.here + "/target/f");

    const Finished in_way = target.run("sync", {target.url("source"), "target"});
    CHECK(in_way.exit_code == 1);
    CHECK(in_way.output.find("the target has another kind of file") != std::string::npos);
    CHECK(read_file(outside + "/precious") == "precious");
    target.must("sync", {"--delete", target.url("source"), "target"});
    CHECK(read_file(outside + "/precious") == "precious");
    CHECK(read_file(target.here + "/target/d/precious") == "from the server");
    CHECK_FALSE(fs::exists(target.here + "/target/etc"));
  });
}

TEST_CASE("hawser sync: the command line says which side is which") {
  const Sshd sshd;
  const Target target(sshd);
  CHECK(target.run("sync", {"a", "b"}).exit_code == 2);
  CHECK(target.run("sync", {target.url("a"), target.url("b")}).exit_code == 2);
  CHECK(target.run("sync", {"missing", target.url()}).exit_code == 1);
  CHECK(target.run("sync", {target.url("missing"), "here"}).exit_code == 1);
}
