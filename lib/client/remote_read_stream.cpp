#include "client/remote_read_stream.h"

#include <algorithm>

namespace hawser::client {
namespace {

constexpr std::size_t first_step = 64 * 1024;
constexpr std::size_t largest_step = 4 * 1024 * 1024;

}  // namespace

RemoteReadStream::RemoteReadStream(RemoteFile file, std::optional<std::uint64_t> size, ErrorSubject subject,
                                   std::function<void(const std::shared_ptr<LiveLink>&)> on_lost)
    : file_(std::move(file)), size_(size), subject_(std::move(subject)), on_lost_(std::move(on_lost)) {}

std::size_t RemoteReadStream::read(MutableBytes into) {
  if (!file_) throw RemoteStoreError("the stream is closed", subject_);
  std::size_t done = 0;
  while (done < into.size()) {
    if (!in_chunk() && !load()) break;
    const auto skip = static_cast<std::size_t>(position_ - chunk_begin_);
    const std::size_t count = std::min(chunk_size_ - skip, into.size() - done);
    std::copy_n(chunk_->begin() + static_cast<std::ptrdiff_t>(skip), count,
                into.begin() + static_cast<std::ptrdiff_t>(done));
    done += count;
    position_ += count;
  }
  return done;
}

bool RemoteReadStream::load() {
  const bool in_order = position_ == chunk_begin_ + chunk_size_;
  if (!in_order) step_ = first_step;
  const bool foreseen = ahead_ && ahead_->begin == position_;
  Ahead next = foreseen ? std::move(*ahead_) : ask(position_);
  ahead_.reset();
  const SFTPResult<std::size_t> count = next.count.get();
  if (!count) {
    if (is_lost(count.error())) on_lost_(file_->link());
    raise(count.error(), subject_);
  }
  chunk_ = std::move(next.buffer);
  chunk_begin_ = next.begin;
  chunk_size_ = *count;
  // A short chunk is the end, as far as is known now.
  if (in_order && chunk_size_ == chunk_->size()) ahead_ = ask(chunk_begin_ + chunk_size_);
  return chunk_size_ > 0;
}

RemoteReadStream::Ahead RemoteReadStream::ask(std::uint64_t begin) {
  Ahead ahead;
  ahead.begin = begin;
  ahead.buffer = std::make_shared<ByteVector>(step_);
  ahead.count = file_->start_read(begin, ahead.buffer);
  step_ = std::min(step_ * 2, largest_step);
  return ahead;
}

void RemoteReadStream::close() {
  file_.reset();
  ahead_.reset();
  chunk_.reset();
  chunk_size_ = 0;
}

}  // namespace hawser::client
