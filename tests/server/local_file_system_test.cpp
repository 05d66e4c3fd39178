// What is particular to LocalFileSystem: options, the whole system, and when a call is made at once.
#include "hawser/server/local_file_system.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cstddef>
#include <filesystem>
#include <thread>

#include "support/counting_allocator.h"
#include "support/file_system_suite/data_cases.h"
#include "support/file_system_suite/subject.h"
#include "support/temporary_directory.h"

using namespace hawser;
using namespace hawser::test;
using server::LocalFileSystem;

namespace {

// As Linux 5.9 and 5.10 may do (preadv2(2), BUGS): preadv2(RWF_NOWAIT) of this thread gives 0 from now on.
bool answer_cached_reads_with_nothing() {
  constexpr std::uint32_t number = SYS_preadv2;
  constexpr std::uint32_t flags_at = offsetof(seccomp_data, args) + 5 * sizeof(std::uint64_t);  // little-endian
  sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, flags_at),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, RWF_NOWAIT, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO),  // with no error: the call gives 0
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter{std::size(program), program};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

}  // namespace

TEST_CASE("local file system: the root must be a directory, and \"/\" without a jail") {
  const TemporaryDirectory directory;
  CHECK(LocalFileSystem::open(directory / "missing").error() == Error(Errc::file_error));
  CHECK(LocalFileSystem::open("/dev/null").error() == Error(Errc::file_error));
  CHECK(LocalFileSystem::open(directory.path(), {.jail = false}).error() == Error(Errc::invalid_argument));
}

TEST_CASE("local file system: keeps to its directory when that is renamed") {
  const TemporaryDirectory top;
  std::filesystem::create_directory(top / "one");
  const auto files = *LocalFileSystem::open(top / "one");
  const Subject s(*files);
  std::filesystem::rename(top / "one", top / "two");
  s.put("/f", "text");
  CHECK(std::filesystem::exists(top / "two/f"));
}

TEST_CASE("local file system: read_only changes nothing") {
  const TemporaryDirectory top;
  const auto writable = *LocalFileSystem::open(top.path());
  Subject(*writable).put("/f", "text");
  const auto files = *LocalFileSystem::open(top.path(), {.read_only = true});
  const Subject s(*files);
  for (unsigned bits = 0; bits < 64; ++bits) {
    const OpenMode mode{.read = (bits & 1) != 0,
                        .write = (bits & 2) != 0,
                        .append = (bits & 4) != 0,
                        .create = (bits & 8) != 0,
                        .truncate = (bits & 16) != 0,
                        .exclusive = (bits & 32) != 0};
    for (const char* path : {"/f", "/new"}) {
      const auto opened = run(s.fs.open(path, mode, {}));
      if (bits > 1) s.fails(opened, FileError::read_only);
    }
  }
  s.fails(run(s.fs.remove("/f")), FileError::read_only);
  s.fails(run(s.fs.rename("/f", "/g", true)), FileError::read_only);
  s.fails(run(s.fs.make_directory("/d", {})), FileError::read_only);
  s.fails(run(s.fs.remove_directory("/")), FileError::read_only);
  s.fails(run(s.fs.set_attributes("/f", with_permissions(0))), FileError::read_only);
  s.fails(run(s.fs.set_link_attributes("/f", with_permissions(0))), FileError::read_only);
  s.fails(run(s.fs.symlink("f", "/l")), FileError::read_only);
  s.fails(run(s.fs.hard_link("/f", "/l")), FileError::read_only);
  s.fails(run(s.open("/f", for_reading)->set_attributes(with_permissions(0))), FileError::read_only);
  CHECK(s.get("/f") == "text");
  CHECK(s.list("/").size() == 1);
  CHECK(files->features().read_only);
}

