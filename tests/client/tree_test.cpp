#include <doctest/doctest.h>

#include <sys/stat.h>

#include "client/fake_sftp_server.h"
#include "hawser/client/deadline.h"
#include "support/temporary_directory.h"
#include "support/text_file.h"

using namespace hawser;
using namespace hawser::client;
using test::FakeSFTPServer;
using test::run;
using test::TemporaryDirectory;
using namespace std::chrono_literals;

namespace {

sftp::NameEntry entry(std::string_view name, std::uint32_t mode) {
  sftp::Attributes attributes;
  attributes.permissions = mode;
  return {.filename = name, .longname = {}, .attributes = attributes};
}

// A server with one directory whose entries are `entries`; every file in it holds "evil".
class OneDirectory {
 public:
  explicit OneDirectory(std::vector<sftp::NameEntry> entries) : entries_(std::move(entries)) {}

  void operator()(FakeSFTPServer& s, std::uint8_t type, std::uint32_t id, Bytes message) {
    switch (type) {
      case sftp::Opendir::number: {
        const bool top = wire::decode<sftp::Opendir>(message)->path == "/d";
        listed_ = listed_ || !top;
        return s.reply(sftp::Handle{.id = id, .handle = std::string_view(top ? "dir" : "empty")});
      }
      case sftp::Readdir::number:
        if (std::exchange(listed_, true)) return s.reply_status(id, sftp::StatusCode::eof);
        return s.reply_names(id, entries_);
      case sftp::Open::number: return s.reply(sftp::Handle{.id = id, .handle = std::string_view("file")});
      case sftp::Fstat::number: {
        sftp::Attributes attributes;
        attributes.size = 4;
        attributes.permissions = sftp::file_mode::regular | 06755;
        attributes.times = sftp::FileTimes{1000, 2000};
        return s.reply(sftp::Attrs{.id = id, .attrs = attributes});
      }
      case sftp::Read::number:
        if (wire::decode<sftp::Read>(message)->offset != 0) return s.reply_status(id, sftp::StatusCode::eof);
        return s.reply(sftp::Data{.id = id, .data = as_bytes("evil")});
      default: return s.reply_status(id, sftp::StatusCode::ok);
    }
  }

 private:
  std::vector<sftp::NameEntry> entries_;
  bool listed_ = false;
};

constexpr std::uint32_t regular = sftp::file_mode::regular | 0644;
constexpr std::uint32_t directory = sftp::file_mode::directory | 0755;

SFTPResult<TreeSummary> get_tree(std::vector<sftp::NameEntry> entries, const std::string& target,
                                 TreeOptions options = {}) {
  asio::io_context io;
  OneDirectory behaviour(std::move(entries));
  FakeSFTPServer server(io,
                        [&](FakeSFTPServer& s, std::uint8_t t, std::uint32_t id, Bytes m) { behaviour(s, t, id, m); });
  const auto client = test::start_client(io, server);
  return run(io, client->get_tree("/d", target, options));
}

}  // namespace

TEST_CASE(
    "[CVE-2019-6111, CVE-2026-106552, CVE-2018-20685, CVE-2020-36254] get_tree: a name that leads out of the target "
    "ends it, nothing is written") {
  using namespace std::string_view_literals;
  for (const std::string_view name : {"../x"sv, "/x"sv, "a/b"sv, "a/../../x"sv, ""sv, "a\0b"sv}) {
    for (const std::uint32_t mode : {regular, directory}) {
      CAPTURE(name);
      const TemporaryDirectory sandbox;
      const auto result = get_tree({entry(name, mode)}, sandbox / "target");
      REQUIRE_FALSE(result);
      CHECK(result.error().code() == Errc::bad_value);
      CHECK(std::filesystem::is_empty(sandbox / "target"));
      CHECK(std::distance(std::filesystem::directory_iterator(sandbox.path()), {}) == 1);
    }
  }
}

TEST_CASE("[CVE-2018-20685, CVE-2020-36254] get_tree: '.' and '..' in a listing are passed over") {
  const TemporaryDirectory sandbox;
  const auto result =
      get_tree({entry(".", directory), entry("..", directory), entry("ok", regular)}, sandbox / "target");
  REQUIRE(result);
  CHECK(result->files == 1);
  CHECK(result->directories == 0);
  CHECK(test::read_text(sandbox / "target/ok") == "evil");
}

TEST_CASE(
    "[CVE-2026-106552, CVE-2026-110923] get_tree: a symbolic link that stands in the target is not written through") {
  const TemporaryDirectory sandbox;
  test::write_text(sandbox / "outside", "mine");
  std::filesystem::create_directory(sandbox / "target");
  std::filesystem::create_directory(sandbox / "elsewhere");
  std::filesystem::create_symlink(sandbox / "outside", sandbox / "target/file");
  std::filesystem::create_symlink(sandbox / "elsewhere", sandbox / "target/folder");
  CHECK(get_tree({entry("file", regular)}, sandbox / "target").error().code() == Errc::file_error);
  CHECK(get_tree({entry("folder", directory)}, sandbox / "target").error().code() == Errc::file_error);
  CHECK(test::read_text(sandbox / "outside") == "mine");
  CHECK(std::filesystem::is_empty(sandbox / "elsewhere"));
}

