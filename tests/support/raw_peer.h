// A peer that speaks the wire format and may break any rule: each step of a session is a call of the test's, in any
// order. It is made of the library's own framing and arithmetic, but has none of its rules. (Needs the private include
// path.)
//
//   RawPeer peer(Role::client, server_config());     // the subject is a server
//   peer.identify();
//   peer.send_kexinit();
//   peer.send_message(Ignore{});                      // not in strict key exchange!
//   CHECK(peer.error() == Errc::unexpected_packet_in_strict_kex);
#pragma once

#include "hawser/wire/dump.h"
#include "support/transport_configs.h"
#include "transport/group_exchange.h"
#include "transport/kex_proposal.h"
#include "transport/key_material.h"
#include "transport/packet_reader.h"
#include "transport/packet_writer.h"

namespace hawser::test {

// The same KEXINIT with some fields changed.
template <class Change>
ByteVector changed_kexinit(Bytes payload, Change change) {
  transport::KexInit message = *wire::decode<transport::KexInit>(payload);
  change(message);
  return wire::encode(message);
}

class RawPeer {
 public:
  // `role` is the peer's; the subject has the other one. `own_config` is what the peer itself offers and signs with.
  RawPeer(Role role, transport::TransportConfig subject_config, transport::TransportConfig own_config = server_config())
      : role_(role),
        own(std::move(own_config)),
        subject(other(role), std::move(subject_config), subject_random_, TimePoint()),
        pool_(BufferPool::create()),
        reader_(*pool_, limits::packet_length),
        writer_(*pool_, random_) {}

  virtual ~RawPeer() = default;

  // What arrives at the subject, at once.
  void send_raw(Bytes bytes) {
    deliver(subject, bytes, [this] { drain(); });
  }
  void send_raw(std::string_view text) { send_raw(as_bytes(text)); }
  // A packet under the present keys. A peer that changes what the steps below say overrides it.
  virtual void send(Bytes payload) { send_raw(seal(payload)); }
  template <wire::HasFields M>
  void send_message(const M& message) {
    send(wire::encode(message));
  }
  // The packet's bytes, for a test that damages or drops them.
  ByteVector seal(Bytes payload) {
    PacketBuffer packet(*pool_, payload.size());
    std::copy(payload.begin(), payload.end(), packet.payload().begin());
    (void)writer_.seal(std::move(packet)).has_value();
    ByteVector bytes;
    for (const Bytes part : writer_.gather()) bytes.insert(bytes.end(), part.begin(), part.end());
    writer_.transmitted(bytes.size());
    return bytes;
  }

  // The subject's next packet; empty when it has sent no other. NEWKEYS switches the keys that open.
  ByteVector receive() {
    ByteVector bytes = take_transmit(subject);
    Bytes rest(bytes);
    if (identification_.empty() && !rest.empty()) {
      const std::size_t end = as_text(rest).find("\r\n");
      identification_ = as_text(rest.first(end));
      rest = rest.subspan(end + 2);
    }
    while (!rest.empty()) {
      const MutableBytes space = reader_.space();
      const std::size_t count = std::min(space.size(), rest.size());
      std::copy_n(rest.begin(), count, space.begin());
      reader_.received(count);
      rest = rest.subspan(count);
    }
    Result<std::optional<transport::OpenedPacket>> packet = reader_.next();
    if (!packet || !*packet) return {};
    ByteVector payload = to_vector((*packet)->payload.bytes());
    if (payload[0] == transport::KexInit::number) subject_kexinit_ = payload;
    if (payload[0] == transport::NewKeys::number && keys_.opener) reader_.use(std::move(keys_.opener), strict);
    return payload;
  }
  // Skips packets until one has this number; empty when none has.
  ByteVector receive_until(std::uint8_t number) {
    while (true) {
      ByteVector payload = receive();
      if (payload.empty() || payload[0] == number) return payload;
    }
  }

