// The suite of tests/support/backend_suite.h on an SFTPBackend, against our own server.
#include "support/backend_suite.h"

#include "client/backend_fixture.h"
#include "hawser/server/memory_file_system.h"

using namespace hawser;
using namespace hawser::test;

namespace {

// Each case has a folder of its own for its root, which it makes itself.
void run_suite(client::SFTPBackendOptions options) {
  int number = 0;
  for (const BackendCase& one : backend_cases()) {
    CAPTURE(one.name);
    options.base_path = "/case-" + std::to_string(++number);
    client::SFTPBackend backend(options);
    one.run(BackendSubject(backend));
  }
}

}  // namespace

TEST_CASE("backend suite: over a MemoryFileSystem") {
  BackendFixture fixture({}, std::make_shared<server::MemoryFileSystem>());
  run_suite(fixture.options());
}

TEST_CASE("backend suite: over a LocalFileSystem") {
  BackendFixture fixture;
  run_suite(fixture.options());
}

TEST_CASE("[SFTP-018] backend suite: on a server that has nothing beyond SFTP version 3, and renames onto nothing") {
  BackendFixture fixture({"posix-rename", "copy-data", "limits"});
  run_suite(fixture.options());
}
