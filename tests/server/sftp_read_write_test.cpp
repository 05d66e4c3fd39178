// Reading and writing: cases read.*, write.*, id.* of filexfer-02 §6.4.
#include "sftp_fixture.h"

namespace hawser::test {

namespace flags = sftp::open_flags;

namespace {

// Bytes that tell where in the file they are from.
std::string pattern(std::size_t size) {
  std::string out(size, '\0');
  for (std::size_t i = 0; i != size; ++i) out[i] = static_cast<char>((i * 7 + (i >> 8)) & 0xff);
  return out;
}

}  // namespace

TEST_CASE_FIXTURE(SftpFixture, "sftp read.whole: a READ of more than is there gives what is there") {
  put("file", "abcdef");
  CHECK(read(open("/file", flags::read), 0, 1000) == "abcdef");
}

TEST_CASE_FIXTURE(SftpFixture, "sftp read.offset: READ at an offset gives exactly the length") {
  put("file", "abcdef");
  CHECK(read(open("/file", flags::read), 2, 3) == "cde");
}

TEST_CASE_FIXTURE(SftpFixture, "[CVE-2026-54886] sftp read.eof, read.past: READ at and far past the end is EOF") {
  put("file", "abc");
  const std::string handle = open("/file", flags::read);
  for (const std::uint64_t offset : {std::uint64_t{3}, std::uint64_t{4}, std::uint64_t{1} << 40, ~std::uint64_t{0}}) {
    CHECK(read_status(handle, offset, 10) == StatusCode::eof);
  }
}

TEST_CASE_FIXTURE(SftpFixture, "sftp read.empty: READ of an empty file is EOF") {
  put("file", "");
  CHECK(read_status(open("/file", flags::read), 0, 10) == StatusCode::eof);
}

TEST_CASE_FIXTURE(SftpFixture, "[CVE-2026-54886, defect 22] sftp read: READ of no bytes gives no bytes, not EOF") {
  put("file", "abc");
  CHECK(read(open("/file", flags::read), 0, 0) == "");
}

TEST_CASE_FIXTURE(SftpFixture,
                  "[defect 7] sftp read.32k: READ of 32768 and of 261120 gives all, more is cut to 261120") {
  const std::string contents = pattern(600000);
  put("file", contents);
  const std::string handle = open("/file", flags::read);
  CHECK((read(handle, 0, 32768) == contents.substr(0, 32768)));
  CHECK((read(handle, 1000, 261120) == contents.substr(1000, 261120)));
  CHECK((read(handle, 1, 0xffffffff) == contents.substr(1, 261120)));
  CHECK((read(handle, 599000, 261120) == contents.substr(599000)));
}

TEST_CASE_FIXTURE(SftpFixture, "sftp read.wronly, read.dirhandle: READ needs a handle opened for reading") {
  put("file", "abc");
  CHECK(read_status(open("/file", flags::write), 0, 10) == StatusCode::permission_denied);
  CHECK(read_status(opendir("/"), 0, 10) == StatusCode::failure);
}

TEST_CASE_FIXTURE(SftpFixture, "sftp read.grow: EOF, then more after the file has grown") {
  put("file", "abc");
  const std::string handle = open("/file", flags::read);
  CHECK(read_status(handle, 3, 10) == StatusCode::eof);
  put("file", "abcdef");
  CHECK(read(handle, 3, 10) == "def");
}

TEST_CASE_FIXTURE(SftpFixture, "sftp read.pipelined: 300 READs sent ahead, one right answer for each id") {
  const std::string contents = pattern(300 * 1000);
  put("file", contents);
  const std::string handle = open("/file", flags::read);
  for (std::uint32_t i = 0; i != 300; ++i) {
    send(sftp::Read{.id = 5000 + i, .handle = handle, .offset = i * 1000u, .length = 1000});
  }
  for (std::uint32_t i = 0; i != 300; ++i) {
    const RawReply reply = next_reply();
    const auto data = wire::decode<sftp::Data>(reply.message);
    REQUIRE(data);
    CHECK(data->id == 5000 + i);
    CHECK((as_text(data->data) == std::string_view(contents).substr(i * 1000, 1000)));
  }
  run_ready();
  CHECK_FALSE(has_reply());
}

TEST_CASE_FIXTURE(SftpFixture, "sftp id.extremes: ids 0 and 0xffffffff come back as they were") {
  start();
  for (const std::uint32_t id : {0u, 0xffffffffu}) {
    send(sftp::Stat{.id = id, .path = "/"});
    CHECK(next_reply().id() == id);
    send(sftp::Stat{.id = id, .path = "/none"});
    CHECK(next_reply().id() == id);
  }
}

TEST_CASE_FIXTURE(
    SftpFixture,
    "[CVE-2026-54886] sftp write.simple, write.zero: what is written is in the file, nothing changes nothing") {
  const std::string handle = open("/file", flags::write | flags::create);
  CHECK(write(handle, 0, "contents") == StatusCode::ok);
  CHECK(get("file") == "contents");
  CHECK(write(handle, 2, "") == StatusCode::ok);
  CHECK(write(handle, 100, "") == StatusCode::ok);
  CHECK(get("file") == "contents");
}

TEST_CASE_FIXTURE(SftpFixture, "sftp write.hole: WRITE past the end leaves zeros") {
  const std::string handle = open("/file", flags::write | flags::create);
  CHECK(write(handle, 5, "x") == StatusCode::ok);
  CHECK((get("file") == std::string("\0\0\0\0\0x", 6)));
}

TEST_CASE_FIXTURE(SftpFixture, "sftp write.sparse: WRITE at 5 GiB, the offset and the size have 64 bits") {
  constexpr std::uint64_t far = std::uint64_t{5} << 30;
  const std::string handle = open("/file", flags::read | flags::write | flags::create);
  CHECK(write(handle, far, "x") == StatusCode::ok);
  CHECK(attributes(sftp::Fstat{.handle = handle}).size == far + 1);
  CHECK(read(handle, far, 10) == "x");
}

TEST_CASE_FIXTURE(SftpFixture, "[CVE-2026-54886] sftp write: an offset that no file can have fails") {
  const std::string handle = open("/file", flags::write | flags::create);
  CHECK(write(handle, ~std::uint64_t{0}, "x") == StatusCode::failure);
  CHECK(write(handle, (std::uint64_t{1} << 63) - 1, "x") == StatusCode::failure);
  CHECK(get("file").empty());
}

TEST_CASE_FIXTURE(SftpFixture, "sftp write.32k: WRITE of 32768 and of 261120 bytes") {
  const std::string contents = pattern(32768 + 261120);
  const std::string handle = open("/file", flags::write | flags::create);
  CHECK(write(handle, 0, contents.substr(0, 32768)) == StatusCode::ok);
  CHECK(write(handle, 32768, contents.substr(32768)) == StatusCode::ok);
  CHECK((get("file") == contents));
}

TEST_CASE_FIXTURE(SftpFixture,
                  "sftp write.ooo, write.close.order: WRITEs in any order and a CLOSE sent ahead all count") {
  const std::string contents = pattern(100 * 500);
  const std::string handle = open("/file", flags::write | flags::create);
  for (std::uint32_t i = 0; i != 100; ++i) {
    const std::uint32_t part = i * 37 % 100;
    send(sftp::Write{
        .id = i, .handle = handle, .offset = part * 500u, .data = as_bytes(contents).subspan(part * 500, 500)});
  }
  send(sftp::Close{.id = 100, .handle = handle});
  for (std::uint32_t i = 0; i != 101; ++i) {
    const RawReply reply = next_reply();
    CHECK(reply.id() == i);
    CHECK(status_of(reply) == StatusCode::ok);
  }
  CHECK((get("file") == contents));
}

TEST_CASE_FIXTURE(SftpFixture, "sftp write.read.order: a READ sent behind a WRITE of the same bytes sees it") {
  const std::string handle = open("/file", flags::read | flags::write | flags::create);
  for (std::uint32_t i = 0; i != 20; ++i) {
    const std::string text = "round " + std::to_string(i);
    send(sftp::Write{.id = 1, .handle = handle, .offset = 0, .data = as_bytes(text)});
    send(sftp::Read{.id = 2, .handle = handle, .offset = 0, .length = 100});
    CHECK(status_of(next_reply()) == StatusCode::ok);
    const RawReply reply = next_reply();
    const auto data = wire::decode<sftp::Data>(reply.message);
    REQUIRE(data);
    CHECK(as_text(data->data) == text);
  }
}

TEST_CASE_FIXTURE(SftpFixture, "sftp write.rdonly, write.dirhandle: WRITE needs a handle opened for writing") {
  put("file", "abc");
  CHECK(write(open("/file", flags::read), 0, "X") == StatusCode::permission_denied);
  CHECK(get("file") == "abc");
  CHECK(write(opendir("/"), 0, "X") == StatusCode::failure);
}

TEST_CASE_FIXTURE(SftpFixture, "[defect 23] sftp write.devfull: no space is FAILURE, not OK") {
  server::LocalOptions local;
  local.jail = false;
  local.allow_devices = true;
  auto whole = server::LocalFileSystem::open("/", local);
  REQUIRE(whole);
  files = *whole;
  const std::string handle = open("/dev/full", flags::write);
  CHECK(write(handle, 0, "X") == StatusCode::failure);
  CHECK(write(handle, 0, pattern(100000)) == StatusCode::failure);
}

TEST_CASE_FIXTURE(SftpFixture, "sftp write.two.handles: two handles on one file see one another") {
  const std::string first = open("/file", flags::read | flags::write | flags::create);
  const std::string second = open("/file", flags::read | flags::write);
  CHECK(write(first, 0, "abc") == StatusCode::ok);
  CHECK(read(second, 0, 10) == "abc");
  CHECK(write(second, 1, "X") == StatusCode::ok);
  CHECK(read(first, 0, 10) == "aXc");
}

TEST_CASE_FIXTURE(SftpFixture, "sftp handle.close, handle.close.twice: the second CLOSE fails") {
  put("file", "abc");
  const std::string handle = open("/file", flags::read);
  CHECK(close(handle) == StatusCode::ok);
  CHECK(close(handle) == StatusCode::failure);
  const std::string directory = opendir("/");
  CHECK(close(directory) == StatusCode::ok);
  CHECK(close(directory) == StatusCode::failure);
}

TEST_CASE_FIXTURE(SftpFixture, "sftp handle.*.closed: READ, WRITE, FSTAT, READDIR after CLOSE fail, and not with EOF") {
  put("file", "abc");
  const std::string handle = open("/file", flags::read | flags::write);
  close(handle);
  close(open("/file", flags::read));  // its slot is used again, its handle is not
  CHECK(read_status(handle, 0, 10) == StatusCode::failure);
  CHECK(write(handle, 0, "X") == StatusCode::failure);
  CHECK(status(sftp::Fstat{.handle = handle}) == StatusCode::failure);
  CHECK(status(sftp::Fsetstat{.handle = handle, .attrs = size(0)}) == StatusCode::failure);
  CHECK(status_extended(sftp::Fsync{.handle = handle}) == StatusCode::failure);
  CHECK(status_extended(sftp::Fstatvfs{.handle = handle}) == StatusCode::failure);
  const std::string directory = opendir("/");
  close(directory);
  CHECK(status(sftp::Readdir{.handle = directory}) == StatusCode::failure);
  CHECK(get("file") == "abc");
}

TEST_CASE_FIXTURE(SftpFixture, "sftp handle.readdir.file: READDIR on a file handle fails") {
  put("file", "abc");
  CHECK(status(sftp::Readdir{.handle = open("/file", flags::read)}) == StatusCode::failure);
}

TEST_CASE_FIXTURE(SftpFixture, "[defect 28] sftp handle: bytes that were never given out are no handle") {
  for (const std::string_view handle : {std::string_view(""), std::string_view("x"), std::string_view("12345678"),
                                        std::string_view("\0\0\0\0\0\0\0\0", 8)}) {
    CHECK(read_status(handle, 0, 10) == StatusCode::failure);
    CHECK(close(handle) == StatusCode::failure);
  }
}

TEST_CASE_FIXTURE(SftpFixture, "sftp read, write: counters tell what was done at once") {
  const std::string handle = open("/file", flags::read | flags::write | flags::create);
  CHECK(write(handle, 0, pattern(70000)) == StatusCode::ok);
  CHECK(read(handle, 0, 50000).has_value());
  CHECK(server().counters().writes == 1);
  CHECK(server().counters().bytes_written == 70000);
  CHECK(server().counters().reads == 1);
  CHECK(server().counters().bytes_read == 50000);
}

}  // namespace hawser::test
