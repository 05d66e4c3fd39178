#include "client/chunked_upload.h"

#include <algorithm>

namespace hawser::client {
namespace {

constexpr std::size_t largest_chunk = 4 * 1024 * 1024;
constexpr std::size_t chunks_under_way = 4;

}  // namespace

void ChunkedUpload::append(Bytes data) {
  while (!data.empty()) {
    if (!chunk_) {
      chunk_ = std::make_shared<ByteVector>();
      chunk_->reserve(chunk_size_);
    }
    const Bytes part = data.first(std::min(data.size(), chunk_size_ - chunk_->size()));
    chunk_->insert(chunk_->end(), part.begin(), part.end());
    data = data.subspan(part.size());
    if (chunk_->size() == chunk_size_) send_chunk();
  }
}

void ChunkedUpload::append_all(ReadStream& source) {
  ByteVector buffer(64 * 1024);
  while (const std::size_t count = source.read(buffer)) append(Bytes(buffer).first(count));
}

void ChunkedUpload::finish() {
  if (chunk_) send_chunk();
  while (!under_way_.empty()) wait_for_oldest();
}

void ChunkedUpload::send_chunk() {
  if (under_way_.size() == chunks_under_way) wait_for_oldest();
  const std::size_t size = chunk_->size();
  under_way_.push_back(file_.start_write(sent_, std::exchange(chunk_, nullptr)));
  sent_ += size;
  chunk_size_ = std::min(chunk_size_ * 2, largest_chunk);
}

void ChunkedUpload::wait_for_oldest() {
  const SFTPResult<void> result = under_way_.front().get();
  under_way_.pop_front();
  if (!result) raise(result.error(), subject_);
}

}  // namespace hawser::client
