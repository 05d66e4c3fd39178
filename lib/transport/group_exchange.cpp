#include "transport/group_exchange.h"

#include <algorithm>

namespace hawser::transport {
namespace {

// In bits. The key of chacha20-poly1305@openssh.com is two, of 256 bits each; only AES has shorter ones.
std::size_t strength(const Algorithms::Direction& direction) {
  return std::min<std::size_t>(8 * direction.cipher->key_size, 256);
}

// The digits of an mpint that may be part of a group. Its size is looked at before anything is copied or computed.
Result<ByteVector> number(wire::Mpint field, const char* refused) {
  const std::optional<Bytes> digits = field.digits();
  if (!digits || digits->size() > limits::largest_group / 8) return Error(Errc::bad_public_value, refused);
  return to_vector(*digits);
}

}  // namespace

bool is_group_exchange(const Algorithms& algorithms) {
  return algorithms.kex->family == crypto::KexFamily::modp_exchange;
}

crypto::GroupRequest make_group_request(const Algorithms& algorithms, const Quirks& peer) {
  crypto::GroupRequest request = crypto::request_for_strength(
      std::max(strength(algorithms.client_to_server), strength(algorithms.server_to_client)));
  request.n = std::min(request.n, peer.largest_group);
  request.min = std::min(request.min, request.n);
  return request;
}

ByteVector encode(const crypto::GroupRequest& request) {
  return wire::encode(KexDhGexRequest{request.min, request.n, request.max});
}

Result<AgreedGroup> take_group(const crypto::GroupRequest& request, Bytes payload, crypto::Random& random) {
  const Result<KexDhGexGroup> message = wire::decode<KexDhGexGroup>(payload);
  if (!message) return message.error();
  Result<ByteVector> p = number(message->p, "p: not a number of a size that was asked for");
  if (!p) return p.error();
  Result<ByteVector> g = number(message->g, "g: not a number of a size that was asked for");
  if (!g) return g.error();
  AgreedGroup agreed{request, {*std::move(p), *std::move(g)}};
  if (Result<void> good = crypto::check_group(agreed.group, request, random); !good) return good.error();
  return agreed;
}

Result<GroupAnswer> answer_group_request(const crypto::Moduli* moduli, Bytes payload, crypto::Random& random) {
  // The old form knows no minimum, and RFC 8270 asks for one. No client of the last twenty years begins with it.
  if (payload[0] == KexDhGexRequest::old_number) {
    return Error(Errc::unexpected_message, "SSH_MSG_KEX_DH_GEX_REQUEST_OLD is not supported");
  }
  const Result<KexDhGexRequest> message = wire::decode<KexDhGexRequest>(payload);
  if (!message) return message.error();
  const crypto::GroupRequest asked{message->min, message->n, message->max};
  if (!asked.in_order()) return Error(Errc::bad_value, "the sizes of a group request are not in order");
  const crypto::Moduli built_in = moduli == nullptr ? crypto::Moduli::built_in() : crypto::Moduli();
  const crypto::DhGroup* group = (moduli == nullptr ? built_in : *moduli).choose(asked, random);
  if (group == nullptr) return Error(Errc::no_common_group, "group request");
  const ByteVector p = wire::mpint_content(group->p);
  const ByteVector g = wire::mpint_content(group->g);
  return GroupAnswer{{asked, *group}, wire::encode(KexDhGexGroup{{p}, {g}})};
}

}  // namespace hawser::transport
