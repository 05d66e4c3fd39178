// What is particular to SubdirFileSystem: nothing above its directory is to be seen, whoever makes the view.
#include "hawser/server/subdir_file_system.h"

#include <atomic>
#include <thread>

#include "hawser/server/local_file_system.h"
#include "hawser/server/read_only_file_system.h"
#include "inner_file_systems.h"
#include "support/counting_allocator.h"
#include "support/file_system_suite/subject.h"
#include "support/temporary_directory.h"

using namespace hawser;
using namespace hawser::test;
using server::SubdirFileSystem;

namespace {

Files sample(Files files) {
  const Subject s(*files);
  s.put("/secret", "outside");
  s.make_directory("/sub");
  s.make_directory("/sub/d");
  s.put("/sub/f", "inside");
  s.succeeds(run(s.fs.symlink("../../secret", "/sub/d/up")));
  s.succeeds(run(s.fs.symlink("/secret", "/sub/absolute")));
  s.succeeds(run(s.fs.symlink("/", "/sub/root")));
  return files;
}

}  // namespace

TEST_CASE("[view-escape] subdir file system: no path and no link leads above the directory") {
  for (const bool makes_views : {true, false}) {
    CAPTURE(makes_views);
    Files inner = sample(memory());
    if (!makes_views) inner = std::make_shared<WithoutViews>(inner);
    SubdirFileSystem files(inner, "/sub");
    const Subject s(files);
    for (const std::string path : {"/d/up", "/absolute", "/root/secret", "/../secret", "/d/../../secret"}) {
      CAPTURE(path);
      s.fails(run(files.stat(path)), FileError::not_found);
      s.fails(run(files.open(path, for_reading, {})), FileError::not_found);
      s.fails(run(files.set_attributes(path, with_size(0))), FileError::not_found);
      s.fails(run(files.hard_link("/root/secret", "/stolen")), FileError::not_found);
    }
    CHECK(s.list("/root").size() == 4);
    CHECK(s.get("/root/f") == "inside");
    CHECK(s.value(run(files.read_link("/absolute"))) == "/secret");
    CHECK(s.value(run(files.real_path("/root/d"))) == "/d");
    CHECK(s.value(run(files.real_path("/d/up"))) == "/secret");  // a name of the view, which has none such
    s.put("/absolute", "made inside");
    CHECK(Subject(*inner).get("/secret") == "outside");
    CHECK(Subject(*inner).get("/sub/secret") == "made inside");
  }
}

TEST_CASE("subdir file system: the directory itself cannot be removed or renamed, as the root of the view") {
  for (const bool makes_views : {true, false}) {
    CAPTURE(makes_views);
    Files inner = memory();
    Subject(*inner).make_directory("/sub");
    if (!makes_views) inner = std::make_shared<WithoutViews>(inner);
    SubdirFileSystem files(inner, "/sub");
    const Subject s(files);
    s.fails(run(files.remove_directory("/")), FileError::remove_root);
    s.fails(run(files.remove("/")), FileError::remove_root);
    s.fails(run(files.rename("/", "/x", true)), FileError::remove_root);
    CHECK(is_directory(Subject(*inner).stat("/sub")));
  }
}

TEST_CASE("subdir file system: a directory that is missing comes when it is made, and goes when it is removed") {
  for (const bool makes_views : {true, false}) {
    CAPTURE(makes_views);
    Files inner = memory();
    if (!makes_views) inner = std::make_shared<WithoutViews>(inner);
    SubdirFileSystem files(inner, "/later");
    const Subject s(files);
    s.fails(run(files.stat("/")), FileError::not_found);
    s.fails(run(files.open("/f", to_make, {})), FileError::parent_missing);
    Subject(*inner).make_directory("/later");
    s.put("/f", "text");
    CHECK(s.get("/f") == "text");
    s.succeeds(run(files.remove("/f")));
    s.succeeds(run(inner->remove_directory("/later")));
    s.fails(run(files.open("/f", to_make, {})), FileError::parent_missing);
    s.fails(run(files.open("/f", for_reading, {})), FileError::not_found);
    s.fails(run(files.make_directory("/d", {})), FileError::parent_missing);
  }
}

TEST_CASE("subdir file system: a file is no directory to be seen") {
  const Files inner = sample(memory());
  SubdirFileSystem files(inner, "/secret");
  Subject(files).fails(run(files.stat("/")), FileError::wrong_type);
}

