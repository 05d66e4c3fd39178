// The suite of tests/support/file_system_suite.h on each file system of the library.
#include "support/file_system_suite.h"

#include "hawser/server/local_file_system.h"
#include "hawser/server/memory_file_system.h"
#include "support/temporary_directory.h"

using namespace hawser;
using namespace hawser::test;
using server::LocalFileSystem;
using server::LocalOptions;

namespace {

void run_suite_on_local(const LocalOptions& options) {
  for (const FileSystemCase& one : file_system_cases()) {
    CAPTURE(one.name);
    const TemporaryDirectory root;
    const auto files = LocalFileSystem::open(root.path(), options);
    REQUIRE(files);
    one.run(Subject(**files));
  }
}

}  // namespace

TEST_CASE("file systems: MemoryFileSystem passes the suite") {
  for (const FileSystemCase& one : file_system_cases()) {
    CAPTURE(one.name);
    server::MemoryFileSystem files;
    one.run(Subject(files));
  }
}

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
