#include "hawser/net/connection.h"

#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

#include "hawser/net/spawn.h"

namespace hawser::net {
namespace {

// Queued bytes that leave at once rather than at the end of the turn: sealed packets stay in the second-level cache.
constexpr std::size_t flush_threshold = 192 * 1024;
// Closed channels whose data is still being delivered; each holds at most its window.
constexpr std::size_t lingering_channels = 8;

// The handler is told of the end while `run` borrows it, however that ends.
class Attendance {
 public:
  Attendance(ConnectionHandler*& slot, ConnectionHandler& handler) : slot_(slot) { slot_ = &handler; }
  ~Attendance() { slot_ = nullptr; }
  Attendance(const Attendance&) = delete;
  Attendance& operator=(const Attendance&) = delete;

 private:
  ConnectionHandler*& slot_;
};

TimePoint clock_now() { return std::chrono::steady_clock::now(); }

}  // namespace

Connection::Connection(asio::any_io_executor strand, std::unique_ptr<Stream> stream, Role role,
                       SharedValue<session::SessionConfig> config)
    : executor_(std::move(strand)),
      stream_(std::move(stream)),
      random_(crypto::system_random()),
      session_(role, std::move(config), *random_, clock_now()),
      peer_address_(stream_->peer_address()),
      global_answers_(executor_),
      write_signal_(executor_),
      timer_(executor_) {}

Connection::~Connection() = default;

Awaitable<Error> Connection::run(ConnectionHandler& handler) {
  const std::shared_ptr<Connection> self = shared_from_this();
  const Attendance attendance(handler_, handler);
  net::spawn(executor_, write_when_ready());
  flush();
  while (!over_) {
    session_.tick(clock_now());
    const MutableBytes space = session_.receive_space();
    const IoResult got = stream_->try_read(space);
    if (got.would_block) {
      session_.received(0);  // nothing: the memory goes back while we wait
      co_await stream_->wait_readable();
      continue;
    }
    if (got.error || got.count == 0) {
      abort(Error(got.error ? Errc::io_error : Errc::end_of_file));
      break;
    }
    session_.received(got.count);
    co_await handle_events(handler);
    flush();
    // The channels' own coroutines have work now; reading on first would only fill memory.
    co_await asio::post(executor_, asio::use_awaitable);
  }
  co_return reason_;
}

Awaitable<void> Connection::handle_events(ConnectionHandler& handler) {
  while (!over_) {
    Result<std::optional<session::SessionEvent>> event = session_.next();
    if (!event) {
      flush();
      abort(event.error());
      co_return;
    }
    if (!*event) co_return;
    if (auto* due = std::get_if<crypto::WorkDue>(&**event)) {
      co_await do_work(std::move(due->work));
      continue;
    }
    channel::ChannelEvent* on_channel = std::get_if<channel::ChannelEvent>(&**event);
    if (on_channel == nullptr || std::holds_alternative<channel::GlobalRequestReceived>(*on_channel)) {
      co_await decide(handler, std::move(**event));
    } else if (auto* request = std::get_if<channel::OpenRequested>(on_channel)) {
      request->specific = waiting(request->specific);
      handler.on_channel_requested(std::move(*request));
    } else {
      deliver(std::move(*on_channel));
    }
  }
}

Awaitable<void> Connection::do_work(std::shared_ptr<crypto::DeferredWork> work) {
  auto attempt = [work] {
    try {
      work->run();
      return true;
    } catch (...) {
      return false;  // the layer finds it undone
    }
  };
  if (threads_) {
    Awaitable<bool> elsewhere = threads_->run(attempt);
    co_await std::move(elsewhere);
  } else {
    attempt();
  }
  if (!over_) session_.work_done();
}

Awaitable<void> Connection::decide(ConnectionHandler& handler, session::SessionEvent event) {
  if (auto* of_channel = std::get_if<channel::ChannelEvent>(&event)) {
    auto request = std::get<channel::GlobalRequestReceived>(std::move(*of_channel));
    request.specific = waiting(request.specific);
    co_await handler.on_global_request(std::move(request));
  } else if (auto* of_server = std::get_if<auth::UserauthServerEvent>(&event)) {
    co_await handler.on_userauth_request(std::move(*of_server));
  } else if (auto* of_client = std::get_if<auth::UserauthClientEvent>(&event)) {
    co_await handler.on_userauth_event(std::move(*of_client));
  } else {
    transport::TransportEvent of_transport = std::get<transport::TransportEvent>(std::move(event));
    const bool goodbye = std::holds_alternative<transport::Disconnected>(of_transport);
    co_await handler.on_transport_event(std::move(of_transport));
    if (goodbye) abort(Error(Errc::disconnected_by_peer));
  }
  flush_soon();
}

// Requests and answers wait for whoever decides them: they must not hold a slab meanwhile.
Payload Connection::waiting(const Payload& body) {
  return body.empty() ? Payload() : Payload::copy_of(body.bytes(), session_.transport().pool());
}

void Connection::deliver(channel::ChannelEvent&& event) {
  if (auto* answered = std::get_if<channel::GlobalRequestAnswered>(&event)) {
    answered->specific = waiting(answered->specific);
    global_answers_.deliver(std::move(*answered));
    return;
  }
  const channel::ChannelId id = std::visit(
      [](const auto& any) {
        if constexpr (requires { any.channel; }) return any.channel;
        return channel::ChannelId{0};
      },
      event);
  const auto found = channels_.find(id);
  if (found == channels_.end()) return;  // closed by us before anyone took it
  const std::shared_ptr<Channel> channel = found->second;
  if (std::holds_alternative<channel::Closed>(event) || std::holds_alternative<channel::OpenRefused>(event)) {
    channels_.erase(found);
  }
  channel->deliver(std::move(event));
}

void Connection::flush_soon() {
  if (flush_posted_ || over_) return;
  flush_posted_ = true;
  asio::post(executor_, [self = shared_from_this()] {
    self->flush_posted_ = false;
    self->flush();
  });
}

void Connection::queue_grew() {
  if (session_.transport().queued() >= flush_threshold) {
    flush();
  } else {
    flush_soon();
  }
}

void Connection::flush() {
  while (!write_blocked_ && !over_) {
    const std::span<const Bytes> pieces = session_.transmit();
    if (pieces.empty()) break;
    const IoResult wrote = stream_->try_write(pieces);
    if (wrote.error) return abort(Error(Errc::io_error));
    if (wrote.would_block) {
      write_blocked_ = true;
      write_signal_.notify();
    } else {
      session_.transmitted(wrote.count);
      wake_writers();
    }
  }
  if (over_) return;
  // What was sent, by whomever, may have ended the session, or have begun a key exchange that must end in time.
  if (const std::optional<Error> failure = session_.failure()) return abort(*failure);
  arm_timer();
}

Awaitable<void> Connection::write_when_ready() {
  const std::shared_ptr<Connection> self = shared_from_this();
  while (!over_) {
    if (!write_blocked_) {
      co_await write_signal_.wait();
      continue;
    }
    co_await stream_->wait_writable();
    write_blocked_ = false;
    flush();
  }
}

void Connection::wake_writers() {
  if (!session_.authenticated() || !session_.transport().writable()) return;
  for (const channel::ChannelId id : session_.channels().resume()) {
    if (const auto found = channels_.find(id); found != channels_.end()) found->second->write_signal_.notify();
  }
}

void Connection::arm_timer() {
  const std::optional<TimePoint> deadline = session_.deadline();
  // A timer that fires early is armed again then: cheaper than moving it for every packet.
  if (!deadline || over_ || (armed_for_ && *armed_for_ <= *deadline)) return;
  armed_for_ = deadline;
  timer_.expires_at(*deadline);
  timer_.async_wait([weak = weak_from_this()](asio::error_code cancelled) {
    const std::shared_ptr<Connection> self = weak.lock();
    if (cancelled || !self) return;
    self->armed_for_.reset();
    self->session_.tick(clock_now());
    self->flush();
  });
}

void Connection::disconnect(transport::DisconnectReason reason, std::string_view description) {
  if (over_) return;
  session_.disconnect(reason, description);
  flush();
  abort(Error(Errc::disconnected_by_us));
}

void Connection::abort(Error reason) {
  if (over_) return;
  over_ = true;
  reason_ = reason;
  stream_->close();
  timer_.cancel();
  write_signal_.notify();
  global_answers_.close();
  const auto channels = std::exchange(channels_, {});
  for (const auto& [id, channel] : channels) channel->connection_lost(reason);
  if (handler_ != nullptr) handler_->on_end();
}

Awaitable<Result<std::shared_ptr<Channel>>> Connection::open_channel(std::string type, ByteVector specific) {
  if (over_) co_return reason_;
  const Result<channel::ChannelId> id = session_.channels().open(type, specific);
  if (!id) co_return id.error();
  const auto channel = std::make_shared<Channel>(shared_from_this(), *id);
  channels_.emplace(*id, channel);
  flush_soon();
  while (!channel->opened_ && !channel->closed_) co_await channel->state_signal_.wait();
  if (channel->opened_) co_return channel;
  if (over_) co_return reason_;
  open_failure_ = channel->refusal_;  // now: other channels may have been refused since then
  co_return Error(Errc::channel_open_refused);
}

std::shared_ptr<Channel> Connection::accept_channel(channel::ChannelId id) {
  const auto channel = std::make_shared<Channel>(shared_from_this(), id);
  if (over_) {
    channel->connection_lost(reason_);
    return channel;
  }
  channel->opened_ = true;
  channels_.emplace(id, channel);
  session_.channels().accept_open(id);
  flush_soon();
  return channel;
}

void Connection::refuse_channel(channel::ChannelId id, channel::OpenFailure reason, std::string_view description) {
  if (over_) return;
  session_.channels().refuse_open(id, reason, description);
  flush_soon();
}

std::vector<std::shared_ptr<Channel>> Connection::active_channels() const {
  std::vector<std::shared_ptr<Channel>> active;
  for (const auto& [id, channel] : channels_) {
    if (channel->open()) active.push_back(channel);
  }
  return active;
}

void Connection::close_all_channels() {
  for (const std::shared_ptr<Channel>& channel : active_channels()) channel->close();
}

bool Connection::begin_lingering() {
  if (lingering_ == lingering_channels) return false;
  ++lingering_;
  return true;
}

Awaitable<Result<channel::GlobalRequestAnswered>> Connection::global_request(std::string type, ByteVector specific) {
  if (over_) co_return reason_;
  const Result<void> sent = session_.global_request(type, true, specific);
  if (!sent) co_return sent.error();
  const std::uint64_t ticket = global_answers_.issue();
  flush_soon();
  std::optional<channel::GlobalRequestAnswered> answer = co_await global_answers_.wait(ticket);
  if (!answer) co_return reason_;
  co_return std::move(*answer);
}

}  // namespace hawser::net
