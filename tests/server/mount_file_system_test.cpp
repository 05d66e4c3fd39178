// What is particular to MountFileSystem: the table, made-up directories, and the borders between file systems.
#include "hawser/server/mount_file_system.h"

#include <set>

#include "hawser/server/read_only_file_system.h"
#include "inner_file_systems.h"
#include "support/file_system_suite/subject.h"

using namespace hawser;
using namespace hawser::test;
using server::MemoryFileSystem;
using server::MountFileSystem;

namespace {

Files with_file(const std::string& text) {
  Files files = memory();
  Subject(*files).put("/f", text);
  return files;
}

std::set<std::string> names(const Subject& s, const std::string& path) {
  std::set<std::string> all;
  for (const server::DirectoryEntry& entry : s.list(path)) CHECK(all.insert(entry.name).second);
  return all;
}

using Names = std::set<std::string>;

struct MountFixture {
  Files a = with_file("in a");
  Files b = with_file("in b");
  std::shared_ptr<MountFileSystem> files = *MountFileSystem::create({{"/a", a}, {"/deep/er/b", b}});
  Subject s{*files};
};

}  // namespace

TEST_CASE("mount file system: a table that makes no sense is refused") {
  const Files files = with_file("");
  CHECK(MountFileSystem::create({{"a", files}}).error() == Error(Errc::invalid_argument));
  CHECK(MountFileSystem::create({{"", files}}).error() == Error(Errc::invalid_argument));
  CHECK(MountFileSystem::create({{"/a", nullptr}}).error() == Error(Errc::invalid_argument));
  CHECK(MountFileSystem::create({{"/a", files}, {"//a/./", files}}).error() == Error(Errc::invalid_argument));
  CHECK(MountFileSystem::create({{"/a", files}, {"/b/../a", files}}).error() == Error(Errc::invalid_argument));
  CHECK(MountFileSystem::create({{"/a", files}, {"/a/b", files}, {"/", files}}));
}

TEST_CASE("mount file system: with no mounts there is an empty root that cannot be changed") {
  const auto files = *MountFileSystem::create({});
  const Subject s(*files);
  CHECK(is_directory(s.stat("/")));
  CHECK(s.list("/").empty());
  s.fails(run(files->make_directory("/d", {})), FileError::permission_denied);
}

TEST_CASE_FIXTURE(MountFixture, "mount file system: each path goes to the file system that is mounted above it") {
  CHECK(s.get("/a/f") == "in a");
  CHECK(s.get("/deep/er/b/f") == "in b");
  s.put("/deep/er/b/g", "new");
  CHECK(Subject(*b).get("/g") == "new");
  s.fails(run(files->stat("/f")), FileError::not_found);
  s.fails(run(files->stat("/deep/f")), FileError::not_found);
  s.fails(run(files->stat("/ab")), FileError::not_found);
}

TEST_CASE_FIXTURE(MountFixture, "mount file system: directories on the way are made up, and list what leads on") {
  CHECK(names(s, "/") == Names{"a", "deep"});
  CHECK(names(s, "/deep") == Names{"er"});
  CHECK(names(s, "/deep/er") == Names{"b"});
  for (const char* path : {"/", "/deep", "/deep/er"}) {
    CHECK(s.stat(path).permissions == (sftp::file_mode::directory | 0555));
    CHECK(s.lstat(path) == s.stat(path));
    CHECK(s.value(run(files->real_path(path))) == path);
  }
  for (const server::DirectoryEntry& entry : s.list("/")) CHECK(entry.attributes == s.stat("/" + entry.name));
}

TEST_CASE_FIXTURE(MountFixture, "mount file system: nothing can be made in a made-up directory") {
  for (const char* path : {"/new", "/deep/new"}) {
    s.fails(run(files->open(path, to_make, {})), FileError::permission_denied);
    s.fails(run(files->open(path, for_reading, {})), FileError::not_found);
    s.fails(run(files->make_directory(path, {})), FileError::permission_denied);
    s.fails(run(files->symlink("a", path)), FileError::permission_denied);
    s.fails(run(files->rename("/a/f", path, true)), FileError::permission_denied);
    s.fails(run(files->hard_link("/a/f", path)), FileError::permission_denied);
  }
  s.fails(run(files->make_directory("/no/new", {})), FileError::parent_missing);
  s.fails(run(files->set_attributes("/deep", with_permissions(0777))), FileError::permission_denied);
  s.fails(run(files->set_attributes("/deep", with_size(0))), FileError::wrong_type);
  CHECK(s.get("/a/f") == "in a");
}

