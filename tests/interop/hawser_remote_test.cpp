// The `hawser` commands that look at remote files and change them: ls, stat, df, cat, mkdir, rm, mv, ln, chmod.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>

#include "client_commands.h"

using namespace hawser::test;
namespace fs = std::filesystem;

TEST_CASE("hawser ls: sorted, without hidden names unless -a, in columns with -l, objects with --json") {
  const Sshd sshd;
  const Target target(sshd);
  write_file(target.there + "/b", std::string(1536, 'x'), 0644);
  write_file(target.there + "/a", "12345", 0600);
  write_file(target.there + "/.hidden", "");
  fs::create_directories(target.there + "/c");
  fs::create_symlink("a", target.there + "/link");
  CHECK(target.must("ls", {target.url()}) == "a\nb\nc/\nlink\n");
  CHECK(target.must("ls", {"-a", target.url()}) == ".hidden\na\nb\nc/\nlink\n");
  const std::string rows = target.must("ls", {"-l", target.url("[ab]")});
  CHECK(rows.find("-rw-------") == 0);
  CHECK(rows.find(" 5 ") != std::string::npos);
  CHECK(target.must("ls", {"-lh", target.url("b")}).find(" 1.5K ") != std::string::npos);
  CHECK(target.must("ls", {"-l", target.url()}).find("link -> a\n") != std::string::npos);
  CHECK(target.must("ls", {target.url("a"), target.url("c")}) == target.there + "/a\n\n" + target.there + "/c:\n");

  const std::vector<nlohmann::json> objects = target.json("ls", {target.url()});
  REQUIRE(objects.size() == 4);
  CHECK(objects[0]["name"] == "a");
  CHECK(objects[0]["path"] == target.there + "/a");
  CHECK(objects[0]["size"] == 5);
  CHECK(objects[0]["mode"] == "0600");
  CHECK(objects[0]["type"] == "file");
  CHECK(objects[2]["type"] == "directory");
  CHECK(objects[3]["type"] == "link");
  CHECK(objects[3]["target"] == "a");
  CHECK(target.run("ls", {target.url("missing")}).exit_code == 1);
}

TEST_CASE("hawser stat and df: for people and as objects") {
  const Sshd sshd;
  const Target target(sshd);
  write_file(target.there + "/file", "12345", 0640);
  CHECK(target.must("stat", {target.url("file")}).find("permissions: 0640\n") != std::string::npos);
  const std::vector<nlohmann::json> told = target.json("stat", {target.url("file")});
  REQUIRE(told.size() == 1);
  CHECK(told[0]["size"] == 5);
  CHECK(told[0]["mode"] == "0640");

  const std::string table = target.must("df", {"-h", target.url()});
  CHECK(table.find("Size") != std::string::npos);
  CHECK(table.find(target.there) != std::string::npos);
  const std::vector<nlohmann::json> space = target.json("df", {target.url()});
  REQUIRE(space.size() == 1);
  CHECK(space[0]["total"].get<std::uint64_t>() == fs::space(target.there).capacity);
}

TEST_CASE("hawser cat: files one behind the other, whatever their size") {
  const Sshd sshd;
  const Target target(sshd);
  const std::string large = sample_bytes(20'000'000);
  write_file(target.there + "/large", large);
  write_file(target.there + "/small", "end\n");
  CHECK((target.must("cat", {target.url("large"), target.url("small")}) == large + "end\n"));
  CHECK(target.run("cat", {target.url("missing")}).exit_code == 1);
  CHECK(target.run("cat", {target.url()}).exit_code == 1);
}

TEST_CASE("hawser rm: trees whole, links as links, patterns, and -f for what is not there") {
  const Sshd sshd;
  const Target target(sshd);
  fs::create_directories(target.there + "/outside");
  write_file(target.there + "/outside/kept", "kept");
  for (int i = 0; i < 300; ++i) {
    const std::string folder = target.there + "/tree/d" + std::to_string(i % 7) + "/e" + std::to_string(i % 3);
    fs::create_directories(folder);
    write_file(folder + "/f" + std::to_string(i), "x");
  }
  fs::create_directory_symlink(target.there + "/outside", target.there + "/tree/link");
  CHECK(target.run("rm", {target.url("tree")}).exit_code == 1);
  target.must("rm", {"-r", target.url("tree")});
  CHECK_FALSE(fs::exists(target.there + "/tree"));
  CHECK(read_file(target.there + "/outside/kept") == "kept");

  CHECK(target.run("rm", {target.url("missing")}).exit_code == 1);
  target.must("rm", {"-f", target.url("missing")});
  write_file(target.there + "/x1", "");
  write_file(target.there + "/x2", "");
  write_file(target.there + "/y", "");
  target.must("rm", {target.url("x*")});
  CHECK_FALSE(fs::exists(target.there + "/x1"));
  CHECK_FALSE(fs::exists(target.there + "/x2"));
  CHECK(fs::exists(target.there + "/y"));
  // What can be removed is, when something else cannot.
  CHECK(target.run("rm", {target.url("missing"), target.url("y")}).exit_code == 1);
  CHECK_FALSE(fs::exists(target.there + "/y"));
  const std::string server = "sftp://" + target.user + "@127.0.0.1:" + std::to_string(target.port);
  const Finished everything = target.run("rm", {"-r", server + "/"});
  CHECK(everything.exit_code == 1);
  CHECK(everything.output.find("this would remove everything") != std::string::npos);
}

TEST_CASE("hawser mkdir, mv, ln and chmod") {
  const Sshd sshd;
  const Target target(sshd);
  target.must("mkdir", {"-p", target.url("a/b/c"), target.url("a/b/c")});
  CHECK(fs::is_directory(target.there + "/a/b/c"));
  CHECK(target.run("mkdir", {target.url("a")}).exit_code == 1);
  write_file(target.there + "/file", "text", 0600);
  target.must("mv", {target.url("file"), target.url("a")});
  CHECK(read_file(target.there + "/a/file") == "text");
  target.must("ln", {"-s", "../a/file", target.url("a/link")});
  CHECK(fs::read_symlink(target.there + "/a/link") == "../a/file");
  target.must("ln", {target.url("a/file"), target.url("hard")});
  CHECK(fs::hard_link_count(target.there + "/hard") == 2);
  CHECK(target.run("ln", {"a/file", target.url("x")}).exit_code == 2);
  target.must("chmod", {"751", target.url("a/fil?")});
  CHECK((fs::status(target.there + "/a/file").permissions() & fs::perms::mask) == fs::perms(0751));
  CHECK(target.run("chmod", {"rwx", target.url("a/file")}).exit_code == 2);
}

TEST_CASE("hawser client: one session serves all URLs of a server") {
  const Sshd sshd("LogLevel VERBOSE\n");
  const Target target(sshd);
  write_file(target.there + "/a", "1");
  write_file(target.there + "/b", "2");
  CHECK(target.must("cat", {target.url("a"), target.url("b"), target.url("a")}) == "121");
  const std::string log = sshd.log();
  const std::size_t first = log.find("Accepted publickey");
  REQUIRE(first != std::string::npos);
  CHECK(log.find("Accepted publickey", first + 1) == std::string::npos);
}
