// Opening files: cases open.* of filexfer-02 §6.3.
#include "sftp_fixture.h"

namespace hawser::test {

namespace flags = sftp::open_flags;

TEST_CASE_FIXTURE(SftpFixture, "sftp open.missing: READ of a missing file is NO_SUCH_FILE") {
  CHECK(open_status("/none", flags::read) == StatusCode::no_such_file);
}

TEST_CASE_FIXTURE(SftpFixture, "sftp open.missing.write: WRITE without CREAT of a missing file makes nothing") {
  CHECK(open_status("/none", flags::write) == StatusCode::no_such_file);
  CHECK(open_status("/none", flags::read | flags::write) == StatusCode::no_such_file);
  CHECK_FALSE(exists("none"));
}

TEST_CASE_FIXTURE(SftpFixture, "[defect 9] sftp open.creat: CREAT makes an empty file") {
  close(open("/new", flags::write | flags::create));
  CHECK(get("new").empty());
  close(open("/new2", flags::read | flags::create));  // each flag for itself
  CHECK(get("new2").empty());
  close(open("/new3", flags::read | flags::write | flags::create));
  CHECK(get("new3").empty());
}

TEST_CASE_FIXTURE(SftpFixture, "[defect 10] sftp open.creat.mode: CREAT uses the permissions attribute") {
  close(open("/new", flags::write | flags::create, permissions(0600)));
  CHECK(mode("new") == 0100600);
}

TEST_CASE_FIXTURE(SftpFixture,
                  "[hook get_file_permissions] sftp open.creat: without permissions get_file_permissions decides") {
  close(open("/new", flags::write | flags::create));
  CHECK(mode("new") == 0100644);
}

TEST_CASE_FIXTURE(SftpFixture, "sftp open.creat.mode0400: the handle of a new file is writable whatever its mode") {
  const std::string handle = open("/new", flags::write | flags::create, permissions(0400));
  CHECK(write(handle, 0, "data") == StatusCode::ok);
  CHECK(close(handle) == StatusCode::ok);
  CHECK(mode("new") == 0100400);
  CHECK(get("new") == "data");
}

TEST_CASE_FIXTURE(SftpFixture, "[defect 9] sftp open.creat.exists: CREAT of an existing file keeps contents and mode") {
  put("file", "contents", 0640);
  close(open("/file", flags::write | flags::create, permissions(0600)));
  CHECK(get("file") == "contents");
  CHECK(mode("file") == 0100640);
}

TEST_CASE_FIXTURE(SftpFixture, "[defect 9] sftp open.excl.exists: CREAT and EXCL of an existing file fail") {
  put("file", "contents");
  CHECK(open_status("/file", flags::write | flags::create | flags::exclusive) == StatusCode::failure);
  CHECK(open_status("/file", flags::read | flags::write | flags::create | flags::exclusive) == StatusCode::failure);
  CHECK(open_status("/file", flags::write | flags::create | flags::exclusive | flags::truncate) == StatusCode::failure);
  CHECK(get("file") == "contents");
}

TEST_CASE_FIXTURE(SftpFixture, "sftp open.excl.new: CREAT and EXCL make a new file") {
  close(open("/new", flags::write | flags::create | flags::exclusive));
  CHECK(exists("new"));
}

TEST_CASE_FIXTURE(SftpFixture, "[defect 9] sftp open.trunc: TRUNC empties an existing file") {
  put("file", "contents");
  SUBCASE("with CREAT") { close(open("/file", flags::write | flags::create | flags::truncate)); }
  SUBCASE("without CREAT") { close(open("/file", flags::write | flags::truncate)); }
  SUBCASE("with READ") { close(open("/file", flags::read | flags::write | flags::create | flags::truncate)); }
  CHECK(get("file").empty());
}

TEST_CASE_FIXTURE(SftpFixture, "sftp open.trunc: TRUNC without WRITE is refused and truncates nothing") {
  put("file", "contents");
  CHECK(open_status("/file", flags::read | flags::truncate) == StatusCode::permission_denied);
  CHECK(get("file") == "contents");
}

TEST_CASE_FIXTURE(SftpFixture, "[defect 9] sftp open.notrunc: WRITE without TRUNC keeps what is not overwritten") {
  put("file", "abcdef");
  const std::string handle = open("/file", flags::write | flags::create);
  CHECK(write(handle, 2, "XY") == StatusCode::ok);
  CHECK(close(handle) == StatusCode::ok);
  CHECK(get("file") == "abXYef");
}

TEST_CASE_FIXTURE(SftpFixture, "[defect 9] sftp open.rw: READ and WRITE on one handle") {
  put("file", "abcdef");
  const std::string handle = open("/file", flags::read | flags::write);
  CHECK(write(handle, 0, "XY") == StatusCode::ok);
  CHECK(read(handle, 0, 10) == "XYcdef");
}

TEST_CASE_FIXTURE(SftpFixture, "[defect 9] sftp open.append: a write goes to the end, whatever its offset") {
  put("file", "abc");
  const std::string handle = open("/file", flags::write | flags::append);
  CHECK(write(handle, 0, "def") == StatusCode::ok);
  CHECK(write(handle, 1, "ghi") == StatusCode::ok);
  CHECK(get("file") == "abcdefghi");
}

TEST_CASE_FIXTURE(SftpFixture, "sftp open.append.creat: APPEND and CREAT make the file") {
  const std::string handle = open("/new", flags::write | flags::append | flags::create);
  CHECK(write(handle, 7, "abc") == StatusCode::ok);
  CHECK(get("new") == "abc");
}

TEST_CASE_FIXTURE(SftpFixture, "[defect 9] sftp open.append: APPEND alone makes no file") {
  CHECK(open_status("/none", flags::append) == StatusCode::no_such_file);
  CHECK_FALSE(exists("none"));
}

TEST_CASE_FIXTURE(SftpFixture, "sftp open.append.other: APPEND sees what another handle has added in between") {
  put("file", "abc");
  const std::string appending = open("/file", flags::write | flags::append);
  const std::string other = open("/file", flags::write);
  CHECK(write(other, 3, "def") == StatusCode::ok);
  CHECK(write(appending, 0, "ghi") == StatusCode::ok);
  CHECK(get("file") == "abcdefghi");
}

TEST_CASE_FIXTURE(SftpFixture, "sftp open: with neither READ nor WRITE it fails") {
  put("file", "abc");
  CHECK(open_status("/file", 0) == StatusCode::failure);
  CHECK(open_status("/new", flags::create) == StatusCode::failure);
  CHECK_FALSE(exists("new"));
}

TEST_CASE_FIXTURE(SftpFixture, "sftp open.dir.write: a directory cannot be opened as a file") {
  make_directory("dir");
  CHECK(open_status("/dir", flags::write) == StatusCode::failure);
  CHECK(open_status("/dir", flags::read) == StatusCode::failure);
  CHECK(open_status("/", flags::write | flags::create) == StatusCode::failure);
}

TEST_CASE_FIXTURE(SftpFixture, "sftp open.no.parent: CREAT in a missing directory is NO_SUCH_FILE") {
  CHECK(open_status("/none/file", flags::write | flags::create) == StatusCode::no_such_file);
}

TEST_CASE_FIXTURE(SftpFixture, "sftp open.name.255: a name of 255 bytes works, one of 256 fails") {
  const std::string longest(255, 'n');
  close(open("/" + longest, flags::write | flags::create));
  CHECK(exists(longest));
  CHECK(open_status("/" + longest + "n", flags::write | flags::create) == StatusCode::failure);
}

TEST_CASE_FIXTURE(SftpFixture, "[defect 4, defect 24] sftp open: a name may have any byte but NUL and slash") {
  const std::string odd = "back\\slash \xff\xfe \n";
  close(open("/" + odd, flags::write | flags::create));
  CHECK(exists(odd));
  CHECK(list("/").contains(odd));
  CHECK(open_status(std::string_view("/a\0b", 4), flags::write | flags::create) == StatusCode::bad_message);
  CHECK(open_status("/" + std::string(5000, 'x'), flags::read) == StatusCode::failure);
}

TEST_CASE_FIXTURE(SftpFixture, "sftp open.perm.read, open.perm.write: rights of the file are PERMISSION_DENIED") {
  put("secret", "x", 0000);
  put("fixed", "x", 0444);
  start();
  const AsOrdinaryUser ordinary;
  CHECK(open_status("/secret", flags::read) == StatusCode::permission_denied);
  CHECK(open_status("/fixed", flags::write) == StatusCode::permission_denied);
  CHECK(open_status("/fixed", flags::write | flags::truncate) == StatusCode::permission_denied);
  close(open("/fixed", flags::read));
}

TEST_CASE_FIXTURE(SftpFixture,
                  "sftp open.perm.create, open.perm.search: rights of the directory are PERMISSION_DENIED") {
  make_directory("fixed", 0555);
  make_directory("closed", 0666);
  put("closed/file", "x", 0666);
  start();
  const AsOrdinaryUser ordinary;
  CHECK(open_status("/fixed/new", flags::write | flags::create) == StatusCode::permission_denied);
  CHECK(open_status("/closed/file", flags::read) == StatusCode::permission_denied);
}

TEST_CASE_FIXTURE(SftpFixture, "sftp open.relative: a relative name is below the directory of REALPATH \".\"") {
  make_directory("home");
  put("home/file", "at home");
  options.start_directory = "/home";
  CHECK(name(ask(sftp::Realpath{.path = "."})) == "/home");
  CHECK(read(open("file", flags::read), 0, 100) == "at home");
  CHECK(read(open("./file", flags::read), 0, 100) == "at home");
  CHECK(read(open("../home/file", flags::read), 0, 100) == "at home");
}

TEST_CASE_FIXTURE(SftpFixture, "sftp open.dotdot: '..' and '.' inside a path") {
  make_directory("dir");
  put("file", "x");
  CHECK(read(open("/dir/../file", flags::read), 0, 9) == "x");
  CHECK(read(open("/./dir/./../file", flags::read), 0, 9) == "x");
  CHECK(read(open("/../../file", flags::read), 0, 9) == "x");
}

TEST_CASE_FIXTURE(SftpFixture, "sftp open.symlink: OPEN follows a symbolic link") {
  put("file", "x");
  link("file", "link");
  CHECK(read(open("/link", flags::read), 0, 9) == "x");
}

TEST_CASE_FIXTURE(SftpFixture, "[defect 12] sftp open: a FIFO is refused at once") {
  REQUIRE(std::system(("mkfifo " + local("fifo")).c_str()) == 0);
  CHECK(open_status("/fifo", flags::read) == StatusCode::failure);
  CHECK(open_status("/fifo", flags::write) == StatusCode::failure);
}

TEST_CASE_FIXTURE(SftpFixture,
                  "[CVE-2025-48041, defect 11] sftp open: the limit of handles is tested before a file is touched") {
  options.open_handles = 3;
  put("file", "contents");
  std::vector<std::string> handles;
  handles.push_back(open("/file", flags::read));
  handles.push_back(open("/file", flags::read));
  handles.push_back(opendir("/"));
  CHECK(open_status("/file", flags::write | flags::truncate) == StatusCode::failure);
  CHECK(status(sftp::Opendir{.path = "/"}) == StatusCode::failure);
  CHECK(get("file") == "contents");
  CHECK(close(handles[2]) == StatusCode::ok);
  close(open("/file", flags::read));
}

}  // namespace hawser::test