TEST_CASE_FIXTURE(MountFixture, "mount file system: mount points and the way to them stay") {
  for (const char* path : {"/a", "/deep", "/deep/er", "/deep/er/b"}) {
    CAPTURE(path);
    s.fails(run(files->remove_directory(path)), FileError::busy);
    s.fails(run(files->remove(path)), FileError::wrong_type);
    s.fails(run(files->rename(path, "/a/x", false)), FileError::busy);
    s.fails(run(files->rename("/a/f", path, true)), FileError::busy);
    s.fails(run(files->rename("/a/f", path, false)), FileError::already_exists);
    s.fails(run(files->make_directory(path, {})), FileError::already_exists);
    s.fails(run(files->symlink("f", path)), FileError::already_exists);
    s.fails(run(files->hard_link("/a/f", path)), FileError::already_exists);
    s.fails(run(files->hard_link(path, "/a/x")), FileError::permission_denied);
    s.fails(run(files->open(path, to_overwrite, {})), FileError::wrong_type);
    s.fails(run(files->read_link(path)), FileError::wrong_type);
  }
}

TEST_CASE_FIXTURE(MountFixture, "mount file system: nothing is renamed or linked from one file system to another") {
  for (const bool replace : {false, true}) {
    s.fails(run(files->rename("/a/f", "/deep/er/b/g", replace)), FileError::cross_device);
    s.fails(run(files->rename("/a/no", "/deep/er/b/g", replace)), FileError::not_found);
  }
  s.fails(run(files->hard_link("/a/f", "/deep/er/b/g")), FileError::cross_device);
  s.fails(run(files->hard_link("/a/no", "/deep/er/b/g")), FileError::not_found);
  s.succeeds(run(files->rename("/a/f", "/a/g", false)));
  s.succeeds(run(files->hard_link("/a/g", "/a/h")));
  CHECK(s.get("/a/h") == "in a");
  // The same one twice: two mounts are two file systems, as with mount(8) --bind.
  const auto twice = *MountFileSystem::create({{"/x", a}, {"/y", a}});
  s.fails(run(twice->rename("/x/g", "/y/z", false)), FileError::cross_device);
}

TEST_CASE_FIXTURE(MountFixture, "mount file system: links stay in their file system") {
  s.succeeds(run(files->symlink("/f", "/a/absolute")));
  s.succeeds(run(files->symlink("../../deep/er/b/f", "/a/relative")));
  CHECK(s.get("/a/absolute") == "in a");
  s.fails(run(files->stat("/a/relative")), FileError::not_found);
  CHECK(s.value(run(files->real_path("/a/absolute"))) == "/a/f");
}

TEST_CASE("mount file system: a file system at the root is seen around the mount points, which hide what they cover") {
  const Files root = with_file("in root");
  const Subject r(*root);
  r.make_directory("/m");
  r.put("/m/hidden", "");
  r.make_directory("/way");
  r.put("/way/own", "own");
  r.put("/odd", "a file where the way leads");
  const auto files = *MountFileSystem::create({{"/", root},
                                               {"/m", with_file("in m")},
                                               {"/way/to", with_file("in to")},
                                               {"/odd/x", with_file("in x")},
                                               {"/m/n", with_file("in n")}});
  const Subject s(*files);
  CHECK(names(s, "/") == Names{"f", "m", "odd", "way"});
  CHECK(names(s, "/m") == Names{"f", "n"});
  CHECK(names(s, "/way") == Names{"own", "to"});
  CHECK(names(s, "/odd") == Names{"x"});
  CHECK(s.get("/f") == "in root");
  CHECK(s.get("/m/f") == "in m");
  CHECK(s.get("/m/n/f") == "in n");
  CHECK(s.get("/way/to/f") == "in to");
  CHECK(is_directory(s.stat("/odd")));
  s.put("/way/new", "text");
  CHECK(r.get("/way/new") == "text");
  s.fails(run(files->open("/odd/new", to_make, {})), FileError::permission_denied);
  s.fails(run(files->stat("/m/hidden")), FileError::not_found);
  s.fails(run(files->rename("/way", "/elsewhere", false)), FileError::busy);
  s.fails(run(files->remove_directory("/way")), FileError::busy);
  CHECK(s.value(run(files->real_path("/way/to"))) == "/way/to");
  CHECK(s.value(run(files->real_path("/m/n/f"))) == "/m/n/f");
}

