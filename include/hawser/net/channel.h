// One SSH channel of a Connection, for coroutines: a byte stream both ways, requests in order, exit status. Kept by
// shared_ptr; after the connection has gone every call fails with the reason and nothing crashes. Writing fails with
// `closed` once the peer has said that it reads no more, with `invalid_state` after an EOF of ours.
//
// Not thread-safe: everything is called on `executor()`, the connection's strand.
#pragma once

#include <deque>
#include <memory>

#include "hawser/channel/multiplexer.h"
#include "hawser/net/answer_queue.h"
#include "hawser/net/byte_channel.h"
#include "hawser/net/receive_queue.h"
#include "hawser/net/signal.h"

namespace hawser::net {

class Connection;

// How a program was ended (RFC 4254 §6.10).
struct ExitSignal {
  std::string name;  // without "SIG"
  bool core_dumped = false;
  std::string message;  // a peer's is escaped, safe to print
};

class Channel final : public ByteChannel, public std::enable_shared_from_this<Channel> {
 public:
  Channel(std::shared_ptr<Connection> connection, channel::ChannelId id);
  ~Channel() override;

  channel::ChannelId id() const { return id_; }
  Connection& connection() const { return *connection_; }

  std::optional<Payload> try_receive() override;
  Awaitable<Result<Payload>> receive() override;
  void consumed(std::size_t count) override;
  void reserve(std::size_t size, PacketChain& out) override;
  void send(PacketChain& chain) override;
  bool writable() const override;
  Awaitable<Result<void>> wait_writable() override;
  void send_eof() override;
  void close() override;
  asio::any_io_executor executor() const override;

  // Copies; waits while the channel is not writable.
  Awaitable<Result<void>> write(Bytes data);
  Awaitable<Result<void>> write_stderr(Bytes data);
  // The next piece of stderr (extended data type 1); empty at the end.
  Awaitable<Result<Payload>> receive_stderr();

  // Requests to the peer. With a reply: the peer's answer. Errors: why there is none.
  Awaitable<Result<bool>> request(std::string type, ByteVector specific);
  // The same in two steps, for a caller that sends on before the answer comes.
  Result<std::uint64_t> ask(std::string_view type, Bytes specific);
  Awaitable<Result<bool>> answer(std::uint64_t ticket);
  void request_without_reply(std::string_view type, Bytes specific);
  // Requests from the peer, in order; each with want_reply must be answered by `reply`. Error end_of_file once closed.
  Awaitable<Result<channel::RequestReceived>> next_request();
  void reply(bool success);

  // Server: exit-status or exit-signal (RFC 4254 §6.10), then EOF and CLOSE behind all data that was sent before.
  void exit(std::uint32_t status);
  void exit(const ExitSignal& signal);
  // Client: what the peer reported, once it has.
  std::optional<std::uint32_t> exit_status() const { return exit_status_; }
  const std::optional<ExitSignal>& exit_signal() const { return exit_signal_; }
  // Client: xon-xoff (RFC 4254 §6.8), whether control-S and control-Q may be handled here. False until the peer says
  // so.
  bool flow_control() const { return flow_control_; }
  // Returns when both sides have closed, or the connection is gone.
  Awaitable<void> wait_closed();
  bool open() const;
  // Why the connection ended under the channel, once it has.
  std::optional<Error> lost() const { return lost_.code() == Errc::ok ? std::nullopt : std::optional(lost_); }

 private:
  friend class Connection;
  // The connection tells.
  void deliver(channel::ChannelEvent&& event);
  void connection_lost(Error error);
  void on_request(channel::RequestReceived&& request);
  bool answer_client_request(const channel::RequestReceived& request);
  void end_with(std::string_view request, Bytes specific);
  void finish();
  void notify_readers();
  Awaitable<Result<Payload>> receive_from(ReceiveQueue& queue);
  template <class Send>
  Awaitable<Result<void>> write_with(Bytes data, Send send);
  Result<void> status() const;
  Result<void> write_status() const;

  std::shared_ptr<Connection> connection_;
  channel::ChannelId id_;
  ReceiveQueue received_, received_stderr_;
  std::deque<channel::RequestReceived> requests_;
  std::size_t request_bytes_ = 0;  // of `requests_`
  AnswerQueue<bool> answers_;
  Signal write_signal_, request_signal_, state_signal_;
  std::optional<std::uint32_t> exit_status_;
  std::optional<ExitSignal> exit_signal_;
  std::string refusal_;  // what the peer said where it did not open the channel
  bool flow_control_ = false;
  bool eof_ = false;
  bool send_ended_ = false;  // by us: EOF or CLOSE
  bool close_said_ = false;  // by us: what still comes is dropped
  bool unread_ = false;      // the peer reads no more (eow@openssh.com)
  bool closed_ = false;
  bool opened_ = false;
  Error lost_{Errc::ok};
};

// The channel as a stream, for another Connection to run over: a jump host. Closing the stream closes the channel.
std::unique_ptr<class Stream> channel_stream(std::shared_ptr<Channel> channel);

// Answers every request of the peer by a failure, until the channel closes: for channels that have none.
Awaitable<void> refuse_requests(std::shared_ptr<Channel> channel);

}  // namespace hawser::net
