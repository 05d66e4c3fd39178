#include "hawser/sftp/server_engine.h"

namespace hawser::sftp {
namespace {

// So many requests may wait in the slabs they came in. Those that find more before them are copied out when they are
// small, since each could pin a slab of its own.
constexpr std::size_t requests_in_place = 16;

}  // namespace

ServerEngine::ServerEngine(BufferPool& pool, const ServerOptions& options) : options_(options), parser_(pool) {
  for (const ExtensionRow& row : extension_table) {
    if (!(options_.extensions.*row.member)) continue;
    wire::append_string(extension_pairs_, row.name);
    wire::append_string(extension_pairs_, row.version);
    ++extension_count_;
  }
}

Result<std::optional<Request>> ServerEngine::next() {
  if (error_.code() != Errc::ok) return error_;
  if (full()) return std::optional<Request>();
  Result<std::optional<Request>> next = parser_.next(outstanding_ >= requests_in_place);
  if (!next) return error_ = next.error();
  if (!*next) return next;
  Request& request = **next;
  if (Result<void> order = check_order(request); !order) return error_ = order.error();
  apply_options(request);
  ++outstanding_;
  outstanding_bytes_ += request.cost;
  return next;
}

// filexfer-02 §4: INIT comes first, and once.
Result<void> ServerEngine::check_order(const Request& request) {
  const auto* init = std::get_if<Init>(&request.body);
  if (initialised_ != (init == nullptr)) {
    return Error(Errc::unexpected_message, initialised_ ? "second SSH_FXP_INIT" : "request before SSH_FXP_INIT");
  }
  if (init != nullptr && init->version < protocol_version) {
    return Error(Errc::protocol_version_not_supported, "SSH_FXP_INIT version");
  }
  initialised_ = true;
  return {};
}

void ServerEngine::apply_options(Request& request) const {
  request.cost = request.storage.size() + request.data.size();
  if (auto* read = std::get_if<Read>(&request.body)) {
    read->length = std::min(read->length, options_.maximum_read);
    request.cost += read->length;
  }
  if (request.type != Extended::number) return;
  const std::string_view name = std::visit(
      [](const auto& body) {
        if constexpr (requires { body.extension; }) return std::string_view(body.extension);
        return std::string_view();
      },
      request.body);
  const ExtensionRow* row = find_extension(name);
  if (row != nullptr && !(options_.extensions.*row->member)) {
    request.body = Unsupported{.type = Extended::number, .extension = row->name};
  }
}

void ServerEngine::release(Request&& request) {
  assert(outstanding_ != 0 && outstanding_bytes_ >= request.cost);
  --outstanding_;
  outstanding_bytes_ -= request.cost;
  parser_.recycle(std::move(request));
}

bool ServerEngine::full() const {
  return outstanding_ >= options_.outstanding_requests || outstanding_bytes_ >= options_.outstanding_bytes;
}

// The lower of both versions (filexfer-02 §4); a client that does not know version 3 has been refused.
Version ServerEngine::version() const {
  return {.version = protocol_version, .extensions = ExtensionPairs(extension_pairs_, extension_count_)};
}

Limits ServerEngine::limits() const {
  return {.max_packet_length = hawser::limits::sftp_message,
          .max_read_length = options_.maximum_read,
          .max_write_length = options_.maximum_write,
          .max_open_handles = options_.maximum_handles};
}

}  // namespace hawser::sftp
