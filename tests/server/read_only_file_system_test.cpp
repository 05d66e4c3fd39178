#include "hawser/server/read_only_file_system.h"

#include "hawser/server/memory_file_system.h"
#include "support/file_system_suite/subject.h"

using namespace hawser;
using namespace hawser::test;

namespace {

std::shared_ptr<server::MemoryFileSystem> sample() {
  auto files = std::make_shared<server::MemoryFileSystem>();
  const Subject s(*files);
  s.make_directory("/d");
  s.put("/d/f", "text");
  s.succeeds(run(s.fs.symlink("d/f", "/link")));
  return files;
}

}  // namespace

TEST_CASE("[CVE-2017-15906] read-only file system: no combination of open bits changes or makes anything") {
  const auto inner = sample();
  server::ReadOnlyFileSystem files(inner);
  const Subject s(files);
  for (unsigned bits = 0; bits < 64; ++bits) {
    CAPTURE(bits);
    const OpenMode mode{.read = (bits & 1) != 0,
                        .write = (bits & 2) != 0,
                        .append = (bits & 4) != 0,
                        .create = (bits & 8) != 0,
                        .truncate = (bits & 16) != 0,
                        .exclusive = (bits & 32) != 0};
    for (const char* path : {"/d/f", "/link", "/new", "/d", "/no/f"}) {
      const auto opened = run(files.open(path, mode, {}));
      if (bits > 1) s.fails(opened, FileError::read_only);
    }
  }
  CHECK(Subject(*inner).get("/d/f") == "text");
  CHECK(Subject(*inner).list("/").size() == 2);
}

TEST_CASE("read-only file system: every change is refused, whether or not it would have worked") {
  const auto inner = sample();
  server::ReadOnlyFileSystem files(inner);
  const Subject s(files);
  const FileError refused = FileError::read_only;
  for (const char* path : {"/d/f", "/d", "/new", "/no/x"}) {
    s.fails(run(files.remove(path)), refused);
    s.fails(run(files.remove_directory(path)), refused);
    s.fails(run(files.make_directory(path, {})), refused);
    s.fails(run(files.rename(path, "/x", true)), refused);
    s.fails(run(files.set_attributes(path, with_permissions(0))), refused);
    s.fails(run(files.set_link_attributes(path, with_permissions(0))), refused);
    s.fails(run(files.symlink("f", path)), refused);
    s.fails(run(files.hard_link("/d/f", path)), refused);
  }
  const auto file = s.open("/d/f", for_reading);
  const Bytes area = as_bytes("x");
  s.fails(run(file->write_at(0, std::span(&area, 1))), refused);
  const auto at_once = file->try_write_at(0, std::span(&area, 1));
  REQUIRE(at_once);
  s.fails(*at_once, refused);
  s.fails(run(file->set_attributes(with_times(1, 2))), refused);
  CHECK(Subject(*inner).get("/d/f") == "text");
}

TEST_CASE("read-only file system: everything can be read") {
  server::ReadOnlyFileSystem files(sample());
  const Subject s(files);
  CHECK(s.get("/link") == "text");
  CHECK(s.list("/").size() == 2);
  CHECK(is_regular(s.stat("/link")));
  CHECK(is_symlink(s.lstat("/link")));
  CHECK(s.value(run(files.read_link("/link"))) == "d/f");
  CHECK(s.value(run(files.real_path("/link"))) == "/d/f");
  const auto file = s.open("/d/f", for_reading);
  CHECK(s.value(run(file->attributes())).size == 4u);
  CHECK((s.value(run(files.statistics("/"))).f_flag & sftp::FileSystemStatistics::read_only_flag) != 0);
  CHECK((s.value(run(file->statistics())).f_flag & sftp::FileSystemStatistics::read_only_flag) != 0);
  s.succeeds(run(file->close()));
  CHECK(files.features().read_only);
  CHECK(files.features().symlinks);
}

TEST_CASE("read-only file system: an open directory cannot be changed either") {
  const auto inner = std::make_shared<server::MemoryFileSystem>();
  Subject(*inner).make_directory("/d");
  server::ReadOnlyFileSystem files(inner);
  const Subject s(files);
  const auto directory = s.value(run(files.open_directory("/d")));
  CHECK(s.value(run(directory->attributes())) == s.stat("/d"));
  s.fails(run(directory->set_attributes(with_permissions(0700))), FileError::read_only);
  CHECK(s.value(run(directory->next(5))).empty());
}
