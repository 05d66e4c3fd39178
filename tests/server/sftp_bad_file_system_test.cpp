// What a FileSystem may do wrong, and what may happen to the files behind it: each harms only the request, or at most
// the session, that it happens to.
#include <sys/stat.h>

#include <asio/steady_timer.hpp>
#include <filesystem>

#include "hawser/server/memory_file_system.h"
#include "hawser/server/quota_file_system.h"
#include "server/ssh_fixture.h"
#include "sftp_fixture.h"
#include "support/file_system_wrapper.h"
#include "support/run.h"

namespace hawser::test {

namespace flags = sftp::open_flags;
using server::FileResult;

namespace {

using Files = std::shared_ptr<server::FileSystem>;

// Reads give what `count` makes of the size asked for: fewer bytes, or more than there was room for.
class OddFile final : public server::File {
 public:
  using Count = std::size_t (*)(std::size_t asked);
  OddFile(Count count, bool at_once) : count_(count), at_once_(at_once) {}

  server::Awaitable<FileResult<std::size_t>> read_at(std::uint64_t offset,
                                                     std::span<const MutableBytes> areas) override {
    co_return read(offset, areas);
  }
  std::optional<FileResult<std::size_t>> try_read_at(std::uint64_t offset,
                                                     std::span<const MutableBytes> areas) override {
    if (!at_once_) return std::nullopt;
    return read(offset, areas);
  }
  server::Awaitable<FileResult<void>> write_at(std::uint64_t, std::span<const Bytes>) override {
    co_return FileResult<void>();
  }
  server::Awaitable<FileResult<sftp::Attributes>> attributes() override {
    sftp::Attributes lie;
    lie.size = UINT64_MAX;
    co_return lie;
  }
  server::Awaitable<FileResult<void>> close() override { co_return FileResult<void>(); }

 private:
  FileResult<std::size_t> read(std::uint64_t offset, std::span<const MutableBytes> areas) const {
    std::size_t asked = 0;
    for (const MutableBytes area : areas) asked += area.size();
    const std::size_t count = count_(asked);
    std::size_t at = 0;
    for (const MutableBytes area : areas) {
      for (std::uint8_t& byte : area) {
        if (at < count) byte = static_cast<std::uint8_t>(offset + at);
        ++at;
      }
    }
    return count;
  }
  const Count count_;
  const bool at_once_;
};

// A directory of `names`, over and over again as often as it is told to.
class OddDirectory final : public server::Directory {
 public:
  OddDirectory(std::vector<std::string> names, std::size_t times) : names_(std::move(names)), times_(times) {}
  server::Awaitable<FileResult<std::vector<server::DirectoryEntry>>> next(std::size_t) override {
    std::vector<server::DirectoryEntry> entries;
    if (times_ == 0) co_return entries;
    --times_;
    for (const std::string& name : names_) entries.push_back({name, {}, 1});
    co_return entries;
  }

