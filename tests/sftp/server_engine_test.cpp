#include "hawser/sftp/server_engine.h"

#include <doctest/doctest.h>

#include "sftp/sample_message.h"

using namespace hawser;
using namespace hawser::test;

namespace {

class Server {
 public:
  explicit Server(const sftp::ServerOptions& options = {}) : engine(*pool, options) {}

  template <class M>
  void feed(const M& message) {
    engine.feed(payload_of(framed(message), *pool));
  }
  std::optional<sftp::Request> next() {
    Result<std::optional<sftp::Request>> next = engine.next();
    REQUIRE(next);
    return std::move(*next);
  }
  Errc next_error() {
    const Result<std::optional<sftp::Request>> next = engine.next();
    return next ? Errc::ok : next.error().code();
  }
  void start() {
    feed(sftp::Init());
    std::optional<sftp::Request> init = next();
    REQUIRE(init);
    engine.release(std::move(*init));
  }

  std::shared_ptr<BufferPool> pool = BufferPool::create();
  sftp::ServerEngine engine;
};

}  // namespace

TEST_CASE("server engine: INIT of version 3 or later is answered by VERSION 3 (filexfer-02 §4)") {
  for (const std::uint32_t version : {UINT32_C(3), UINT32_C(6), UINT32_C(0xffffffff)}) {
    Server server;
    server.feed(sftp::Init{.version = version, .extensions = {}});
    const std::optional<sftp::Request> request = server.next();
    REQUIRE(request);
    CHECK(std::holds_alternative<sftp::Init>(request->body));
    const ByteVector reply = wire::encode(server.engine.version());
    const Result<sftp::Version> decoded = wire::decode<sftp::Version>(reply);
    REQUIRE(decoded);
    CHECK(decoded->version == 3);
  }
}

TEST_CASE("server engine: VERSION offers exactly the extensions of the options") {
  for (const sftp::ExtensionRow& row : sftp::extension_table) {
    sftp::Extensions one;
    one.*row.member = true;
    const Server server({.extensions = one});
    const sftp::Version version = server.engine.version();
    REQUIRE(version.extensions.size() == 1);
    CHECK(*version.extensions.begin() == sftp::ExtensionPair{row.name, row.version});
  }
}

TEST_CASE("server engine: the order of INIT and requests is enforced (filexfer-02 §4)") {
  SUBCASE("a request before INIT") {
    Server server;
    server.feed(sftp::Stat{.id = 1, .path = "/"});
    CHECK(server.next_error() == Errc::unexpected_message);
  }
  SUBCASE("a second INIT") {
    Server server;
    server.start();
    server.feed(sftp::Init());
    CHECK(server.next_error() == Errc::unexpected_message);
  }
  SUBCASE("a client that does not speak version 3") {
    Server server;
    server.feed(sftp::Init{.version = 2, .extensions = {}});
    CHECK(server.next_error() == Errc::protocol_version_not_supported);
  }
  SUBCASE("nothing comes after an error") {
    Server server;
    server.feed(sftp::Stat{.id = 1, .path = "/"});
    server.feed(sftp::Init());
    CHECK(server.next_error() == Errc::unexpected_message);
    CHECK(server.next_error() == Errc::unexpected_message);
  }
}

TEST_CASE("server engine: an extension that is not offered is unsupported, though it is known") {
  Server server({.extensions = {.posix_rename = true}});
  server.start();
  server.feed(sftp::ExtendedRequest<sftp::PosixRename>{.id = 1, .body = {.oldpath = "a", .newpath = "b"}});
  server.feed(sftp::ExtendedRequest<sftp::Statvfs>{.id = 2, .body = {.path = "/"}});
  CHECK(std::holds_alternative<sftp::PosixRename>(server.next()->body));
  const std::optional<sftp::Request> second = server.next();
  REQUIRE(second);
  CHECK(second->id == 2);
  const auto* unsupported = std::get_if<sftp::Unsupported>(&second->body);
  REQUIRE(unsupported != nullptr);
  CHECK(unsupported->extension == "statvfs@openssh.com");
}

