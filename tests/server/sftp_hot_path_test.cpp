// READ and WRITE in steady state: no allocation, no copy, no suspended coroutine (doc/architecture.md, "Buffers and the
// hot path").
#include <asio/co_spawn.hpp>

#include "hawser/sftp/handle_table.h"
#include "sftp_fixture.h"
#include "support/counting_allocator.h"

namespace hawser::test {

namespace flags = sftp::open_flags;

namespace {

// A file that remembers which memory it was given.
class WatchingFile final : public server::File {
 public:
  net::Awaitable<server::FileResult<std::size_t>> read_at(std::uint64_t, std::span<const MutableBytes>) override {
    co_return server::FileError::failed;  // never needed: try_read_at can always
  }
  net::Awaitable<server::FileResult<void>> write_at(std::uint64_t, std::span<const Bytes>) override {
    co_return server::FileError::failed;
  }
  std::optional<server::FileResult<std::size_t>> try_read_at(std::uint64_t,
                                                             std::span<const MutableBytes> areas) override {
    std::size_t size = 0;
    for (const MutableBytes area : areas) {
      read_into = area.data();
      area.front() = 0x5a;
      size += area.size();
    }
    ++reads;
    note();
    return server::FileResult<std::size_t>(size);
  }
  std::optional<server::FileResult<void>> try_write_at(std::uint64_t, std::span<const Bytes> areas) override {
    for (const Bytes area : areas) written_from = area.data();
    pieces = areas.size();
    ++writes;
    note();
    return server::FileResult<void>();
  }
  net::Awaitable<server::FileResult<sftp::Attributes>> attributes() override { co_return sftp::Attributes(); }
  net::Awaitable<server::FileResult<void>> close() override { co_return server::FileResult<void>(); }

  // What the server allocates between the first call after a reset and the last one.
  void reset_allocations() {
    counter_.reset();
    allocations = 0;
  }

  std::size_t reads = 0, writes = 0, pieces = 0, allocations = 0;
  const std::uint8_t* read_into = nullptr;
  const std::uint8_t* written_from = nullptr;

 private:
  void note() {
    if (counter_) {
      allocations = counter_->count();
    } else {
      counter_.emplace();
    }
  }
  std::optional<AllocationCounter> counter_;
};

class OneFile final : public server::FileSystem {
 public:
  WatchingFile* file = nullptr;
  net::Awaitable<server::FileResult<sftp::Attributes>> stat(std::string) override { co_return sftp::Attributes(); }
  net::Awaitable<server::FileResult<std::unique_ptr<server::File>>> open(std::string, server::OpenMode,
                                                                         sftp::Attributes) override {
    auto made = std::make_unique<WatchingFile>();
    file = made.get();
    co_return made;
  }
  net::Awaitable<server::FileResult<std::unique_ptr<server::Directory>>> open_directory(std::string) override {
    co_return server::FileError::not_found;
  }
};

// Takes replies without keeping them, and gives requests from one piece of memory: nothing of the test's own allocates.
class DrainChannel final : public net::ByteChannel {
 public:
  explicit DrainChannel(const asio::any_io_executor& executor) : executor_(executor), data_(executor) {}

  std::optional<Payload> try_receive() override {
    if (waiting_.empty()) return std::nullopt;
    Payload piece = waiting_.pieces().front();
    waiting_.consume(piece.size());
    return piece;
  }
  net::Awaitable<Result<Payload>> receive() override {
    while (waiting_.empty() && !eof_) co_await data_.wait();
    if (waiting_.empty()) co_return Payload();
    co_return *try_receive();
  }
  void consumed(std::size_t count) override { consumed_bytes += count; }
  void reserve(std::size_t size, PacketChain& out) override { out.append(PacketBuffer(*pool, 9 + size), 9); }
  void send(PacketChain& chain) override {
    for (PacketChain::Part& part : chain.parts()) {
      last_reply = Bytes(part.buffer.payload()).subspan(part.header_size).data();
      sent_bytes += part.buffer.size() - part.header_size;
      ++replies;
    }
    chain.clear();
  }
  bool writable() const override { return true; }
  net::Awaitable<Result<void>> wait_writable() override { co_return Result<void>(); }
  void send_eof() override {}
  void close() override {}
  asio::any_io_executor executor() const override { return executor_; }

  void deliver(Payload piece) {
    waiting_.append(std::move(piece));
    data_.notify();
  }
  void end() {
    eof_ = true;
    data_.notify();
  }

