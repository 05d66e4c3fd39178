// What is particular to MemoryFileSystem: the quota, sparse contents, many threads.
#include "hawser/server/memory_file_system.h"

#include <atomic>
#include <thread>

#include "support/counting_allocator.h"
#include "support/file_system_suite/data_cases.h"
#include "support/file_system_suite/subject.h"

using namespace hawser;
using namespace hawser::test;
using server::MemoryFileSystem;

TEST_CASE("memory file system: the quota counts contents and gives back what is removed") {
  MemoryFileSystem files({.quota = 256 * 1024});
  const Subject s(files);
  const std::string text(64 * 1024, 'x');
  s.put("/a", text);
  s.put("/b", text);
  s.put("/c", text);
  const auto file = s.open("/d", to_make);
  const Bytes area = as_bytes(text);
  s.fails(run(file->write_at(0, std::span(&area, 1))), FileError::no_space);
  s.succeeds(run(s.fs.remove("/a")));
  s.succeeds(run(file->write_at(0, std::span(&area, 1))));
  CHECK(s.get("/d") == text);
  s.succeeds(run(s.fs.set_attributes("/b", with_size(0))));
  s.put("/e", std::string(60 * 1024, 'y'));
}

TEST_CASE("memory file system: a removed file counts until it is closed") {
  MemoryFileSystem files({.quota = 160 * 1024});
  const Subject s(files);
  const std::string text(100 * 1024, 'x');
  auto file = s.open("/a", to_make);
  s.write(*file, 0, text);
  s.succeeds(run(s.fs.remove("/a")));
  const auto second = s.open("/b", to_make);
  const Bytes area = as_bytes(text);
  s.fails(run(second->write_at(0, std::span(&area, 1))), FileError::no_space);
  file.reset();
  s.succeeds(run(second->write_at(0, std::span(&area, 1))));
}

TEST_CASE("memory file system: names and link targets count too") {
  MemoryFileSystem files({.quota = 10 * 1024});
  const Subject s(files);
  for (int i = 0; i < 4; ++i) s.open("/" + std::to_string(i), to_make);
  s.make_directory("/d");
  s.succeeds(run(s.fs.hard_link("/0", "/d/0")));
  s.fails(run(s.fs.symlink(std::string(4000, 't'), "/link")), FileError::no_space);
  CHECK_FALSE(s.exists("/link"));
  for (int i = 0; i < 4; ++i) s.open("/d/x" + std::to_string(i), to_make);
  s.fails(run(s.fs.open("/d/y", to_make, {})), FileError::no_space);
  s.fails(run(s.fs.make_directory("/e", {})), FileError::no_space);
  s.fails(run(s.fs.hard_link("/0", "/e")), FileError::no_space);
  s.succeeds(run(s.fs.remove("/0")));
  s.succeeds(run(s.fs.rename("/1", "/d/x0", true)));
  s.make_directory("/e");
  s.make_directory("/f");
  s.fails(run(s.fs.make_directory("/g", {})), FileError::no_space);
}

TEST_CASE("memory file system: a write that the quota refuses takes no memory, wherever in the file") {
  MemoryFileSystem files({.quota = 32 * 1024});
  const Subject s(files);
  const auto file = s.open("/f", to_make);
  const Bytes area = as_bytes("x");
  std::optional<FileResult<void>> written;
  const AllocationCounter allocations;
  for (std::uint64_t i = 1; i <= 100; ++i) written = file->try_write_at(i << 20, std::span(&area, 1));
  CHECK(allocations.count() == 0);
  REQUIRE(written);
  s.fails(*written, FileError::no_space);
  CHECK(s.stat("/f").size == 0u);
}

TEST_CASE("memory file system: a write that finds no memory leaves the quota as it was") {
  MemoryFileSystem files({.quota = 66 * 1024});
  const Subject s(files);
  const auto file = s.open("/f", to_make);
  const Bytes area = as_bytes("x");
  std::optional<FileResult<void>> written;
  // As often as would use the quota up if it were lost each time.
  for (std::size_t i = 0; i < 4; ++i) {
    for (const std::size_t successes : {0, 1}) {
      CHECK(with_allocation_failure(successes, [&] { written = file->try_write_at(1 << 20, std::span(&area, 1)); }) ==
            FailureOutcome::threw);
    }
  }
  written = file->try_write_at(1 << 20, std::span(&area, 1));
  REQUIRE(written);
  s.succeeds(*written);
}

TEST_CASE("memory file system: statistics follow the quota") {
  MemoryFileSystem files({.quota = 1024 * 1024});
  const Subject s(files);
  const sftp::FileSystemStatistics before = s.value(run(s.fs.statistics("/")));
  CHECK(before.f_blocks * before.f_frsize == 1024 * 1024);
  CHECK(before.f_bfree == before.f_blocks);
  s.put("/f", std::string(512 * 1024, 'x'));
  const sftp::FileSystemStatistics after = s.value(run(s.fs.statistics("/")));
  CHECK(after.f_bfree * after.f_frsize <= 512 * 1024);
  CHECK(after.f_bfree * after.f_frsize >= 508 * 1024);
}

