#include "hawser/sftp/encode.h"

namespace hawser::sftp {
namespace {

std::array<std::uint8_t, 4> big_endian(std::size_t value) {
  std::array<std::uint8_t, 4> bytes{};
  wire::store_uint32(bytes.data(), static_cast<std::uint32_t>(value));
  return bytes;
}

}  // namespace

// The length of the message, at its start, and that of the data, at the header's end.
void DataTail::set_lengths(std::size_t data_size) {
  chain_->patch(start_, big_endian(header_size_ - 4 + data_size));
  chain_->patch(start_ + header_size_ - 4, big_endian(data_size));
}

void DataTail::finish(std::size_t size) {
  assert(size <= maximum_);
  if (size != maximum_) set_lengths(size);
  chain_->advance(size);
  chain_->truncate_to_written();
}

void DataTail::replace(Bytes framed_message) {
  assert(framed_message.size() >= header_size_ && start_ + framed_message.size() <= chain_->size());
  chain_->patch(start_, framed_message);
  chain_->advance(framed_message.size() - header_size_);
  chain_->truncate_to_written();
}

}  // namespace hawser::sftp
