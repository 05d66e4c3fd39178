#include "hawser/sftp/request_parser.h"

#include <doctest/doctest.h>

#include "sftp/sample_message.h"

using namespace hawser;
using namespace hawser::test;

namespace {

struct ParserFixture {
  std::shared_ptr<BufferPool> pool = BufferPool::create();
  sftp::RequestParser parser{*pool};

  void feed(Bytes bytes) { parser.feed(payload_of(bytes, *pool)); }
  sftp::Request take() {
    Result<std::optional<sftp::Request>> next = parser.next();
    REQUIRE(next);
    REQUIRE(*next);
    return std::move(**next);
  }
  bool waits() {
    const Result<std::optional<sftp::Request>> next = parser.next();
    return next && !*next;
  }
  sftp::Request parse(Bytes message) {
    feed(framed_raw(message));
    return take();
  }
  Errc error_of(Bytes message) {
    sftp::RequestParser fresh(*pool);
    fresh.feed(payload_of(framed_raw(message), *pool));
    const Result<std::optional<sftp::Request>> next = fresh.next();
    return next ? Errc::ok : next.error().code();
  }
};

template <class M>
constexpr bool is_hot = std::is_same_v<M, sftp::Write> || std::is_same_v<M, sftp::Extended>;

}  // namespace

TEST_CASE_FIXTURE(ParserFixture, "request parser: every request is decoded, with its id") {
  for_each_type(std::type_identity<sftp::RequestMessages>(), [&]<class M>() {
    if constexpr (!is_hot<M>) {
      M message = sample_message<M>();
      for (const std::uint32_t id : {UINT32_C(0), UINT32_C(7), UINT32_C(0xffffffff)}) {
        message.id = id;
        const ByteVector bytes = wire::encode(message);
        const sftp::Request request = parse(bytes);
        CHECK(request.id == id);
        CHECK(request.type == M::number);
        const M* body = std::get_if<M>(&request.body);
        REQUIRE(body != nullptr);
        CHECK(wire::encode(*body) == bytes);
      }
    }
  });
}

TEST_CASE_FIXTURE(ParserFixture, "request parser: every known extension is decoded (OpenSSH PROTOCOL §4)") {
  for_each_type(std::type_identity<sftp::ExtensionBodies>(), [&]<class Body>() {
    sftp::ExtendedRequest<Body> message{.id = 9, .body = sample_message<Body>()};
    const sftp::Request request = parse(wire::encode(message));
    CHECK(request.id == 9);
    const Body* body = std::get_if<Body>(&request.body);
    REQUIRE(body != nullptr);
    CHECK(wire::encode(*body) == wire::encode(message.body));
  });
}

TEST_CASE_FIXTURE(ParserFixture, "request parser: the data of a WRITE stays where it was received") {
  const ByteVector data(50000, 0x5a);
  const ByteVector bytes = framed(sftp::Write{.id = 3, .handle = std::string_view("abcd"), .offset = 77, .data = data});
  const std::vector<Payload> pieces = chopped(bytes, 32768, *pool);
  for (const Payload& piece : pieces) parser.feed(piece);
  const sftp::Request request = take();
  const auto& header = std::get<sftp::WriteHeader>(request.body);
  CHECK(header.handle.text == "abcd");
  CHECK(header.offset == 77);
  CHECK(header.data_size == data.size());
  CHECK(request.data.to_vector() == data);
  REQUIRE(request.data.pieces().size() == 2);
  CHECK(request.data.pieces()[0].bytes().data() == pieces[0].bytes().data() + bytes.size() - data.size());
  CHECK(request.data.pieces()[1].bytes().data() == pieces[1].bytes().data());
}