  // The steps of a key exchange, as a well-behaved peer takes them.
  void identify() { send_raw(std::string(own_identification) + "\r\n"); }
  ByteVector make_kexinit(bool first = true) { return transport::make_kexinit(role_, own, first, random_); }
  void send_kexinit() { send_kexinit(make_kexinit(!keyed_)); }
  void send_kexinit(ByteVector payload) {
    kexinit_ = std::move(payload);
    send(kexinit_);
  }
  // Both KEXINITs are there: what they agree on.
  bool agree() {
    if (subject_kexinit_.empty()) receive_until(transport::KexInit::number);
    const bool client = role_ == Role::client;
    exchange_.group.reset();
    exchange_.transcript = {client ? std::string(own_identification) : identification_,
                            client ? identification_ : std::string(own_identification),
                            client ? kexinit_ : subject_kexinit_, client ? subject_kexinit_ : kexinit_};
    const auto from_client = wire::decode<transport::KexInit>(exchange_.transcript.client_kexinit);
    const auto from_server = wire::decode<transport::KexInit>(exchange_.transcript.server_kexinit);
    if (!from_client || !from_server) return false;
    if (!keyed_) {
      const auto& theirs = client ? *from_server : *from_client;
      const auto& ours = client ? *from_client : *from_server;
      strict = theirs.kex_algorithms.contains(transport::marker::strict_of(other(role_))) &&
               ours.kex_algorithms.contains(transport::marker::strict_of(role_));
    }
    std::string detail;
    Result<transport::Algorithms> algorithms = transport::negotiate(*from_client, *from_server, role_, detail);
    if (!algorithms) return false;
    exchange_.algorithms = std::move(*algorithms);
    return true;
  }
  // Client: the method's first message, not sent. Server: the answer to the subject's, not sent.
  ByteVector client_init() {
    start_ = std::move(*transport::start_exchange(exchange_, random_));
    return start_.message;
  }
  ByteVector server_reply(const crypto::Signer& signer) {
    const ByteVector init = receive_until(is_group_exchange() ? 32 : 30);
    if (init.empty()) return {};
    Result<transport::ServerAnswer> answer = transport::answer_exchange(exchange_, signer, init, random_);
    if (!answer) return {};
    return finish(std::move(answer->result)) ? answer->message : ByteVector();
  }
  bool take_reply() {
    const ByteVector reply = receive_until(is_group_exchange() ? 33 : 31);
    if (reply.empty()) return false;
    Result<transport::ClientFinish> finished = transport::finish_exchange(exchange_, start_, reply);
    return finished && finish(std::move(finished->result));
  }
  // The first half of a group exchange. Client: asks, and takes the group that comes. Server: sends the group, whatever
  // the subject asked for.
  bool ask_for_group(const crypto::GroupRequest& request) {
    send(transport::encode(request));
    const ByteVector message = receive_until(31);
    if (message.empty()) return false;
    Result<transport::AgreedGroup> agreed = transport::take_group(request, message, random_);
    if (!agreed) return false;
    exchange_.group = *std::move(agreed);
    return true;
  }
  bool send_group(const crypto::DhGroup& group) {
    const Result<transport::KexDhGexRequest> asked = wire::decode<transport::KexDhGexRequest>(receive_until(34));
    if (!asked) return false;
    exchange_.group = transport::AgreedGroup{{asked->min, asked->n, asked->max}, group};
    send_message(transport::KexDhGexGroup{{wire::mpint_content(group.p)}, {wire::mpint_content(group.g)}});
    return true;
  }
  void send_newkeys() {
    const ByteVector bytes = seal(wire::encode(transport::NewKeys{}));
    writer_.use(std::move(keys_.sealer), strict);
    keyed_ = true;
    subject_kexinit_.clear();
    send_raw(bytes);
  }

  // A whole key exchange from KEXINIT to NEWKEYS. True when the subject says it is through.
  bool exchange_keys() {
    const std::size_t before = key_exchanges;
    send_kexinit();
    if (!agree()) return false;
    if (!run_method()) return false;
    send_newkeys();
    receive_until(transport::NewKeys::number);
    return key_exchanges == before + 1;
  }
  bool connect() {
    identify();
    return exchange_keys();
  }

  // Up to the subject's waiting for NEWKEYS.
  bool run_method() {
    if (is_group_exchange()) {
      const bool chosen = role_ == Role::client ? ask_for_group({}) : send_group(*crypto::rfc3526_group(2048));
      if (!chosen) return false;
    }
    if (role_ == Role::client) {
      send(client_init());
      return take_reply();
    }
    const ByteVector reply = server_reply(*own.host_keys.at(0));
    if (!reply.empty()) send(reply);
    return !reply.empty();
  }

  Errc error() const { return error_ ? error_->code() : Errc::ok; }
  const Error& last_error() const { return *error_; }  // only after one
  void drain() {
    while (!error_) {
      Result<std::optional<transport::TransportEvent>> event = subject.next();
      if (!event) {
        error_ = event.error();
        return;
      }
      if (!*event) return;
      if (std::get_if<transport::HostKeyOffered>(&**event) != nullptr) {
        ++offers;
        if (accept_offers) subject.accept_host_key();
      }
      if (std::get_if<transport::KeyExchanged>(&**event) != nullptr) ++key_exchanges;
      if (auto* packet = std::get_if<transport::Packet>(&**event))
        packets.push_back(to_vector(packet->payload.bytes()));
      if (auto* debug = std::get_if<transport::DebugReceived>(&**event)) debug_texts.push_back(debug->text);
      if (auto* end = std::get_if<transport::Disconnected>(&**event)) disconnected = *end;
    }
  }

  static constexpr std::string_view own_identification = "SSH-2.0-RawPeer_1";

 private:
  bool is_group_exchange() const { return transport::is_group_exchange(exchange_.algorithms); }
  bool finish(transport::ExchangeResult result) {
    if (session_id.empty()) session_id = result.exchange_hash;
    Result<transport::KeyedDirections> keys =
        transport::make_directions(role_, exchange_.algorithms, result, session_id);
    if (!keys) return false;
    keys_ = std::move(*keys);
    return true;
  }

  Role role_;
  FixedRandom subject_random_{5};
  FixedRandom random_{6};

 public:
  transport::TransportConfig own;
  transport::Transport subject;
  bool accept_offers = true;
  bool strict = false;
  ByteVector session_id;
  std::size_t key_exchanges = 0;
  std::size_t offers = 0;
  std::vector<ByteVector> packets;
  std::vector<std::string> debug_texts;
  std::optional<transport::Disconnected> disconnected;

 private:
  std::shared_ptr<BufferPool> pool_;
  transport::PacketReader reader_;
  transport::PacketWriter writer_;
  std::string identification_;
  ByteVector kexinit_;
  ByteVector subject_kexinit_;
  transport::Exchange exchange_;
  transport::ClientStart start_;
  transport::KeyedDirections keys_;
  bool keyed_ = false;
  std::optional<Error> error_;
};

}  // namespace hawser::test
