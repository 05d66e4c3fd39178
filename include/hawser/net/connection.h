// Drives one session over one stream: read loop, write loop, timers, all on one strand. The first layer that knows
// Asio.
//
// The owner makes a Connection, gives it a handler, and spawns `run()`; it returns when the session is over and
// everything on it has been told. Channels are `net::Channel` objects. Everything is called on `executor()`;
// `post`/`co_spawn` there from elsewhere.
//
// Reading: as much as the socket has, up to one slab, is opened and handled before the next read; then what was
// produced is flushed in gather writes. A socket that would block is waited for, without memory held for an idle
// connection.
#pragma once

#include <map>
#include <memory>

#include "hawser/net/answer_queue.h"
#include "hawser/net/channel.h"
#include "hawser/net/stream.h"
#include "hawser/net/thread_pool.h"
#include "hawser/session/session.h"

namespace hawser::net {

// What the owner of a connection decides. Each is awaited before the connection reads on; a login deadline still
// strikes.
class ConnectionHandler {
 public:
  virtual ~ConnectionHandler() = default;
  virtual Awaitable<void> on_transport_event(transport::TransportEvent event) = 0;
  virtual Awaitable<void> on_userauth_request(auth::UserauthServerEvent) { co_return; }
  virtual Awaitable<void> on_userauth_event(auth::UserauthClientEvent) { co_return; }
  // Answer through `Connection::accept_channel` or `refuse_channel`; spawn what takes its time.
  virtual void on_channel_requested(channel::OpenRequested request) = 0;
  // Answer through session().channels().reply_global_request where want_reply.
  virtual Awaitable<void> on_global_request(channel::GlobalRequestReceived request) = 0;
  // The connection is over: what the others wait for will not come, and they should return.
  virtual void on_end() {}
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(asio::any_io_executor strand, std::unique_ptr<Stream> stream, Role role,
             SharedValue<session::SessionConfig> config);
  ~Connection();

  // Until the session ends. The reason: end_of_file, disconnected_by_peer, disconnected_by_us, or what went wrong.
  // `handler` is borrowed until run() returns.
  Awaitable<Error> run(ConnectionHandler& handler);

  // Where public-key work is done that the session defers (TransportConfig::defer_public_key_work); without it, here.
  // Before `run`.
  void use_threads(std::shared_ptr<ThreadPool> threads) { threads_ = std::move(threads); }

  session::Session& session() { return session_; }
  const asio::any_io_executor& executor() const { return executor_; }
  std::string peer_address() const { return peer_address_; }
  bool over() const { return over_; }
  Error reason() const { return reason_; }

  // Sends what is queued, soon: calls within one turn of the event loop leave in one write.
  void flush_soon();
  // Sends now as much as the socket takes.
  void flush();
  // DISCONNECT, then the end. Idempotent.
  void disconnect(transport::DisconnectReason reason, std::string_view description);
  // The end, at once.
  void abort(Error reason);

  // Opens a channel and waits for the peer's answer. Errors: channel_open_refused (open_failure tells),
  // too_many_channels.
  Awaitable<Result<std::shared_ptr<Channel>>> open_channel(std::string type, ByteVector specific);
  std::shared_ptr<Channel> accept_channel(channel::ChannelId id);
  void refuse_channel(channel::ChannelId id, channel::OpenFailure reason, std::string_view description);
  // What the peer said to the open that has just returned channel_open_refused.
  const std::string& open_failure() const { return open_failure_; }
  // With a reply: the peer's answer.
  Awaitable<Result<channel::GlobalRequestAnswered>> global_request(std::string type, ByteVector specific);
  std::size_t channel_count() const { return channels_.size(); }
  // Those that are open, by number. Closing is as Channel::close does it, and never fails.
  std::vector<std::shared_ptr<Channel>> active_channels() const;
  void close_all_channels();
  // For who still delivers what came on a channel that has closed: false where there are too many of them.
  bool begin_lingering();
  void end_lingering() { --lingering_; }

 private:
  friend class Channel;
  Awaitable<void> handle_events(ConnectionHandler& handler);
  Awaitable<void> decide(ConnectionHandler& handler, session::SessionEvent event);
  Awaitable<void> do_work(std::shared_ptr<crypto::DeferredWork> work);
  Payload waiting(const Payload& body);
  void deliver(channel::ChannelEvent&& event);
  void queue_grew();
  Awaitable<void> write_when_ready();
  void arm_timer();
  void wake_writers();

  asio::any_io_executor executor_;
  std::unique_ptr<Stream> stream_;
  std::unique_ptr<crypto::Random> random_;
  std::shared_ptr<ThreadPool> threads_;
  session::Session session_;
  std::string peer_address_;
  std::map<channel::ChannelId, std::shared_ptr<Channel>> channels_;
  AnswerQueue<channel::GlobalRequestAnswered> global_answers_;
  Signal write_signal_;
  asio::steady_timer timer_;
  std::optional<TimePoint> armed_for_;
  std::string open_failure_;
  ConnectionHandler* handler_ = nullptr;  // while `run` does
  std::size_t lingering_ = 0;
  bool flush_posted_ = false;
  bool write_blocked_ = false;
  bool over_ = false;
  Error reason_{Errc::closed};
};

}  // namespace hawser::net
