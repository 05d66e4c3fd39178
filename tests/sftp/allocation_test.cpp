// The hot path takes nothing from the heap once it has warmed up: READ and WRITE through a client and a server engine,
// the bytes going over in packets of 32 KiB as channels have them.
#include <doctest/doctest.h>

#include "hawser/sftp/client_engine.h"
#include "hawser/sftp/reply_writer.h"
#include "hawser/sftp/server_engine.h"
#include "sftp/sample_message.h"
#include "support/counting_allocator.h"

using namespace hawser;
using namespace hawser::test;

namespace {

constexpr std::size_t packet = 32768;

class Pair {
 public:
  Pair() {
    reserve(sftp::framed_size(sftp::Init()));
    sftp::write_message(chain_, client_.init());
    deliver(server_);
    sftp::Request init = take_request();
    reserve(sftp::framed_size(server_.version()));
    sftp::write_message(chain_, server_.version());
    server_.release(std::move(init));
    deliver(client_);
    client_.recycle(take_reply());
  }

  std::size_t read(std::uint32_t length) {
    const sftp::Read message{.id = 0, .handle = std::string_view("handle00"), .offset = 0, .length = length};
    reserve(sftp::framed_size(message));
    client_.send(chain_, message, 1);
    deliver(server_);
    sftp::Request request = take_request();
    const auto& read = std::get<sftp::Read>(request.body);
    reserve(sftp::DataReply::room(read.length));
    sftp::DataReply answer(chain_, request.id, read.length);
    for (const MutableBytes area : answer.areas()) std::ranges::fill(area, std::uint8_t{1});
    answer.finish(read.length);
    server_.release(std::move(request));
    deliver(client_);
    return finish();
  }

  std::size_t write(std::size_t length) {
    const sftp::WriteHeader header{.id = 0, .handle = std::string_view("handle00"), .offset = 0, .data_size = 0};
    reserve(sftp::framed_size(header) + length);
    sftp::DataTail tail = client_.send_write(chain_, header, length, 1);
    for (const MutableBytes area : tail.areas()) std::ranges::fill(area, std::uint8_t{2});
    tail.finish(length);
    deliver(server_);
    const std::size_t written = take_and_answer();
    finish();
    return written;
  }

  std::size_t stat() {
    const sftp::Stat message{.id = 0, .path = "/some/directory/file"};
    reserve(sftp::framed_size(message));
    client_.send(chain_, message, 1);
    deliver(server_);
    take_and_answer();
    return finish();
  }

 private:
  void reserve(std::size_t size) {
    chain_.clear();
    while (size != 0) {
      const std::size_t part = std::min(size, packet);
      chain_.append(PacketBuffer(*pool_, 9 + part), 9);
      size -= part;
    }
  }
  template <class Engine>
  void deliver(Engine& engine) {
    for (PacketChain::Part& part : chain_.parts()) {
      engine.feed(Payload::copy_of(part.buffer.payload().subspan(part.header_size), *pool_));
    }
  }
  sftp::Request take_request() {
    Result<std::optional<sftp::Request>> next = server_.next();
    REQUIRE((next && *next));
    return std::move(**next);
  }
  sftp::Reply take_reply() {
    Result<std::optional<sftp::Reply>> next = client_.next();
    REQUIRE((next && *next));
    return std::move(**next);
  }
  std::size_t take_and_answer() {
    sftp::Request request = take_request();
    const std::size_t size = request.data.size();
    const sftp::Status status = sftp::status_message(request.id, sftp::StatusCode::ok);
    reserve(sftp::framed_size(status));
    sftp::write_message(chain_, status);
    server_.release(std::move(request));
    deliver(client_);
    return size;
  }
  std::size_t finish() {
    sftp::Reply reply = take_reply();
    const std::size_t size = reply.data.size();
    client_.recycle(std::move(reply));
    return size;
  }

  std::shared_ptr<BufferPool> pool_ = BufferPool::create();
  sftp::ServerEngine server_{*pool_};
  sftp::ClientEngine client_{*pool_};
  PacketChain chain_;
};

}  // namespace

TEST_CASE("hot path: READ, WRITE and STAT take nothing from the heap in steady state") {
  Pair pair;
  constexpr std::uint32_t large = 255 * 1024;
  const auto run = [&] {
    std::size_t sum = 0;
    for (int i = 0; i < 10; ++i) {
      sum += pair.read(32768) + pair.write(32768) + pair.read(large) + pair.write(large) + pair.write(100) +
             pair.read(100);
      pair.stat();
    }
    return sum;
  };
  CHECK(run() == 10 * 2 * (32768 + large + 100));
  const AllocationCounter allocations;
  run();
  CHECK(allocations.count() == 0);
}
