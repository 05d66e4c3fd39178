// The key exchange, first and later ones alike: RFC 4253 §7 to §9, RFC 4419 §3, RFC 8308, strict key exchange (OpenSSH
// PROTOCOL §1.10).
#include <algorithm>

#include "transport/group_exchange.h"
#include "transport/kex_proposal.h"
#include "transport/transport_state.h"

namespace hawser::transport {
namespace {

std::string mac_name(const Algorithms::Direction& direction) {
  return direction.mac == nullptr ? std::string() : std::string(direction.mac->name);
}

}  // namespace

// RFC 4253 §7: the first packet behind KEXINIT that belongs to a method, of any method, where another was agreed on.
bool Transport::State::drop_wrong_guess(std::uint8_t number) {
  constexpr std::uint8_t first_of_methods = 30, last_of_methods = 49;  // RFC 4250 §4.1.2
  if (number < first_of_methods || number > last_of_methods) return false;
  return std::visit(
      [](auto& state) {
        if constexpr (requires { state.drop_next; }) return std::exchange(state.drop_next, false);
        return false;
      },
      kex);
}

void Transport::State::start_exchange_now() {
  ByteVector kexinit = make_kexinit(role, config, !established, random);
  seal_message(kexinit);
  if (closed) return;
  if (observer) observer->on_kexinit(Direction::sent, established);
  std::copy_n(kexinit.begin() + 1, own_cookie.size(), own_cookie.begin());
  messages_in_exchange = 0;
  exchange_timer.start(config.key_exchange_time);
  rekey_schedule.timer().stop();
  kex = KexInitSent{std::move(kexinit)};
}

void Transport::State::start_exchange_if_due() {
  if (closed || !std::holds_alternative<Established>(kex)) return;
  if (rekey_schedule.used_up(writer.usage(), reader.usage())) start_exchange_now();
}

Result<void> Transport::State::on_kexinit(const OpenedPacket& packet) {
  const Bytes payload = packet.payload.bytes();
  const Result<KexInit> peer = wire::decode<KexInit>(payload);
  if (!peer) return peer.error();
  if (observer) observer->on_kexinit(Direction::received, established);
  if (std::holds_alternative<Established>(kex)) {
    if (Result<void> calm = storm_guard.peer_started(); !calm) return calm;
    start_exchange_now();
  }
  auto* sent = std::get_if<KexInitSent>(&kex);
  if (sent == nullptr) return {};  // our own KEXINIT could not be sealed: the session is over
  if (!established) {
    if (Result<void> fine = on_first_kexinit(*peer, packet.sequence_number); !fine) return fine;
  }

  const bool client = role == Role::client;
  const ByteVector own_kexinit = std::move(sent->own_kexinit);
  const KexInit own = *wire::decode<KexInit>(own_kexinit);
  const KexInit& from_client = client ? own : *peer;
  const KexInit& from_server = client ? *peer : own;
  Result<Algorithms> algorithms = negotiate(from_client, from_server, role, failure_detail);
  if (!algorithms) return algorithms.error();
  describe(*algorithms);

  Transcript said{client ? own_identification : peer_identification, client ? peer_identification : own_identification,
                  client ? own_kexinit : to_vector(payload), client ? to_vector(payload) : own_kexinit};
  const bool drop_next = peer->first_kex_packet_follows && !guess_is_right(from_client, from_server);
  return enter_method({std::move(said), std::move(*algorithms)}, drop_next);
}

Result<void> Transport::State::on_first_kexinit(const KexInit& peer, std::uint32_t sequence_number) {
  if (config.on_kexinit) config.on_kexinit(peer_identification, peer);
  strict = peer.kex_algorithms.contains(marker::strict_of(other(role)));
  peer_reads_ext_info = role == Role::server && peer.kex_algorithms.contains(marker::ext_info_client);
  if (!strict && config.algorithms.require_strict_kex) {
    failure_detail = "the peer does not offer strict key exchange, which this side requires";
    return Error(Errc::strict_kex_required, "kex_algorithms");
  }
  // OpenSSH PROTOCOL §1.10: the KEXINIT must be the first packet.
  if (strict && sequence_number != 0)
    return Error(Errc::unexpected_packet_in_strict_kex, "KEXINIT is not the first packet");
  return {};
}

Result<void> Transport::State::enter_method(Exchange exchange, bool drop_next) {
  const bool group_exchange = is_group_exchange(exchange.algorithms);
  if (role == Role::client && !group_exchange) return send_init(std::move(exchange), drop_next);
  if (role == Role::client) {
    const crypto::GroupRequest request = make_group_request(exchange.algorithms, quirks);
    seal_message(encode(request));
    if (!closed) kex = GroupAwaited{std::move(exchange), request, drop_next};
  } else if (group_exchange) {
    kex = GroupRequestAwaited{std::move(exchange), drop_next};
  } else {
    kex = InitAwaited{std::move(exchange), drop_next};
  }
  return {};
}

Result<void> Transport::State::send_init(Exchange exchange, bool drop_next) {
  Result<ClientStart> start = start_exchange(exchange, random);
  if (!start) return start.error();
  seal_message(start->message);
  if (!closed) kex = ReplyAwaited{std::move(exchange), std::move(*start), drop_next};
  return {};
}

EventOrNothing Transport::State::on_method_message(Bytes payload) {
  Result<void> done = Error(Errc::unexpected_message, "message number");
  if (auto* requested = std::get_if<GroupRequestAwaited>(&kex)) {
    done = answer_request(*requested, payload);
  } else if (auto* offered = std::get_if<GroupAwaited>(&kex)) {
    done = take_offered_group(*offered, payload);
  } else if (auto* server = std::get_if<InitAwaited>(&kex)) {
    return answer_init(*server, payload);
  } else if (auto* client = std::get_if<ReplyAwaited>(&kex)) {
    return check_reply(*client, payload);
  }
  if (!done) return done.error();
  return std::optional<TransportEvent>();
}

Result<void> Transport::State::answer_request(GroupRequestAwaited& state, Bytes payload) {
  Result<GroupAnswer> answer = answer_group_request(config.moduli.get(), payload, random);
  if (!answer) return answer.error();
  seal_message(answer->message);
  if (closed) return {};
  Exchange exchange = std::move(state.exchange);
  exchange.group = std::move(answer->agreed);
  kex = InitAwaited{std::move(exchange)};
  return {};
}

Result<void> Transport::State::take_offered_group(GroupAwaited& state, Bytes payload) {
  Result<AgreedGroup> agreed = take_group(state.request, payload, random);
  if (!agreed) return agreed.error();
  Exchange exchange = std::move(state.exchange);
  exchange.group = *std::move(agreed);
  return send_init(std::move(exchange), false);
}

EventOrNothing Transport::State::answer_init(InitAwaited& state, Bytes payload) {
  const std::shared_ptr<const crypto::Signer> own_key = find_host_key(config, *state.exchange.algorithms.host_key);
  if (!own_key) return Error(Errc::no_common_host_key, "host key");
  if (config.defer_public_key_work) {
    auto work = std::make_shared<AnswerWork>(std::move(state.exchange), own_key, payload, random);
    kex = AnswerUnderWay{work};
    return std::optional<TransportEvent>(crypto::WorkDue{std::move(work)});
  }
  const Result<ServerAnswer> answer = answer_exchange(state.exchange, *own_key, payload, random);
  const Algorithms algorithms = std::move(state.exchange.algorithms);
  if (Result<void> sent = send_answer(algorithms, *own_key, answer); !sent) return sent.error();
  return std::optional<TransportEvent>();
}

void Transport::State::work_done() {
  auto* under_way = std::get_if<AnswerUnderWay>(&kex);
  if (closed || under_way == nullptr) return;
  const std::shared_ptr<AnswerWork> work = std::move(under_way->work);
  if (Result<void> sent = send_answer(work->exchange.algorithms, *work->host_key, work->answer); !sent) {
    fail(sent.error());
  }
}

Result<void> Transport::State::send_answer(const Algorithms& algorithms, const crypto::Signer& own_key,
                                           const Result<ServerAnswer>& answer) {
  if (!answer) return answer.error();
  if (host_key.empty()) host_key = to_vector(own_key.public_key().blob());
  seal_message(answer->message);
  if (closed) return {};
  return send_newkeys(algorithms, answer->result);
}

EventOrNothing Transport::State::check_reply(ReplyAwaited& state, Bytes payload) {
  Result<ClientFinish> finish = finish_exchange(state.exchange, state.start, payload);
  if (!finish) return finish.error();
  Result<std::optional<HostKeyVerified>> known = host_key_gate.recognise(finish->host_key);
  if (!known) return known.error();
  if (*known) {
    const Algorithms algorithms = std::move(state.exchange.algorithms);
    if (Result<void> sent = send_client_newkeys(**known, algorithms, finish->result); !sent) return sent.error();
    return std::optional<TransportEvent>();
  }
  // A person may need minutes to decide: the peer is not to blame for them.
  exchange_timer.stop();
  HostKeyOffered offer{finish->host_key, std::string(state.exchange.algorithms.host_key->name)};
  if (observer) observer->on_host_key_offered(offer);
  kex = HostKeyUndecided{std::move(state.exchange.algorithms), std::move(finish->result), std::move(finish->host_key)};
  return std::optional<TransportEvent>(std::move(offer));
}

void Transport::State::accept_host_key() {
  auto* undecided = std::get_if<HostKeyUndecided>(&kex);
  if (undecided == nullptr) return;
  exchange_timer.start(config.key_exchange_time);
  HostKeyUndecided state = std::move(*undecided);
  host_key = to_vector(state.host_key.blob());
  const HostKeyVerified verified = host_key_gate.accept(std::move(state.host_key));
  if (Result<void> sent = send_client_newkeys(verified, state.algorithms, state.result); !sent) fail(sent.error());
}

Result<void> Transport::State::send_client_newkeys(HostKeyVerified, const Algorithms& algorithms,
                                                   const ExchangeResult& result) {
  return send_newkeys(algorithms, result);
}

Result<void> Transport::State::send_newkeys(const Algorithms& algorithms, const ExchangeResult& result) {
  // RFC 4253 §7.2: the first exchange hash is the session identifier for ever.
  if (!session_id) session_id = SessionId(result.exchange_hash);
  disclose(result);
  Result<KeyedDirections> keys = make_directions(role, algorithms, result, session_id->bytes());
  if (!keys) return keys.error();

  seal_message(wire::encode(NewKeys{}));
  if (closed) return {};
  writer.use(std::move(keys->sealer), strict);
  if (observer) observer->on_keys_in_use(Direction::sent, established);
  const bool client = role == Role::client;
  compression_out = (client ? algorithms.client_to_server : algorithms.server_to_client).compression;
  next_compression_in = (client ? algorithms.server_to_client : algorithms.client_to_server).compression;
  compress_if_due();
  rekey_schedule.keys_in_use(*(client ? algorithms.client_to_server : algorithms.server_to_client).cipher,
                             *(client ? algorithms.server_to_client : algorithms.client_to_server).cipher);
  kex = NewKeysAwaited{std::move(keys->opener)};

  // RFC 8308 §2.4: the next packet after the server's first NEWKEYS.
  if (!established && peer_reads_ext_info) seal_message(make_ext_info(config.algorithms.user_signature));
  release_waiting();
  return {};
}

// Only where the owner has asked for it: see TransportConfig.
void Transport::State::disclose(const ExchangeResult& result) const {
  if (!config.disclose_session_secrets) return;
  constexpr std::size_t length_field = 4;
  config.disclose_session_secrets(own_cookie, result.shared_secret.view().subspan(length_field));
}

TransportEvent Transport::State::on_newkeys() {
  reader.use(std::move(std::get<NewKeysAwaited>(kex).opener), strict);
  if (observer) observer->on_keys_in_use(Direction::received, established);
  compression_in = next_compression_in;
  decompress_if_due();
  kex = Established();
  exchange_timer.stop();
  storm_guard.new_keys();
  ++key_exchanges;
  const bool first = !std::exchange(established, true);
  if (first) ext_info.first_newkeys();
  return KeyExchanged{first};
}

// RFC 4253 §6.2: with new keys the stream begins anew.
void Transport::State::compress_if_due() {
  const bool due = compression_out->compresses && (authenticated || !compression_out->delayed);
  writer.compress_with(due ? std::make_unique<crypto::Compressor>() : nullptr);
}

void Transport::State::decompress_if_due() {
  const bool due = compression_in->compresses && (authenticated || !compression_in->delayed);
  reader.decompress_with(due ? std::make_unique<crypto::Decompressor>() : nullptr);
}

// Right behind USERAUTH_SUCCESS, in both directions: the client sends nothing while it waits for that, but for its part
// of a key exchange, which ends with the NEWKEYS that its own compression begins behind.
void Transport::State::begin_delayed_compression() {
  if (std::exchange(authenticated, true)) return;
  if (compression_out != nullptr && compression_out->delayed) compress_if_due();
  if (std::holds_alternative<NewKeysAwaited>(kex)) return;
  if (compression_in != nullptr && compression_in->delayed) decompress_if_due();
}

void Transport::State::describe(const Algorithms& chosen) {
  negotiated.kex = chosen.kex->name;
  negotiated.host_key = chosen.host_key->name;
  negotiated.cipher_client_to_server = chosen.client_to_server.cipher->name;
  negotiated.cipher_server_to_client = chosen.server_to_client.cipher->name;
  negotiated.mac_client_to_server = mac_name(chosen.client_to_server);
  negotiated.mac_server_to_client = mac_name(chosen.server_to_client);
  negotiated.compression_client_to_server = chosen.client_to_server.compression->name;
  negotiated.compression_server_to_client = chosen.server_to_client.compression->name;
  negotiated.strict_kex = strict;
  if (observer) observer->on_negotiated(negotiated);
}

}  // namespace hawser::transport