  std::shared_ptr<BufferPool> pool = BufferPool::create();
  std::size_t replies = 0, sent_bytes = 0, consumed_bytes = 0;
  const std::uint8_t* last_reply = nullptr;

 private:
  asio::any_io_executor executor_;
  net::Signal data_;
  PayloadChain waiting_;
  bool eof_ = false;
};

struct HotPath {
  HotPath() {
    asio::co_spawn(io, server.run(), [this](std::exception_ptr, Result<void>) { ended = true; });
    give(sftp::Init{});
    give(sftp::Open{.id = 1, .filename = "/x", .pflags = flags::read | flags::write, .attrs = {}});
    io.poll();
    handle = sftp::HandleId(0, 1);
    REQUIRE(files->file != nullptr);
  }
  ~HotPath() {
    channel->end();
    io.restart();
    io.poll();
    CHECK(ended);
  }

  template <wire::HasFields M>
  Payload framed(const M& message) {
    ByteVector bytes;
    wire::append_string(bytes, wire::encode(message));
    return Payload::copy_of(bytes, *channel->pool);
  }
  template <wire::HasFields M>
  void give(const M& message) {
    channel->deliver(framed(message));
  }
  // `count` times the same request; allocations per all of them, after a few rounds have filled the pools.
  std::size_t allocations(const Payload& request, std::size_t count) {
    for (int i = 0; i != 4; ++i) {
      files->file->reset_allocations();
      round(request, count);
    }
    return files->file->allocations;
  }
  void round(const Payload& request, std::size_t count) {
    for (std::size_t i = 0; i != count; ++i) channel->deliver(request);
    io.restart();
    io.poll();
  }

  asio::io_context io;
  std::shared_ptr<DrainChannel> channel = std::make_shared<DrainChannel>(io.get_executor());
  std::shared_ptr<OneFile> files = std::make_shared<OneFile>();
  server::SFTPServer server{channel, files};
  sftp::HandleId handle{0, 0};
  bool ended = false;
};

}  // namespace

TEST_CASE("sftp hot path: a READ costs no allocation and is read straight into the packet that leaves") {
  HotPath hot;
  const Payload request =
      hot.framed(sftp::Read{.id = 7, .handle = hot.handle.text(), .offset = 0, .length = 32 * 1024});
  CHECK(hot.allocations(request, 64) == 0);
  CHECK(hot.files->file->reads == 4 * 64);
  CHECK(hot.files->file->read_into == hot.channel->last_reply + 13);
  CHECK(hot.server.counters().waited == 0);
  CHECK(hot.server.counters().bytes_read == 4 * 64 * 32 * 1024);
}

TEST_CASE("sftp hot path: a WRITE costs no allocation and is written from where it was received") {
  HotPath hot;
  const ByteVector data(32 * 1024, 0x77);
  const Payload request = hot.framed(sftp::Write{.id = 7, .handle = hot.handle.text(), .offset = 0, .data = data});
  CHECK(hot.allocations(request, 64) == 0);
  CHECK(hot.files->file->writes == 4 * 64);
  CHECK(hot.files->file->written_from == request.bytes().data() + request.size() - data.size());
  CHECK(hot.server.counters().waited == 0);
  CHECK(hot.channel->consumed_bytes >= 4 * 64 * request.size());
}

TEST_CASE("sftp hot path: a WRITE that came in several pieces is written from all of them, in one call") {
  HotPath hot;
  const ByteVector data(100 * 1024, 0x77);
  const Payload request = hot.framed(sftp::Write{.id = 7, .handle = hot.handle.text(), .offset = 0, .data = data});
  // Each from memory of its own: neighbours would become one piece again.
  std::vector<Payload> pieces;
  for (std::size_t offset = 0; offset < request.size(); offset += 32 * 1024) {
    const std::size_t size = std::min<std::size_t>(32 * 1024, request.size() - offset);
    pieces.push_back(Payload::copy_of(request.bytes().subspan(offset, size), *hot.channel->pool));
  }
  const auto give_in_pieces = [&] {
    hot.files->file->reset_allocations();
    for (int i = 0; i != 2; ++i) {
      for (const Payload& piece : pieces) hot.channel->deliver(piece);
    }
    hot.io.restart();
    hot.io.poll();
  };
  for (int i = 0; i != 4; ++i) give_in_pieces();
  CHECK(hot.files->file->allocations == 0);
  CHECK(hot.files->file->writes == 4 * 2);
  CHECK(hot.files->file->pieces == 4);
  CHECK(hot.files->file->written_from == pieces.back().bytes().data());
}

}  // namespace hawser::test
