// Attributes: cases stat.*, lstat.*, fstat.*, setstat.*, fsetstat.* of filexfer-02 §5, §6.8, §6.9.
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "sftp_fixture.h"

namespace hawser::test {

namespace flags = sftp::open_flags;

TEST_CASE_FIXTURE(SftpFixture, "sftp stat.file: size, owner, mode with its type bits, times") {
  put("file", "abc", 0640);
  struct stat expected {};
  REQUIRE(::stat(local("file").c_str(), &expected) == 0);
  const sftp::Attributes attrs = attributes(sftp::Stat{.path = "/file"});
  CHECK(attrs.size == 3);
  CHECK(attrs.permissions == 0100640);
  CHECK(attrs.owner == sftp::Owner{expected.st_uid, expected.st_gid});
  REQUIRE(attrs.times);
  CHECK(attrs.times->mtime == static_cast<std::uint32_t>(expected.st_mtime));
  CHECK(attributes(sftp::Lstat{.path = "/file"}).size == 3);
}

TEST_CASE_FIXTURE(SftpFixture, "sftp stat.dir: STAT of a directory and of the root") {
  make_directory("dir", 0750);
  CHECK(attributes(sftp::Stat{.path = "/dir"}).permissions == 0040750);
  CHECK(sftp::is_directory(attributes(sftp::Stat{.path = "/"})));
  CHECK(sftp::is_directory(attributes(sftp::Stat{.path = ""})));
  CHECK(sftp::is_directory(attributes(sftp::Lstat{.path = "/.."})));
}

TEST_CASE_FIXTURE(SftpFixture, "[defect 1] sftp stat.link, lstat.link: STAT follows a symbolic link, LSTAT does not") {
  put("file", "abc", 0640);
  link("file", "link");
  CHECK(attributes(sftp::Stat{.path = "/link"}).permissions == 0100640);
  CHECK(sftp::is_symlink(attributes(sftp::Lstat{.path = "/link"})));
}

TEST_CASE_FIXTURE(SftpFixture, "sftp stat.dangling, lstat.dangling: only LSTAT finds a link to nowhere") {
  link("nowhere", "link");
  CHECK(status(sftp::Stat{.path = "/link"}) == StatusCode::no_such_file);
  CHECK(sftp::is_symlink(attributes(sftp::Lstat{.path = "/link"})));
}

TEST_CASE_FIXTURE(SftpFixture, "sftp stat.missing: STAT and LSTAT of a missing name are NO_SUCH_FILE") {
  put("file", "");
  for (const std::string_view path : {"/none", "/none/below", "/file/below"}) {
    CHECK(status(sftp::Stat{.path = path}) == StatusCode::no_such_file);
    CHECK(status(sftp::Lstat{.path = path}) == StatusCode::no_such_file);
  }
}

TEST_CASE_FIXTURE(SftpFixture, "sftp stat.big: STAT of a file of 2^40 bytes") {
  put("file", "");
  if (::truncate(local("file").c_str(), off_t{1} << 40) != 0)
    return;  // the file system under the test has smaller files
  CHECK(attributes(sftp::Stat{.path = "/file"}).size == std::uint64_t{1} << 40);
}

TEST_CASE_FIXTURE(SftpFixture, "sftp stat.fifo: the type bits of a FIFO and of a socket") {
  REQUIRE(::mkfifo(local("fifo").c_str(), 0600) == 0);
  CHECK(sftp::type_of(attributes(sftp::Stat{.path = "/fifo"})) == sftp::file_mode::fifo);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  local("socket").copy(address.sun_path, sizeof address.sun_path - 1);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  REQUIRE(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  ::close(fd);
  CHECK(sftp::type_of(attributes(sftp::Stat{.path = "/socket"})) == sftp::file_mode::socket);
}

TEST_CASE_FIXTURE(SftpFixture, "sftp stat.setuid: STAT shows set-uid, set-gid and sticky") {
  put("file", "", 04755);
  make_directory("dir", 03777);
  CHECK(attributes(sftp::Stat{.path = "/file"}).permissions == 0104755);
  CHECK(attributes(sftp::Stat{.path = "/dir"}).permissions == 0043777);
}

TEST_CASE_FIXTURE(SftpFixture,
                  "sftp stat.perm: below a directory without search permission STAT is PERMISSION_DENIED") {
  make_directory("closed", 0600);
  put("closed/file", "");
  start();
  const AsOrdinaryUser ordinary;
  CHECK(status(sftp::Stat{.path = "/closed/file"}) == StatusCode::permission_denied);
  CHECK(status(sftp::Lstat{.path = "/closed/file"}) == StatusCode::permission_denied);
}

TEST_CASE_FIXTURE(SftpFixture,
                  "[defect 17] sftp fstat.file: FSTAT tells of the open file, whatever its name is by now") {
  const std::string handle = open("/file", flags::write | flags::create);
  CHECK(write(handle, 0, "abcd") == StatusCode::ok);
  CHECK(attributes(sftp::Fstat{.handle = handle}).size == 4);
  REQUIRE(status(sftp::Rename{.oldpath = "/file", .newpath = "/other"}) == StatusCode::ok);
  put("file", "somebody else's");
  CHECK(attributes(sftp::Fstat{.handle = handle}).size == 4);
  REQUIRE(status(sftp::Remove{.filename = "/other"}) == StatusCode::ok);
  CHECK(attributes(sftp::Fstat{.handle = handle}).size == 4);
}

TEST_CASE_FIXTURE(SftpFixture, "sftp fstat: on a directory handle it tells of the directory") {
  CHECK(sftp::is_directory(attributes(sftp::Fstat{.handle = opendir("/")})));
}

TEST_CASE_FIXTURE(SftpFixture,
                  "sftp fstat, fsetstat: a directory handle stays with its directory when another takes the name") {
  make_directory("dir", 0750);
  const std::string open = opendir("/dir");
  std::filesystem::rename(local("dir"), local("old"));
  make_directory("dir", 0700);
  CHECK(attributes(sftp::Fstat{.handle = open}).permissions == 0040750);
  CHECK(status(sftp::Fsetstat{.handle = open, .attrs = permissions(0755)}) == StatusCode::ok);
  CHECK(attributes(sftp::Stat{.path = "/old"}).permissions == 0040755);
  CHECK(attributes(sftp::Stat{.path = "/dir"}).permissions == 0040700);
}

TEST_CASE_FIXTURE(SftpFixture, "[defect 16] sftp setstat.size: SETSTAT size cuts and extends") {
  put("file", "abcdef");
  CHECK(status(sftp::Setstat{.path = "/file", .attrs = size(3)}) == StatusCode::ok);
  CHECK(get("file") == "abc");
  CHECK(status(sftp::Setstat{.path = "/file", .attrs = size(5)}) == StatusCode::ok);
  CHECK((get("file") == std::string("abc\0\0", 5)));
}

TEST_CASE_FIXTURE(SftpFixture, "sftp setstat.perm, setstat.perm.suid, setstat.perm.dir: SETSTAT permissions") {
  put("file", "");
  make_directory("dir");
  CHECK(status(sftp::Setstat{.path = "/file", .attrs = permissions(0600)}) == StatusCode::ok);
  CHECK(mode("file") == 0100600);
  CHECK(status(sftp::Setstat{.path = "/file", .attrs = permissions(04755)}) == StatusCode::ok);
  CHECK(mode("file") == 0104755);
  CHECK(status(sftp::Setstat{.path = "/dir", .attrs = permissions(0700)}) == StatusCode::ok);
  CHECK(mode("dir") == 0040700);
}

TEST_CASE_FIXTURE(SftpFixture, "sftp setstat.times, setstat.times.dir: SETSTAT atime and mtime, in that order") {
  put("file", "");
  make_directory("dir");
  for (const std::string name : {"file", "dir"}) {
    CHECK(status(sftp::Setstat{.path = "/" + name, .attrs = times(1000000, 2000000)}) == StatusCode::ok);
    struct stat after {};
    REQUIRE(::stat(local(name).c_str(), &after) == 0);
    CHECK(after.st_atime == 1000000);
    CHECK(after.st_mtime == 2000000);
  }
}

TEST_CASE_FIXTURE(SftpFixture, "sftp setstat.owner: SETSTAT uid and gid to what they are is OK") {
  put("file", "");
  struct stat before {};
  REQUIRE(::stat(local("file").c_str(), &before) == 0);
  CHECK(status(sftp::Setstat{.path = "/file", .attrs = owner(before.st_uid, before.st_gid)}) == StatusCode::ok);
}

TEST_CASE_FIXTURE(SftpFixture, "sftp setstat.owner.denied, setstat.perm.denied: another's file is PERMISSION_DENIED") {
  if (::geteuid() != 0) return;  // needs a second user
  put("file", "", 0666);
  put("own", "", 0666);
  REQUIRE(::chown(local("own").c_str(), 65534, 65534) == 0);
  start();
  const AsOrdinaryUser ordinary;
  CHECK(status(sftp::Setstat{.path = "/own", .attrs = owner(0, 0)}) == StatusCode::permission_denied);
  CHECK(status(sftp::Setstat{.path = "/file", .attrs = permissions(0600)}) == StatusCode::permission_denied);
  CHECK(status(sftp::Setstat{.path = "/file", .attrs = times(1, 1)}) == StatusCode::permission_denied);
}

TEST_CASE_FIXTURE(SftpFixture,
                  "[defect 16] sftp setstat.all: size, owner, permissions and times in one request, the times last") {
  put("file", "abcdef");
  struct stat before {};
  REQUIRE(::stat(local("file").c_str(), &before) == 0);
  sftp::Attributes all = size(2);
  all.owner = sftp::Owner{before.st_uid, before.st_gid};
  all.permissions = 0604;
  all.times = sftp::FileTimes{1000, 2000};
  CHECK(status(sftp::Setstat{.path = "/file", .attrs = all}) == StatusCode::ok);
  struct stat after {};
  REQUIRE(::stat(local("file").c_str(), &after) == 0);
  CHECK(after.st_size == 2);
  CHECK(after.st_mode == 0100604);
  CHECK(after.st_mtime == 2000);
  CHECK(after.st_atime == 1000);
}

TEST_CASE_FIXTURE(SftpFixture,
                  "sftp setstat.none, setstat.missing: nothing to set is OK, nothing to set it on is not") {
  put("file", "abc", 0640);
  CHECK(status(sftp::Setstat{.path = "/file", .attrs = {}}) == StatusCode::ok);
  CHECK(get("file") == "abc");
  CHECK(mode("file") == 0100640);
  CHECK(status(sftp::Setstat{.path = "/none", .attrs = permissions(0600)}) == StatusCode::no_such_file);
  CHECK(status(sftp::Setstat{.path = "/none", .attrs = size(0)}) == StatusCode::no_such_file);
  CHECK_FALSE(exists("none"));
}

TEST_CASE_FIXTURE(SftpFixture, "sftp setstat.link: SETSTAT follows a symbolic link, lsetstat does not") {
  put("file", "", 0644);
  link("file", "link");
  CHECK(status(sftp::Setstat{.path = "/link", .attrs = permissions(0600)}) == StatusCode::ok);
  CHECK(mode("file") == 0100600);
  CHECK(status_extended(sftp::Lsetstat{.path = "/link", .attrs = times(1000, 2000)}) == StatusCode::ok);
  CHECK(attributes(sftp::Lstat{.path = "/link"}).times == sftp::FileTimes{1000, 2000});
  CHECK(attributes(sftp::Stat{.path = "/link"}).times != sftp::FileTimes{1000, 2000});
}

TEST_CASE_FIXTURE(SftpFixture, "sftp setstat.size.dir: SETSTAT size of a directory fails") {
  make_directory("dir");
  CHECK(status(sftp::Setstat{.path = "/dir", .attrs = size(0)}) == StatusCode::failure);
}

TEST_CASE_FIXTURE(SftpFixture, "sftp setstat.ext: extended attributes are parsed and ignored") {
  put("file", "abc");
  start();
  ByteVector message{sftp::Setstat::number};
  wire::append_uint32(message, 7);
  wire::append_string(message, "/file");
  wire::append_uint32(message, 0x80000004);  // permissions and extended
  wire::append_uint32(message, 0600);
  wire::append_uint32(message, 1);
  wire::append_string(message, "name@example.com");
  wire::append_string(message, "value");
  ByteVector framed;
  wire::append_string(framed, message);
  send_bytes(framed);
  const RawReply reply = next_reply();
  CHECK(reply.id() == 7);
  CHECK(status_of(reply) == StatusCode::ok);
  CHECK(mode("file") == 0100600);
}

TEST_CASE_FIXTURE(SftpFixture, "sftp fsetstat.size, fsetstat.size.rdonly: FSETSTAT size needs a handle for writing") {
  put("file", "abcdef");
  CHECK(status(sftp::Fsetstat{.handle = open("/file", flags::write), .attrs = size(3)}) == StatusCode::ok);
  CHECK(get("file") == "abc");
  CHECK(status(sftp::Fsetstat{.handle = open("/file", flags::read), .attrs = size(1)}) ==
        StatusCode::permission_denied);
  CHECK(get("file") == "abc");
}

TEST_CASE_FIXTURE(SftpFixture, "sftp fsetstat.perm, fsetstat.owner: FSETSTAT of the open file") {
  put("file", "");
  struct stat before {};
  REQUIRE(::stat(local("file").c_str(), &before) == 0);
  const std::string handle = open("/file", flags::write);
  CHECK(status(sftp::Fsetstat{.handle = handle, .attrs = permissions(0600)}) == StatusCode::ok);
  CHECK(mode("file") == 0100600);
  CHECK(status(sftp::Fsetstat{.handle = handle, .attrs = owner(before.st_uid, before.st_gid)}) == StatusCode::ok);
  CHECK(status(sftp::Fsetstat{.handle = handle, .attrs = {}}) == StatusCode::ok);
}

TEST_CASE_FIXTURE(SftpFixture,
                  "sftp fsetstat.times: times stay after WRITE, FSETSTAT, CLOSE, as \"put -p\" sends them") {
  const std::string handle = open("/file", flags::write | flags::create);
  CHECK(write(handle, 0, "abc") == StatusCode::ok);
  sftp::Attributes preserved = permissions(0604);
  preserved.times = sftp::FileTimes{1000, 2000};
  CHECK(status(sftp::Fsetstat{.handle = handle, .attrs = preserved}) == StatusCode::ok);
  CHECK(close(handle) == StatusCode::ok);
  const sftp::Attributes after = attributes(sftp::Stat{.path = "/file"});
  CHECK(after.times == sftp::FileTimes{1000, 2000});
  CHECK(after.permissions == 0100604);
}

TEST_CASE_FIXTURE(SftpFixture, "sftp statvfs, fstatvfs: tell of the file system") {
  put("file", "abc");
  const RawReply of_path = ask_extended(sftp::Statvfs{.path = "/"});
  const auto by_path = wire::decode<sftp::ExtendedReplyWith<sftp::FileSystemStatistics>>(of_path.message);
  REQUIRE(by_path);
  CHECK(by_path->body.f_blocks != 0);
  CHECK(by_path->body.f_namemax == 255);
  const RawReply of_handle = ask_extended(sftp::Fstatvfs{.handle = open("/file", flags::read)});
  const auto by_handle = wire::decode<sftp::ExtendedReplyWith<sftp::FileSystemStatistics>>(of_handle.message);
  REQUIRE(by_handle);
  CHECK(by_handle->body.f_blocks == by_path->body.f_blocks);
  CHECK(status_extended(sftp::Statvfs{.path = "/none"}) == StatusCode::no_such_file);
}

}  // namespace hawser::test
