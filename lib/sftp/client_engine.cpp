#include "hawser/sftp/client_engine.h"

#include "sftp/long_messages.h"

namespace hawser::sftp {
namespace {

constexpr std::size_t data_header = 9;  // number, id, length of the data

template <class M>
bool decode_into(ReplyBody& body, Bytes message) {
  if (Result<M> decoded = wire::decode<M>(message)) {
    body = *decoded;
  } else {
    body = decoded.error();
  }
  return true;
}

template <class... M>
bool decode_one_of(std::uint8_t type, ReplyBody& body, Bytes message) {
  return ((type == M::number && decode_into<M>(body, message)) || ...);
}

// The kind of request that this reply is for; a status other than OK is for all.
bool fits(const ReplyBody& body, ReplyKind expected) {
  switch (expected) {
    case ReplyKind::status: return std::holds_alternative<Status>(body);
    case ReplyKind::handle: return std::holds_alternative<Handle>(body);
    case ReplyKind::data: return std::holds_alternative<DataHeader>(body);
    case ReplyKind::name: return std::holds_alternative<Name>(body);
    case ReplyKind::attrs: return std::holds_alternative<Attrs>(body);
    case ReplyKind::extended: return std::holds_alternative<ExtendedReply>(body);
  }
  return false;
}

}  // namespace

ClientEngine::ClientEngine(BufferPool& pool, const ClientOptions& options)
    : pool_(pool), stream_(pool), requests_(options.outstanding_requests) {}

DataTail ClientEngine::send_write(PacketChain& chain, WriteHeader header, std::size_t maximum, std::uint64_t token,
                                  std::uint32_t* id) {
  header.id =
      requests_.add({.token = token, .expected = WriteHeader::reply, .type = WriteHeader::number, .maximum_data = 0});
  if (id != nullptr) *id = header.id;
  return DataTail(chain, header, maximum);
}

Result<std::optional<Reply>> ClientEngine::next() {
  if (error_.code() != Errc::ok) return error_;
  const Result<bool> whole = stream_.next(message_);
  if (!whole) return error_ = whole.error();
  if (!*whole) return std::optional<Reply>();
  Result<Reply> reply = ready_ ? parse() : parse_version();
  if (!reply) return error_ = reply.error();
  return std::optional<Reply>(std::move(*reply));
}

Result<Reply> ClientEngine::parse_version() {
  Reply reply;
  reply.storage = contiguous(message_, message_.size(), pool_);
  const Result<Version> version = wire::decode<Version>(reply.storage.bytes());
  if (!version) return version.error();
  if (version->version != protocol_version) return Error(Errc::protocol_version_not_supported, "SSH_FXP_VERSION");
  for (const ExtensionPair& pair : version->extensions) {
    const ExtensionRow* row = find_extension(pair.name);
    if (row != nullptr && row->version == pair.data) extensions_.*row->member = true;
  }
  ready_ = true;
  reply.request_type = Init::number;
  reply.body = *version;
  return reply;
}

Result<Reply> ClientEngine::parse() {
  std::array<std::uint8_t, type_and_id> head{};
  if (message_.copy_to(0, head) < head.size()) return Error(Errc::truncated, "SFTP reply id");
  const std::uint8_t type = head[0];
  if (type == Version::number) return Error(Errc::unexpected_message, "second SSH_FXP_VERSION");

  Reply reply;
  reply.id = wire::load_uint32(head.data() + 1);
  const std::optional<RequestTable::Pending> pending = requests_.take(reply.id);
  if (!pending) return Error(Errc::unexpected_reply, "SFTP reply id");
  reply.token = pending->token;
  reply.request_type = pending->type;

  if (type == Data::number) {
    parse_data(reply, pending->maximum_data);
  } else {
    reply.storage = contiguous(message_, message_.size(), pool_);
    if (!decode_one_of<Status, Handle, Name, Attrs, ExtendedReply>(type, reply.body, reply.storage.bytes())) {
      reply.body = Error(Errc::unexpected_message, "SFTP reply type");
    }
  }
  check_kind(reply, *pending);
  return reply;
}

void ClientEngine::parse_data(Reply& reply, std::uint32_t maximum) {
  reply.storage = contiguous(message_, std::min(message_.size(), data_header), pool_);
  wire::Reader reader(reply.storage.bytes());
  reader.byte();
  DataHeader header;
  wire::Codec<DataHeader>::read(reader, header);
  if (Result<void> status = reader.status(); !status) {
    reply.body = status.error();
    return;
  }
  const std::size_t present = message_.size() - data_header;
  if (header.data_size != present) {
    reply.body = Error(header.data_size > present ? Errc::truncated : Errc::trailing_bytes, "data");
    return;
  }
  if (header.data_size > maximum) {
    reply.body = Error(Errc::unexpected_reply, "more data than was asked for");
    return;
  }
  reply.body = header;
  message_.consume(data_header);
  reply.data = std::move(message_);
  message_ = PayloadChain();
  if (!spare_.empty()) {
    message_ = std::move(spare_.back());
    spare_.pop_back();
  }
}

void ClientEngine::check_kind(Reply& reply, const RequestTable::Pending& pending) {
  if (std::holds_alternative<Error>(reply.body)) return;
  const bool failed = std::holds_alternative<Status>(reply.body) && !reply.is_ok();
  if (failed || fits(reply.body, pending.expected)) return;
  reply.body = Error(Errc::unexpected_reply, "SFTP reply does not fit its request");
  reply.data.clear();
}

void ClientEngine::recycle(Reply&& reply) {
  Reply done = std::move(reply);
  if (!std::holds_alternative<DataHeader>(done.body) || spare_.size() >= spare_chains) return;
  done.data.clear();
  spare_.push_back(std::move(done.data));
}

}  // namespace hawser::sftp
