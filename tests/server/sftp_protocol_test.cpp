// The protocol around the requests: cases init.*, ext.*, frame.*, type.*, end.* of filexfer-02 §3, §4, §8.
#include "sftp_fixture.h"
#include "support/flip.h"

namespace hawser::test {

namespace flags = sftp::open_flags;

namespace {

ByteVector framed(Bytes message) {
  ByteVector out;
  wire::append_string(out, message);
  return out;
}

template <wire::HasFields M>
ByteVector framed(const M& message) {
  return framed(wire::encode(message));
}

}  // namespace

TEST_CASE(
    "[defect 25] sftp init.v3, init.v6, init.ext: answered by VERSION 3 and well-formed extensions (filexfer-02 §4)") {
  ByteVector pair;
  wire::append_string(pair, "vendor@example.com");
  wire::append_string(pair, "1");
  for (const sftp::Init& init : {sftp::Init{.version = 3, .extensions = {}}, sftp::Init{.version = 6, .extensions = {}},
                                 sftp::Init{.version = 3, .extensions = sftp::ExtensionPairs(pair, 1)}}) {
    SftpFixture fixture;
    fixture.start_silently();
    fixture.send(init);
    const RawReply reply = fixture.next_reply();
    const auto version = wire::decode<sftp::Version>(reply.message);
    REQUIRE(version);
    CHECK(version->version == 3);
    std::map<std::string_view, std::string_view> offered;
    for (const sftp::ExtensionPair& extension : version->extensions) offered[extension.name] = extension.data;
    CHECK(offered["posix-rename@openssh.com"] == "1");
    CHECK(offered["statvfs@openssh.com"] == "2");
    CHECK(offered["fstatvfs@openssh.com"] == "2");
    CHECK(offered["hardlink@openssh.com"] == "1");
    CHECK(offered["fsync@openssh.com"] == "1");
    CHECK(offered["lsetstat@openssh.com"] == "1");
    CHECK(offered["limits@openssh.com"] == "1");
    CHECK(offered["expand-path@openssh.com"] == "1");
    CHECK(offered.size() == 8);
  }
}

TEST_CASE_FIXTURE(SftpFixture,
                  "[defect 25] sftp init: a request before INIT, a second INIT and version 2 end the session") {
  start_silently();
  SUBCASE("request before INIT") { send(sftp::Stat{.path = "/"}); }
  SUBCASE("version 2") { send(sftp::Init{.version = 2, .extensions = {}}); }
  SUBCASE("second INIT") {
    send(sftp::Init{});
    next_reply();
    send(sftp::Init{});
  }
  run_ready();
  REQUIRE(ended());
  CHECK_FALSE(*ended());
}

TEST_CASE_FIXTURE(SftpFixture, "sftp limits: the numbers of limits@openssh.com are the ones that hold") {
  options.open_handles = 17;
  const RawReply reply = ask_extended(sftp::LimitsRequest{});
  const auto limits = wire::decode<sftp::ExtendedReplyWith<sftp::Limits>>(reply.message);
  REQUIRE(limits);
  CHECK(limits->body.max_packet_length == 256 * 1024);
  CHECK(limits->body.max_read_length == 255 * 1024);
  CHECK(limits->body.max_write_length == 255 * 1024);
  CHECK(limits->body.max_open_handles == 17);
}

TEST_CASE_FIXTURE(SftpFixture, "sftp ext.unknown, ext.empty: an extended request that nobody knows is OP_UNSUPPORTED") {
  CHECK(status(sftp::Extended{.request = "what@example.com", .body = {}}) == StatusCode::op_unsupported);
  CHECK(status(sftp::Extended{.request = "", .body = {}}) == StatusCode::op_unsupported);
  CHECK(status_extended(sftp::CopyData{}) == StatusCode::op_unsupported);
  CHECK(status_extended(sftp::HomeDirectory{.username = ""}) == StatusCode::op_unsupported);
}

TEST_CASE_FIXTURE(SftpFixture,
                  "[defect 3] sftp type.unknown.code: a request type that nobody knows is OP_UNSUPPORTED with its id") {
  start();
  for (const std::uint8_t type : {std::uint8_t{21}, std::uint8_t{99}, std::uint8_t{101}, std::uint8_t{255}}) {
    ByteVector message{type};
    wire::append_uint32(message, 1000u + type);
    wire::append_string(message, "whatever it means");
    send_bytes(framed(message));
    const RawReply reply = next_reply();
    CHECK(reply.id() == 1000u + type);
    CHECK(status_of(reply) == StatusCode::op_unsupported);
  }
}

TEST_CASE_FIXTURE(SftpFixture,
                  "[defect 4] sftp: a request cut short anywhere is BAD_MESSAGE for its id, and the session lives") {
  start();
  const ByteVector whole = wire::encode(sftp::Rename{.id = 77, .oldpath = "/a", .newpath = "/b"});
  for (std::size_t size = 5; size != whole.size(); ++size) {
    send_bytes(framed(Bytes(whole).first(size)));
    const RawReply reply = next_reply();
    CHECK(reply.id() == 77);
    CHECK(status_of(reply) == StatusCode::bad_message);
  }
  ByteVector longer = whole;
  longer.push_back(0);
  send_bytes(framed(longer));
  CHECK(status_of(next_reply()) == StatusCode::bad_message);
  CHECK(status(sftp::Stat{.path = "/none"}) == StatusCode::no_such_file);
}

TEST_CASE(
    "[defect 8] sftp: a length of 0, one without room for an id, and one over the limit end the session (filexfer-02 "
    "§3)") {
  for (const std::uint32_t length : {0u, 1u, 4u, 300000u, 0xffffffffu}) {
    CAPTURE(length);
    SftpFixture fixture;
    fixture.start();
    ByteVector bytes;
    wire::append_uint32(bytes, length);
    bytes.push_back(sftp::Stat::number);
    bytes.resize(8);
    fixture.send_bytes(bytes);
    fixture.run_ready();
    REQUIRE(fixture.ended());
    CHECK_FALSE(*fixture.ended());
    CHECK_FALSE(fixture.has_reply());
  }
}

TEST_CASE_FIXTURE(SftpFixture, "sftp frame.bytewise: requests sent byte by byte") {
  start();
  put("file", "contents");
  const std::string handle = open("/file", flags::read | flags::write);
  for (const ByteVector& request :
       {framed(sftp::Stat{.id = 1, .path = "/file"}),
        framed(sftp::Write{.id = 2, .handle = handle, .offset = 1, .data = as_bytes("XYZ")}),
        framed(sftp::Read{.id = 3, .handle = handle, .offset = 0, .length = 100})}) {
    for (const std::uint8_t byte : request) {
      CHECK_FALSE(has_reply());
      send_bytes(Bytes(&byte, 1));
      run_ready();
    }
    CHECK(has_reply());
    next_reply();
  }
  CHECK(get("file") == "cXYZents");
}

TEST_CASE_FIXTURE(SftpFixture, "sftp frame.joined: 50 requests in one piece, answered in full and in order") {
  start();
  ByteVector all;
  for (std::uint32_t i = 0; i != 50; ++i) {
    const ByteVector one = framed(sftp::Stat{.id = i, .path = i % 2 == 0 ? "/" : "/none"});
    all.insert(all.end(), one.begin(), one.end());
  }
  send_bytes(all);
  for (std::uint32_t i = 0; i != 50; ++i) {
    const RawReply reply = next_reply();
    CHECK(reply.id() == i);
    CHECK(reply.type() == (i % 2 == 0 ? sftp::Attrs::number : sftp::Status::number));
  }
}

TEST_CASE_FIXTURE(SftpFixture,
                  "[defect 5, defect 6] sftp end.eof: at EOF the server ends well and closes what is open") {
  put("file", "abc");
  open("/file", flags::read | flags::write);
  opendir("/");
  CHECK(finish());
  run_ready();
  CHECK_FALSE(has_reply());  // no reply that nobody asked for
}

TEST_CASE_FIXTURE(SftpFixture, "sftp end.eof: EOF inside a message, and a channel that breaks, are errors") {
  start();
  SUBCASE("EOF inside a message") {
    send_bytes(Bytes(framed(sftp::Stat{.path = "/"})).first(7));
    const Result<void> result = finish();
    REQUIRE_FALSE(result);
    CHECK(result.error().code() == Errc::truncated);
  }
  SUBCASE("a broken channel") {
    server_end().fail(Error(Errc::disconnected_by_peer));
    run_ready();
    REQUIRE(ended());
    REQUIRE_FALSE(*ended());
    CHECK(ended()->error().code() == Errc::disconnected_by_peer);
  }
}

TEST_CASE_FIXTURE(SftpFixture, "sftp: everything received counts as consumed, whatever part of a message it was") {
  start();
  const ByteVector request = framed(sftp::Stat{.path = "/"});
  const std::size_t before = server_end().received_consumed();
  send_bytes(Bytes(request).first(3));
  run_ready();
  CHECK(server_end().received_consumed() == before + 3);
  send_bytes(Bytes(request).subspan(3));
  next_reply();
  CHECK(server_end().received_consumed() == before + request.size());
}

TEST_CASE_FIXTURE(SftpFixture, "sftp: while replies cannot be sent no further request is taken, and none is lost") {
  start();
  server_end().set_writable(false);
  const std::size_t before = server_end().received_consumed();
  for (std::uint32_t i = 0; i != 20; ++i) send(sftp::Stat{.id = i, .path = "/"});
  run_ready();
  CHECK_FALSE(has_reply());
  CHECK(server_end().waiting() != 0);
  CHECK(server_end().received_consumed() <= before + 30);  // one request at most
  server_end().set_writable(true);
  for (std::uint32_t i = 0; i != 20; ++i) CHECK(next_reply().id() == i);
}

}  // namespace hawser::test
