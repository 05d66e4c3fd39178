#include "hawser/sftp/message_stream.h"

#include <doctest/doctest.h>

#include <random>

#include "sftp/sample_message.h"

using namespace hawser;
using namespace hawser::test;

namespace {

struct StreamFixture {
  std::shared_ptr<BufferPool> pool = BufferPool::create();
  sftp::MessageStream stream{*pool};
  PayloadChain message;

  // The messages that are whole now.
  std::vector<ByteVector> take_all() {
    std::vector<ByteVector> all;
    for (;;) {
      const Result<bool> next = stream.next(message);
      REQUIRE(next);
      if (!*next) return all;
      all.push_back(message.to_vector());
    }
  }
  Errc next_error() {
    const Result<bool> next = stream.next(message);
    return next ? Errc::ok : next.error().code();
  }
};

std::vector<ByteVector> some_messages() {
  std::vector<ByteVector> messages;
  for (const std::size_t size : {1u, 5u, 300u, 2047u, 2048u, 5000u, 40000u, 3u, 262144u, 17u}) {
    ByteVector message(size);
    for (std::size_t i = 0; i < size; ++i) message[i] = static_cast<std::uint8_t>(i * 31 + size);
    messages.push_back(std::move(message));
  }
  return messages;
}

ByteVector stream_of(const std::vector<ByteVector>& messages) {
  ByteVector stream;
  for (const ByteVector& message : messages) wire::append_string(stream, message);
  return stream;
}

}  // namespace

TEST_CASE_FIXTURE(StreamFixture, "message stream: pieces of any size give the same messages (filexfer-02 §3)") {
  const std::vector<ByteVector> messages = some_messages();
  const ByteVector bytes = stream_of(messages);
  for (const std::size_t size : {1u, 2u, 3u, 7u, 100u, 2047u, 2049u, 32768u, 262144u}) {
    CAPTURE(size);
    std::vector<ByteVector> seen;
    for (Payload& piece : chopped(bytes, size, *pool)) {
      stream.feed(std::move(piece));
      for (ByteVector& m : take_all()) seen.push_back(std::move(m));
    }
    CHECK(seen == messages);
    CHECK(stream.buffered() == 0);
  }
}

TEST_CASE_FIXTURE(StreamFixture, "message stream: pieces that are fed before anyone asks give the same messages") {
  const std::vector<ByteVector> messages = some_messages();
  std::mt19937 random(1);
  for (int round = 0; round < 20; ++round) {
    const ByteVector bytes = stream_of(messages);
    Bytes rest = bytes;
    while (!rest.empty()) {
      const std::size_t size =
          std::min<std::size_t>(rest.size(), random() % 3 == 0 ? random() % 10000 + 1 : random() % 500 + 1);
      stream.feed(payload_of(rest.first(size), *pool));
      rest = rest.subspan(size);
    }
    CHECK(stream.buffered() == bytes.size());
    CHECK(take_all() == messages);
  }
}

TEST_CASE_FIXTURE(StreamFixture, "message stream: a message in one piece is not copied") {
  const Payload piece = payload_of(framed_raw(ByteVector(100, 7)), *pool);
  stream.feed(piece);
  REQUIRE(*stream.next(message));
  CHECK(message.pieces().front().bytes().data() == piece.bytes().data() + 4);
}

TEST_CASE_FIXTURE(StreamFixture, "message stream: small pieces that wait do not hold the blocks they came in") {
  const ByteVector bytes = framed_raw(ByteVector(100000, 7));
  for (Payload& piece : chopped(Bytes(bytes).first(90000), 1000, *pool)) {
    stream.feed(std::move(piece));
    REQUIRE_FALSE(*stream.next(message));
  }
  CHECK(pool->stats().bytes_in_use <= 90000 * 5 / 4 + 4096);
}

TEST_CASE_FIXTURE(StreamFixture, "[CVE-2026-48108] single bytes cost no more than their message") {
  const ByteVector bytes = framed_raw(ByteVector(200000, 7));
  std::shared_ptr<BufferPool> packets = BufferPool::create();
  for (Payload& piece : chopped(Bytes(bytes).first(150000), 1, *packets)) {
    stream.feed(std::move(piece));
    REQUIRE_FALSE(*stream.next(message));
  }
  CHECK(packets->stats().blocks_in_use == 0);
  CHECK(pool->stats().blocks_in_use <= 150000 / 4096 + 2);
}

TEST_CASE_FIXTURE(StreamFixture,
                  "message stream: pieces that each lie in a slab of their own hold a few slabs, not one each") {
  ByteVector content(200000);
  for (std::size_t i = 0; i != content.size(); ++i) content[i] = static_cast<std::uint8_t>(i / 4096 + i);
  const ByteVector bytes = framed_raw(content);
  const std::shared_ptr<BufferPool> packets = BufferPool::create();
  for (std::size_t from = 0; from != bytes.size();) {
    REQUIRE_FALSE(*stream.next(message));
    const Bytes part = Bytes(bytes).subspan(from, std::min<std::size_t>(4096, bytes.size() - from));
    {
      const BlockRef slab = packets->acquire(BufferPool::slab_size);
      std::ranges::copy(part, slab->data());
      stream.feed(Payload(Bytes(slab->data(), part.size()), slab));
    }
    from += part.size();
    CHECK(packets->stats().blocks_in_use <= 4);
  }
  CHECK(pool->stats().bytes_in_use <= bytes.size() + 4096);
  REQUIRE(*stream.next(message));
  CHECK((message.to_vector() == content));
}

TEST_CASE_FIXTURE(StreamFixture, "message stream: lengths at the limits") {
  struct Case {
    std::uint32_t length;
    Errc expected;
  };
  for (const Case c : {Case{0, Errc::bad_value}, Case{1, Errc::ok}, Case{sftp::maximum_message_size, Errc::ok},
                       Case{sftp::maximum_message_size + 1, Errc::message_too_large},
                       Case{0x7fffffff, Errc::message_too_large}, Case{0xffffffff, Errc::message_too_large}}) {
    CAPTURE(c.length);
    sftp::MessageStream fresh(*pool);
    ByteVector bytes;
    wire::append_uint32(bytes, c.length);
    fresh.feed(payload_of(bytes, *pool));
    const Result<bool> next = fresh.next(message);
    CHECK((next ? Errc::ok : next.error().code()) == c.expected);
    if (next) CHECK_FALSE(*next);
  }
}

TEST_CASE_FIXTURE(StreamFixture, "message stream: after a bad length nothing comes any more") {
  stream.feed(payload_of(ByteVector(4), *pool));
  CHECK(next_error() == Errc::bad_value);
  stream.feed(payload_of(framed_raw(ByteVector(3)), *pool));
  CHECK(next_error() == Errc::bad_value);
}

TEST_CASE("contiguous: a reference where the bytes lie in one piece, else a copy") {
  const std::shared_ptr<BufferPool> pool = BufferPool::create();
  PayloadChain chain;
  chain.append(payload_of(as_bytes("abc"), *pool));
  chain.append(payload_of(as_bytes("def"), *pool));
  const std::uint8_t* first = chain.pieces().front().bytes().data();
  CHECK(sftp::contiguous(chain, 3, *pool).bytes().data() == first);
  const Payload joined = sftp::contiguous(chain, 5, *pool);
  CHECK(joined.bytes().data() != first);
  CHECK(as_text(joined.bytes()) == "abcde");
  CHECK(sftp::contiguous(chain, 0, *pool).empty());
}
