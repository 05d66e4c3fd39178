#include <doctest/doctest.h>

#include "client/client_fixture.h"
#include "client/fake_file.h"
#include "support/temporary_directory.h"
#include "support/text_file.h"

using namespace hawser;
using namespace hawser::client;
using test::ClientRig;
using test::run;

namespace {

struct SFTPRig : ClientRig {
  std::shared_ptr<Client> ssh = login();
  std::shared_ptr<SFTPClient> sftp = *run(io, ssh->open_sftp());

  template <class T>
  T wait(Awaitable<T> work) {
    return run(io, std::move(work));
  }
  void put(const std::string& path, const std::string& content) {
    test::MemoryFile source(to_vector(as_bytes(content)));
    REQUIRE(wait(sftp->put(source, path)));
  }
  std::string get(const std::string& path) {
    test::MemoryFile sink;
    REQUIRE(wait(sftp->get(path, sink)));
    return std::string(as_text(sink.content));
  }
};

}  // namespace

TEST_CASE("end to end: files of many sizes go there and back") {
  SFTPRig rig;
  for (const std::size_t size : {0u, 1u, 4096u, 32768u, 261119u, 261120u, 261121u, 9000000u}) {
    CAPTURE(size);
    test::MemoryFile source(test::FixedRandom(size).bytes(size));
    CHECK(*rig.wait(rig.sftp->put(source, "/f")) == size);
    test::MemoryFile sink;
    CHECK(*rig.wait(rig.sftp->get("/f", sink)) == size);
    CHECK(sink.content == source.content);
  }
}

TEST_CASE("end to end: every request of version 3 and the extensions") {
  SFTPRig rig;
  SFTPClient& sftp = *rig.sftp;
  REQUIRE(rig.wait(sftp.make_directory("/d")));
  rig.put("/d/a", "hello");
  CHECK(*rig.wait(sftp.stat("/d/a"))->size == 5);
  CHECK(sftp::is_directory(*rig.wait(sftp.lstat("/d"))));

  sftp::Attributes attributes;
  attributes.permissions = 0600;
  attributes.times = sftp::FileTimes{11, 22};
  REQUIRE(rig.wait(sftp.set_attributes("/d/a", attributes)));
  CHECK(rig.wait(sftp.stat("/d/a"))->times->mtime == 22);

  REQUIRE(rig.wait(sftp.symlink("a", "/d/link")));
  CHECK(*rig.wait(sftp.read_link("/d/link")) == "a");
  CHECK(sftp::is_symlink(*rig.wait(sftp.lstat("/d/link"))));
  CHECK(rig.get("/d/link") == "hello");
  CHECK(*rig.wait(sftp.real_path("/d/../d/./a")) == "/d/a");

  rig.put("/d/b", "other");
  CHECK_FALSE(rig.wait(sftp.rename("/d/a", "/d/b")));
  REQUIRE(rig.wait(sftp.posix_rename("/d/a", "/d/b")));
  CHECK(rig.get("/d/b") == "hello");
  REQUIRE(rig.wait(sftp.hard_link("/d/b", "/d/c")));
  CHECK(rig.wait(sftp.statistics("/"))->f_bsize != 0);

  const auto entries = rig.wait(sftp.list("/d"));
  REQUIRE(entries);
  std::vector<std::string> names;
  for (const client::DirectoryEntry& entry : *entries) names.push_back(entry.name);
  std::ranges::sort(names);
  CHECK(names == std::vector<std::string>{"b", "c", "link"});

  auto file = rig.wait(sftp.open("/d/b", sftp::open_flags::read | sftp::open_flags::write));
  REQUIRE(file);
  CHECK(rig.wait(file->sync()));
  CHECK(*rig.wait(file->stat())->size == 5);
  attributes.size = 2;
  CHECK(rig.wait(file->set_attributes(attributes)));
  const auto closed = rig.wait(file->stat_and_close());
  REQUIRE(closed);
  CHECK(*closed->size == 2);
  CHECK(rig.wait(file->close()).error().code() == Errc::invalid_state);
  CHECK(rig.wait(file->stat()).error().code() == Errc::invalid_state);

  CHECK(rig.wait(sftp.remove_directory("/d")).error().from_server());
  for (const std::string& name : names) REQUIRE(rig.wait(sftp.remove("/d/" + name)));
  REQUIRE(rig.wait(sftp.remove_directory("/d")));
  CHECK(rig.wait(sftp.stat("/d")).error().status() == sftp::StatusCode::no_such_file);
}

TEST_CASE("end to end: a directory of many entries is listed in full") {
  SFTPRig rig;
  REQUIRE(rig.wait(rig.sftp->make_directory("/many")));
  for (int i = 0; i != 3000; ++i) rig.put("/many/file-with-a-name-of-some-length-" + std::to_string(i), "");
  CHECK(rig.wait(rig.sftp->list("/many"))->size() == 3000);
}

TEST_CASE("end to end: get_file and put_file resume where they were cut off") {
  SFTPRig rig;
  const test::TemporaryDirectory here;
  const std::string content = std::string(700000, 'x') + "end";
  test::write_text(here / "local", content);
  TransferOptions resume;
  resume.resume = true;

  rig.put("/f", content.substr(0, 300000));
  CHECK(*rig.wait(rig.sftp->put_file(here / "local", "/f", resume)) == content.size() - 300000);
  CHECK(rig.get("/f") == content);
  CHECK(*rig.wait(rig.sftp->put_file(here / "local", "/f", resume)) == 0);
  CHECK(*rig.wait(rig.sftp->put_file(here / "local", "/new", resume)) == content.size());

  test::write_text(here / "partial", content.substr(0, 12345));
  CHECK(*rig.wait(rig.sftp->get_file("/f", here / "partial", resume)) == content.size() - 12345);
  CHECK(test::read_text(here / "partial") == content);
}