TEST_CASE("local file system: without a jail links lead where they lead everywhere") {
  const TemporaryDirectory top;
  const auto files = *LocalFileSystem::open("/", {.jail = false});
  const Subject s(*files);
  s.put(top / "f", "text");
  s.succeeds(run(s.fs.symlink(top / "f", top / "link")));
  CHECK(s.get(top / "link") == "text");
  CHECK(s.value(run(s.fs.real_path(top / "link"))) == std::filesystem::canonical(top / "f").string());
  CHECK(is_directory(s.stat("/")));
  CHECK_FALSE(s.list("/").empty());
  s.fails(run(s.fs.stat((top / "f") + "/x")), FileError::not_found);
}

TEST_CASE("local file system: a full device is an error, not a success") {
  if (::access("/dev/full", W_OK) != 0) return;
  const auto closed = *LocalFileSystem::open("/", {.jail = false});
  Subject(*closed).fails(run(closed->open("/dev/full", for_writing, {})), FileError::wrong_type);
  const auto files = *LocalFileSystem::open("/", {.jail = false, .allow_devices = true});
  const Subject s(*files);
  const auto file = s.open("/dev/full", for_writing);
  const Bytes area = as_bytes("text");
  s.fails(run(file->write_at(0, std::span(&area, 1))), FileError::no_space);
}

TEST_CASE("local file system: a directory deeper than the path limit of one link is still inside") {
  const TemporaryDirectory top;
  const auto files = *LocalFileSystem::open(top.path(), {.force_fallback = true});
  const Subject s(*files);
  std::string path;
  for (int i = 0; i < 60; ++i) {
    path += "/d";
    s.make_directory(path);
  }
  std::string up;
  for (int i = 0; i < 500; ++i) up += "../";
  s.succeeds(run(s.fs.symlink(up + "d/d", path + "/up")));
  CHECK(s.value(run(s.fs.real_path(path + "/up"))) == "/d/d");
  // Each link costs a walk up and down: the sum of all is bounded.
  std::string zigzag;
  for (int i = 0; i < 400; ++i) zigzag += "../d/";
  s.succeeds(run(s.fs.symlink(zigzag + "up", path + "/zigzag")));
  s.fails(run(s.fs.stat(path + "/zigzag")), FileError::loop);
}

TEST_CASE("local file system: cached data is read at once, without a thread and without allocating") {
  std::vector<std::string> roots{"/tmp"};
  if (std::filesystem::is_directory("/dev/shm")) roots.push_back("/dev/shm");  // tmpfs, which has no RWF_NOWAIT
  for (const std::string& root : roots) {
    CAPTURE(root);
    const std::string name = "hawser-inline-" + std::to_string(::getpid());
    const auto files = *LocalFileSystem::open(root, {.blocking = {.slow_call = std::chrono::hours(1)}});
    const Subject s(*files);
    const std::string text = pattern(200 * 1000);
    s.put("/" + name, text);
    const auto file = s.open("/" + name, for_both);
    s.succeeds(run(s.fs.remove("/" + name)));
    std::string back(text.size(), '\0');
    std::vector<MutableBytes> areas;
    std::vector<Bytes> sources;
    for (std::size_t at = 0; at < back.size(); at += 1000) {
      areas.push_back({reinterpret_cast<std::uint8_t*>(back.data()) + at, 1000});
      sources.push_back(as_bytes(text).subspan(at, 1000));
    }
    REQUIRE(areas.size() > 64);
    const AllocationCounter allocations;
    const auto written = file->try_write_at(0, sources);
    const auto read = file->try_read_at(0, areas);
    const auto end = file->try_read_at(150 * 1000, areas);
    CHECK(allocations.count() == 0);
    REQUIRE(written);
    CHECK(*written);
    REQUIRE(read);
    CHECK(**read == text.size());
    REQUIRE(end);
    CHECK(**end == 50 * 1000);  // a short count is the end of the file, not of what was cached
    CHECK(back.substr(0, 50 * 1000) == text.substr(150 * 1000));
  }
}

TEST_CASE("local file system: what is not in memory is left to a thread, and then complete") {
  const TemporaryDirectory top;
  const auto files = *LocalFileSystem::open(top.path());
  const Subject s(*files);
  const std::string text = pattern(1000 * 1000);
  s.put("/f", text);
  const auto file = s.open("/f", for_both);
  s.succeeds(run(file->sync()));
  const int fd = ::open((top / "f").c_str(), O_RDONLY | O_CLOEXEC);
  ::posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
  ::close(fd);
  // Whether the cache is really empty is up to the system; the answer must be the same.
  CHECK(s.read(*file, 0, text.size()) == text);
}

