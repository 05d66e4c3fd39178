#include "hawser/sftp/request_parser.h"

#include "sftp/long_messages.h"

namespace hawser::sftp {
namespace {

// Type, id, handle, offset and length of the data: what must lie in one piece to be decoded.
constexpr std::size_t largest_write_header = 1 + 4 + (4 + limits::sftp_handle) + 8 + 4;

template <class... Messages>
struct List {};

using PlainRequests = List<Open, Close, Read, Lstat, Fstat, Setstat, Fsetstat, Opendir, Readdir, Remove, Mkdir, Rmdir,
                           Realpath, Stat, Rename, Readlink, Symlink>;

template <class M>
bool decode_into(RequestBody& body, Bytes message) {
  if (Result<M> decoded = wire::decode<M>(message)) {
    body = *decoded;
  } else {
    body = Malformed{decoded.error()};
  }
  return true;
}

template <class... M>
bool decode_plain(List<M...>, std::uint8_t type, RequestBody& body, Bytes message) {
  return ((type == M::number && decode_into<M>(body, message)) || ...);
}

template <class... Body>
bool decode_extension(std::type_identity<std::tuple<Body...>>, std::string_view name, RequestBody& body,
                      Bytes message) {
  return ((name == Body::extension && decode_into<Body>(body, message)) || ...);
}

}  // namespace

RequestParser::RequestParser(BufferPool& pool, std::size_t maximum_size) : pool_(pool), stream_(pool, maximum_size) {}

Result<std::optional<Request>> RequestParser::next(bool detach_small) {
  const Result<bool> whole = stream_.next(message_);
  if (!whole) return whole.error();
  if (!*whole) return std::optional<Request>();

  if (detach_small && message_.size() < limits::small_payload) detach();

  std::array<std::uint8_t, type_and_id> head{};
  if (message_.copy_to(0, head) < head.size()) return Error(Errc::truncated, "SFTP request id");
  const std::uint8_t type = head[0];
  // Only a server sends VERSION, and it has no id that could be answered.
  if (type == 2) return Error(Errc::unexpected_message, "SSH_FXP_VERSION");

  Request request = parse(type);
  if (type != Init::number) request.id = wire::load_uint32(head.data() + 1);
  // INIT has no id either, so that a broken one cannot be answered.
  if (const auto* bad = std::get_if<Malformed>(&request.body); bad != nullptr && type == Init::number)
    return bad->error;
  return std::optional<Request>(std::move(request));
}

void RequestParser::detach() {
  BlockRef block = pool_.acquire(message_.size());
  const MutableBytes copy(block->data(), message_.size());
  message_.copy_to(0, copy);
  message_.clear();
  message_.append(Payload(copy, std::move(block)));
}

Request RequestParser::parse(std::uint8_t type) {
  Request request;
  request.type = type;
  if (type == Write::number) {
    parse_write(request);
    return request;
  }
  request.storage = contiguous(message_, message_.size(), pool_);
  message_.clear();
  const Bytes message = request.storage.bytes();
  if (type == Init::number) {
    decode_into<Init>(request.body, message);
  } else if (type == Extended::number) {
    parse_extended(request, message);
  } else if (!decode_plain(PlainRequests(), type, request.body, message)) {
    request.body = Unsupported{.type = type, .extension = {}};
  }
  return request;
}

void RequestParser::parse_write(Request& request) {
  request.storage = contiguous(message_, std::min(message_.size(), largest_write_header), pool_);
  wire::Reader reader(request.storage.bytes());
  reader.byte();
  WriteHeader header;
  wire::Codec<WriteHeader>::read(reader, header);
  if (Result<void> status = reader.status(); !status) {
    request.body = Malformed{status.error()};
    return;
  }
  const std::size_t present = message_.size() - reader.position();
  if (header.data_size != present) {
    request.body = Malformed{Error(header.data_size > present ? Errc::truncated : Errc::trailing_bytes, "data")};
    return;
  }
  request.body = header;
  message_.consume(reader.position());
  request.data = std::move(message_);
  message_ = PayloadChain();
  if (!spare_.empty()) {
    message_ = std::move(spare_.back());
    spare_.pop_back();
  }
}

void RequestParser::parse_extended(Request& request, Bytes message) {
  const Result<Extended> extended = wire::decode<Extended>(message);
  if (!extended) {
    request.body = Malformed{extended.error()};
    return;
  }
  constexpr std::type_identity<ExtensionBodies> known;
  if (!decode_extension(known, extended->request, request.body, extended->body.bytes)) {
    request.body = Unsupported{.type = Extended::number, .extension = extended->request};
  }
}

void RequestParser::recycle(Request&& request) {
  Request done = std::move(request);
  if (done.type != Write::number || spare_.size() >= spare_chains) return;
  done.data.clear();
  spare_.push_back(std::move(done.data));
}

}  // namespace hawser::sftp
