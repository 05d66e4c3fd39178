// Names that go, change and point elsewhere: cases remove.*, rename.*, readlink.*, realpath.* of filexfer-02 §6.5,
// §6.10, §6.11.
#include "sftp_fixture.h"

namespace hawser::test {

namespace flags = sftp::open_flags;

TEST_CASE_FIXTURE(SftpFixture, "sftp remove.ok, remove.missing, remove.dir") {
  put("file", "");
  make_directory("dir");
  CHECK(status(sftp::Remove{.filename = "/file"}) == StatusCode::ok);
  CHECK_FALSE(exists("file"));
  CHECK(status(sftp::Remove{.filename = "/none"}) == StatusCode::no_such_file);
  CHECK(status(sftp::Remove{.filename = "/dir"}) == StatusCode::failure);
  CHECK(exists("dir"));
  CHECK(status(sftp::Remove{.filename = "/"}) == StatusCode::failure);
}

TEST_CASE_FIXTURE(SftpFixture, "[defect 2] sftp remove.link: REMOVE of a symbolic link removes the link only") {
  put("file", "abc");
  make_directory("dir");
  link("file", "link");
  link("dir", "to_dir");
  link("nowhere", "dangling");
  link("/etc/passwd", "outside");
  for (const char* name : {"/link", "/to_dir", "/dangling", "/outside"}) {
    CHECK(status(sftp::Remove{.filename = name}) == StatusCode::ok);
    CHECK_FALSE(exists(name));
  }
  CHECK(get("file") == "abc");
  CHECK(exists("dir"));
}

TEST_CASE_FIXTURE(SftpFixture, "sftp remove.perm: REMOVE in a directory that is not writable is PERMISSION_DENIED") {
  make_directory("fixed", 0555);
  put("fixed/file", "", 0666);
  start();
  const AsOrdinaryUser ordinary;
  CHECK(status(sftp::Remove{.filename = "/fixed/file"}) == StatusCode::permission_denied);
}

TEST_CASE_FIXTURE(SftpFixture, "sftp rename.ok, rename.missing, rename.dir") {
  put("file", "abc");
  make_directory("dir");
  put("dir/inner", "x");
  CHECK(status(sftp::Rename{.oldpath = "/file", .newpath = "/other"}) == StatusCode::ok);
  CHECK_FALSE(exists("file"));
  CHECK(get("other") == "abc");
  CHECK(status(sftp::Rename{.oldpath = "/none", .newpath = "/new"}) == StatusCode::no_such_file);
  CHECK(status(sftp::Rename{.oldpath = "/dir", .newpath = "/moved"}) == StatusCode::ok);
  CHECK(get("moved/inner") == "x");
}

TEST_CASE_FIXTURE(
    SftpFixture,
    "[defect 20] sftp rename.exists: RENAME onto an existing file fails, both unchanged; posix-rename replaces") {
  put("a", "aaa");
  put("b", "bbb");
  CHECK(status(sftp::Rename{.oldpath = "/a", .newpath = "/b"}) == StatusCode::failure);
  CHECK(get("a") == "aaa");
  CHECK(get("b") == "bbb");
  CHECK(status_extended(sftp::PosixRename{.oldpath = "/a", .newpath = "/b"}) == StatusCode::ok);
  CHECK_FALSE(exists("a"));
  CHECK(get("b") == "aaa");
}

TEST_CASE_FIXTURE(SftpFixture,
                  "[defect 20] sftp rename.exists.link: RENAME onto a dangling symbolic link fails, unchanged") {
  put("file", "abc");
  link("nowhere", "link");
  CHECK(status(sftp::Rename{.oldpath = "/file", .newpath = "/link"}) == StatusCode::failure);
  CHECK(get("file") == "abc");
  CHECK(sftp::is_symlink(attributes(sftp::Lstat{.path = "/link"})));
  CHECK_FALSE(exists("nowhere"));
}

TEST_CASE_FIXTURE(SftpFixture,
                  "sftp rename.dir.exists, rename.dir.self: a directory goes neither onto another nor into itself") {
  make_directory("a");
  make_directory("b");
  CHECK(status(sftp::Rename{.oldpath = "/a", .newpath = "/b"}) == StatusCode::failure);
  CHECK(status(sftp::Rename{.oldpath = "/a", .newpath = "/a/below"}) == StatusCode::failure);
  CHECK(status_extended(sftp::PosixRename{.oldpath = "/a", .newpath = "/a/below"}) == StatusCode::failure);
  CHECK(status(sftp::Rename{.oldpath = "/", .newpath = "/c"}) == StatusCode::failure);
  CHECK(exists("a"));
  CHECK(exists("b"));
}

TEST_CASE_FIXTURE(SftpFixture, "sftp rename.across: into another directory, and into a missing one") {
  put("file", "abc");
  make_directory("dir");
  CHECK(status(sftp::Rename{.oldpath = "/file", .newpath = "/none/file"}) == StatusCode::no_such_file);
  CHECK(status(sftp::Rename{.oldpath = "/file", .newpath = "/dir/file"}) == StatusCode::ok);
  CHECK(get("dir/file") == "abc");
}

TEST_CASE_FIXTURE(SftpFixture, "[defect 2] sftp rename.link: RENAME of a symbolic link renames the link itself") {
  put("file", "abc");
  link("file", "link");
  link("nowhere", "dangling");
  CHECK(status(sftp::Rename{.oldpath = "/link", .newpath = "/link2"}) == StatusCode::ok);
  CHECK(status(sftp::Rename{.oldpath = "/dangling", .newpath = "/dangling2"}) == StatusCode::ok);
  CHECK(sftp::is_symlink(attributes(sftp::Lstat{.path = "/link2"})));
  CHECK(sftp::is_symlink(attributes(sftp::Lstat{.path = "/dangling2"})));
  CHECK(get("file") == "abc");
}

TEST_CASE_FIXTURE(SftpFixture, "sftp rename.open: a handle stays usable after RENAME") {
  put("file", "abc");
  const std::string handle = open("/file", flags::read | flags::write);
  CHECK(status(sftp::Rename{.oldpath = "/file", .newpath = "/other"}) == StatusCode::ok);
  CHECK(read(handle, 0, 10) == "abc");
  CHECK(write(handle, 0, "X") == StatusCode::ok);
  CHECK(get("other") == "Xbc");
}

TEST_CASE_FIXTURE(SftpFixture, "sftp rename.case: RENAME that changes only the case") {
  put("file", "abc");
  CHECK(status(sftp::Rename{.oldpath = "/file", .newpath = "/FILE"}) == StatusCode::ok);
  CHECK(get("FILE") == "abc");
}

TEST_CASE_FIXTURE(SftpFixture, "sftp readlink.ok, readlink.file, readlink.missing") {
  link("some/where/else", "link");
  put("file", "");
  CHECK(name(ask(sftp::Readlink{.path = "/link"})) == "some/where/else");
  CHECK(status(sftp::Readlink{.path = "/file"}) == StatusCode::failure);
  CHECK(status(sftp::Readlink{.path = "/none"}) == StatusCode::no_such_file);
}

TEST_CASE_FIXTURE(SftpFixture, "sftp readlink.long: a target of 4000 bytes") {
  const std::string target(4000, 't');
  link(target, "link");
  CHECK(name(ask(sftp::Readlink{.path = "/link"})) == target);
}

TEST_CASE_FIXTURE(SftpFixture, "sftp symlink: the target comes first, as with OpenSSH, and is kept byte for byte") {
  CHECK(status(sftp::Symlink{.targetpath = "../some where", .linkpath = "/link"}) == StatusCode::ok);
  CHECK(name(ask(sftp::Readlink{.path = "/link"})) == "../some where");
  CHECK(status(sftp::Symlink{.targetpath = "x", .linkpath = "/link"}) == StatusCode::failure);
  CHECK(status(sftp::Symlink{.targetpath = "", .linkpath = "/empty"}) == StatusCode::bad_message);
  CHECK_FALSE(exists("empty"));
}

TEST_CASE_FIXTURE(SftpFixture, "sftp: SYMLINK of a client that keeps the draft's order (filexfer-02 §6.10)") {
  options.symlink_order = sftp::SymlinkOrder::link_first;
  // On the wire the first path is the link's, whatever the field is called.
  CHECK(status(sftp::Symlink{.targetpath = "/link", .linkpath = "target"}) == StatusCode::ok);
  CHECK(name(ask(sftp::Readlink{.path = "/link"})) == "target");
}

TEST_CASE_FIXTURE(SftpFixture, "sftp hardlink: two names for one file") {
  put("file", "abc");
  CHECK(status_extended(sftp::Hardlink{.oldpath = "/file", .newpath = "/second"}) == StatusCode::ok);
  CHECK(get("second") == "abc");
  CHECK(std::filesystem::hard_link_count(local("file")) == 2);
  CHECK(status_extended(sftp::Hardlink{.oldpath = "/file", .newpath = "/second"}) == StatusCode::failure);
  CHECK(status_extended(sftp::Hardlink{.oldpath = "/none", .newpath = "/third"}) == StatusCode::no_such_file);
}

TEST_CASE_FIXTURE(SftpFixture, "sftp fsync: stores what was written") {
  const std::string handle = open("/file", flags::write | flags::create);
  CHECK(write(handle, 0, "abc") == StatusCode::ok);
  CHECK(status_extended(sftp::Fsync{.handle = handle}) == StatusCode::ok);
}

TEST_CASE_FIXTURE(SftpFixture, "sftp realpath.*: an absolute, clean path") {
  make_directory("dir");
  make_directory("dir/sub");
  struct Row {
    const char* asked;
    const char* answer;
  };
  constexpr Row rows[] = {
      {".", "/"},                           // realpath.dot
      {"", "/"},                            // realpath.empty
      {"/", "/"},                           // realpath.root
      {"//", "/"},                          // realpath.slashes
      {"/..", "/"},                         // realpath.above
      {"/../../..", "/"},                   // realpath.above3
      {"/./.././", "/"},                    // realpath.above4
      {"/dir/./sub/../sub//", "/dir/sub"},  // realpath.clean
      {"dir/sub", "/dir/sub"},              // realpath.relative
      {"/dir/none", "/dir/none"},           // a name that is yet to be made
  };
  for (const Row& row : rows) {
    CAPTURE(row.asked);
    CHECK(name(ask(sftp::Realpath{.path = row.asked})) == row.answer);
  }
}

TEST_CASE_FIXTURE(SftpFixture, "sftp realpath.relative: below the start directory") {
  make_directory("home");
  make_directory("home/dir");
  options.start_directory = "/home";
  CHECK(name(ask(sftp::Realpath{.path = ""})) == "/home");
  CHECK(name(ask(sftp::Realpath{.path = "dir"})) == "/home/dir");
  CHECK(name(ask(sftp::Realpath{.path = ".."})) == "/");
  CHECK(name(ask_extended(sftp::ExpandPath{.path = "~/dir"})) == "/home/dir");
  CHECK(name(ask_extended(sftp::ExpandPath{.path = "~"})) == "/home");
  CHECK(status_extended(sftp::ExpandPath{.path = "~somebody"}) == StatusCode::no_such_file);
}

TEST_CASE_FIXTURE(SftpFixture, "sftp realpath.link: REALPATH resolves symbolic links") {
  make_directory("dir");
  put("dir/file", "");
  link("dir", "link");
  CHECK(name(ask(sftp::Realpath{.path = "/link/file"})) == "/dir/file");
  CHECK(name(ask(sftp::Realpath{.path = "/link"})) == "/dir");
}

}  // namespace hawser::test