 private:
  std::vector<std::string> names_;
  std::size_t times_;
};

class OddFileSystem final : public FileSystemWrapper {
 public:
  OddFileSystem() : FileSystemWrapper(std::make_shared<server::MemoryFileSystem>()) {}
  Outcome<std::unique_ptr<server::File>> open(std::string, server::OpenMode, sftp::Attributes) override {
    std::unique_ptr<server::File> file = std::make_unique<OddFile>(count, at_once);
    co_return file;
  }
  Outcome<std::unique_ptr<server::Directory>> open_directory(std::string) override {
    std::unique_ptr<server::Directory> directory = std::make_unique<OddDirectory>(names, times);
    co_return directory;
  }
  OddFile::Count count = [](std::size_t asked) { return asked; };
  bool at_once = true;
  std::vector<std::string> names;
  std::size_t times = 1;
};

// Waits for ever, but for the path "/".
class NeverFileSystem final : public FileSystemWrapper {
 public:
  NeverFileSystem() : FileSystemWrapper(std::make_shared<server::MemoryFileSystem>()) {}
  Outcome<sftp::Attributes> stat(std::string path) override {
    if (path != "/") {
      const asio::any_io_executor executor = co_await asio::this_coro::executor;
      asio::steady_timer never(executor, asio::steady_timer::time_point::max());
      asked = true;
      co_await never.async_wait(asio::use_awaitable);
    }
    co_return co_await inner->stat(path);
  }
  std::atomic<bool> asked{false};
};

}  // namespace

TEST_CASE_FIXTURE(SftpFixture, "sftp: a file that gives fewer bytes than it has makes a shorter DATA, never EOF") {
  const auto odd = std::make_shared<OddFileSystem>();
  files = odd;
  for (const bool at_once : {true, false}) {
    CAPTURE(at_once);
    odd->at_once = at_once;
    odd->count = [](std::size_t asked) { return asked / 2 + 1; };
    const std::string handle = open("/f", flags::read);
    CHECK(read(handle, 0, 8) == std::string("\0\1\2\3\4", 5));
    CHECK(read(handle, 5, 1) == "\5");
    odd->count = [](std::size_t) { return std::size_t{0}; };
    CHECK(read(open("/f", flags::read), 0, 8) == std::nullopt);
  }
}

TEST_CASE_FIXTURE(SftpFixture,
                  "[lying-file-system] sftp: a file that says it has read more than there was room for is FAILURE") {
  const auto odd = std::make_shared<OddFileSystem>();
  files = odd;
  for (const bool at_once : {true, false}) {
    CAPTURE(at_once);
    odd->at_once = at_once;
    for (const OddFile::Count count : std::initializer_list<OddFile::Count>{
             [](std::size_t asked) { return asked + 1; }, [](std::size_t) { return std::size_t{1} << 20; },
             [](std::size_t) { return SIZE_MAX; }}) {
      odd->count = count;
      const std::string handle = open("/f", flags::read);
      for (const std::uint32_t length : {0u, 1u, 100u, 32768u, 200'000u}) {
        CHECK(read_status(handle, 0, length) == StatusCode::failure);
      }
      CHECK(attributes(sftp::Fstat{.handle = handle}).size == UINT64_MAX);
    }
  }
}

TEST_CASE_FIXTURE(SftpFixture, "sftp: names that no directory can hold are left out of READDIR") {
  const auto odd = std::make_shared<OddFileSystem>();
  files = odd;
  odd->names = {"", ".", "..", "a/b", "/", std::string("a\0b", 3), "good", std::string(300'000, 'n'), "\xff\xfe"};
  const auto names = list("/");
  CHECK(names.size() == 4);
  for (const char* name : {".", "..", "good", "\xff\xfe"}) CHECK(names.contains(name));
}

TEST_CASE_FIXTURE(SftpFixture, "sftp: a directory without end is read as far as the client asks, and no further") {
  const auto odd = std::make_shared<OddFileSystem>();
  files = odd;
  odd->names = {"again"};
  odd->times = SIZE_MAX;
  const std::string handle = opendir("/");
  for (int i = 0; i < 3; ++i) {
    const auto names = readdir(handle);
    REQUIRE(names);
    CHECK(names->size() > 1000);
  }
  CHECK(close(handle) == StatusCode::ok);
}

TEST_CASE_FIXTURE(SftpFixture,
                  "[lying-file-system] sftp: a directory that lists only what no client may be shown, for ever, is "
                  "FAILURE, and others are still read") {
  const auto odd = std::make_shared<OddFileSystem>();
  files = odd;
  odd->times = SIZE_MAX;
  const std::string too_long(300'000, 'n');
  for (const std::string& name :
       {std::string("a/b"), std::string("a\0b", 3), std::string(), std::string("."), too_long}) {
    CAPTURE(name.size());
    odd->names = {name};
    const std::string handle = opendir("/");
    const auto dots = readdir(handle);
    REQUIRE(dots);
    CHECK(dots->size() == 2);
    for (int i = 0; i < 2; ++i) CHECK(status(sftp::Readdir{.handle = handle}) == StatusCode::failure);
    CHECK(close(handle) == StatusCode::ok);
  }
  odd->names = {"good"};
  odd->times = 1;
  CHECK(list("/").contains("good"));
}

TEST_CASE_FIXTURE(SftpFixture,
                  "[lying-file-system] sftp: names that may be shown are read from among many that may not") {
  const auto odd = std::make_shared<OddFileSystem>();
  files = odd;
  odd->names.assign(3'000, "a/b");
  odd->names.push_back("good");
  odd->times = 3;
  const std::string handle = opendir("/");
  const auto names = readdir(handle);
  REQUIRE(names);
  CHECK(names->size() == 5);
  CHECK_FALSE(readdir(handle).has_value());
}

TEST_CASE_FIXTURE(SftpFixture, "sftp: a directory of 100,000 entries is listed, each once") {
  const auto memory = std::make_shared<server::MemoryFileSystem>();
  for (int i = 0; i < 100'000; ++i) {
    if (!run(memory->make_directory("/" + std::to_string(i), {}))) FAIL("mkdir");
  }
  files = memory;
  CHECK(list("/").size() == 100'002);
}

TEST_CASE_FIXTURE(SftpFixture, "[defect 23] sftp: a full file system fails the WRITE, and what was there stays") {
  files = *server::QuotaFileSystem::create_now(files, {.bytes = 1000});
  const std::string handle = open("/file", flags::read | flags::write | flags::create);
  CHECK(write(handle, 0, std::string(1000, 'x')) == StatusCode::ok);
  CHECK(write(handle, 1000, "y") == StatusCode::failure);
  CHECK(write(handle, 0, "Y") == StatusCode::ok);
  CHECK(status(sftp::Setstat{.path = "/file", .attrs = size(1001)}) == StatusCode::failure);
  CHECK(close(handle) == StatusCode::ok);
  CHECK(get("file") == "Y" + std::string(999, 'x'));
  const auto statvfs = wire::decode<sftp::ExtendedReplyWith<sftp::FileSystemStatistics>>(
      ask_extended(sftp::Statvfs{.path = "/"}).message);
  REQUIRE(statvfs);
  CHECK(statvfs->body.f_bavail == 0);
}

TEST_CASE_FIXTURE(SftpFixture,
                  "sftp: when the directory behind it vanishes every name is missing, and the session lives") {
  put("file", "text");
  make_directory("dir");
  const std::string handle = open("/file", flags::read);
  const std::string directory = opendir("/dir");
  REQUIRE(std::filesystem::remove_all(local("")) > 0);
  CHECK(status(sftp::Stat{.path = "/file"}) == StatusCode::no_such_file);
  CHECK(open_status("/new", flags::write | flags::create) == StatusCode::no_such_file);
  CHECK(status(sftp::Mkdir{.path = "/new", .attrs = {}}) == StatusCode::no_such_file);
  CHECK(status(sftp::Rename{.oldpath = "/file", .newpath = "/new"}) == StatusCode::no_such_file);
  CHECK(status(sftp::Symlink{.targetpath = "x", .linkpath = "/new"}) == StatusCode::no_such_file);
  CHECK(list("/").size() <= 2);
  CHECK(read(handle, 0, 10) == "text");  // what is open stays open
  const auto names = readdir(directory);
  CHECK((!names || names->size() <= 2));
}

TEST_CASE_FIXTURE(
    SftpFixture,
    "[CVE-2025-48039] sftp: paths of 4,095 bytes work in memory and on disk, longer ones fail for themselves") {
  for (const Files& one : {files, Files(std::make_shared<server::MemoryFileSystem>())}) {
    std::string path;
    while (4095 - path.size() - 1 > 255) {
      path += "/" + std::string(200, 'd');
      REQUIRE(run(one->make_directory(path, {})));
    }
    path += "/" + std::string(4095 - path.size() - 1, 'f');
    REQUIRE(path.size() == 4095);
    const server::OpenMode make{.write = true, .create = true};
    const auto made = run(one->open(path, make, {}));
    REQUIRE(made);
    CHECK(run(one->stat(path)));
    CHECK(run(one->stat(path + "x")).error() != server::FileError::failed);
    CHECK(run(one->stat(std::string(5000, 'x'))).error() == server::FileError::name_too_long);
    CHECK(run(one->remove(path)));
  }
  CHECK(status(sftp::Stat{.path = "/" + std::string(4096, 'x')}) == StatusCode::failure);
  CHECK(sftp::is_directory(attributes(sftp::Stat{.path = "/"})));
}

TEST_CASE_FIXTURE(SftpFixture, "[defect 14] sftp: no error tells a path of the server") {
  put("file", "text", 0000);
  make_directory("dir", 0000);
  link("loop", "loop");
  make_directory("full");
  put("full/file", "");
  REQUIRE(::mkfifo(local("fifo").c_str(), 0600) == 0);
  start();
  const AsOrdinaryUser ordinary;
  const auto text_of = [this](const RawReply& reply) {
    const auto answer = wire::decode<sftp::Status>(reply.message);
    REQUIRE(answer);
    return std::string(answer->message.text);
  };
  std::vector<std::string> texts;
  for (const char* path : {"/file", "/dir", "/loop", "/fifo", "/none", "/none/x", "/file/x"}) {
    texts.push_back(text_of(ask(sftp::Open{.filename = path, .pflags = flags::read | flags::write, .attrs = {}})));
    texts.push_back(text_of(ask(sftp::Opendir{.path = path})));
    texts.push_back(text_of(ask(sftp::Rmdir{.path = path})));
    texts.push_back(text_of(ask(sftp::Rename{.oldpath = path, .newpath = "/none/y"})));
  }
  texts.push_back(text_of(ask(sftp::Rmdir{.path = "/full"})));
  texts.push_back(text_of(ask(sftp::Remove{.filename = "/full"})));
  for (const std::string& text : texts) {
    CAPTURE(text);
    CHECK_FALSE(text.empty());
    CHECK(text.find('/') == std::string::npos);
    CHECK(text.find('[') == std::string::npos);
  }
}

TEST_CASE_FIXTURE(ServerFixture,
                  "[lying-file-system] sftp: a file system that never answers holds up its own session and no other") {
  const auto never = std::make_shared<NeverFileSystem>();
  server->files = never;
  const std::uint16_t port = start();
  const auto open_sftp = [](TestClient& client) {
    REQUIRE(client.login());
    const auto channel = client.open();
    REQUIRE(channel);
    ByteVector name;
    wire::append_string(name, "sftp");
    REQUIRE(client.ask(**channel, "subsystem", name));
    return *channel;
  };
  const auto send = [](TestClient& client, net::Channel& channel, const auto& message) {
    ByteVector framed;
    wire::append_string(framed, wire::encode(message));
    PacketChain chain;
    channel.reserve(framed.size(), chain);
    chain.write(framed);
    channel.send(chain);
    settle(client.io);
  };
  {
    TestClient stuck(port), fine(port);
    const auto stuck_channel = open_sftp(stuck);
    send(stuck, *stuck_channel, sftp::Init{});
    send(stuck, *stuck_channel, sftp::Stat{.id = 1, .path = "/f"});
    CHECK(eventually([&] {
      settle(stuck.io);
      return never->asked.load();
    }));
    const auto channel = open_sftp(fine);
    send(fine, *channel, sftp::Init{});
    send(fine, *channel, sftp::Stat{.id = 7, .path = "/"});
    ByteVector received;
    while (received.size() < 5 || received.size() < 4 + wire::load_uint32(received.data()) + 9) {
      const Result<Payload> piece = fine.wait(channel->receive());
      REQUIRE(piece);
      REQUIRE_FALSE(piece->empty());
      received.insert(received.end(), piece->bytes().begin(), piece->bytes().end());
      channel->consumed(piece->size());
    }
    const std::size_t version_size = 4 + wire::load_uint32(received.data());
    CHECK(received[version_size + 4] == sftp::Attrs::number);
    CHECK(wire::load_uint32(received.data() + version_size + 5) == 7);
  }
  // Both clients have gone: neither holds a place any more, nor the server up.
  CHECK(eventually([&] { return manager->get_connection_count() == 0; }));
  manager->stop();
  CHECK_FALSE(manager->is_running());
}

}  // namespace hawser::test
