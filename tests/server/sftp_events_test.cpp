// SFTPServer::before and SFTPServer::after: what they see, what a veto does, and what happens when they throw.
#include "hawser/server/memory_file_system.h"
#include "server/ssh_fixture.h"
#include "sftp_fixture.h"
#include "support/run_awaitable.h"

namespace hawser::test {

namespace flags = sftp::open_flags;
using server::FileError;
using server::FileResult;
using server::SFTPEvent;
using server::SFTPOperation;

namespace {

struct Seen {
  SFTPEvent event;
  std::optional<FileError> error;
};

class EventServer final : public server::SFTPServer {
 public:
  using SFTPServer::SFTPServer;

  std::vector<SFTPEvent> asked;
  std::vector<Seen> told;
  std::optional<FileError> veto;
  bool before_throws = false, after_throws = false;
  std::function<void(const SFTPEvent&)> inspect = [](const SFTPEvent&) {};

 protected:
  net::Awaitable<FileResult<void>> before(const SFTPEvent& event) override {
    asked.push_back(event);
    inspect(event);
    if (before_throws) throw std::runtime_error("/secret: before");
    if (veto) co_return *veto;
    co_return FileResult<void>();
  }
  net::Awaitable<void> after(const SFTPEvent& event, FileResult<void> result) override {
    told.push_back({event, result ? std::nullopt : std::optional(result.error())});
    if (after_throws) throw 42;
    co_return;
  }
};

// "rename! /a /b": the operation, what is set of its paths, and its result where that is no success.
std::string line(const Seen& seen) {
  const SFTPEvent& event = seen.event;
  std::string out(name_of(event.operation));
  if (event.replaces) out += "!";
  out += " " + event.path;
  if (!event.new_path.empty()) out += " " + event.new_path;
  if (!event.link_target.empty()) out += " -> " + event.link_target;
  if (seen.error) out += std::string(": ") + server::text_of(*seen.error);
  return out;
}

class EventFixture : public SftpFixture {
 public:
  EventFixture() {
    options.log = log;
    use([this](std::shared_ptr<net::ByteChannel> channel) {
      auto made = std::make_unique<EventServer>(channel, files, options);
      events = made.get();
      return made;
    });
    put("file", "contents");
    make_directory("dir");
    start();
  }
  std::vector<std::string> lines() {
    std::vector<std::string> out;
    for (const Seen& seen : events->told) out.push_back(line(seen));
    events->told.clear();
    return out;
  }
  std::shared_ptr<RecordingLog> log = std::make_shared<RecordingLog>();
  EventServer* events = nullptr;
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE_FIXTURE(
    EventFixture,
    "[hook before, hook after] sftp events: whatever opens, closes or changes something is an event, with "
    "the client's view of its paths") {
  const std::string handle = open("dir/../file", flags::read | flags::write);
  CHECK(status(sftp::Fsetstat{.handle = handle, .attrs = permissions(0600)}) == StatusCode::ok);
  close(handle);
  close(opendir("dir/."));
  CHECK(status(sftp::Mkdir{.path = "new/", .attrs = {}}) == StatusCode::ok);
  CHECK(status(sftp::Rmdir{.path = "new"}) == StatusCode::ok);
  CHECK(status(sftp::Setstat{.path = "file", .attrs = permissions(0640)}) == StatusCode::ok);
  CHECK(status(sftp::Symlink{.targetpath = "../file", .linkpath = "dir/link"}) == StatusCode::ok);
  CHECK(status_extended(sftp::Lsetstat{.path = "dir/link", .attrs = times(1, 2)}) == StatusCode::ok);
  CHECK(status_extended(sftp::Hardlink{.oldpath = "file", .newpath = "dir/second"}) == StatusCode::ok);
  CHECK(status(sftp::Rename{.oldpath = "dir/second", .newpath = "third"}) == StatusCode::ok);
  CHECK(status_extended(sftp::PosixRename{.oldpath = "dir/link", .newpath = "third"}) == StatusCode::ok);
  CHECK(status(sftp::Remove{.filename = "third"}) == StatusCode::ok);
  CHECK(lines() == Lines{"open /file", "setstat /file", "close /file", "opendir /dir", "closedir /dir", "mkdir /new",
                         "rmdir /new", "setstat /file", "symlink /dir/link -> ../file", "setstat /dir/link",
                         "hardlink /file /dir/second", "rename /dir/second /third", "rename! /dir/link /third",
                         "remove /third"});
}

TEST_CASE_FIXTURE(EventFixture,
                  "[hook before, hook after] sftp events: READ, WRITE and what only looks are no events") {
  const std::string handle = open("/file", flags::read | flags::write);
  events->asked.clear();
  events->told.clear();
  CHECK(read(handle, 0, 8) == "contents");
  CHECK(write(handle, 0, "x") == StatusCode::ok);
  ask(sftp::Fstat{.handle = handle});
  ask(sftp::Stat{.path = "/file"});
  ask(sftp::Lstat{.path = "/file"});
  ask(sftp::Realpath{.path = "/file"});
  ask(sftp::Readlink{.path = "/file"});
  ask_extended(sftp::Statvfs{.path = "/"});
  CHECK(events->asked.empty());
  CHECK(events->told.empty());
}

TEST_CASE_FIXTURE(EventFixture,
                  "[hook before, hook after] sftp events: open tells mode and permissions, close what was carried") {
  options.umask = 0;
  const std::string handle =
      open("/new", flags::read | flags::write | flags::create | flags::append, permissions(0604));
  write(handle, 0, "12345");
  write(handle, 0, "678");
  read(handle, 1, 4);
  read(handle, 100, 4);
  close(handle);
  REQUIRE(events->told.size() == 2);
  const SFTPEvent& opened = events->told[0].event;
  CHECK(opened.mode.read);
  CHECK(opened.mode.append);
  CHECK(opened.mode.create);
  CHECK_FALSE(opened.mode.truncate);
  CHECK(opened.attributes.permissions == 0604u);
  const SFTPEvent& closed = events->told[1].event;
  CHECK(closed.operation == SFTPOperation::close);
  CHECK(closed.mode.append);
  CHECK(closed.bytes_written == 8);
  CHECK(closed.bytes_read == 4);
  CHECK_FALSE(closed.session_ended);
}

TEST_CASE_FIXTURE(EventFixture,
                  "[hook before, hook after] sftp events: a veto is the reply, nothing is done, and `after` is told") {
  const std::string handle = open("/file", flags::read);
  events->told.clear();
  for (const auto& [veto, code] : {std::pair(FileError::permission_denied, StatusCode::permission_denied),
                                   std::pair(FileError::no_space, StatusCode::failure),
                                   std::pair(FileError::not_found, StatusCode::no_such_file)}) {
    events->veto = veto;
    CHECK(open_status("/file", flags::write | flags::truncate) == code);
    CHECK(open_status("/new", flags::write | flags::create) == code);
    CHECK(status(sftp::Opendir{.path = "/dir"}) == code);
    CHECK(status(sftp::Fsetstat{.handle = handle, .attrs = permissions(0)}) == code);
    CHECK(status(sftp::Setstat{.path = "/file", .attrs = size(0)}) == code);
    CHECK(status_extended(sftp::Lsetstat{.path = "/file", .attrs = permissions(0)}) == code);
    CHECK(status(sftp::Remove{.filename = "/file"}) == code);
    CHECK(status(sftp::Mkdir{.path = "/new", .attrs = {}}) == code);
    CHECK(status(sftp::Rmdir{.path = "/dir"}) == code);
    CHECK(status(sftp::Rename{.oldpath = "/file", .newpath = "/new"}) == code);
    CHECK(status_extended(sftp::PosixRename{.oldpath = "/file", .newpath = "/new"}) == code);
    CHECK(status(sftp::Symlink{.targetpath = "x", .linkpath = "/new"}) == code);
    CHECK(status_extended(sftp::Hardlink{.oldpath = "/file", .newpath = "/new"}) == code);
    CHECK(events->told.size() == 13);
    for (const Seen& seen : events->told) CHECK(seen.error == veto);
    events->told.clear();
  }
  CHECK_FALSE(exists("new"));
  CHECK(exists("dir"));
  CHECK(get("file") == "contents");
  CHECK(mode("file") == 0100644);
}

TEST_CASE_FIXTURE(EventFixture,
                  "[hook before, hook after] sftp events: a vetoed CLOSE closes the file, and the client is told") {
  const std::string handle = open("/file", flags::read);
  events->veto = FileError::failed;  // what a scan of an upload would say
  CHECK(close(handle) == StatusCode::failure);
  CHECK(events->told.back().error == FileError::failed);
  events->veto.reset();
  CHECK(read_status(handle, 0, 1) == StatusCode::failure);
  CHECK(close(handle) == StatusCode::failure);
  CHECK(line(events->told.back()) == "close /file: " + std::string(server::text_of(FileError::failed)));
}

TEST_CASE_FIXTURE(EventFixture,
                  "[hook before, hook after] sftp events: `before` comes ahead of the change, `after` behind it") {
  bool seen = false;
  events->inspect = [&](const SFTPEvent&) { seen = exists("file"); };
  CHECK(status(sftp::Remove{.filename = "/file"}) == StatusCode::ok);
  CHECK(seen);
  CHECK(status(sftp::Remove{.filename = "/file"}) == StatusCode::no_such_file);
  CHECK_FALSE(seen);
  CHECK(lines() == Lines{"remove /file", "remove /file: " + std::string(server::text_of(FileError::not_found))});
}

TEST_CASE_FIXTURE(EventFixture,
                  "[hook before] sftp events: an exception from `before` is PERMISSION_DENIED, and logged") {
  events->before_throws = true;
  CHECK(status(sftp::Remove{.filename = "/file"}) == StatusCode::permission_denied);
  CHECK(exists("file"));
  CHECK(events->told.back().error == FileError::permission_denied);
  REQUIRE(log->errors().size() == 1);
  CHECK(log->errors()[0] == "sftp: exception in before: /secret: before");
}

TEST_CASE_FIXTURE(EventFixture, "[hook after] sftp events: an exception from `after` is logged and changes nothing") {
  events->after_throws = true;
  CHECK(status(sftp::Remove{.filename = "/file"}) == StatusCode::ok);
  CHECK_FALSE(exists("file"));
  REQUIRE(log->errors().size() == 1);
  CHECK(log->errors()[0].starts_with("sftp: exception in after: "));
  close(opendir("/"));
}

TEST_CASE_FIXTURE(EventFixture, "[hook before, hook after] sftp events: what check_… refuses is not asked again") {
  events->asked.clear();
  CHECK(open_status("/file", 0) == StatusCode::failure);
  CHECK(status(sftp::Rmdir{.path = "/"}) == StatusCode::failure);
  CHECK(status(sftp::Close{.handle = std::string_view("none")}) == StatusCode::failure);
  CHECK(events->asked.empty());
}

TEST_CASE_FIXTURE(EventFixture,
                  "[hook before, hook after] sftp events: handles that the client leaves open are closed, and say so") {
  write(open("/file", flags::write), 0, "half");
  opendir("/dir");
  events->told.clear();
  CHECK(finish());
  REQUIRE(events->told.size() == 2);
  for (const Seen& seen : events->told) {
    CHECK(seen.event.session_ended);
    if (seen.event.operation == SFTPOperation::close) CHECK(seen.event.bytes_written == 4);
  }
}

TEST_CASE_FIXTURE(SftpFixture, "sftp events: without a login, on a pipe, the user is empty") {
  start();
  CHECK(server().user().empty());
}

TEST_CASE_FIXTURE(ServerFixture, "[defect 27, hook before] sftp events: the hooks know the user who has signed in") {
  class UserServer final : public ScriptedServer {
   public:
    std::unique_ptr<server::SFTPServer> make_sftp_server(ServerConnection& connection,
                                                         std::shared_ptr<net::Channel> channel,
                                                         std::shared_ptr<server::FileSystem> shown) override {
      auto made = std::make_unique<server::SFTPServer>(std::move(channel), std::move(shown),
                                                       sftp_options_for(connection, {.user = "somebody else"}));
      note("sftp " + made->user());
      return made;
    }
  };
  const auto users = std::make_shared<UserServer>();
  users->files = std::make_shared<server::MemoryFileSystem>();
  server = users;
  TestClient client(start(), "alice");
  REQUIRE(client.login());
  const auto channel = client.open();
  REQUIRE(channel);
  ByteVector name;
  wire::append_string(name, "sftp");
  REQUIRE(client.ask(**channel, "subsystem", name));
  CHECK(eventually([&] { return users->called("sftp alice"); }));
}

}  // namespace hawser::test
