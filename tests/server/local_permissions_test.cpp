// What the rights of the process let a LocalFileSystem do, and which mode bits it lets clients set.
#include <sys/stat.h>
#include <unistd.h>

#include "hawser/server/local_file_system.h"
#include "support/file_system_suite/subject.h"
#include "support/file_system_user.h"
#include "support/temporary_directory.h"

using namespace hawser;
using namespace hawser::test;
using server::LocalFileSystem;
using server::LocalOptions;

namespace {

// A directory of the user that FileSystemUser makes of this thread. Calls stay on this thread, for others have other
// rights.
class PermissionsFixture {
 public:
  explicit PermissionsFixture(LocalOptions options = {}) {
    options.blocking.slow_call = std::chrono::hours(1);
    if (::geteuid() == 0 && ::chown(root_.path().c_str(), FileSystemUser::nobody, FileSystemUser::nobody) != 0) {
      throw std::runtime_error("chown");
    }
    files_ = *LocalFileSystem::open(root_.path(), options);
  }
  server::FileSystem& files() { return *files_; }
  std::string operator/(const std::string& name) const { return root_ / name; }

 private:
  TemporaryDirectory root_;
  std::shared_ptr<LocalFileSystem> files_;
};

}  // namespace

TEST_CASE("local file system: what the user may not do is permission_denied") {
  for (const bool fallback : {false, true}) {
    CAPTURE(fallback);
    PermissionsFixture fixture({.force_fallback = fallback});
    const FileSystemUser user;
    const Subject s(fixture.files());
    s.put("/secret", "text");
    s.put("/fixed", "text");
    s.make_directory("/closed");
    s.put("/closed/f", "text");
    s.make_directory("/sealed");
    s.put("/sealed/f", "text");
    s.make_directory("/unreadable");
    s.succeeds(run(s.fs.set_attributes("/secret", with_permissions(0))));
    s.succeeds(run(s.fs.set_attributes("/fixed", with_permissions(0444))));
    s.succeeds(run(s.fs.set_attributes("/closed", with_permissions(0600))));
    s.succeeds(run(s.fs.set_attributes("/sealed", with_permissions(0500))));
    s.succeeds(run(s.fs.set_attributes("/unreadable", with_permissions(0300))));

    const FileError denied = FileError::permission_denied;
    s.fails(run(s.fs.open("/secret", for_reading, {})), denied);
    s.fails(run(s.fs.open("/fixed", for_writing, {})), denied);
    s.fails(run(s.fs.open("/fixed", {.read = true, .truncate = true}, {})), denied);
    s.fails(run(s.fs.set_attributes("/fixed", with_size(0))), denied);
    s.fails(run(s.fs.open("/sealed/new", to_make, {})), denied);
    s.fails(run(s.fs.remove("/sealed/f")), denied);
    s.fails(run(s.fs.rename("/sealed/f", "/f", false)), denied);
    s.fails(run(s.fs.rename("/fixed", "/sealed/g", false)), denied);
    s.fails(run(s.fs.make_directory("/sealed/d", {})), denied);
    s.fails(run(s.fs.symlink("f", "/sealed/l")), denied);
    s.fails(run(s.fs.open_directory("/unreadable")), denied);
    s.fails(run(s.fs.stat("/closed/f")), denied);
    s.fails(run(s.fs.lstat("/closed/f")), denied);
    s.fails(run(s.fs.open("/closed/f", for_reading, {})), denied);
    s.fails(run(s.fs.real_path("/closed/f")), denied);
    s.fails(run(s.fs.remove("/closed/f")), denied);
    CHECK(s.get("/fixed") == "text");
    CHECK(s.get("/sealed/f") == "text");
    // A directory that may be read but not searched: names are all there is to know.
    const auto entries = s.list("/closed");
    REQUIRE(entries.size() == 1);
    CHECK(entries[0].name == "f");
    CHECK(entries[0].attributes.empty());
    s.succeeds(run(s.fs.set_attributes("/closed", with_permissions(0700))));
    s.succeeds(run(s.fs.set_attributes("/secret", with_permissions(0600))));
    CHECK(s.get("/secret") == "text");
  }
}