TEST_CASE("memory file system: holes take no memory and survive every cut") {
  MemoryFileSystem files({.quota = 300 * 1024});
  const Subject s(files);
  const auto file = s.open("/f", {.read = true, .write = true, .create = true});
  std::string model;
  unsigned seed = 7;
  const auto random = [&seed](std::size_t limit) {
    seed = seed * 1103515245u + 12345u;
    return static_cast<std::size_t>(seed >> 8) % limit;
  };
  for (int i = 0; i < 400; ++i) {
    const std::size_t at = random(200 * 1000);
    if (i % 5 == 0) {
      s.succeeds(run(file->set_attributes(with_size(at))));
      model.resize(at);
    } else {
      const std::string text = pattern(random(9000), seed);
      s.write(*file, at, text);
      if (!text.empty() && model.size() < at + text.size()) model.resize(at + text.size());
      model.replace(at, text.size(), text);
    }
    REQUIRE(s.read(*file, 0, 300 * 1000) == model);
  }
  s.write(*file, std::uint64_t{1} << 60, "far");
  CHECK(s.read(*file, std::uint64_t{1} << 60, 10) == "far");
}

TEST_CASE("memory file system: reads and writes of what is stored do not allocate") {
  MemoryFileSystem files;
  const Subject s(files);
  const std::string text = pattern(200 * 1000);
  s.put("/f", text);
  const auto file = s.open("/f", for_both);
  std::string back(text.size(), '\0');
  const MutableBytes area{reinterpret_cast<std::uint8_t*>(back.data()), back.size()};
  const Bytes source = as_bytes(text);
  const AllocationCounter allocations;
  const auto read = file->try_read_at(0, std::span(&area, 1));
  const auto written = file->try_write_at(0, std::span(&source, 1));
  CHECK(allocations.count() == 0);
  REQUIRE(read);
  CHECK(**read == text.size());
  REQUIRE(written);
  CHECK(*written);
}

TEST_CASE("memory file system: times come from its clock") {
  static std::int64_t now;
  now = 1000;
  MemoryFileSystem files({.now = [] { return now; }});
  const Subject s(files);
  const auto file = s.open("/f", to_make);
  CHECK(s.stat("/f").times == sftp::FileTimes{1000, 1000});
  now = 2000;
  s.write(*file, 0, "x");
  CHECK(s.stat("/f").times->mtime == 2000);
  CHECK(s.stat("/").times->mtime == 1000);
  now = INT64_C(1) << 40;
  s.succeeds(run(s.fs.remove("/f")));
  CHECK(s.stat("/").times->mtime == UINT32_MAX);
}

TEST_CASE("memory file system: the umask is taken from new files and directories only") {
  MemoryFileSystem files({.umask = 027});
  const Subject s(files);
  s.open("/f", to_make);
  s.make_directory("/d");
  CHECK(rights(s.stat("/f")) == 0640);
  CHECK(rights(s.stat("/d")) == 0750);
  s.succeeds(run(s.fs.set_attributes("/f", with_permissions(0777))));
  CHECK(rights(s.stat("/f")) == 0777);
}

TEST_CASE("memory file system: of many threads that make one name, one succeeds") {
  constexpr int thread_count = 4;
  constexpr int rounds = 200;
  MemoryFileSystem files;
  std::atomic<int> directories{0};
  std::atomic<int> opened{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < thread_count; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < rounds; ++i) {
        if (run(files.make_directory("/d" + std::to_string(i), {}))) ++directories;
        const OpenMode exclusive{.write = true, .create = true, .exclusive = true};
        if (run(files.open("/f" + std::to_string(i), exclusive, {}))) ++opened;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(directories == rounds);
  CHECK(opened == rounds);
}

TEST_CASE("memory file system: threads that append to one file lose nothing") {
  constexpr int thread_count = 4;
  constexpr int rounds = 500;
  MemoryFileSystem files;
  Subject(files).put("/f", "");
  std::vector<std::thread> threads;
  for (int t = 0; t < thread_count; ++t) {
    threads.emplace_back([&files, t] {
      const auto file = *run(files.open("/f", {.append = true}, {}));
      const std::string text(17, static_cast<char>('a' + t));
      const Bytes area = as_bytes(text);
      for (int i = 0; i < rounds; ++i) static_cast<void>(file->try_write_at(0, std::span(&area, 1)));
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::string text = Subject(files).get("/f");
  REQUIRE(text.size() == std::size_t{thread_count} * rounds * 17);
  for (std::size_t at = 0; at < text.size(); at += 17) {
    REQUIRE(text.substr(at, 17) == std::string(17, text[at]));
  }
}

TEST_CASE("memory file system: directories nested deeper than any path come apart again") {
  MemoryFileSystem files;
  const Subject s(files);
  // Each round puts all that is there into a new directory.
  s.make_directory("/top");
  for (int i = 0; i < 20000; ++i) {
    s.make_directory("/next");
    s.succeeds(run(s.fs.rename("/top", "/next/d", false)));
    s.succeeds(run(s.fs.rename("/next", "/top", false)));
  }
  CHECK(s.list("/").size() == 1);
}

TEST_CASE("memory file system: links that lead up and down again and again are a loop before they cost much") {
  MemoryFileSystem files;
  const Subject s(files);
  s.make_directory("/d");
  std::string zigzag;
  for (int i = 0; i < 700; ++i) zigzag += "d/../";
  s.succeeds(run(s.fs.symlink(zigzag + "d", "/0")));
  for (int i = 1; i < 30; ++i) {
    s.succeeds(run(s.fs.symlink(zigzag + std::to_string(i - 1), "/" + std::to_string(i))));
  }
  CHECK(is_directory(s.stat("/3")));
  s.fails(run(s.fs.stat("/29")), FileError::loop);
}
