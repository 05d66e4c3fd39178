// Nothing a client names, and nothing that happens meanwhile, leads out of the root of a LocalFileSystem (symbolic
// links, `..`, and the race between a check and its use), and nothing but a regular file is opened.
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "hawser/server/local_file_system.h"
#include "support/file_system_suite/subject.h"
#include "support/temporary_directory.h"

using namespace hawser;
using namespace hawser::test;
using server::LocalFileSystem;
using server::LocalOptions;

namespace {

constexpr const char* secret = "outside";

// A jail in one directory and a secret in another beside it.
class JailFixture {
 public:
  explicit JailFixture(LocalOptions options) {
    for (const char* name : {"jail", "out", "out/sub"}) {
      if (::mkdir((top_ / name).c_str(), 0755) != 0) throw std::runtime_error("mkdir");
    }
    std::ofstream(top_ / "out/secret") << secret;
    files_ = *LocalFileSystem::open(top_ / "jail", options);
  }
  server::FileSystem& files() { return *files_; }
  std::string outside(const std::string& name) const { return top_ / ("out/" + name); }
  std::string inside(const std::string& name) const { return top_ / ("jail/" + name); }

 private:
  TemporaryDirectory top_;
  std::shared_ptr<LocalFileSystem> files_;
};

const LocalOptions each_way[] = {{.force_fallback = false}, {.force_fallback = true}};

std::size_t entries_in(const std::string& directory) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(directory)) ++count;
  return count;
}

}  // namespace

TEST_CASE("[symlink-escape] local file system: no symbolic link leads out of the jail") {
  for (const LocalOptions& options : each_way) {
    CAPTURE(options.force_fallback);
    JailFixture fixture(options);
    const Subject s(fixture.files());
    s.make_directory("/d");
    s.succeeds(run(s.fs.symlink(fixture.outside("secret"), "/absolute")));
    s.succeeds(run(s.fs.symlink("../out/secret", "/relative")));
    s.succeeds(run(s.fs.symlink("../../out/secret", "/d/deep")));
    s.succeeds(run(s.fs.symlink("/../out/secret", "/above")));
    s.succeeds(run(s.fs.symlink("../../../../../.." + fixture.outside("secret"), "/far")));
    s.succeeds(run(s.fs.symlink("relative", "/chain1")));
    s.succeeds(run(s.fs.symlink("d/../chain1", "/chain2")));
    s.succeeds(run(s.fs.symlink("/proc/self/cwd/../out/secret", "/proc_link")));
    s.succeeds(run(s.fs.symlink("../out", "/directory")));
    s.succeeds(run(s.fs.symlink(fixture.outside(""), "/whole")));
    for (const std::string path : {"/absolute", "/relative", "/d/deep", "/above", "/far", "/chain1", "/chain2",
                                   "/proc_link", "/directory/secret", "/whole/secret", "/directory/sub/../secret"}) {
      CAPTURE(path);
      s.fails(run(s.fs.stat(path)), FileError::not_found);
      s.fails(run(s.fs.open(path, for_reading, {})), FileError::not_found);
      s.fails(run(s.fs.open(path, for_writing, {})), FileError::not_found);
      s.fails(run(s.fs.set_attributes(path, with_size(0))), FileError::not_found);
      s.fails(run(s.fs.set_attributes(path, with_permissions(0777))), FileError::not_found);
      s.fails(run(s.fs.statistics(path)), FileError::not_found);
      s.fails(run(s.fs.open_directory(path)), FileError::not_found);
    }
    for (const std::string directory : {"/directory", "/whole"}) {
      CAPTURE(directory);
      s.fails(run(s.fs.open_directory(directory)), FileError::not_found);
      s.fails(run(s.fs.lstat(directory + "/secret")), FileError::not_found);
      s.fails(run(s.fs.remove(directory + "/secret")), FileError::not_found);
      s.fails(run(s.fs.remove_directory(directory + "/sub")), FileError::not_found);
      s.fails(run(s.fs.read_link(directory + "/x")), FileError::not_found);
      s.fails(run(s.fs.rename(directory + "/secret", "/stolen", false)), FileError::not_found);
      s.fails(run(s.fs.hard_link(directory + "/secret", "/stolen")), FileError::not_found);
      s.fails(run(s.fs.open(directory + "/new", to_make, {})), FileError::parent_missing);
      s.fails(run(s.fs.make_directory(directory + "/new", {})), FileError::parent_missing);
      s.fails(run(s.fs.symlink("x", directory + "/new")), FileError::parent_missing);
    }
    // The links themselves can be seen and removed.
    CHECK(is_symlink(s.lstat("/absolute")));
    s.succeeds(run(s.fs.remove("/whole")));
    std::string still;
    std::ifstream(fixture.outside("secret")) >> still;
    CHECK(still == secret);
    CHECK(entries_in(fixture.outside("")) == 2);
  }
}