TEST_CASE_FIXTURE(ParserFixture, "request parser: requests that come in pieces of any size, or joined, are the same") {
  ByteVector bytes;
  std::vector<std::uint8_t> types;
  for_each_type(std::type_identity<sftp::RequestMessages>(), [&]<class M>() {
    bytes = bytes + framed(sample_message<M>());
    types.push_back(M::number);
  });
  for (const std::size_t size : {std::size_t{1}, std::size_t{2}, std::size_t{5}, std::size_t{64}, bytes.size()}) {
    CAPTURE(size);
    std::vector<std::uint8_t> seen;
    ByteVector written;
    for (Payload& piece : chopped(bytes, size, *pool)) {
      parser.feed(std::move(piece));
      while (true) {
        Result<std::optional<sftp::Request>> next = parser.next();
        REQUIRE(next);
        if (!*next) break;
        CHECK_FALSE(std::holds_alternative<sftp::Malformed>((*next)->body));
        seen.push_back((*next)->type);
        if ((*next)->type == sftp::Write::number) written = (*next)->data.to_vector();
        parser.recycle(std::move(**next));
      }
    }
    CHECK(seen == types);
    CHECK(written == to_vector(sample_message<sftp::Write>().data));
  }
}

TEST_CASE_FIXTURE(ParserFixture, "request parser: a request stays valid while later ones come and go") {
  feed(framed(sftp::Rename{.id = 1, .oldpath = "/first/old", .newpath = "/first/new"}));
  sftp::Request kept = take();
  for (int i = 0; i < 100; ++i) {
    for (Payload& piece :
         chopped(framed(sftp::Rename{.id = 2, .oldpath = "/x", .newpath = std::string(3000, 'y')}), 7, *pool)) {
      parser.feed(std::move(piece));
    }
    parser.recycle(take());
  }
  const sftp::Request moved = std::move(kept);
  CHECK(std::get<sftp::Rename>(moved.body).oldpath == "/first/old");
  CHECK(std::get<sftp::Rename>(moved.body).newpath == "/first/new");
}

TEST_CASE_FIXTURE(
    ParserFixture,
    "[defect 4] request parser: a body that does not parse keeps its id, and the next request is served") {
  for_each_type(std::type_identity<sftp::RequestMessages>(), [&]<class M>() {
    if constexpr (!std::is_same_v<M, sftp::Extended>) {
      M message = sample_message<M>();
      message.id = 0xabcdef01;
      const ByteVector bytes = wire::encode(message);
      for (std::size_t size = 5; size < bytes.size(); ++size) {
        CAPTURE(M::name);
        CAPTURE(size);
        const sftp::Request request = parse(Bytes(bytes).first(size));
        CHECK(request.id == 0xabcdef01);
        REQUIRE(std::holds_alternative<sftp::Malformed>(request.body));
        CHECK(std::get<sftp::Malformed>(request.body).error.code() == Errc::truncated);
      }
      const sftp::Request longer = parse(bytes + ByteVector{0});
      REQUIRE(std::holds_alternative<sftp::Malformed>(longer.body));
      CHECK(std::get<sftp::Malformed>(longer.body).error.code() == Errc::trailing_bytes);
      CHECK(parse(bytes).id == 0xabcdef01);
    }
  });
}

TEST_CASE_FIXTURE(ParserFixture, "request parser: an extended request that does not parse keeps its id") {
  const ByteVector bytes =
      wire::encode(sftp::ExtendedRequest<sftp::PosixRename>{.id = 5, .body = {.oldpath = "a", .newpath = "b"}});
  for (std::size_t size = 5; size < bytes.size(); ++size) {
    const sftp::Request request = parse(Bytes(bytes).first(size));
    CHECK(request.id == 5);
    CHECK(std::holds_alternative<sftp::Malformed>(request.body));
  }
}

