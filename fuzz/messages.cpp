// Every message of every layer, from its field list: what decodes must encode to the same bytes, and dump without harm.
#include "hawser/channel/messages.h"
#include "client/agent_messages.h"
#include "hawser/auth/request_fields.h"
#include "hawser/channel/request_bodies.h"
#include "hawser/sftp/extensions.h"
#include "hawser/sftp/replies.h"
#include "hawser/sftp/requests.h"
#include "hawser/transport/messages.h"
#include "hawser/wire/codec.h"
#include "hawser/wire/dump.h"
#include "input_mutator.h"
#include "target.h"

using namespace hawser;

namespace {

template <class M>
void try_message(Bytes input) {
  const Result<M> first = wire::decode<M>(input);
  if (!first) return;
  // Encoding is canonical; decoding is lenient in places (a boolean is any byte but 0). So compare the second round.
  const ByteVector again = wire::encode(*first);
  const Result<M> second = wire::decode<M>(again);
  fuzz::require(second.has_value());
  fuzz::require(wire::encode(*second) == again);
  // The dumps of views decoded from equal bytes are equal.
  if constexpr (requires { wire::dump(*first); }) fuzz::require(wire::dump(*first) == wire::dump(*second));
}

template <class List>
struct Each;
template <class... Ms>
struct Each<std::tuple<Ms...>> {
  static void run(Bytes input) { (try_message<Ms>(input), ...); }
};

using AgentMessages = std::tuple<client::AgentFailure, client::AgentRequestIdentities, client::AgentIdentitiesAnswer,
                                 client::AgentIdentityFields, client::AgentSignRequest, client::AgentSignResponse>;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input(data, size);
  Each<transport::TransportMessages>::run(input);
  Each<transport::KexdhMessages>::run(input);
  Each<transport::KexEcdhMessages>::run(input);
  Each<transport::KexDhGexMessages>::run(input);
  Each<auth::UserauthMessages>::run(input);
  Each<channel::ChannelMessages>::run(input);
  Each<channel::ChannelOpenBodies>::run(input);
  Each<channel::ChannelRequestBodies>::run(input);
  Each<channel::GlobalRequestBodies>::run(input);
  Each<sftp::RequestMessages>::run(input);
  Each<sftp::ReplyMessages>::run(input);
  Each<sftp::ExtensionBodies>::run(input);
  Each<AgentMessages>::run(input);
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed) {
  return fuzz::mutate_input(fuzz::one_message(), data, size, max_size, seed);
}
