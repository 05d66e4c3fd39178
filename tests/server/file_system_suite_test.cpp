// The suite of tests/support/file_system_suite.h on each file system of the library, and on stacks of them.
#include "support/file_system_suite.h"

#include "hawser/server/local_file_system.h"
#include "hawser/server/mount_file_system.h"
#include "hawser/server/quota_file_system.h"
#include "hawser/server/read_only_file_system.h"
#include "hawser/server/subdir_file_system.h"
#include "inner_file_systems.h"
#include "support/temporary_directory.h"

using namespace hawser;
using namespace hawser::test;
using server::LocalFileSystem;
using server::LocalOptions;
using server::MemoryFileSystem;
using server::MountFileSystem;
using server::QuotaFileSystem;
using server::SubdirFileSystem;

namespace {

// Each case gets what `make` gives.
template <class Make>
void run_suite(Make make) {
  for (const FileSystemCase& one : file_system_cases()) {
    CAPTURE(one.name);
    const Files files = make();
    one.run(Subject(*files));
  }
}

void run_suite_on_local(const LocalOptions& options) {
  for (const FileSystemCase& one : file_system_cases()) {
    CAPTURE(one.name);
    const TemporaryDirectory root;
    const auto files = LocalFileSystem::open(root.path(), options);
    REQUIRE(files);
    one.run(Subject(**files));
  }
}

// With a directory, and things around it that a view of it must not touch.
Files memory_with(const std::string& directory) {
  Files files = memory();
  const Subject s(*files);
  s.put("/f", "not in the view");
  for (std::size_t at = directory.find('/', 1);; at = directory.find('/', at + 1)) {
    s.make_directory(directory.substr(0, at));
    if (at == std::string::npos) break;
  }
  return files;
}

Files with_quota(Files files) {
  // More than any file of the suite is long.
  return *QuotaFileSystem::create_now(std::move(files), {.bytes = std::uint64_t{1} << 62, .files = 1'000'000});
}

}  // namespace

TEST_CASE("file systems: MemoryFileSystem passes the suite") { run_suite(memory); }

TEST_CASE("file systems: LocalFileSystem passes the suite, paths resolved by the kernel") { run_suite_on_local({}); }

TEST_CASE("file systems: LocalFileSystem passes the suite, paths resolved by component") {
  run_suite_on_local({.force_fallback = true});
}

TEST_CASE("file systems: LocalFileSystem passes the suite, every call on a thread") {
  LocalOptions options;
  options.blocking.slow_call = {};
  options.threads = std::make_shared<server::FileThreads>(2);
  run_suite_on_local(options);
}

TEST_CASE("file systems: SubdirFileSystem passes the suite on a directory in memory") {
  run_suite([] { return std::make_shared<SubdirFileSystem>(memory_with("/home/alice"), "/home/alice/"); });
}

TEST_CASE("file systems: SubdirFileSystem passes the suite where it looks up the links itself") {
  run_suite([] {
    return std::make_shared<SubdirFileSystem>(std::make_shared<WithoutViews>(memory_with("/home/alice")), "home/alice");
  });
}

TEST_CASE("file systems: SubdirFileSystem passes the suite on a local directory") {
  for (const FileSystemCase& one : file_system_cases()) {
    CAPTURE(one.name);
    const TemporaryDirectory root;
    const auto local = *LocalFileSystem::open(root.path());
    Subject(*local).make_directory("/sub");
    SubdirFileSystem files(local, "/sub");
    one.run(Subject(files));
  }
}

TEST_CASE("file systems: MountFileSystem passes the suite, mounted at the root") {
  run_suite([] { return *MountFileSystem::create({{"/", memory()}}); });
}

TEST_CASE("file systems: MountFileSystem passes the suite below a mount point") {
  run_suite([] {
    const Files tree = *MountFileSystem::create({{"/a/b", memory()}, {"/a/b/c", memory()}, {"/f", memory()}});
    return std::make_shared<SubdirFileSystem>(tree, "/a/b/c");
  });
}

TEST_CASE("file systems: MountFileSystem passes the suite in a directory that the view looks up itself") {
  run_suite([] {
    const Files tree = *MountFileSystem::create({{"/", memory_with("/d")}, {"/x", memory()}});
    return std::make_shared<SubdirFileSystem>(std::make_shared<WithoutViews>(tree), "/d");
  });
}

TEST_CASE("file systems: QuotaFileSystem passes the suite in memory") {
  run_suite([] { return with_quota(memory()); });
}

TEST_CASE("file systems: QuotaFileSystem passes the suite on local files, at once and on threads") {
  for (const auto slow_call : {std::chrono::hours(1), std::chrono::hours(0)}) {
    LocalOptions options;
    options.blocking.slow_call = slow_call;
    options.threads = std::make_shared<server::FileThreads>(2);
    for (const FileSystemCase& one : file_system_cases()) {
      CAPTURE(one.name);
      const TemporaryDirectory root;
      const Files files = with_quota(*LocalFileSystem::open(root.path(), options));
      one.run(Subject(*files));
    }
  }
}

TEST_CASE("file systems: a stack of all passes the suite") {
  run_suite([] {
    const Files tree = *MountFileSystem::create({{"/", memory()}, {"/m", with_quota(memory_with("/home"))}});
    return std::make_shared<SubdirFileSystem>(tree, "/m/home");
  });
}

TEST_CASE("file systems: after each case a quota has counted what a count from scratch finds") {
  for (const FileSystemCase& one : file_system_cases()) {
    CAPTURE(one.name);
    const Files files = memory();
    const auto first = *QuotaFileSystem::create_now(files, {});
    one.run(Subject(*first));
    const auto second = *QuotaFileSystem::create_now(files, {});
    CHECK(first->used_bytes() == second->used_bytes());
    CHECK(first->used_files() == second->used_files());
  }
}
