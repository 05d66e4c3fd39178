#include "hawser/sftp/client_engine.h"

#include <doctest/doctest.h>

#include <set>

#include "hawser/sftp/reply_writer.h"
#include "hawser/sftp/server_engine.h"
#include "sftp/sample_message.h"

using namespace hawser;
using namespace hawser::test;

namespace {

class Client {
 public:
  explicit Client(const sftp::ClientOptions& options = {}) : engine(*pool, options) {}

  template <class M>
  void feed(const M& message) {
    engine.feed(payload_of(framed(message), *pool));
  }
  // Numbers and sends a request; gives its id.
  template <class M>
  std::uint32_t send(const M& message, std::uint64_t token = 0) {
    PacketChain chain = make_chain(*pool, sftp::framed_size(message));
    return engine.send(chain, message, token);
  }
  sftp::Reply take() {
    Result<std::optional<sftp::Reply>> next = engine.next();
    REQUIRE(next);
    REQUIRE(*next);
    return std::move(**next);
  }
  Errc next_error() {
    const Result<std::optional<sftp::Reply>> next = engine.next();
    return next ? Errc::ok : next.error().code();
  }
  void start() {
    feed(sftp::Version());
    take();
  }

  std::shared_ptr<BufferPool> pool = BufferPool::create();
  sftp::ClientEngine engine;
};

struct Started : Client {
  Started() { start(); }
};

Errc error_in(const sftp::Reply& reply) {
  const auto* error = std::get_if<Error>(&reply.body);
  return error == nullptr ? Errc::ok : error->code();
}

sftp::Read read_of(std::uint32_t length) {
  return {.id = 0, .handle = std::string_view("h"), .offset = 0, .length = length};
}

}  // namespace

TEST_CASE("client engine: VERSION tells the extensions whose version is known") {
  Client client;
  ByteVector pairs;
  for (const std::string_view text : {"posix-rename@openssh.com", "1", "statvfs@openssh.com", "1", "limits@openssh.com",
                                      "1", "newline@vandyke.com", "\n", "fsync@openssh.com", "9"}) {
    wire::append_string(pairs, text);
  }
  CHECK_FALSE(client.engine.ready());
  client.feed(sftp::Version{.version = 3, .extensions = sftp::ExtensionPairs(pairs, 5)});
  const sftp::Reply reply = client.take();
  REQUIRE(std::holds_alternative<sftp::Version>(reply.body));
  CHECK(std::get<sftp::Version>(reply.body).extensions.size() == 5);
  CHECK(client.engine.ready());
  CHECK(client.engine.extensions() == sftp::Extensions{.posix_rename = true, .limits = true});
}

TEST_CASE("client engine: anything but one VERSION 3 at the start ends the session (filexfer-02 §4)") {
  SUBCASE("another version") {
    for (const std::uint32_t version : {UINT32_C(0), UINT32_C(2), UINT32_C(4), UINT32_C(0xffffffff)}) {
      Client client;
      client.feed(sftp::Version{.version = version, .extensions = {}});
      CHECK(client.next_error() == Errc::protocol_version_not_supported);
    }
  }
  SUBCASE("another message") {
    Client client;
    client.feed(sftp::Handle{.id = 1, .handle = std::string_view("h")});
    CHECK(client.next_error() == Errc::unexpected_message);
  }
  SUBCASE("a second one") {
    Started client;
    client.feed(sftp::Version());
    CHECK(client.next_error() == Errc::unexpected_message);
    CHECK(client.next_error() == Errc::unexpected_message);
  }
}

