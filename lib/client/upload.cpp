#include "client/upload.h"

namespace hawser::client {

Upload::Upload(std::shared_ptr<SFTPSession> session, const std::string& handle, DataSource& source,
               const TransferOptions& options)
    : session_(std::move(session)),
      handle_(handle),
      source_(source),
      options_(options),
      control_(options.initial_depth, options.maximum_depth),
      request_size_(options.request_size != 0 ? options.request_size : session_->write_size()),
      next_(options.offset),
      done_(options.offset),
      answered_(session_->executor()) {}

Awaitable<SFTPResult<std::uint64_t>> Upload::run(std::optional<std::uint64_t> size) {
  size_ = size;
  while (true) {
    while (may_issue()) {
      if (session_->writable()) {
        issue();
        continue;
      }
      const Result<void> writable = co_await session_->wait_writable();
      if (!writable) fail(writable.error());
    }
    if (in_flight_ != 0) {
      co_await answered_.wait();
    } else if (ended_ || failure_) {
      break;
    } else {
      const Result<void> room = co_await session_->wait_for_room();
      if (!room) fail(room.error());
    }
  }
  if (failure_) co_return *failure_;
  co_return next_;
}

bool Upload::may_issue() const {
  if (ended_ || failure_ || !session_->has_room()) return false;
  return in_flight_ == 0 || sent_bytes_ < control_.depth();
}

void Upload::issue() {
  if (free_.empty()) free_.push_back(&blocks_.emplace_back(*this));
  Block& block = *free_.back();
  block.sent = FlightControl::Clock::now();
  const std::size_t wanted =
      size_ && *size_ > next_ ? std::min<std::uint64_t>(request_size_, *size_ - next_) : request_size_;
  const sftp::WriteHeader header{.handle = handle_, .offset = next_};
  const auto fill = [this](std::span<const MutableBytes> areas) { return source_.read_at(next_, areas); };
  const Result<std::size_t> filled = session_->post_write(header, wanted, block, fill);
  if (!filled) return fail(filled.error());
  next_ += *filled;
  if (*filled < wanted || (size_ && next_ == *size_)) ended_ = true;
  if (*filled == 0) return;
  free_.pop_back();
  block.length = *filled;
  sent_bytes_ += *filled;
  ++in_flight_;
}

void Upload::answered(Block& block, const sftp::Reply& reply) {
  if (const SFTPResult<void> written = status_of(reply); !written) {
    fail(written.error());
  } else {
    control_.answered(block.length, block.sent, FlightControl::Clock::now());
    done_ += block.length;
    if (options_.progress) options_.progress(done_, size_);
  }
  sent_bytes_ -= block.length;
  --in_flight_;
  free_.push_back(&block);
  answered_.notify();
}

void Upload::fail(SFTPError error) {
  if (!failure_) failure_ = std::move(error);
}

}  // namespace hawser::client