TEST_CASE("local file system: `..` in a path stops at the root, or is refused as a name") {
  for (const LocalOptions& options : each_way) {
    CAPTURE(options.force_fallback);
    JailFixture fixture(options);
    const Subject s(fixture.files());
    s.fails(run(s.fs.open("/../out/secret", for_reading, {})), FileError::not_found);
    s.fails(run(s.fs.stat("/../../out/secret")), FileError::not_found);
    s.fails(run(s.fs.lstat("/../out/secret")), FileError::not_found);
    s.fails(run(s.fs.lstat("/..")), FileError::invalid_path);
    s.fails(run(s.fs.read_link("/..")), FileError::invalid_path);
    s.fails(run(s.fs.remove_directory("/../out")), FileError::not_found);
    s.fails(run(s.fs.make_directory("/d/..", {})), FileError::invalid_path);
    s.fails(run(s.fs.rename("/..", "/x", false)), FileError::invalid_path);
    s.succeeds(run(s.fs.make_directory("/../made", {})));
    CHECK(is_directory(s.stat("/made")));
  }
}

TEST_CASE("[CVE-2023-35887, CVE-2026-53422] local file system: inside and outside names cannot be told apart") {
  for (const LocalOptions& options : each_way) {
    CAPTURE(options.force_fallback);
    JailFixture fixture(options);
    const Subject s(fixture.files());
    s.succeeds(run(s.fs.symlink(fixture.outside("secret"), "/there")));
    s.succeeds(run(s.fs.symlink(fixture.outside("nothing"), "/not_there")));
    const auto there = run(s.fs.real_path("/there"));
    const auto not_there = run(s.fs.real_path("/not_there"));
    REQUIRE(!there);
    REQUIRE(!not_there);
    CHECK(there.error() == not_there.error());
  }
}

TEST_CASE(
    "[symlink-escape, defect 13] local file system: a directory swapped with a link to outside never lets a call out") {
  constexpr int rounds = 3000;
  for (const LocalOptions& options : each_way) {
    CAPTURE(options.force_fallback);
    JailFixture fixture(options);
    const Subject s(fixture.files());
    s.make_directory("/d");
    s.make_directory("/d/sub");
    s.put("/d/secret", "inside");
    REQUIRE(::symlink("../out", fixture.inside("link").c_str()) == 0);
    std::atomic<bool> stop{false};
    std::thread swapper([&] {
      const std::string one = fixture.inside("d");
      const std::string other = fixture.inside("link");
      constexpr unsigned exchange = 2;  // RENAME_EXCHANGE
      while (!stop) ::syscall(SYS_renameat2, AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(), exchange);
    });
    bool escaped = false;
    int inside = 0;
    for (int i = 0; i < rounds; ++i) {
      const auto file = run(s.fs.open(i % 2 == 0 ? "/d/secret" : "/d/sub/../secret", for_reading, {}));
      if (file) {
        const FileResult<std::string> text = s.try_read(**file, 0, 100);
        if (text && *text == "inside") ++inside;
        if (text && *text == secret) escaped = true;
      }
      const auto status = run(s.fs.lstat("/d/secret"));
      if (status && status->size == std::string(secret).size()) escaped = true;
      const auto made = run(s.fs.open("/d/new", to_make, {}));
      const auto removed = run(s.fs.remove("/d/new"));
      if (::access(fixture.outside("new").c_str(), F_OK) == 0) escaped = true;
      static_cast<void>(made), static_cast<void>(removed);
    }
    stop = true;
    swapper.join();
    CHECK_FALSE(escaped);
    CHECK(inside > 0);
    CHECK(entries_in(fixture.outside("")) == 2);
  }
}