TEST_CASE_FIXTURE(Started, "client engine: replies in any order find their requests") {
  std::vector<std::uint32_t> ids;
  for (std::uint64_t token = 0; token < 100; ++token) ids.push_back(send(sftp::Stat{.id = 0, .path = "/"}, token));
  CHECK(std::set<std::uint32_t>(ids.begin(), ids.end()).size() == 100);
  for (std::size_t i = 0; i < 100; ++i) {
    const std::size_t which = (i * 37) % 100;
    feed(sftp::Attrs{.id = ids[which], .attrs = {.size = which, .owner = {}, .permissions = {}, .times = {}}});
    const sftp::Reply reply = take();
    CHECK(reply.token == which);
    CHECK(reply.request_type == sftp::Stat::number);
    CHECK(std::get<sftp::Attrs>(reply.body).attrs.size == which);
  }
  CHECK(engine.outstanding() == 0);
}

TEST_CASE("[CVE-2026-59848] unknown and repeated reply ids end the session") {
  SUBCASE("never sent") {
    for (const std::uint32_t id : {UINT32_C(0), UINT32_C(1), UINT32_C(0xffffffff)}) {
      Started client;
      client.feed(sftp::status_message(id, sftp::StatusCode::ok));
      CHECK(client.next_error() == Errc::unexpected_reply);
    }
  }
  SUBCASE("answered twice, also when the slot has a new request") {
    Started client;
    const std::uint32_t id = client.send(sftp::Remove{.id = 0, .filename = "/a"});
    client.feed(sftp::status_message(id, sftp::StatusCode::ok));
    CHECK(client.take().is_ok());
    CHECK(client.send(sftp::Remove{.id = 0, .filename = "/b"}) != id);
    client.feed(sftp::status_message(id, sftp::StatusCode::ok));
    CHECK(client.next_error() == Errc::unexpected_reply);
  }
}

TEST_CASE_FIXTURE(Started, "[CVE-2026-59848] swapped ids give the wrong kind of reply, which fails the requests only") {
  const std::uint32_t open =
      send(sftp::Open{.id = 0, .filename = "/a", .pflags = sftp::open_flags::read, .attrs = {}}, 1);
  const std::uint32_t stat = send(sftp::Stat{.id = 0, .path = "/a"}, 2);
  feed(sftp::Handle{.id = stat, .handle = std::string_view("h")});
  feed(sftp::Attrs{.id = open, .attrs = {}});
  const sftp::Reply first = take();
  CHECK(first.token == 2);
  CHECK(error_in(first) == Errc::unexpected_reply);
  const sftp::Reply second = take();
  CHECK(second.token == 1);
  CHECK(error_in(second) == Errc::unexpected_reply);
  const std::uint32_t next = send(sftp::Remove{.id = 0, .filename = "/a"}, 3);
  feed(sftp::status_message(next, sftp::StatusCode::ok));
  CHECK(take().is_ok());
}

TEST_CASE_FIXTURE(Started, "client engine: each request accepts its kind of reply and no other (filexfer-02 §6)") {
  // One reply of each kind, in the order of ReplyKind.
  const auto feed_reply = [&](std::size_t kind, std::uint32_t id) {
    switch (static_cast<sftp::ReplyKind>(kind)) {
      case sftp::ReplyKind::status: return feed(sftp::status_message(id, sftp::StatusCode::ok));
      case sftp::ReplyKind::handle: return feed(sftp::Handle{.id = id, .handle = std::string_view("h")});
      case sftp::ReplyKind::data: return feed(sftp::Data{.id = id, .data = as_bytes("d")});
      case sftp::ReplyKind::name: return feed(sftp::single_name(id, "n"));
      case sftp::ReplyKind::attrs: return feed(sftp::Attrs{.id = id, .attrs = {}});
      case sftp::ReplyKind::extended: return feed(sftp::ExtendedReply{.id = id, .body = {}});
    }
  };
  const auto check = [&]<class M>() {
    if constexpr (requires { M::reply; } && !std::is_same_v<M, sftp::Write>) {
      for (std::size_t kind = 0; kind < 6; ++kind) {
        CAPTURE(M::number);
        CAPTURE(kind);
        feed_reply(kind, send(sample_message<M>()));
        CHECK(error_in(take()) == (static_cast<sftp::ReplyKind>(kind) == M::reply ? Errc::ok : Errc::unexpected_reply));
      }
      const std::uint32_t id = send(sample_message<M>());
      feed(sftp::status_message(id, sftp::StatusCode::failure));
      const sftp::Reply failed = take();
      REQUIRE(std::holds_alternative<sftp::Status>(failed.body));
      CHECK_FALSE(failed.is_ok());
    }
  };
  for_each_type(std::type_identity<sftp::RequestMessages>(), check);
  for_each_type(std::type_identity<ExtendedMessages>(), check);
}