TEST_CASE("local file system: a kernel that finds nothing in memory and says 0 has not said that the file ends") {
  const TemporaryDirectory top;
  for (const auto slow_call : {std::chrono::hours(1), std::chrono::hours(0)}) {
    const auto files = *LocalFileSystem::open(top.path(), {.blocking = {.slow_call = slow_call}});
    const Subject s(*files);
    const std::string text = pattern(100 * 1000);
    s.put("/f", text);
    const auto file = s.open("/f", for_reading);
    bool filtered = false;
    FileResult<std::string> all = FileError::failed;
    FileResult<std::string> past_end = FileError::failed;
    // The filter is for a thread, which has it to its end.
    std::thread reader([&] {
      filtered = answer_cached_reads_with_nothing();
      all = s.try_read(*file, 0, text.size() + 1);
      past_end = s.try_read(*file, text.size(), 1);
    });
    reader.join();
    WARN_MESSAGE(filtered, "no seccomp filters here");
    CHECK(s.value(std::move(all)) == text);
    CHECK(s.value(std::move(past_end)).empty());
  }
}

TEST_CASE("local file system: with slow_call 0 nothing is done at once") {
  const TemporaryDirectory top;
  const auto files = *LocalFileSystem::open(top.path(), {.blocking = {.slow_call = {}}});
  const Subject s(*files);
  s.put("/f", "text");
  const auto file = s.open("/f", for_both);
  const Bytes area = as_bytes("x");
  CHECK_FALSE(file->try_write_at(0, std::span(&area, 1)));
  s.write(*file, 0, "T");
  CHECK(s.get("/f") == "Text");
}

TEST_CASE("local file system: a write that the file size limit stops is an error") {
  const TemporaryDirectory top;
  const auto files = *LocalFileSystem::open(top.path(), {.blocking = {.slow_call = std::chrono::hours(1)}});
  const Subject s(*files);
  const auto file = s.open("/f", to_make);
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto old_handler = ::signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = 1000;
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  const std::string text(1500, 'x');
  const Bytes areas[] = {as_bytes(text), as_bytes("end")};
  const auto written = run(file->write_at(0, areas));
  ::setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, old_handler);
  s.fails(written, FileError::no_space);
  CHECK(s.stat("/f").size == 1000u);
}

TEST_CASE("local file system: files stay usable after their file system is gone") {
  const TemporaryDirectory top;
  auto files = *LocalFileSystem::open(top.path());
  Subject(*files).put("/f", "text");
  auto file = *run(files->open("/f", for_both, {}));
  auto directory = *run(files->open_directory("/"));
  files.reset();
  server::Directory& cursor = *directory;
  CHECK(run(cursor.next(10))->size() == 1);
  CHECK(run(file->attributes())->size == 4u);
  CHECK(run(file->close()));
}

TEST_CASE("local file system: the attributes of an open directory are its own, whatever its name") {
  const TemporaryDirectory top;
  for (const bool read_only : {false, true}) {
    Subject(**LocalFileSystem::open(top.path())).make_directory("/d");
    const auto files = *LocalFileSystem::open(top.path(), {.read_only = read_only});
    const Subject s(*files);
    const auto directory = s.value(run(files->open_directory("/d")));
    std::filesystem::rename(top / "d", top / (read_only ? "kept" : "moved"));
    CHECK(is_directory(s.value(run(directory->attributes()))));
    const auto changed = run(directory->set_attributes(with_permissions(0711)));
    if (read_only) {
      s.fails(changed, FileError::read_only);
    } else {
      s.succeeds(changed);
      CHECK(rights(s.stat("/moved")) == 0711);
      s.fails(run(directory->set_attributes(with_size(0))), FileError::wrong_type);
    }
  }
}
