#include "client/sftp_session.h"

#include "hawser/net/spawn.h"

namespace hawser::client {
namespace {

// OpenSSH's server takes packets of 256 KiB and announces 255 KiB for the data in them.
constexpr std::uint64_t largest_request = 255 * 1024;
// filexfer-02 §3: every server takes packets of 34,000 bytes.
constexpr std::uint32_t portable_request = 32 * 1024;
// More than the header of a WRITE with the longest handle.
constexpr std::uint64_t write_overhead = 1024;

using Clock = std::chrono::steady_clock;

}  // namespace

SFTPSession::SFTPSession(std::shared_ptr<net::ByteChannel> channel, SFTPClientOptions options)
    : channel_(std::move(channel)),
      options_(std::move(options)),
      pool_(options_.pool ? options_.pool : BufferPool::create()),
      engine_(*pool_, {.outstanding_requests = options_.outstanding_requests}),
      ready_signal_(channel_->executor()),
      room_signal_(channel_->executor()),
      writable_signal_(channel_->executor()),
      silence_timer_(channel_->executor()),
      last_heard_(Clock::now()) {}

SFTPSession::~SFTPSession() { abandon(); }

void SFTPSession::start() {
  const sftp::Init init = engine_.init();
  channel_->reserve(sftp::framed_size(init), chain_);
  sftp::write_message(chain_, init);
  channel_->send(chain_);
  ++under_way_;  // VERSION
  watch_silence();
  net::spawn(channel_->executor(), read_loop());
}

Awaitable<void> SFTPSession::read_loop() {
  const std::shared_ptr<SFTPSession> self = shared_from_this();
  // When the event loop is torn down this frame is destroyed while it waits: whoever waits for a reply is then let go
  // too.
  struct Guard {
    SFTPSession& session;
    ~Guard() { session.abandon(); }
  } const guard{*this};

  while (!over_) {
    std::optional<Payload> piece = channel_->try_receive();
    if (!piece) {
      Result<Payload> received = co_await channel_->receive();
      if (!received) co_return fail(received.error());
      if (received->empty()) co_return fail(Error(Errc::end_of_file, "SFTP stream"));
      piece = std::move(*received);
    }
    if (over_) break;
    last_heard_ = Clock::now();
    const std::size_t size = piece->size();
    engine_.feed(std::move(*piece));
    piece.reset();
    while (!over_) {
      const bool was_ready = engine_.ready();
      Result<std::optional<sftp::Reply>> reply = engine_.next();
      if (!reply) co_return fail(reply.error());
      if (!*reply) break;
      if (was_ready) {
        dispatch(std::move(**reply));
      } else {
        became_ready();
      }
    }
    channel_->consumed(size);
  }
}

void SFTPSession::became_ready() {
  --under_way_;
  if (extensions().limits) {
    // Its answer comes before that of any OPEN, so before sizes matter.
    post(sftp::ExtendedRequest<sftp::LimitsRequest>{}, limits_reply_);
  }
  ready_signal_.notify();
  room_signal_.notify();
}

void SFTPSession::dispatch(sftp::Reply reply) {
  const bool was_full = engine_.outstanding() + 1 >= options_.outstanding_requests;
  Completion* const completion = take(static_cast<std::uint32_t>(reply.token));
  if (completion != nullptr) {
    completion->complete(reply);
  } else if (const auto* opened = std::get_if<sftp::Handle>(&reply.body)) {
    post_and_forget(sftp::Close{.handle = opened->handle});  // whoever opened it has gone
  }
  engine_.recycle(std::move(reply));
  if (was_full) room_signal_.notify();
}

void SFTPSession::fail(Error reason) {
  if (over_) return;
  over_ = true;
  reason_ = reason;
  const std::shared_ptr<SFTPSession> self = shared_from_this();
  channel_->close();
  silence_timer_.cancel();
  ready_signal_.notify();
  room_signal_.notify();
  writable_signal_.notify();
  engine_.drain([](const sftp::RequestTable::Pending&) {});
  for (std::uint32_t slot = 0; slot != completions_.size(); ++slot) {
    if (completions_[slot] == nullptr) continue;
    Completion* const completion = take(slot);
    sftp::Reply reply = lost(reason);
    completion->complete(reply);
  }
}

void SFTPSession::abandon() {
  over_ = true;
  if (reason_.code() == Errc::ok) reason_ = Error(Errc::closed);
  for (std::uint32_t slot = 0; slot != completions_.size(); ++slot) {
    if (completions_[slot] == nullptr) continue;
    Completion* const completion = take(slot);
    completion->abandon();
  }
}

sftp::Reply SFTPSession::lost(Error reason) {
  sftp::Reply reply;
  reply.body = reason;
  return reply;
}

Awaitable<Result<void>> SFTPSession::ready() {
  const std::shared_ptr<SFTPSession> self = shared_from_this();
  while (!engine_.ready() && !over_) co_await ready_signal_.wait();
  if (over_) co_return reason_;
  co_return Result<void>();
}

Awaitable<Result<void>> SFTPSession::wait_for_room() {
  const std::shared_ptr<SFTPSession> self = shared_from_this();
  while (!has_room() && !over_) co_await room_signal_.wait();
  if (over_) co_return reason_;
  co_return Result<void>();
}

// The stream knows one waiter; the others wait for that one.
Awaitable<Result<void>> SFTPSession::wait_writable() {
  const std::shared_ptr<SFTPSession> self = shared_from_this();
  while (!over_ && !channel_->writable()) {
    if (waiting_writable_) {
      co_await writable_signal_.wait();
      continue;
    }
    waiting_writable_ = true;
    Result<void> writable;
    try {
      writable = co_await channel_->wait_writable();
    } catch (...) {  // the coroutine was cancelled: the next one takes its place
      waiting_writable_ = false;
      writable_signal_.notify();
      throw;
    }
    waiting_writable_ = false;
    writable_signal_.notify();
    if (!writable) fail(writable.error());
  }
  if (over_) co_return reason_;
  co_return Result<void>();
}

std::uint64_t SFTPSession::add(Completion* completion) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(completions_.size()));
    completions_.push_back(nullptr);
  }
  const std::uint32_t slot = free_.back();
  free_.pop_back();
  completions_[slot] = completion;
  if (completion != nullptr) {
    completion->session_ = this;
    completion->slot_ = slot;
  }
  if (under_way_++ == 0) last_heard_ = Clock::now();
  watch_silence();
  return slot;
}

