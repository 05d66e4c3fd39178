// What a subclass of SFTPServer and its options decide, and what a FileSystem may do wrong.
#include "sftp_fixture.h"

namespace hawser::test {

namespace flags = sftp::open_flags;
using server::Access;

namespace {

struct Asked {
  char kind;  // 'f' or 'd'
  std::string path;
  Access access;
  friend bool operator==(const Asked&, const Asked&) = default;
};

class RecordingServer final : public server::SFTPServer {
 public:
  using SFTPServer::SFTPServer;

  std::vector<Asked> asked;
  std::optional<Asked> denied;
  bool throws = false;
  int ended = 0;

 protected:
  net::Awaitable<bool> check_file_access(std::string path, Access access) override {
    co_return judge({'f', path, access});
  }
  net::Awaitable<bool> check_directory_access(std::string path, Access access) override {
    co_return judge({'d', path, access});
  }
  std::uint32_t get_file_permissions(const std::string&) override { return 0666; }
  std::uint32_t get_directory_permissions(const std::string&) override { return 0711; }
  void on_session_ended() override { ++ended; }

 private:
  bool judge(Asked one) {
    asked.push_back(one);
    if (throws) throw std::runtime_error("a hook that fails");
    return denied != one;
  }
};

class SftpHookFixture : public SftpFixture {
 public:
  SftpHookFixture() {
    use([this](std::shared_ptr<net::ByteChannel> channel) {
      auto made = std::make_unique<RecordingServer>(channel, files, options);
      recording = made.get();
      return made;
    });
    put("file", "contents");
    make_directory("dir");
    start();
  }
  RecordingServer* recording = nullptr;
};

// What it is asked to open throws or stops at every step.
class ThrowingFileSystem final : public server::FileSystem {
 public:
  net::Awaitable<server::FileResult<sftp::Attributes>> stat(std::string) override {
    throw std::runtime_error("/secret/path: before the coroutine begins");
  }
  net::Awaitable<server::FileResult<std::unique_ptr<server::File>>> open(std::string, server::OpenMode,
                                                                         sftp::Attributes) override {
    co_return std::make_unique<ThrowingFile>();
  }
  net::Awaitable<server::FileResult<std::unique_ptr<server::Directory>>> open_directory(std::string) override {
    throw 42;
    co_return server::FileError::failed;
  }

