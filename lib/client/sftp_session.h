// What the objects of one SFTPClient share: the protocol engine, the stream, and who waits for which reply. One reader
// coroutine takes bytes from the stream and hands out replies; it keeps the session alive until the stream ends.
#pragma once

#include <asio/steady_timer.hpp>

#include "client/completion.h"
#include "hawser/client/sftp_client.h"
#include "hawser/net/signal.h"
#include "hawser/sftp/client_engine.h"

namespace hawser::client {

class SFTPSession : public std::enable_shared_from_this<SFTPSession> {
 public:
  SFTPSession(std::shared_ptr<net::ByteChannel> channel, SFTPClientOptions options);
  ~SFTPSession();

  // Sends INIT and spawns the reader.
  void start();
  // Ends the session: every request under way completes with `reason`.
  void fail(Error reason);

  Awaitable<Result<void>> ready();
  // Returns when a request may be posted. Errors: why none ever can.
  Awaitable<Result<void>> wait_for_room();
  // Returns when the stream takes more data.
  Awaitable<Result<void>> wait_writable();
  bool has_room() const { return engine_.ready() && !engine_.full() && !over_; }
  bool writable() const { return channel_->writable(); }

  // Sends the request and waits for its reply. What `message` views must stay until then.
  template <class M>
  Awaitable<sftp::Reply> request(M message) {
    if (!has_room()) {
      const Result<void> room = co_await wait_for_room();
      if (!room) co_return lost(room.error());
    }
    ReplyWaiter waiter;
    post(message, waiter);
    sftp::Reply reply = co_await waiter.wait();
    co_return reply;
  }

  // Sends the request; `completion` gets the reply. Only when there is room.
  template <class M>
  void post(const M& message, Completion& completion) {
    const std::uint64_t token = add(&completion);
    channel_->reserve(sftp::framed_size(message), chain_);
    engine_.send(chain_, message, token);
    channel_->send(chain_);
  }
  // The same, nobody waits.
  template <class M>
  void post_and_forget(const M& message) {
    if (!has_room()) return;
    const std::uint64_t token = add(nullptr);
    channel_->reserve(sftp::framed_size(message), chain_);
    engine_.send(chain_, message, token);
    channel_->send(chain_);
  }

  // WRITE with at most `maximum` bytes that `fill` puts straight into the packets: it gets their memory and gives how
  // many bytes it has put there. Nothing is sent for 0 or an error.
  template <class Fill>
  Result<std::size_t> post_write(const sftp::WriteHeader& header, std::size_t maximum, Completion& completion,
                                 Fill fill) {
    const std::uint64_t token = add(&completion);
    channel_->reserve(sftp::framed_size(header) + maximum, chain_);
    std::uint32_t id = 0;
    sftp::DataTail tail = engine_.send_write(chain_, header, maximum, token, &id);
    Result<std::size_t> filled = fill(tail.areas());
    if (!filled || *filled == 0) {
      engine_.withdraw(id);
      take(static_cast<std::uint32_t>(token));
      chain_.clear();
      return filled;
    }
    tail.finish(*filled);
    channel_->send(chain_);
    return filled;
  }

  void forget(Completion& completion);

  bool over() const { return over_; }
  Error reason() const { return reason_; }
  const sftp::Extensions& extensions() const { return engine_.extensions(); }
  const sftp::Limits& limits() const { return limits_; }
  std::uint32_t read_size() const;
  std::uint32_t write_size() const;
  std::size_t list_limit() const { return options_.list_limit; }
  sftp::SymlinkOrder symlink_order() const { return options_.symlink_order; }
  asio::any_io_executor executor() const { return channel_->executor(); }

  static sftp::Reply lost(Error reason);

 private:
  class LimitsReply final : public Completion {
   public:
    explicit LimitsReply(sftp::Limits& limits) : limits_(limits) {}
    void complete(sftp::Reply& reply) override;

   private:
    sftp::Limits& limits_;
  };

  Awaitable<void> read_loop();
  void dispatch(sftp::Reply reply);
  void became_ready();
  void abandon();
  std::uint64_t add(Completion* completion);
  Completion* take(std::uint32_t slot);
  void watch_silence();
  void check_silence();

  std::shared_ptr<net::ByteChannel> channel_;
  SFTPClientOptions options_;
  std::shared_ptr<BufferPool> pool_;
  sftp::ClientEngine engine_;
  PacketChain chain_;
  std::vector<Completion*> completions_;  // by token; null where nobody waits any more
  std::vector<std::uint32_t> free_;
  std::size_t under_way_ = 0;
  sftp::Limits limits_;
  LimitsReply limits_reply_{limits_};
  net::Signal ready_signal_, room_signal_, writable_signal_;
  bool waiting_writable_ = false;
  asio::steady_timer silence_timer_;
  std::chrono::steady_clock::time_point last_heard_;
  bool watching_ = false;
  bool over_ = false;
  Error reason_{Errc::ok};
};

// What a reply means where one kind is expected. A refusal of the server, and a reply that makes no sense, are errors.
SFTPError failure_of(const sftp::Reply& reply);
SFTPResult<void> status_of(const sftp::Reply& reply);
SFTPResult<sftp::Attributes> attributes_of(const sftp::Reply& reply);
SFTPResult<std::string> handle_of(const sftp::Reply& reply);
SFTPResult<std::string> single_name_of(const sftp::Reply& reply);
SFTPResult<sftp::FileSystemStatistics> statistics_of(const sftp::Reply& reply);

}  // namespace hawser::client