TEST_CASE("subdir file system: views of views, and of file systems that wrap others") {
  const Files inner = sample(memory());
  const auto one = std::make_shared<SubdirFileSystem>(std::make_shared<server::ReadOnlyFileSystem>(inner), "/sub");
  SubdirFileSystem two(one, "/d");
  const Subject s(two);
  CHECK(s.list("/").size() == 1);
  s.fails(run(two.open("/new", to_make, {})), FileError::read_only);
  s.fails(run(two.stat("/up")), FileError::not_found);
  s.fails(run(two.open("/../f", for_reading, {})), FileError::not_found);
}

TEST_CASE("[view-escape] subdir file system: a local directory swapped with a link never lets a call out of the view") {
  constexpr int rounds = 2000;
  for (const bool fallback : {false, true}) {
    CAPTURE(fallback);
    const TemporaryDirectory top;
    const Files local = *server::LocalFileSystem::open(top.path(), {.force_fallback = fallback});
    const Subject outer(*local);
    outer.put("/secret", "outside");
    for (const char* directory : {"/sub", "/sub/d"}) outer.make_directory(directory);
    outer.put("/sub/d/secret", "inside");
    SubdirFileSystem view(local, "/sub");
    const Subject s(view);
    // By clients of the view themselves.
    s.succeeds(run(view.symlink("/", "/link")));
    std::atomic<bool> stop{false};
    std::thread swapper([&view, &stop] {
      while (!stop) {
        static_cast<void>(run(view.rename("/d", "/kept", false)));
        static_cast<void>(run(view.rename("/link", "/d", false)));
        static_cast<void>(run(view.rename("/d", "/link", false)));
        static_cast<void>(run(view.rename("/kept", "/d", false)));
      }
    });
    bool escaped = false;
    int inside = 0;
    for (int i = 0; i < rounds; ++i) {
      const auto file = run(view.open("/d/secret", for_reading, {}));
      if (!file) continue;
      const FileResult<std::string> text = s.try_read(**file, 0, 100);
      if (text && *text == "inside") ++inside;
      if (text && *text == "outside") escaped = true;
    }
    stop = true;
    swapper.join();
    CHECK_FALSE(escaped);
    CHECK(inside > 0);
  }
}

TEST_CASE("subdir file system: links that lead up and down again and again are a loop before they cost much") {
  class Counting final : public FileSystemWrapper {
   public:
    using FileSystemWrapper::FileSystemWrapper;
    Outcome<Files> subdirectory(std::string) override { co_return FileError::unsupported; }
    Outcome<sftp::Attributes> lstat(std::string path) override {
      ++calls;
      return inner->lstat(path);
    }
    int calls = 0;
  };
  const auto inner = std::make_shared<Counting>(memory());
  const Subject in(*inner);
  in.make_directory("/d");
  std::string zigzag;
  for (int i = 0; i < 700; ++i) zigzag += "d/../";
  in.succeeds(run(inner->symlink(zigzag + "d", "/0")));
  for (int i = 1; i < 30; ++i) {
    in.succeeds(run(inner->symlink(zigzag + std::to_string(i - 1), "/" + std::to_string(i))));
  }
  SubdirFileSystem files(inner, "/");
  const Subject s(files);
  CHECK(is_directory(s.stat("/3")));
  inner->calls = 0;
  s.fails(run(files.stat("/29")), FileError::loop);
  CHECK(inner->calls <= 16 * 1024);
}

TEST_CASE("subdir file system: reading and writing are those of the file beneath, without allocations") {
  const Files inner = sample(memory());
  SubdirFileSystem files(inner, "/sub");
  const Subject s(files);
  const auto file = s.open("/f", for_both);
  std::string back(6, ' ');
  const MutableBytes area{reinterpret_cast<std::uint8_t*>(back.data()), back.size()};
  const Bytes source = as_bytes("INSIDE");
  const AllocationCounter allocations;
  const auto written = file->try_write_at(0, std::span(&source, 1));
  const auto read = file->try_read_at(0, std::span(&area, 1));
  CHECK(allocations.count() == 0);
  REQUIRE(written);
  CHECK(*written);
  REQUIRE(read);
  CHECK(back == "INSIDE");
}