 private:
  class ThrowingFile final : public server::File {
   public:
    net::Awaitable<server::FileResult<std::size_t>> read_at(std::uint64_t, std::span<const MutableBytes>) override {
      throw std::runtime_error("read");
      co_return std::size_t{0};
    }
    net::Awaitable<server::FileResult<void>> write_at(std::uint64_t, std::span<const Bytes>) override {
      co_return server::FileError::no_space;
    }
    std::optional<server::FileResult<void>> try_write_at(std::uint64_t offset, std::span<const Bytes>) override {
      if (offset == 0) throw std::runtime_error("write");
      return std::nullopt;
    }
    net::Awaitable<server::FileResult<sftp::Attributes>> attributes() override { co_return server::FileError::closed; }
    net::Awaitable<server::FileResult<void>> close() override { co_return server::FileError::no_space; }
  };
};

}  // namespace

TEST_CASE_FIXTURE(SftpHookFixture,
                  "[defect 10, defect 25, defect 27, hook check_file_access, hook check_directory_access] sftp hooks: "
                  "each request asks for what it does, with the client's view of the path") {
  using Rows = std::vector<Asked>;
  const auto asked_by = [&](auto request) {
    recording->asked.clear();
    ask(request);
    return recording->asked;
  };
  const Access read = Access::read, write = Access::write, execute = Access::execute;
  CHECK(asked_by(sftp::Open{.filename = "dir/../file", .pflags = flags::read, .attrs = {}}) ==
        Rows{{'f', "/file", read}});
  CHECK(asked_by(sftp::Open{.filename = "/file", .pflags = flags::read | flags::write, .attrs = {}}) ==
        Rows{{'f', "/file", read}, {'f', "/file", write}});
  CHECK(asked_by(sftp::Open{.filename = "/dir/new", .pflags = flags::write | flags::create, .attrs = {}}) ==
        Rows{{'f', "/dir/new", write}, {'d', "/dir", write}});
  CHECK(asked_by(sftp::Stat{.path = "/file"}) == Rows{{'f', "/file", read}});
  CHECK(asked_by(sftp::Lstat{.path = "/file"}) == Rows{{'f', "/file", read}});
  CHECK(asked_by(sftp::Setstat{.path = "/file", .attrs = permissions(0600)}) == Rows{{'f', "/file", write}});
  CHECK(asked_by(sftp::Opendir{.path = "/dir"}) == Rows{{'d', "/dir", read}});
  CHECK(asked_by(sftp::Mkdir{.path = "/dir/sub", .attrs = {}}) == Rows{{'d', "/dir", write}});
  CHECK(asked_by(sftp::Rmdir{.path = "/dir/sub"}) == Rows{{'d', "/dir/sub", write}, {'d', "/dir", write}});
  CHECK(asked_by(sftp::Remove{.filename = "/dir/new"}) == Rows{{'f', "/dir/new", write}, {'d', "/dir", write}});
  CHECK(asked_by(sftp::Rename{.oldpath = "/file", .newpath = "/dir/file"}) ==
        Rows{{'f', "/file", write}, {'d', "/", write}, {'f', "/dir/file", write}, {'d', "/dir", write}});
  CHECK(asked_by(sftp::Symlink{.targetpath = "x", .linkpath = "/dir/link"}) ==
        Rows{{'f', "/dir/link", write}, {'d', "/dir", write}});
  CHECK(asked_by(sftp::Readlink{.path = "/dir/link"}) == Rows{{'f', "/dir/link", read}});
  CHECK(asked_by(sftp::Realpath{.path = "/dir/x"}) == Rows{{'d', "/dir", execute}});
}

TEST_CASE_FIXTURE(SftpHookFixture,
                  "[hook check_file_access, hook check_directory_access] sftp hooks: a denial is PERMISSION_DENIED and "
                  "nothing is done") {
  recording->denied = Asked{'f', "/file", Access::write};
  CHECK(open_status("/file", flags::write | flags::truncate) == StatusCode::permission_denied);
  CHECK(status(sftp::Remove{.filename = "/file"}) == StatusCode::permission_denied);
  CHECK(status(sftp::Rename{.oldpath = "/file", .newpath = "/x"}) == StatusCode::permission_denied);
  CHECK(status(sftp::Setstat{.path = "/file", .attrs = size(0)}) == StatusCode::permission_denied);
  CHECK(status(sftp::Fsetstat{.handle = open("/file", flags::read), .attrs = permissions(0)}) ==
        StatusCode::permission_denied);
  CHECK(status_extended(sftp::Hardlink{.oldpath = "/file", .newpath = "/x"}) == StatusCode::permission_denied);
  CHECK(get("file") == "contents");
  recording->denied = Asked{'d', "/", Access::write};
  CHECK(open_status("/new", flags::write | flags::create) == StatusCode::permission_denied);
  CHECK(status(sftp::Mkdir{.path = "/new", .attrs = {}}) == StatusCode::permission_denied);
  CHECK(status(sftp::Rmdir{.path = "/dir"}) == StatusCode::permission_denied);
  CHECK(status(sftp::Symlink{.targetpath = "x", .linkpath = "/new"}) == StatusCode::permission_denied);
  CHECK_FALSE(exists("new"));
  CHECK(exists("dir"));
}

TEST_CASE_FIXTURE(SftpHookFixture,
                  "[defect 27] sftp hooks: an exception from a hook fails the request, the session lives") {
  recording->throws = true;
  CHECK(status(sftp::Stat{.path = "/file"}) == StatusCode::failure);
  recording->throws = false;
  CHECK(attributes(sftp::Stat{.path = "/file"}).size == 8);
}

TEST_CASE_FIXTURE(
    SftpHookFixture,
    "[hook get_directory_permissions] sftp hooks: permissions of what is new, less the umask; the end is told once") {
  close(open("/new", flags::write | flags::create));
  CHECK(mode("new") == (0100666 & ~022));
  CHECK(status(sftp::Mkdir{.path = "/newdir", .attrs = {}}) == StatusCode::ok);
  CHECK(mode("newdir") == 0040711);
  CHECK(finish());
  CHECK(recording->ended == 1);
}

TEST_CASE_FIXTURE(SftpFixture, "sftp options: the umask is taken from what clients ask for") {
  options.umask = 077;
  close(open("/new", flags::write | flags::create, permissions(0666)));
  CHECK(mode("new") == 0100600);
  CHECK(status(sftp::Mkdir{.path = "/newdir", .attrs = permissions(0777)}) == StatusCode::ok);
  CHECK(mode("newdir") == 0040700);
}

TEST_CASE_FIXTURE(SftpFixture,
                  "[CVE-2017-15906] sftp options: read_only refuses every request that changes something") {
  put("file", "contents");
  make_directory("dir");
  options.read_only = true;
  const StatusCode denied = StatusCode::permission_denied;
  CHECK(open_status("/file", flags::write) == denied);
  CHECK(open_status("/new", flags::read | flags::create) == denied);
  CHECK(open_status("/file", flags::write | flags::truncate) == denied);
  const std::string handle = open("/file", flags::read);
  CHECK(write(handle, 0, "x") == denied);
  CHECK(status(sftp::Setstat{.path = "/file", .attrs = permissions(0600)}) == denied);
  CHECK(status(sftp::Fsetstat{.handle = handle, .attrs = permissions(0600)}) == denied);
  CHECK(status(sftp::Remove{.filename = "/file"}) == denied);
  CHECK(status(sftp::Mkdir{.path = "/new", .attrs = {}}) == denied);
  CHECK(status(sftp::Rmdir{.path = "/dir"}) == denied);
  CHECK(status(sftp::Rename{.oldpath = "/file", .newpath = "/new"}) == denied);
  CHECK(status(sftp::Symlink{.targetpath = "x", .linkpath = "/new"}) == denied);
  CHECK(status_extended(sftp::PosixRename{.oldpath = "/file", .newpath = "/new"}) == StatusCode::op_unsupported);
  CHECK(status_extended(sftp::Hardlink{.oldpath = "/file", .newpath = "/new"}) == StatusCode::op_unsupported);
  CHECK(read(handle, 0, 100) == "contents");
  CHECK(list("/").contains("file"));
  CHECK(mode("file") == 0100644);
}

TEST_CASE_FIXTURE(SftpFixture, "sftp options: lists of allowed and denied requests") {
  put("file", "contents");
  SUBCASE("denied") {
    options.denied_requests = {"remove", "posix-rename"};
    CHECK(status(sftp::Remove{.filename = "/file"}) == StatusCode::permission_denied);
    CHECK(status_extended(sftp::PosixRename{.oldpath = "/file", .newpath = "/new"}) == StatusCode::op_unsupported);
    CHECK(attributes(sftp::Stat{.path = "/file"}).size == 8);
  }
  SUBCASE("allowed") {
    options.allowed_requests = {"stat", "realpath"};
    CHECK(attributes(sftp::Stat{.path = "/file"}).size == 8);
    CHECK(open_status("/file", flags::read) == StatusCode::permission_denied);
    CHECK(status(sftp::Remove{.filename = "/file"}) == StatusCode::permission_denied);
  }
  CHECK(exists("file"));
}

TEST_CASE("sftp options: a list with a name that is no request is refused") {
  server::SFTPServerOptions options;
  options.denied_requests = {"remove", "fsync", "statvfs"};
  CHECK(options.check());
  options.denied_requests = {"delete"};
  REQUIRE_FALSE(options.check());
  CHECK(options.check().error().code() == Errc::not_found);
}

TEST_CASE_FIXTURE(SftpFixture,
                  "sftp: an exception or an odd error of the file system is FAILURE for that request only") {
  files = std::make_shared<ThrowingFileSystem>();
  CHECK(status(sftp::Stat{.path = "/"}) == StatusCode::failure);
  CHECK(status(sftp::Opendir{.path = "/"}) == StatusCode::failure);
  const std::string handle = open("/file", flags::read | flags::write);
  CHECK(read_status(handle, 0, 10) == StatusCode::failure);
  CHECK(write(handle, 0, "x") == StatusCode::failure);
  CHECK(write(handle, 1, "x") == StatusCode::failure);
  CHECK(status(sftp::Fstat{.handle = handle}) == StatusCode::failure);
  CHECK(status_extended(sftp::Fsync{.handle = handle}) == StatusCode::op_unsupported);
  CHECK(status(sftp::Mkdir{.path = "/dir", .attrs = {}}) == StatusCode::op_unsupported);
  CHECK(close(handle) == StatusCode::failure);  // what could not be stored is told
  CHECK(server().counters().waited == 2);
}

}  // namespace hawser::test
