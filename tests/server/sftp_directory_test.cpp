// Directories: cases mkdir.*, rmdir.*, opendir.*, readdir.* of filexfer-02 §6.6, §6.7.
#include "sftp_fixture.h"

namespace hawser::test {

namespace flags = sftp::open_flags;

TEST_CASE_FIXTURE(SftpFixture, "sftp mkdir.ok, mkdir.mode: MKDIR, with permissions or without") {
  CHECK(status(sftp::Mkdir{.path = "/dir", .attrs = {}}) == StatusCode::ok);
  CHECK(mode("dir") == 0040755);
  CHECK(status(sftp::Mkdir{.path = "/own/", .attrs = permissions(0700)}) == StatusCode::ok);
  CHECK(mode("own") == 0040700);
}

TEST_CASE_FIXTURE(SftpFixture, "sftp mkdir.exists: MKDIR of what exists is FAILURE") {
  make_directory("dir", 0700);
  put("file", "abc");
  CHECK(status(sftp::Mkdir{.path = "/dir", .attrs = {}}) == StatusCode::failure);
  CHECK(status(sftp::Mkdir{.path = "/file", .attrs = {}}) == StatusCode::failure);
  CHECK(status(sftp::Mkdir{.path = "/", .attrs = {}}) == StatusCode::failure);
  CHECK(mode("dir") == 0040700);
  CHECK(get("file") == "abc");
}

TEST_CASE_FIXTURE(SftpFixture, "[defect 15] sftp mkdir.parent: MKDIR in a missing directory is NO_SUCH_FILE") {
  CHECK(status(sftp::Mkdir{.path = "/none/dir", .attrs = {}}) == StatusCode::no_such_file);
}

TEST_CASE_FIXTURE(SftpFixture, "[defect 15] sftp mkdir.perm: MKDIR without permission is PERMISSION_DENIED") {
  make_directory("fixed", 0555);
  start();
  const AsOrdinaryUser ordinary;
  CHECK(status(sftp::Mkdir{.path = "/fixed/dir", .attrs = {}}) == StatusCode::permission_denied);
}

TEST_CASE_FIXTURE(SftpFixture,
                  "sftp mkdir.dangling: MKDIR on a dangling symbolic link is FAILURE, its target is not made") {
  link("target", "link");
  CHECK(status(sftp::Mkdir{.path = "/link", .attrs = {}}) == StatusCode::failure);
  CHECK_FALSE(exists("target"));
}

TEST_CASE_FIXTURE(SftpFixture, "sftp rmdir.ok, rmdir.full, rmdir.missing") {
  make_directory("empty");
  make_directory("full");
  put("full/file", "abc");
  CHECK(status(sftp::Rmdir{.path = "/empty"}) == StatusCode::ok);
  CHECK_FALSE(exists("empty"));
  CHECK(status(sftp::Rmdir{.path = "/full"}) == StatusCode::failure);
  CHECK(get("full/file") == "abc");
  CHECK(status(sftp::Rmdir{.path = "/none"}) == StatusCode::no_such_file);
}

TEST_CASE_FIXTURE(SftpFixture, "sftp rmdir.file, rmdir.link: RMDIR of what is no directory fails and keeps it") {
  put("file", "abc");
  make_directory("dir");
  link("dir", "link");
  CHECK(status(sftp::Rmdir{.path = "/file"}) == StatusCode::failure);
  CHECK(status(sftp::Rmdir{.path = "/link"}) == StatusCode::failure);
  CHECK(exists("file"));
  CHECK(exists("link"));
  CHECK(exists("dir"));
}

TEST_CASE_FIXTURE(SftpFixture, "[defect 21] sftp rmdir: the root is never removed") {
  for (const std::string_view path : {"/", "", ".", "/..", "/x/.."}) {
    CHECK(status(sftp::Rmdir{.path = path}) == StatusCode::failure);
  }
  CHECK(sftp::is_directory(attributes(sftp::Stat{.path = "/"})));
}

TEST_CASE_FIXTURE(SftpFixture, "[defect 15] sftp opendir.missing, opendir.file: NO_SUCH_FILE, and failure") {
  put("file", "");
  CHECK(status(sftp::Opendir{.path = "/none"}) == StatusCode::no_such_file);
  CHECK(status(sftp::Opendir{.path = "/file"}) == StatusCode::failure);
}

TEST_CASE_FIXTURE(SftpFixture, "sftp opendir.perm: OPENDIR without read permission is PERMISSION_DENIED") {
  make_directory("closed", 0711);
  start();
  const AsOrdinaryUser ordinary;
  CHECK(status(sftp::Opendir{.path = "/closed"}) == StatusCode::permission_denied);
}

TEST_CASE_FIXTURE(SftpFixture, "sftp opendir.link: OPENDIR follows a symbolic link") {
  make_directory("dir");
  put("dir/file", "");
  link("dir", "link");
  CHECK(list("/link").contains("file"));
}

TEST_CASE_FIXTURE(
    SftpFixture, "[defect 18] sftp readdir.names: every name once, '.' and '..' among them, then EOF again and again") {
  put("a", "");
  make_directory("b");
  link("nowhere", "c");
  const auto names = list("/");
  CHECK(names.size() == 5);
  for (const char* name : {".", "..", "a", "b", "c"}) CHECK(names.contains(name));
}

TEST_CASE_FIXTURE(SftpFixture, "[defect 18] sftp readdir.attrs: the attributes are those of LSTAT") {
  put("file", "abc", 0640);
  link("file", "link");
  link("nowhere", "dangling");
  make_directory("dir", 0700);
  for (const auto& [name, listed] : list("/")) {
    if (name == "." || name == "..") continue;
    const sftp::Attributes expected = attributes(sftp::Lstat{.path = "/" + name});
    CHECK(listed.attributes.permissions == expected.permissions);
    CHECK(listed.attributes.size == expected.size);
    CHECK(listed.attributes.owner == expected.owner);
    CHECK(listed.attributes.times->mtime == expected.times->mtime);
  }
}

TEST_CASE_FIXTURE(SftpFixture, "[defect 18] sftp readdir: a link out of the root shows nothing of what lies there") {
  link("/etc/passwd", "escape");
  const auto names = list("/");
  CHECK(sftp::is_symlink(names.at("escape").attributes));
  CHECK(status(sftp::Stat{.path = "/escape"}) == StatusCode::no_such_file);
}

TEST_CASE_FIXTURE(SftpFixture, "sftp readdir.long, readdir.long.type: the longname looks like a line of ls -l") {
  put("file", "abcd", 0640);
  make_directory("dir", 0755);
  link("file", "link");
  REQUIRE(std::system(("mkfifo -m 600 " + local("fifo")).c_str()) == 0);
  const auto names = list("/");
  const std::string& file = names.at("file").longname;
  CHECK(file.starts_with("-rw-r-----"));
  CHECK(file.ends_with(" file"));
  CHECK(file.find(" 4 ") != std::string::npos);
  CHECK(names.at("dir").longname.starts_with("drwxr-xr-x"));
  CHECK(names.at("link").longname[0] == 'l');
  CHECK(names.at("fifo").longname.starts_with("prw-------"));
}

TEST_CASE_FIXTURE(
    SftpFixture,
    "[defect 19] sftp readdir.3000: 3000 entries with long names are all there, once, in replies of at most 256 KiB") {
  make_directory("many");
  for (int i = 0; i != 3000; ++i) put("many/" + std::to_string(i) + std::string(150, 'n'), "");
  CHECK(list("/many").size() == 3002);
}

TEST_CASE_FIXTURE(SftpFixture, "sftp readdir: a small reply size makes more replies and loses nothing") {
  options.name_reply_size = 1000;
  for (int i = 0; i != 50; ++i) put("name" + std::to_string(i), "");
  const std::string handle = opendir("/");
  std::size_t replies = 0, names = 0;
  while (const auto some = readdir(handle)) {
    ++replies;
    names += some->size();
  }
  CHECK(names == 52);
  CHECK(replies > 5);
}

TEST_CASE_FIXTURE(SftpFixture, "sftp readdir.two: two handles on one directory read it independently") {
  put("a", "");
  put("b", "");
  const std::string first = opendir("/"), second = opendir("/");
  const auto from_first = readdir(first);
  const auto from_second = readdir(second);
  REQUIRE(from_first);
  REQUIRE(from_second);
  CHECK(from_first->size() == 4);
  CHECK(from_second->size() == 4);
}

TEST_CASE_FIXTURE(SftpFixture, "sftp readdir.root: the root lists something") { CHECK(list("/").contains(".")); }

}  // namespace hawser::test