TEST_CASE_FIXTURE(Started, "[CVE-2026-59844] more data than was asked for fails the READ") {
  for (const std::uint32_t size : {UINT32_C(9), UINT32_C(10), UINT32_C(11), UINT32_C(200000)}) {
    const std::uint32_t id = send(read_of(10));
    const ByteVector data(size, 3);
    feed(sftp::Data{.id = id, .data = data});
    const sftp::Reply reply = take();
    CHECK(error_in(reply) == (size <= 10 ? Errc::ok : Errc::unexpected_reply));
    CHECK(reply.data.size() == (size <= 10 ? size : 0));
  }
}

TEST_CASE_FIXTURE(Started, "client engine: the data of a READ stays where it was received") {
  const ByteVector data(70000, 9);
  const std::uint32_t id = send(read_of(70000));
  const std::vector<Payload> pieces = chopped(framed(sftp::Data{.id = id, .data = data}), 32768, *pool);
  for (const Payload& piece : pieces) engine.feed(piece);
  const sftp::Reply reply = take();
  CHECK(reply.data.to_vector() == data);
  REQUIRE(reply.data.pieces().size() == 3);
  CHECK(reply.data.pieces()[0].bytes().data() == pieces[0].bytes().data() + 13);
  CHECK(reply.data.pieces()[1].bytes().data() == pieces[1].bytes().data());
}

TEST_CASE_FIXTURE(Started, "client engine: a reply that does not parse fails its request, at any cut") {
  const auto check = [&](const auto& message, const auto& request) {
    auto reply = message;
    reply.id = 0;
    const std::size_t size = wire::encoded_size(reply);
    for (std::size_t cut = 5; cut < size; ++cut) {
      CAPTURE(cut);
      reply.id = send(request, cut);
      const ByteVector bytes = wire::encode(reply);
      engine.feed(payload_of(framed_raw(Bytes(bytes).first(cut)), *pool));
      const sftp::Reply got = take();
      CHECK(got.token == cut);
      CHECK((error_in(got) == Errc::truncated || error_in(got) == Errc::bad_value));
    }
  };
  check(sftp::Handle{.id = 0, .handle = std::string_view("handle")}, sftp::Opendir{.id = 0, .path = "/"});
  check(sftp::Data{.id = 0, .data = as_bytes("0123456789")}, read_of(100));
  check(sample_message<sftp::Name>(), sftp::Readdir{.id = 0, .handle = std::string_view("h")});
  check(sample_message<sftp::Attrs>(), sftp::Stat{.id = 0, .path = "/"});
}

TEST_CASE_FIXTURE(Started, "client engine: a message without an id, or of no known type, is an error") {
  SUBCASE("no id") {
    engine.feed(payload_of(framed_raw(ByteVector{101, 0, 0}), *pool));
    CHECK(next_error() == Errc::truncated);
  }
  SUBCASE("no known type") {
    const std::uint32_t id = send(sftp::Stat{.id = 0, .path = "/"});
    feed(sftp::Stat{.id = id, .path = "/"});
    CHECK(error_in(take()) == Errc::unexpected_message);
  }
}