TEST_CASE("local file system: `..` out of a directory that is moved away meanwhile stays inside") {
  constexpr int rounds = 3000;
  for (const LocalOptions& options : each_way) {
    CAPTURE(options.force_fallback);
    JailFixture fixture(options);
    const Subject s(fixture.files());
    s.make_directory("/d");
    s.make_directory("/d/moving");
    s.put("/d/secret", "inside");
    s.succeeds(run(s.fs.symlink("d/moving/../secret", "/hop")));
    s.succeeds(run(s.fs.symlink("d/moving/../../out/secret", "/far")));
    std::atomic<bool> stop{false};
    std::thread mover([&] {
      const std::string home = fixture.inside("d/moving");
      const std::string away = fixture.outside("moving");
      while (!stop) {
        ::rename(home.c_str(), away.c_str());
        ::rename(away.c_str(), home.c_str());
      }
      ::rename(away.c_str(), home.c_str());
    });
    bool escaped = false;
    int inside = 0;
    for (int i = 0; i < rounds; ++i) {
      for (const char* path : {"/hop", "/far", "/d/moving/../secret"}) {
        const auto file = run(s.fs.open(path, for_reading, {}));
        if (!file) continue;
        const FileResult<std::string> text = s.try_read(**file, 0, 100);
        if (text && *text == "inside") ++inside;
        if (text && *text == secret) escaped = true;
      }
      const auto real = run(s.fs.real_path("/hop"));
      if (real && *real != "/d/secret") escaped = true;
    }
    stop = true;
    mover.join();
    CHECK_FALSE(escaped);
    CHECK(inside > 0);
    CHECK(entries_in(fixture.outside("")) == 2);
  }
}

TEST_CASE(
    "[symlink-escape, defect 13] local file system: a link that is exchanged for another while it is followed leads "
    "inside or nowhere") {
  constexpr int rounds = 3000;
  for (const LocalOptions& options : each_way) {
    CAPTURE(options.force_fallback);
    JailFixture fixture(options);
    const Subject s(fixture.files());
    s.put("/one", "1");
    s.put("/two", "2");
    s.succeeds(run(s.fs.symlink("one", "/link")));
    std::atomic<bool> stop{false};
    std::thread changer([&] {
      const std::string link = fixture.inside("link");
      const std::string next = fixture.inside("next");
      for (unsigned i = 0; !stop; ++i) {
        const std::string targets[] = {"two", "one", "../out/secret", fixture.outside("secret")};
        if (::symlink(targets[i % 4].c_str(), next.c_str()) == 0) ::rename(next.c_str(), link.c_str());
      }
    });
    bool escaped = false;
    for (int i = 0; i < rounds; ++i) {
      const auto file = run(s.fs.open("/link", for_reading, {}));
      if (!file) continue;
      const FileResult<std::string> text = s.try_read(**file, 0, 100);
      if (text && *text != "1" && *text != "2") escaped = true;
      static_cast<void>(run(s.fs.set_attributes("/link", with_permissions(0644))));
    }
    stop = true;
    changer.join();
    CHECK_FALSE(escaped);
    struct stat status {};
    REQUIRE(::stat(fixture.outside("secret").c_str(), &status) == 0);
    CHECK(status.st_size == static_cast<off_t>(std::string(secret).size()));
  }
}

TEST_CASE("[defect 12] local file system: FIFOs, sockets and devices are refused and do not block") {
  for (const LocalOptions& options : each_way) {
    CAPTURE(options.force_fallback);
    JailFixture fixture(options);
    const Subject s(fixture.files());
    REQUIRE(::mkfifo(fixture.inside("fifo").c_str(), 0666) == 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    fixture.inside("socket").copy(address.sun_path, sizeof address.sun_path - 1);
    const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    REQUIRE(::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    std::vector<std::string> paths{"/fifo", "/socket"};
    if (::mknod(fixture.inside("null").c_str(), S_IFCHR | 0666, 0x103) == 0) paths.push_back("/null");  // root only
    for (const std::string& path : paths) {
      CAPTURE(path);
      for (const OpenMode mode : {for_reading, for_writing, for_both, to_overwrite}) {
        s.fails(run(s.fs.open(path, mode, {})), FileError::wrong_type);
      }
      s.fails(run(s.fs.open_directory(path)), FileError::wrong_type);
      s.fails(run(s.fs.set_attributes(path, with_size(0))), FileError::wrong_type);
      s.succeeds(run(s.fs.set_attributes(path, with_times(1, 2))));
    }
    CHECK(type_of(s.stat("/fifo")) == sftp::file_mode::fifo);
    CHECK(type_of(s.lstat("/socket")) == sftp::file_mode::socket);
    ::close(listener);
  }
}