TEST_CASE(
    "[write-amplification] write amplification: a huge READ is cut to the maximum that limits@openssh.com tells") {
  Server server;
  server.start();
  server.feed(sftp::Read{.id = 1, .handle = std::string_view("h"), .offset = 0, .length = 0xffffffff});
  const std::optional<sftp::Request> request = server.next();
  REQUIRE(request);
  CHECK(std::get<sftp::Read>(request->body).length == 261120);
  const sftp::Limits limits = server.engine.limits();
  CHECK(limits == sftp::Limits{262144, 261120, 261120, 256});
  // The largest messages of both directions stay within what is told.
  const ByteVector data(limits.max_write_length);
  CHECK(framed(sftp::Write{.id = 1, .handle = std::string(256, 'h'), .offset = 0, .data = data}).size() <=
        limits.max_packet_length);
}

TEST_CASE("server engine: no more requests are under way than the limit, and none is lost") {
  Server server({.outstanding_requests = 3});
  server.start();
  for (std::uint32_t id = 0; id < 5; ++id) server.feed(sftp::Stat{.id = id, .path = "/"});
  std::vector<sftp::Request> requests;
  while (std::optional<sftp::Request> request = server.next()) requests.push_back(std::move(*request));
  CHECK(requests.size() == 3);
  CHECK(server.engine.full());
  server.engine.release(std::move(requests[1]));
  CHECK_FALSE(server.engine.full());
  const std::optional<sftp::Request> fourth = server.next();
  REQUIRE(fourth);
  CHECK(fourth->id == 3);
  CHECK_FALSE(server.next());
}

TEST_CASE("server engine: the bytes under way are bounded, those that READs ask for among them") {
  Server server({.outstanding_bytes = 100000});
  server.start();
  std::vector<sftp::Request> requests;
  for (std::uint32_t id = 0; id < 10; ++id) {
    server.feed(sftp::Read{.id = id, .handle = std::string_view("h"), .offset = 0, .length = 32768});
  }
  while (std::optional<sftp::Request> request = server.next()) requests.push_back(std::move(*request));
  CHECK(requests.size() == 4);  // the one that passes the limit is the last
  for (sftp::Request& request : requests) server.engine.release(std::move(request));
  CHECK(server.engine.outstanding() == 0);
  CHECK(server.next());
}

TEST_CASE("[CVE-2026-59848] ids 0 and 0xffffffff, and the same id twice, are as good as any") {
  Server server;
  server.start();
  for (const std::uint32_t id : {UINT32_C(0), UINT32_C(0xffffffff), UINT32_C(0)}) {
    server.feed(sftp::Stat{.id = id, .path = "/"});
    const std::optional<sftp::Request> request = server.next();
    REQUIRE(request);
    CHECK(request->id == id);
  }
  CHECK(server.engine.outstanding() == 3);
}

TEST_CASE("[defect 8] server engine: a length of 0 or beyond the limit ends the session") {
  for (const std::uint32_t length : {UINT32_C(0), UINT32_C(0x7fffffff)}) {
    Server server;
    server.start();
    ByteVector bytes;
    wire::append_uint32(bytes, length);
    server.engine.feed(payload_of(bytes, *server.pool));
    CHECK(server.next_error() == (length == 0 ? Errc::bad_value : Errc::message_too_large));
  }
}

TEST_CASE("[CVE-2025-48038] small requests that wait do not each pin the slab they came in") {
  Server server;
  server.start();
  std::vector<sftp::Request> waiting;
  for (std::uint32_t id = 0; id < 200; ++id) {
    // A packet at the start of a slab that is otherwise full of something else.
    const ByteVector bytes =
        id % 2 == 0
            ? framed(sftp::Stat{.id = id, .path = "/some/path"})
            : framed(sftp::Write{.id = id, .handle = std::string_view("h"), .offset = 0, .data = as_bytes("data")});
    BlockRef slab = server.pool->acquire(BufferPool::slab_size);
    std::ranges::copy(bytes, slab->data());
    const Bytes packet(slab->data(), bytes.size());
    server.engine.feed(Payload(packet, std::move(slab)));
    std::optional<sftp::Request> request = server.next();
    REQUIRE(request);
    waiting.push_back(std::move(*request));
  }
  CHECK(server.pool->stats().bytes_in_use <= 16 * BufferPool::slab_size + 200 * 1024);
  for (const sftp::Request& request : waiting) {
    if (const auto* stat = std::get_if<sftp::Stat>(&request.body))
      CHECK(stat->path == "/some/path");
    else
      CHECK(as_text(request.data.to_vector()) == "data");
  }
}
