// SETSTAT of several attributes: all of them, or none (defect 16).
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <optional>

#include "hawser/server/local_file_system.h"
#include "support/file_system_suite/subject.h"
#include "support/file_system_user.h"
#include "support/temporary_directory.h"

using namespace hawser;
using namespace hawser::test;
using server::LocalFileSystem;

namespace {

// No file may grow past `limit` meanwhile.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t limit) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    handler_ = ::signal(SIGXFSZ, SIG_IGN);
    rlimit small = before_;
    small.rlim_cur = limit;
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int) = nullptr;
};

// Calls stay on this thread, whose rights change.
struct AttributeFixture {
  explicit AttributeFixture(bool root_owned = false) {
    server::LocalOptions options;
    options.blocking.slow_call = std::chrono::hours(1);
    if (::geteuid() == 0 && !root_owned) {
      REQUIRE(::chown(root.path().c_str(), FileSystemUser::nobody, FileSystemUser::nobody) == 0);
    }
    files = *LocalFileSystem::open(root.path(), options);
  }
  // By path, then by handle.
  template <class Check>
  void change(const Attributes& attributes, Check check) {
    const Subject s(*files);
    for (const bool by_handle : {false, true}) {
      CAPTURE(by_handle);
      const auto file = s.open("/f", for_writing);
      check(by_handle ? run(file->set_attributes(attributes)) : run(files->set_attributes("/f", attributes)));
    }
  }
  TemporaryDirectory root;
  std::shared_ptr<LocalFileSystem> files;
};

}  // namespace

TEST_CASE("[defect 16] local file system: when the size cannot be set, permissions and times are as before") {
  AttributeFixture fixture;
  const FileSystemUser user;
  const Subject s(*fixture.files);
  s.put("/f", "text");
  Attributes before = with_times(1000, 2000);
  before.permissions = 0644;
  s.succeeds(run(fixture.files->set_attributes("/f", before)));
  Attributes asked = with_times(3000, 4000);
  asked.permissions = 0600;
  asked.size = 5000;
  const FileSizeLimit limit(1000);
  fixture.change(asked, [&](const FileResult<void>& changed) {
    s.fails(changed, FileError::no_space);
    CHECK(rights(s.stat("/f")) == 0644);
    CHECK(s.stat("/f").times == sftp::FileTimes{1000, 2000});
    CHECK(s.stat("/f").size == 4u);
  });
  asked.size = UINT64_MAX;
  fixture.change(asked, [&](const FileResult<void>& changed) {
    s.fails(changed, FileError::no_space);
    CHECK(rights(s.stat("/f")) == 0644);
  });
}

TEST_CASE(
    "[defect 16] local file system: an owner that cannot be set leaves size, permissions and times as they were") {
  AttributeFixture fixture;
  const FileSystemUser user;
  const Subject s(*fixture.files);
  s.put("/f", "text");
  s.succeeds(run(fixture.files->set_attributes("/f", with_times(1000, 2000))));
  const Attributes before = s.stat("/f");
  Attributes asked = with_times(3000, 4000);
  asked.permissions = 0600;
  asked.size = 1;
  asked.owner = sftp::Owner{0, 0};
  fixture.change(asked, [&](const FileResult<void>& changed) {
    s.fails(changed, FileError::permission_denied);
    CHECK(s.stat("/f") == before);
  });
}

TEST_CASE("[defect 16] local file system: somebody else's file is not cut where its times cannot be set") {
  if (::geteuid() != 0) {
    MESSAGE("skipped: needs root, to make a file of another user");
    return;
  }
  AttributeFixture fixture;
  const Subject s(*fixture.files);
  s.put("/f", "text");
  s.succeeds(run(fixture.files->set_attributes("/f", with_permissions(0666))));
  const FileSystemUser user;
  const Attributes before = s.stat("/f");
  Attributes asked = with_times(3000, 4000);
  asked.size = 1;
  fixture.change(asked, [&](const FileResult<void>& changed) {
    s.fails(changed, FileError::permission_denied);
    CHECK(s.stat("/f") == before);
  });
}

TEST_CASE("[defect 16] local file system: a change of the owner is taken back, with the set-uid bit that it clears") {
  if (::geteuid() != 0) {
    MESSAGE("skipped: needs root, to give a file away");
    return;
  }
  AttributeFixture fixture(true);
  const Subject s(*fixture.files);
  s.put("/f", "text");
  REQUIRE(::chmod((fixture.root / "f").c_str(), 04755) == 0);
  const Attributes before = s.stat("/f");
  Attributes asked;
  asked.owner = sftp::Owner{FileSystemUser::nobody, FileSystemUser::nobody};
  asked.size = 5000;
  const FileSizeLimit limit(1000);
  fixture.change(asked, [&](const FileResult<void>& changed) {
    s.fails(changed, FileError::no_space);
    CHECK(s.stat("/f") == before);
  });
}