TEST_CASE_FIXTURE(Started, "client engine: the replies of extensions decode") {
  const std::uint32_t id = send(sftp::ExtendedRequest<sftp::Statvfs>{.id = 0, .body = {.path = "/"}});
  const sftp::FileSystemStatistics statistics{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  feed(sftp::ExtendedReplyWith<sftp::StatvfsReply>{.id = id, .body = {statistics}});
  const sftp::Reply reply = take();
  const Result<sftp::StatvfsReply> body =
      wire::decode<sftp::StatvfsReply>(std::get<sftp::ExtendedReply>(reply.body).body.bytes);
  REQUIRE(body);
  CHECK(body->statistics == statistics);
}

TEST_CASE("client engine: the number of requests under way is bounded") {
  Client client({.outstanding_requests = 3});
  client.start();
  for (int i = 0; i < 3; ++i) client.send(sftp::Stat{.id = 0, .path = "/"}, static_cast<std::uint64_t>(i));
  CHECK(client.engine.full());
  std::set<std::uint64_t> tokens;
  client.engine.drain([&](const sftp::RequestTable::Pending& pending) { tokens.insert(pending.token); });
  CHECK(tokens == std::set<std::uint64_t>{0, 1, 2});
  CHECK(client.engine.outstanding() == 0);
}

TEST_CASE_FIXTURE(Started, "client engine: a request that is withdrawn is forgotten") {
  const std::uint32_t id = send(sftp::Stat{.id = 0, .path = "/"});
  engine.withdraw(id);
  CHECK(engine.outstanding() == 0);
  feed(sftp::Attrs{.id = id, .attrs = {}});
  CHECK(next_error() == Errc::unexpected_reply);
}

TEST_CASE_FIXTURE(Started, "client engine: a WRITE whose data cannot be read is withdrawn by its id") {
  const sftp::WriteHeader header{.id = 0, .handle = std::string_view("h"), .offset = 0, .data_size = 0};
  PacketChain chain = make_chain(*pool, sftp::framed_size(header) + 10);
  std::uint32_t id = 0xffffffff;
  engine.send_write(chain, header, 10, 5, &id);
  CHECK(engine.outstanding() == 1);
  engine.withdraw(id);
  CHECK(engine.outstanding() == 0);
}

TEST_CASE("request table: ids stay unique when slots are used again and again") {
  sftp::RequestTable table(4);
  std::set<std::uint32_t> seen;
  for (std::uint64_t i = 0; i < 100000; ++i) {
    const std::uint32_t id = table.add({.token = i});
    // The count of a slot's uses has 16 bits.
    if (i < 65536) REQUIRE(seen.insert(id).second);
    const std::optional<sftp::RequestTable::Pending> pending = table.take(id);
    REQUIRE(pending);
    REQUIRE(pending->token == i);
    REQUIRE_FALSE(table.take(id));
  }
}

TEST_CASE_FIXTURE(Started, "client engine: a WRITE takes its data from the areas, and a server engine reads it") {
  sftp::ServerEngine server(*pool);
  server.feed(payload_of(framed(sftp::Init()), *pool));
  REQUIRE(server.next());
  const sftp::WriteHeader header{.id = 0, .handle = std::string_view("hand"), .offset = 99, .data_size = 0};
  for (const std::size_t size : {std::size_t{0}, std::size_t{7}, std::size_t{1000}}) {
    PacketChain chain = make_chain(*pool, sftp::framed_size(header) + 1000, 300);
    sftp::DataTail tail = engine.send_write(chain, header, 1000, 5);
    for (const MutableBytes area : tail.areas()) std::ranges::fill(area, std::uint8_t{0x42});
    tail.finish(size);
    server.feed(payload_of(written_bytes(chain), *pool));
    Result<std::optional<sftp::Request>> request = server.next();
    REQUIRE(request);
    REQUIRE(*request);
    CHECK(std::get<sftp::WriteHeader>((*request)->body).offset == 99);
    CHECK((*request)->data.to_vector() == ByteVector(size, 0x42));
    feed(sftp::status_message((*request)->id, sftp::StatusCode::ok));
    const sftp::Reply reply = take();
    CHECK(reply.is_ok());
    CHECK(reply.token == 5);
  }
}