TEST_CASE("local file system: what belongs to another user is left to that user") {
  if (::geteuid() != 0) return;  // nobody else can make a file of another user
  PermissionsFixture fixture;
  const Subject s(fixture.files());
  s.put("/root", "text");
  s.succeeds(run(s.fs.set_attributes("/root", with_permissions(0666))));
  const FileSystemUser user;
  s.put("/own", "text");
  Attributes to_root;
  to_root.owner = sftp::Owner{0, 0};
  s.fails(run(s.fs.set_attributes("/own", to_root)), FileError::permission_denied);
  s.fails(run(s.open("/own", for_writing)->set_attributes(to_root)), FileError::permission_denied);
  s.fails(run(s.fs.set_attributes("/root", with_permissions(0600))), FileError::permission_denied);
  s.fails(run(s.fs.set_attributes("/root", with_times(1, 2))), FileError::permission_denied);
  s.fails(run(s.open("/root", for_writing)->set_attributes(with_permissions(0600))), FileError::permission_denied);
  s.fails(run(s.open("/root", for_writing)->set_attributes(with_times(1, 2))), FileError::permission_denied);
  CHECK(s.stat("/own").owner->uid == FileSystemUser::nobody);
}

TEST_CASE("[defect 16] local file system: set-uid and set-gid cannot be set unless the owner of the server lets them") {
  for (const bool keep : {false, true}) {
    CAPTURE(keep);
    PermissionsFixture fixture({.keep_special_bits = keep});
    const FileSystemUser user;
    const Subject s(fixture.files());
    for (const std::uint32_t mode : {04755u, 02755u, 06755u}) {
      CAPTURE(mode);
      s.put("/f", "text");
      s.succeeds(run(s.fs.set_attributes("/f", with_permissions(0600))));
      const auto by_path = run(s.fs.set_attributes("/f", with_permissions(mode)));
      if (!keep) s.fails(by_path, FileError::permission_denied);
      CHECK(rights(s.stat("/f")) == (keep ? mode : 0600));
      s.succeeds(run(s.fs.set_attributes("/f", with_permissions(0600))));
      const auto by_handle = run(s.open("/f", for_writing)->set_attributes(with_permissions(mode)));
      if (!keep) s.fails(by_handle, FileError::permission_denied);
      CHECK(rights(s.stat("/f")) == (keep ? mode : 0600));
    }
    // What is made has them only where they are allowed; the rest of the mode counts.
    s.open("/made", to_make, with_permissions(06755));
    CHECK(rights(s.stat("/made")) == (keep ? 06755 : 0755));
    s.succeeds(run(s.fs.make_directory("/d", with_permissions(01755))));
    CHECK(rights(s.stat("/d")) == (keep ? 01755 : 0755));
    s.succeeds(run(s.fs.set_attributes("/d", with_permissions(01777))));
    CHECK(rights(s.stat("/d")) == 01777);
  }
}

TEST_CASE("[defect 16] local file system: set-uid that is there may stay or go, but not pass to another owner") {
  PermissionsFixture fixture;
  const FileSystemUser user;
  const Subject s(fixture.files());
  s.put("/f", "text");
  REQUIRE(::chmod((fixture / "f").c_str(), 04711) == 0);
  s.succeeds(run(s.fs.set_attributes("/f", with_permissions(04755))));
  CHECK(rights(s.stat("/f")) == 04755);
  s.fails(run(s.fs.set_attributes("/f", with_permissions(06755))), FileError::permission_denied);
  Attributes both = with_permissions(04755);
  both.owner = s.stat("/f").owner;
  s.fails(run(s.fs.set_attributes("/f", both)), FileError::permission_denied);
  CHECK(rights(s.stat("/f")) == 04755);
  s.succeeds(run(s.fs.set_attributes("/f", with_permissions(0755))));
  CHECK(rights(s.stat("/f")) == 0755);
  s.fails(run(s.fs.set_attributes("/f", with_permissions(04755))), FileError::permission_denied);
}

TEST_CASE("local file system: special bits that are there are shown") {
  PermissionsFixture fixture;
  const FileSystemUser user;
  const Subject s(fixture.files());
  s.put("/f", "text");
  REQUIRE(::chmod((fixture / "f").c_str(), 06711) == 0);
  CHECK(s.stat("/f").permissions == 0106711u);
  CHECK(s.lstat("/f").permissions == 0106711u);
}

TEST_CASE("local file system: new files follow the umask, that of the process and that of the options") {
  PermissionsFixture fixture({.umask = 0007});
  const FileSystemUser user;
  const Subject s(fixture.files());
  const mode_t before = ::umask(0022);
  s.open("/f", to_make, with_permissions(0777));
  s.open("/default", to_make);
  s.make_directory("/d");
  ::umask(before);
  CHECK(rights(s.stat("/f")) == 0750);
  CHECK(rights(s.stat("/default")) == 0640);
  CHECK(rights(s.stat("/d")) == 0750);
}