TEST_CASE("end to end: get_tree and put_tree resume each file where it was cut off") {
  SFTPRig rig;
  const test::TemporaryDirectory here;
  const std::string content = std::string(70000, 'x') + "end";
  TreeOptions resume;
  resume.transfer.resume = true;
  for (const char* name : {"whole", "cut", "missing"}) test::write_text(here / name, content);
  REQUIRE(rig.wait(rig.sftp->make_directory("/d")));
  rig.put("/d/whole", content);
  rig.put("/d/cut", content.substr(0, 30000));
  const auto put = rig.wait(rig.sftp->put_tree(here.path(), "/d", resume));
  REQUIRE(put);
  CHECK(put->files == 3);
  CHECK(put->bytes == 2 * content.size() - 30000);
  for (const char* name : {"whole", "cut", "missing"}) CHECK(rig.get(std::string("/d/") + name) == content);

  const test::TemporaryDirectory target;
  test::write_text(target / "whole", content);
  test::write_text(target / "cut", content.substr(0, 12345));
  const auto got = rig.wait(rig.sftp->get_tree("/d", target.path(), resume));
  REQUIRE(got);
  CHECK(got->bytes == 2 * content.size() - 12345);
  for (const char* name : {"whole", "cut", "missing"}) CHECK(test::read_text(target / name) == content);
}

TEST_CASE("end to end: copy goes through the client where the server cannot, and never onto what exists") {
  SFTPRig rig;
  for (const std::size_t size : {0u, 5u, 3'000'000u}) {
    CAPTURE(size);
    const std::string from = "/f" + std::to_string(size);
    const std::string content = std::string(size / 2, 'a') + std::string(size - size / 2, 'b');
    rig.put(from, content);
    CHECK(*rig.wait(rig.sftp->copy(from, from + ".copy")) == size);
    CHECK(rig.get(from + ".copy") == content);
  }
  CHECK_FALSE(rig.wait(rig.sftp->copy("/f5", "/f0")));
  CHECK_FALSE(rig.wait(rig.sftp->copy("/f5", "/f5")));
  CHECK(rig.get("/f0").empty());
  CHECK(rig.get("/f5").size() == 5);
  CHECK(rig.wait(rig.sftp->copy("/none", "/g")).error().is(sftp::StatusCode::no_such_file));
  CHECK(rig.wait(rig.sftp->stat("/g")).error().is(sftp::StatusCode::no_such_file));
}

TEST_CASE("end to end: a failed put_file and get_file say what failed") {
  SFTPRig rig;
  const test::TemporaryDirectory here;
  const auto missing = rig.wait(rig.sftp->put_file(here / "missing", "/f"));
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code() == Errc::file_error);
  CHECK(missing.error().message().find("missing: No such file") != std::string::npos);
  CHECK(rig.wait(rig.sftp->get_file("/none", here / "x")).error().is(sftp::StatusCode::no_such_file));
}

TEST_CASE("end to end: a tree goes there and back, with times and rights") {
  SFTPRig rig;
  const test::TemporaryDirectory here;
  for (int i = 0; i != 200; ++i) {
    test::write_text(here / ("tree/d" + std::to_string(i % 7) + "/f" + std::to_string(i)),
                     std::string(static_cast<std::size_t>(i), 'a'));
  }
  std::filesystem::create_directory(here / "tree/empty");
  std::filesystem::create_symlink("/etc/passwd", here / "tree/link");
  std::filesystem::permissions(here / "tree/d1/f1", std::filesystem::perms(0640));
  TreeOptions options;
  options.transfer.preserve = true;

  const auto up = rig.wait(rig.sftp->put_tree(here / "tree", "/tree", options));
  REQUIRE_MESSAGE(up, (up ? std::string() : up.error().message()));
  CHECK(up->files == 200);
  CHECK(up->directories == 8);
  CHECK(up->skipped == 1);
  const auto down = rig.wait(rig.sftp->get_tree("/tree", here / "back", options));
  REQUIRE_MESSAGE(down, (down ? std::string() : down.error().message()));
  CHECK(down->files == 200);
  CHECK(down->bytes == up->bytes);
  CHECK(std::filesystem::is_directory(here / "back/empty"));
  for (int i = 0; i != 200; ++i) {
    const std::string name = "d" + std::to_string(i % 7) + "/f" + std::to_string(i);
    CHECK(test::read_text(here / ("back/" + name)) == std::string(static_cast<std::size_t>(i), 'a'));
  }
  CHECK(std::filesystem::status(here / "back/d1/f1").permissions() == std::filesystem::perms(0640));
}

TEST_CASE("end to end: rekeying under load loses and doubles nothing") {
  server::SSHServerOptions options = test::test_options();
  options.session.transport.rekey.bytes = 1024 * 1024;
  ClientRig rig(std::move(options));
  const auto ssh = rig.login();
  const auto sftp = *run(rig.io, ssh->open_sftp());
  test::MemoryFile source(test::FixedRandom(3).bytes(8000000));
  REQUIRE(run(rig.io, sftp->put(source, "/f")));
  test::MemoryFile sink;
  REQUIRE(run(rig.io, sftp->get("/f", sink)));
  CHECK(sink.content == source.content);
}