TEST_CASE("[CVE-2026-59996] get_tree: the target and the directory above keep their modes, whatever '.' and '..' say") {
  const TemporaryDirectory sandbox;
  std::filesystem::create_directory(sandbox / "above");
  std::filesystem::create_directory(sandbox / "above/target");
  for (const char* name : {"above", "above/target"}) REQUIRE(::chmod((sandbox / name).c_str(), 0700) == 0);
  TreeOptions options;
  options.transfer.preserve = true;
  const std::uint32_t open_to_all = sftp::file_mode::directory | 0777;
  REQUIRE(get_tree({entry(".", open_to_all), entry("..", open_to_all), entry("f", regular)}, sandbox / "above/target",
                   options));
  for (const char* name : {"above", "above/target"}) {
    CAPTURE(name);
    struct stat status {};
    REQUIRE(::stat((sandbox / name).c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0700);
  }
}

TEST_CASE("get_tree: a fifo that stands in the target is neither waited for nor written to") {
  const TemporaryDirectory sandbox;
  std::filesystem::create_directory(sandbox / "target");
  REQUIRE(::mkfifo((sandbox / "target/file").c_str(), 0600) == 0);
  CHECK(get_tree({entry("file", regular)}, sandbox / "target").error().code() == Errc::file_error);
}

TEST_CASE("get_tree: links, devices and sockets of the server are skipped") {
  const TemporaryDirectory sandbox;
  const auto result =
      get_tree({entry("l", sftp::file_mode::symbolic_link | 0777), entry("d", sftp::file_mode::block_device),
                entry("s", sftp::file_mode::socket), entry("p", sftp::file_mode::fifo)},
               sandbox / "target");
  REQUIRE(result);
  CHECK(result->skipped == 4);
  CHECK(std::filesystem::is_empty(sandbox / "target"));
}

TEST_CASE("[CVE-2026-35385] get_tree: preserve takes over times and access rights, never set-uid and set-gid") {
  const TemporaryDirectory sandbox;
  TreeOptions options;
  options.transfer.preserve = true;
  REQUIRE(get_tree({entry("f", regular)}, sandbox / "target", options));
  struct stat status {};
  REQUIRE(::stat((sandbox / "target/f").c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0755);
  CHECK(status.st_mtim.tv_sec == 2000);
}

TEST_CASE("list: an empty NAME is refused, since it would go on for ever (filexfer-02 §6.7)") {
  asio::io_context io;
  FakeSFTPServer server(io, [](FakeSFTPServer& s, std::uint8_t type, std::uint32_t id, Bytes) {
    if (type == sftp::Opendir::number) return s.reply(sftp::Handle{.id = id, .handle = std::string_view("h")});
    s.reply_names(id, {});
  });
  const auto client = test::start_client(io, server);
  CHECK(run(io, client->list("/d")).error().code() == Errc::unexpected_reply);
}

namespace {

// A server whose one directory has three files; it keeps every READ and WRITE to itself until the end of the test.
struct SlowTree {
  SlowTree()
      : files({entry("a", regular), entry("b", regular), entry("c", regular)}),
        server(io, [this](FakeSFTPServer& s, std::uint8_t type, std::uint32_t id, Bytes message) {
          if (type != sftp::Read::number && type != sftp::Write::number) return files(s, type, id, message);
          kept.emplace_back(type, id, to_vector(message));
        }) {
    client = test::start_client(io, server);
    for (const char* name : {"a", "b", "c"}) test::write_text(folder / name, "mine");
  }
  // The files that were under way have been closed, and answers that come late change nothing.
  void check_ended() {
    CHECK(kept.size() == 3);
    const auto count = [this](std::uint8_t number) { return std::ranges::count(server.requests, number); };
    const auto sent = [&] { return count(sftp::Read::number) + count(sftp::Write::number); };
    const auto before = sent();
    for (const auto& [type, id, message] : kept) {
      if (type == sftp::Write::number) server.reply_status(id, sftp::StatusCode::ok);
      if (type == sftp::Read::number) files(server, type, id, message);
    }
    CHECK(run(io, client->make_directory("/still-there")));
    CHECK(sent() == before);
    CHECK(count(sftp::Close::number) == count(sftp::Open::number) + count(sftp::Opendir::number));
  }

  asio::io_context io;
  TemporaryDirectory folder;
  OneDirectory files;
  std::vector<std::tuple<std::uint8_t, std::uint32_t, ByteVector>> kept;
  FakeSFTPServer server;
  std::shared_ptr<SFTPClient> client;
};

// For all that does not wait for a READ or WRITE, which is never answered.
constexpr std::chrono::milliseconds enough = 400ms;

}  // namespace

TEST_CASE("get_tree: cancelled, it ends with all its files") {
  SlowTree rig;
  const TemporaryDirectory target;
  const auto result = run(rig.io, with_deadline(enough, rig.client->get_tree("/d", target.path())));
  CHECK(result.error().code() == Errc::timed_out);
  rig.check_ended();
  for (const char* name : {"a", "b", "c"}) CHECK(test::read_text(target / name).empty());
}

TEST_CASE("put_tree: cancelled, it ends with all its files") {
  SlowTree rig;
  const auto result = run(rig.io, with_deadline(enough, rig.client->put_tree(rig.folder.path(), "/d")));
  CHECK(result.error().code() == Errc::timed_out);
  rig.check_ended();
}

TEST_CASE("get_tree, put_tree: cancelled while they wait for room, they end with the files under way") {
  TreeOptions one_at_a_time;
  one_at_a_time.files_in_flight = 1;
  SlowTree rig;
  const TemporaryDirectory target;
  const auto got = run(rig.io, with_deadline(enough, rig.client->get_tree("/d", target.path(), one_at_a_time)));
  CHECK(got.error().code() == Errc::timed_out);
  const auto put = run(rig.io, with_deadline(enough, rig.client->put_tree(rig.folder.path(), "/d", one_at_a_time)));
  CHECK(put.error().code() == Errc::timed_out);
  CHECK(rig.kept.size() == 2);
  CHECK(std::ranges::count(rig.server.requests, std::uint8_t{sftp::Open::number}) == 2);
  CHECK(run(rig.io, rig.client->make_directory("/still-there")));
}
