// The inside of a Transport, in four files: transport.cpp is the public surface, transport_send.cpp what leaves,
// transport_receive.cpp what arrives, transport_kex.cpp the key exchange.
#pragma once

#include "hawser/transport/observer.h"
#include "hawser/transport/quirks.h"
#include "hawser/transport/transport.h"
#include "transport/ext_info.h"
#include "transport/host_key_gate.h"
#include "transport/identification.h"
#include "transport/kex_state.h"
#include "transport/packet_reader.h"
#include "transport/packet_writer.h"
#include "transport/rekey_schedule.h"

namespace hawser::transport {

using EventOrNothing = Result<std::optional<TransportEvent>>;

struct Transport::State {
  State(Role own_role, SharedValue<TransportConfig> configuration, crypto::Random& generator, TimePoint start);

  // Sending (transport_send.cpp)
  void send(PacketBuffer&& packet);
  template <wire::HasFields M>
  void send_message(const M& message) {
    PacketBuffer packet(*pool, wire::encoded_size(message));
    wire::encode(message, packet.payload());
    send(std::move(packet));
  }
  void seal(PacketBuffer&& packet);  // past the gate of the key exchange
  void seal_message(Bytes payload);  // the same, for a message encoded elsewhere
  bool must_wait(std::uint8_t number) const;
  bool gate_closed() const;  // between our KEXINIT and our NEWKEYS
  Result<void> observe_and_seal(PacketBuffer&& packet);
  void observe_transmitted(std::size_t count) const;
  void release_waiting();
  std::size_t send_memory() const { return writer.queued_memory() + waiting_memory; }
  void queue_disconnect(DisconnectReason reason, std::string_view description);
  void fail(Error error);
  void close(Error why);

  // Receiving (transport_receive.cpp)
  EventOrNothing next();
  Result<bool> read_identification();
  EventOrNothing handle(const OpenedPacket& packet);
  EventOrNothing handle_own(std::uint8_t number, const OpenedPacket& packet);
  Result<void> count_in_exchange();
  KexPhase phase() const;
  MessageContext context() const;

  // Key exchange (transport_kex.cpp)
  void start_exchange_now();
  void start_exchange_if_due();
  Result<void> on_kexinit(const OpenedPacket& packet);
  Result<void> on_first_kexinit(const KexInit& peer, std::uint32_t sequence_number);
  Result<void> enter_method(Exchange exchange, bool drop_next);
  Result<void> send_init(Exchange exchange, bool drop_next);
  bool drop_wrong_guess(std::uint8_t number);
  EventOrNothing on_method_message(Bytes payload);
  Result<void> answer_request(GroupRequestAwaited& state, Bytes payload);
  Result<void> take_offered_group(GroupAwaited& state, Bytes payload);
  EventOrNothing answer_init(InitAwaited& state, Bytes payload);
  void work_done();
  Result<void> send_answer(const Algorithms& algorithms, const crypto::Signer& own_key,
                           const Result<ServerAnswer>& answer);
  EventOrNothing check_reply(ReplyAwaited& state, Bytes payload);
  void accept_host_key();
  Result<void> send_client_newkeys(HostKeyVerified, const Algorithms& algorithms, const ExchangeResult& result);
  Result<void> send_newkeys(const Algorithms& algorithms, const ExchangeResult& result);
  void disclose(const ExchangeResult& result) const;
  TransportEvent on_newkeys();
  void describe(const Algorithms& algorithms);
  // Compression (RFC 4253 §6.2), of the direction whose keys have just changed, or for which its time has come.
  void compress_if_due();
  void decompress_if_due();
  void begin_delayed_compression();

  // Time (transport.cpp)
  void tick(TimePoint time);
  std::optional<TimePoint> deadline() const;

  const Role role;
  const SharedValue<TransportConfig> shared_config;
  const TransportConfig& config = *shared_config;
  const std::shared_ptr<Observer> observer;  // may be null
  MessageRule message_rule = any_service;
  crypto::Random& random;
  const std::shared_ptr<BufferPool> pool;
  PacketReader reader;
  PacketWriter writer;

  // Packets that wait for our NEWKEYS, in order, not sealed.
  std::vector<PacketBuffer> waiting;
  std::size_t waiting_bytes = 0;
  std::size_t waiting_memory = 0;

  // The key exchange.
  KexState kex;
  bool established = false;  // the first exchange is over
  bool strict = false;       // negotiated in the first exchange, for good
  bool peer_reads_ext_info = false;
  std::size_t messages_in_exchange = 0;
  std::array<std::uint8_t, 16> own_cookie{};  // of our last KEXINIT
  std::string own_identification;
  std::string peer_identification;          // as it enters the hash; empty before it is known
  std::string peer_identification_escaped;  // as it is shown
  Quirks quirks;                            // the peer's
  std::optional<SessionId> session_id;
  HostKeyGate host_key_gate;
  ByteVector host_key;  // of the first exchange, whichever side we are
  Negotiated negotiated;
  const crypto::CompressionRow* compression_out = nullptr;  // of the keys in use; null before the first
  const crypto::CompressionRow* compression_in = nullptr;
  const crypto::CompressionRow* next_compression_in = nullptr;  // once the peer's NEWKEYS has come
  bool authenticated = false;  // USERAUTH_SUCCESS has passed: delayed compression began
  RekeySchedule rekey_schedule;
  RekeyStormGuard storm_guard;
  std::uint64_t key_exchanges = 0;

  IdentificationParser identification_parser;
  ExtInfoReceiver ext_info;
  ServicePhase service = ServicePhase::none;

  // The end.
  bool closed = false;
  Error failure{Errc::ok};  // once closed: why
  bool told = false;        // by `next()`
  std::string failure_detail;

  TimePoint now;
  Timer exchange_timer;
};

}  // namespace hawser::transport
