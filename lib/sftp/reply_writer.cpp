#include "hawser/sftp/reply_writer.h"

namespace hawser::sftp {
namespace {

constexpr std::size_t name_header = 4 + 1 + 4 + 4;  // length, number, id, count

}  // namespace

Status status_message(std::uint32_t id, StatusCode code) { return status_message(id, code, status_text(code)); }

Status status_message(std::uint32_t id, StatusCode code, std::string_view text) {
  return {.id = id, .code = static_cast<std::uint32_t>(code), .message = text, .language = "en"};
}

void DataReply::fail(StatusCode code) {
  const Status status = status_message(id_, code);
  std::array<std::uint8_t, status_room> bytes{};
  encode_framed(status, bytes);
  tail_.replace(Bytes(bytes).first(framed_size(status)));
}

void NameReply::reset(std::uint32_t id, std::size_t maximum_size) {
  maximum_size_ = maximum_size;
  count_ = 0;
  bytes_.resize(name_header);
  bytes_[4] = Name::number;
  wire::store_uint32(bytes_.data() + 5, id);
}

bool NameReply::add(const NameEntry& entry) {
  const std::size_t before = bytes_.size();
  const std::size_t size = wire::encoded_size(entry);
  if (before + size > maximum_size_) return false;
  bytes_.resize(before + size);
  wire::encode(entry, MutableBytes(bytes_).subspan(before));
  ++count_;
  return true;
}

void NameReply::write(PacketChain& chain) {
  wire::store_uint32(bytes_.data(), static_cast<std::uint32_t>(bytes_.size() - 4));
  wire::store_uint32(bytes_.data() + name_header - 4, count_);
  assert(chain.size() - chain.written() >= bytes_.size());
  chain.write(bytes_);
}

}  // namespace hawser::sftp