TEST_CASE_FIXTURE(
    ParserFixture,
    "[defect 3] request parser: types and extensions that are not known come out as unsupported, with their id") {
  for (unsigned type = 0; type < 256; ++type) {
    if (type == 1 || type == 2 || (type >= 3 && type <= 20) || type == 200) continue;
    const ByteVector bytes{static_cast<std::uint8_t>(type), 0, 0, 0, 42, 1, 2, 3};
    const sftp::Request request = parse(bytes);
    CHECK(request.id == 42);
    const auto* unsupported = std::get_if<sftp::Unsupported>(&request.body);
    REQUIRE(unsupported != nullptr);
    CHECK(unsupported->type == type);
  }
  for (const std::string_view name : {"", "no-such@example.com", "statvfs"}) {
    const sftp::Request request =
        parse(wire::encode(sftp::Extended{.id = 43, .request = name, .body = {as_bytes("data")}}));
    CHECK(request.id == 43);
    const auto* unsupported = std::get_if<sftp::Unsupported>(&request.body);
    REQUIRE(unsupported != nullptr);
    CHECK(unsupported->extension == name);
  }
}

TEST_CASE_FIXTURE(ParserFixture, "request parser: what has no id to answer to ends the session") {
  CHECK(error_of(ByteVector{17}) == Errc::truncated);
  CHECK(error_of(ByteVector{17, 0, 0, 0}) == Errc::truncated);
  CHECK(error_of(ByteVector{200, 0, 0, 0}) == Errc::truncated);
  CHECK(error_of(ByteVector{1, 0, 0, 0}) == Errc::truncated);
  CHECK(error_of(ByteVector{1, 0, 0, 0, 3, 0, 0, 0, 9}) == Errc::truncated);
  CHECK(error_of(wire::encode(sftp::Version())) == Errc::unexpected_message);
}

TEST_CASE_FIXTURE(ParserFixture, "request parser: INIT carries a version and extensions (filexfer-02 §4)") {
  const sftp::Request request = parse(wire::encode(sample_message<sftp::Init>()));
  const auto* init = std::get_if<sftp::Init>(&request.body);
  REQUIRE(init != nullptr);
  CHECK(init->extensions.size() == 2);
}

TEST_CASE_FIXTURE(ParserFixture, "request parser: WRITE handles and sizes at the limits") {
  const auto write = [](std::size_t handle_size, std::size_t data_size) {
    const std::string handle(handle_size, 'h');
    const ByteVector data(data_size, 1);
    return wire::encode(sftp::Write{.id = 6, .handle = handle, .offset = UINT64_MAX, .data = data});
  };
  for (const std::size_t handle_size : {0u, 1u, 4u, 256u}) {
    for (const std::size_t data_size : {0u, 1u, 1000u, 262144u}) {
      const sftp::Request request = parse(write(handle_size, data_size));
      const auto* header = std::get_if<sftp::WriteHeader>(&request.body);
      REQUIRE(header != nullptr);
      CHECK(header->handle.text.size() == handle_size);
      CHECK(header->offset == UINT64_MAX);
      CHECK(request.data.size() == data_size);
    }
  }
  CHECK(std::holds_alternative<sftp::Malformed>(parse(write(257, 10)).body));
  CHECK(waits());
}

TEST_CASE_FIXTURE(ParserFixture, "[CVE-2025-15661] a WRITE whose lengths lie is malformed, never read past its end") {
  const ByteVector good =
      wire::encode(sftp::Write{.id = 6, .handle = std::string_view("abcd"), .offset = 1, .data = as_bytes("datadata")});
  constexpr std::size_t handle_length = 5;
  constexpr std::size_t data_length = 5 + 8 + 8;
  for (const std::size_t offset : {handle_length, data_length}) {
    const std::uint32_t right = wire::load_uint32(good.data() + offset);
    for (const std::uint32_t length : {UINT32_C(0), right - 1, right + 1, UINT32_C(0x7fffffff), UINT32_C(0xffffffff)}) {
      ByteVector bytes = good;
      wire::store_uint32(bytes.data() + offset, length);
      const sftp::Request request = parse(bytes);
      CHECK(request.id == 6);
      CHECK(std::holds_alternative<sftp::Malformed>(request.body));
    }
  }
}