Completion* SFTPSession::take(std::uint32_t slot) {
  Completion* const completion = std::exchange(completions_[slot], nullptr);
  if (completion != nullptr) completion->session_ = nullptr;
  free_.push_back(slot);
  --under_way_;
  return completion;
}

void SFTPSession::forget(Completion& completion) {
  completions_[completion.slot_] = nullptr;
  completion.session_ = nullptr;
}

void SFTPSession::watch_silence() {
  if (watching_ || over_ || options_.io_timeout.count() == 0) return;
  watching_ = true;
  silence_timer_.expires_at(last_heard_ + options_.io_timeout);
  silence_timer_.async_wait([weak = weak_from_this()](const std::error_code& error) {
    const std::shared_ptr<SFTPSession> self = weak.lock();
    if (!self) return;
    self->watching_ = false;
    if (!error) self->check_silence();
  });
}

void SFTPSession::check_silence() {
  if (over_ || under_way_ == 0) return;
  if (Clock::now() - last_heard_ >= options_.io_timeout) return fail(Error(Errc::timed_out, "SFTP server is silent"));
  watch_silence();
}

std::uint32_t SFTPSession::read_size() const {
  if (limits_.max_read_length == 0) return portable_request;
  return static_cast<std::uint32_t>(std::min(limits_.max_read_length, largest_request));
}

std::uint32_t SFTPSession::write_size() const {
  if (limits_.max_write_length == 0) return portable_request;
  std::uint64_t size = std::min(limits_.max_write_length, largest_request);
  if (limits_.max_packet_length > 2 * write_overhead) size = std::min(size, limits_.max_packet_length - write_overhead);
  return static_cast<std::uint32_t>(size);
}

void SFTPSession::LimitsReply::complete(sftp::Reply& reply) {
  const auto* extended = std::get_if<sftp::ExtendedReply>(&reply.body);
  if (extended == nullptr) return;
  if (const Result<sftp::Limits> limits = wire::decode<sftp::Limits>(extended->body.bytes)) limits_ = *limits;
}

}  // namespace hawser::client
