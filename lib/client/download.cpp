#include "client/download.h"

namespace hawser::client {

Download::Download(std::shared_ptr<SFTPSession> session, const std::string& handle, DataSink& sink, std::uint64_t begin,
                   std::uint64_t end, const TransferOptions& options)
    : session_(std::move(session)),
      handle_(handle),
      sink_(sink),
      options_(options),
      control_(options.initial_depth, options.maximum_depth),
      request_size_(options.request_size != 0 ? options.request_size : session_->read_size()),
      begin_(begin),
      next_(begin),
      end_(end),
      data_end_(begin),
      finished_(session_->executor()) {}

void Download::learn_size() {
  if (!session_->has_room()) return;
  waiting_size_ = true;
  ++in_flight_;
  session_->post(sftp::Fstat{.handle = handle_}, size_reply_);
}

void Download::size_known(sftp::Reply& reply) {
  --in_flight_;
  waiting_size_ = false;
  if (const SFTPResult<sftp::Attributes> attributes = attributes_of(reply)) {
    // A size of 0 says nothing: files that the server makes up (as in /proc) have it too.
    if (attributes->size.value_or(0) != 0) {
      size_ = attributes->size;
      end_ = std::min(end_, *size_);
    }
  }
  issue();
  if (finished()) finished_.notify();
}

Awaitable<SFTPResult<std::uint64_t>> Download::run() {
  issue();
  while (!finished()) {
    if (in_flight_ != 0) {
      co_await finished_.wait();
      continue;
    }
    const Result<void> room = co_await session_->wait_for_room();
    if (!room) fail(room.error());
    issue();
  }
  if (failure_) co_return *failure_;
  // EOF came for bytes before some that were there: the file has changed under our hands, and what we have has a hole.
  if (data_end_ > eof_) co_return Error(Errc::unexpected_reply, "end of file before data");
  co_return data_end_;
}

bool Download::finished() const { return in_flight_ == 0 && (failure_ || next_ >= end_); }

bool Download::may_issue() const {
  if (failure_ || next_ >= end_ || !session_->has_room()) return false;
  // One request goes along with the question for the size.
  if (waiting_size_) return asked_bytes_ == 0;
  return asked_bytes_ < control_.depth();
}

void Download::issue() {
  while (may_issue()) {
    Block& block = free_block();
    block.offset = next_;
    block.length = static_cast<std::uint32_t>(std::min<std::uint64_t>(request_size_, end_ - next_));
    next_ += block.length;
    asked_bytes_ += block.length;
    ++in_flight_;
    send(block);
  }
}

void Download::send(Block& block) {
  block.sent = FlightControl::Clock::now();
  session_->post(sftp::Read{.handle = handle_, .offset = block.offset, .length = block.length}, block);
}

void Download::answered(Block& block, sftp::Reply& reply) {
  if (std::holds_alternative<sftp::DataHeader>(reply.body)) {
    if (const Result<void> stored = store(block, reply); !stored) fail(stored.error());
    const bool short_read = block.length != 0 && block.offset < end_;
    if (short_read && !failure_ && session_->has_room()) return send(block);  // the rest once more
    if (short_read && session_->over()) fail(session_->reason());
  } else {
    const SFTPError error = failure_of(reply);
    if (error.is(sftp::StatusCode::eof)) {
      eof_ = std::min(eof_, block.offset);
      end_ = std::min(end_, block.offset);
    } else {
      fail(error);
    }
  }
  if (block.length != 0 && block.offset < end_) missing_ = std::min(missing_, block.offset);
  asked_bytes_ -= block.length;
  --in_flight_;
  free_.push_back(&block);
  issue();
  if (finished()) finished_.notify();
}

// Takes what has come off the front of `block`.
Result<void> Download::store(Block& block, sftp::Reply& reply) {
  const auto size = static_cast<std::uint32_t>(reply.data.size());
  // filexfer-02 §6.4: at least one byte. An empty DATA would be asked for again without end.
  if (size == 0) return Error(Errc::unexpected_reply, "empty SSH_FXP_DATA");
  pieces_.clear();
  for (const Payload& piece : reply.data.pieces()) pieces_.push_back(piece.bytes());
  if (Result<void> written = sink_.write_at(block.offset, pieces_); !written) return written;
  const auto now = FlightControl::Clock::now();
  control_.answered(size, block.sent, now);
  block.offset += size;
  block.length -= size;
  asked_bytes_ -= size;
  data_end_ = std::max(data_end_, block.offset);
  done_ += size;
  if (options_.progress) options_.progress(begin_ + done_, size_);
  return {};
}

void Download::fail(SFTPError error) {
  if (!failure_) failure_ = std::move(error);
}

Download::Block& Download::free_block() {
  if (free_.empty()) return blocks_.emplace_back(*this);
  Block& block = *free_.back();
  free_.pop_back();
  return block;
}

}  // namespace hawser::client