TEST_CASE("mount file system: a batch of nothing but hidden names does not end the listing") {
  const Files root = memory();
  std::vector<server::Mount> mounts{{"/", root}};
  for (int i = 0; i < 20; ++i) {
    Subject(*root).put("/" + std::to_string(10 + i), "");
    mounts.push_back({"/" + std::to_string(10 + i), with_file("")});
  }
  Subject(*root).put("/z", "");
  const auto files = *MountFileSystem::create(mounts);
  CHECK(Subject(*files).list("/", 3).size() == 21);
}

TEST_CASE("mount file system: statistics and features are those of what is mounted") {
  const Files small = std::make_shared<MemoryFileSystem>(server::MemoryOptions{.quota = 1 << 20});
  const auto files = *MountFileSystem::create(
      {{"/small", small}, {"/fixed", std::make_shared<server::ReadOnlyFileSystem>(with_file(""))}});
  const Subject s(*files);
  const sftp::FileSystemStatistics inside = s.value(run(files->statistics("/small")));
  CHECK(inside.f_blocks * inside.f_frsize == 1 << 20);
  CHECK((s.value(run(files->statistics("/fixed/f"))).f_flag & sftp::FileSystemStatistics::read_only_flag) != 0);
  const sftp::FileSystemStatistics made_up = s.value(run(files->statistics("/")));
  CHECK(made_up.f_blocks == 0);
  CHECK(made_up.f_flag == sftp::FileSystemStatistics::read_only_flag);
  s.fails(run(files->statistics("/no")), FileError::not_found);
  CHECK_FALSE(files->features().read_only);
  CHECK(files->features().symlinks);
  const auto fixed = *MountFileSystem::create({{"/x", std::make_shared<server::ReadOnlyFileSystem>(with_file(""))}});
  CHECK(fixed->features().read_only);
}

TEST_CASE("mount file system: a mount whose root has gone is still listed, and fails for itself only") {
  class Gone final : public FileSystemWrapper {
   public:
    using FileSystemWrapper::FileSystemWrapper;
    Outcome<sftp::Attributes> stat(std::string) override { co_return FileError::not_found; }
    Outcome<std::unique_ptr<server::Directory>> open_directory(std::string) override { co_return FileError::not_found; }
  };
  const auto files =
      *MountFileSystem::create({{"/gone", std::make_shared<Gone>(with_file(""))}, {"/a", with_file("a")}});
  const Subject s(*files);
  CHECK(names(s, "/") == Names{"a", "gone"});
  s.fails(run(files->open_directory("/gone")), FileError::not_found);
  CHECK(s.get("/a/f") == "a");
}

TEST_CASE("mount file system: a directory that cannot be read beneath mount points is not listed as if it were empty") {
  class Failing final : public FileSystemWrapper {
   public:
    Failing(Files files, FileError error) : FileSystemWrapper(std::move(files)), error_(error) {}
    Outcome<std::unique_ptr<server::Directory>> open_directory(std::string) override { co_return error_; }

   private:
    const FileError error_;
  };
  for (const FileError error : {FileError::too_many_open, FileError::permission_denied, FileError::failed}) {
    const Files root = std::make_shared<Failing>(with_file("in root"), error);
    const auto files = *MountFileSystem::create({{"/", root}, {"/way/to", with_file("in to")}});
    Subject(*files).fails(run(files->open_directory("/way")), error);
    Subject(*files).fails(run(files->open_directory("/")), error);
  }
  for (const FileError error : {FileError::not_found, FileError::wrong_type}) {
    const Files root = std::make_shared<Failing>(with_file("in root"), error);
    const auto files = *MountFileSystem::create({{"/", root}, {"/way/to", with_file("in to")}});
    CHECK(names(Subject(*files), "/way") == Names{"to"});
  }
}

TEST_CASE("mount file system: a directory that gives hidden names for ever is an error, not a busy server") {
  class Endless final : public server::Directory {
   public:
    server::Awaitable<FileResult<std::vector<server::DirectoryEntry>>> next(std::size_t) override {
      co_return std::vector<server::DirectoryEntry>{{"m", {}, 1}};
    }
  };
  class Root final : public FileSystemWrapper {
   public:
    using FileSystemWrapper::FileSystemWrapper;
    Outcome<std::unique_ptr<server::Directory>> open_directory(std::string) override {
      std::unique_ptr<server::Directory> directory = std::make_unique<Endless>();
      co_return directory;
    }
  };
  const auto files = *MountFileSystem::create({{"/", std::make_shared<Root>(with_file(""))}, {"/m", with_file("")}});
  const Subject s(*files);
  const auto directory = s.value(run(files->open_directory("/")));
  CHECK(s.value(run(directory->next(10))).size() == 1);
  s.fails(run(directory->next(10)), FileError::failed);
}
