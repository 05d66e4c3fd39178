// The SSH transport layer (RFC 4253), sans I/O: bytes in, packets out, and the other way round. Identification,
// negotiation, key exchange, rekeying and encryption happen inside; layers above see `Packet` events and a
// `PacketSink`.
//
// A driver does, in any order and as often as it likes:
//   - put received bytes into `receive_space()` and say `received(n)`, then call `next()` until it gives nullopt or an
//   error;
//   - write what `transmit()` shows to the peer and say `transmitted(n)`;
//   - call `tick(now)` no later than `deadline()`.
// The constructor already queues our identification and KEXINIT, so that both leave in the first write.
//
// After an error from `next()` the session is over: a DISCONNECT that says why is in `transmit()`, nothing more is
// accepted. Nothing here is thread-safe; one strand drives one transport.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "hawser/crypto/deferred_work.h"
#include "hawser/crypto/keys.h"
#include "hawser/crypto/moduli.h"
#include "hawser/transport/message_rule.h"
#include "hawser/transport/session_id.h"
#include "hawser/wire/limits.h"
#include "hawser/wire/packet_sink.h"
#include "hawser/wire/payload.h"
#include "hawser/wire/shared_value.h"

namespace hawser::transport {

struct KexInit;
class Observer;

// RFC 4253 §11.1
enum class DisconnectReason : std::uint32_t {
  host_not_allowed_to_connect = 1,
  protocol_error = 2,
  key_exchange_failed = 3,
  reserved = 4,
  mac_error = 5,
  compression_error = 6,
  service_not_available = 7,
  protocol_version_not_supported = 8,
  host_key_not_verifiable = 9,
  connection_lost = 10,
  by_application = 11,
  too_many_connections = 12,
  auth_cancelled_by_user = 13,
  no_more_auth_methods_available = 14,
  illegal_user_name = 15,
};

// The one place that decides what a peer is told about an error.
struct DisconnectText {
  DisconnectReason reason;
  const char* description;
};
DisconnectText disconnect_text(Errc code);

struct RekeyLimits {
  std::uint64_t bytes =
      std::uint64_t{1} << 30;  // per direction; an exchange begins before the cipher's own limit (RFC 4344 §3.2)
  std::uint64_t packets = std::uint64_t{1} << 31;     // RFC 4344 §3.1
  std::chrono::seconds time = std::chrono::hours(1);  // RFC 4253 §9
};

struct TransportConfig {
  std::string software = "Hawser_0.1";  // softwareversion of RFC 4253 §4.2: printable, no space, no '-'
  crypto::AlgorithmPolicy algorithms = crypto::AlgorithmPolicy::modern();
  // Server: at least one. The first that fits the negotiated algorithm proves who we are.
  std::vector<std::shared_ptr<const crypto::Signer>> host_keys;
  // Server: what a group exchange (RFC 4419) chooses from; null: the groups of RFC 3526.
  std::shared_ptr<const crypto::Moduli> moduli;
  // Server: the arithmetic of a key exchange, its signature included, is handed out as WorkDue instead of being done
  // within `next()`.
  bool defer_public_key_work = false;
  // Client: signature algorithms whose keys are known for this host; they are asked for first.
  std::vector<std::string> preferred_host_key_algorithms;
  RekeyLimits rekey;
  std::size_t packet_length_limit = limits::packet_length;
  std::size_t pre_identification_lines = limits::pre_identification_lines;
  // Both count the memory that queued packets take, which is that of whole blocks of the pool: 1 KiB at least.
  std::size_t send_limit = 512 * 1024;            // bytes queued above which writable() is false
  std::size_t send_hard_limit = 4 * 1024 * 1024;  // bytes queued above which the session ends (Errc::queue_full)
  std::chrono::seconds key_exchange_time =
      std::chrono::seconds(60);      // a rekey the peer does not finish ends the session
  std::shared_ptr<BufferPool> pool;  // null: one of its own
  // Told of the peer's first KEXINIT before anything is negotiated; the texts are valid during the call. For those who
  // want to know what a peer can do, such as a scanner.
  std::function<void(const std::string& peer_identification, const KexInit&)> on_kexinit;
  // Asked once by each transport, so that each connection of a server can have an observer of its own (observer.h).
  // Null, or a null result: nobody is told anything.
  std::function<std::shared_ptr<Observer>(Role)> make_observer;
  // Gives every session away: whoever has what this is told can read all of its traffic, recorded earlier or later.
  // Told of each key exchange, the cookie of our own KEXINIT and the content of K (RFC 4253 §8), both valid during the
  // call. Only for reading captures in a debugger such as Wireshark: net/key_log_file.h. Null: told to nobody.
  std::function<void(Bytes cookie, Bytes shared_secret)> disclose_session_secrets;
};

// What makes a Transport fail before its first byte, for whoever wants to know earlier. Errors: invalid_argument (what
// AlgorithmPolicy::check refuses, a server none of whose host keys is of an allowed algorithm, a software version that
// RFC 4253 §4.2 does not allow).
Result<void> check_config(Role role, const TransportConfig& config);

struct Negotiated {
  std::string kex;
  std::string host_key;
  std::string cipher_client_to_server, cipher_server_to_client;
  std::string mac_client_to_server, mac_server_to_client;  // empty for ciphers with a tag of their own
  std::string compression_client_to_server, compression_server_to_client;
  bool strict_kex = false;
};

// A message for the service above: its number and the whole payload, number included.
struct Packet {
  std::uint8_t number = 0;
  std::uint32_t sequence_number = 0;
  Payload payload;
};
// Client: the server has proved that it owns this key. Nothing goes on until `accept_host_key` or `reject_host_key`.
struct HostKeyOffered {
  crypto::PublicKey key;
  std::string algorithm;
};
struct KeyExchanged {
  bool first = false;
};
struct DebugReceived {
  bool always_display = false;
  std::string text;  // escaped, safe to print
};
// The peer said goodbye; no further event follows. The description is escaped, safe to print.
struct Disconnected {
  std::uint32_t reason = 0;
  std::string description;
};
using TransportEvent = std::variant<Packet, HostKeyOffered, KeyExchanged, DebugReceived, Disconnected, crypto::WorkDue>;

struct TransportStats {
  std::uint64_t packets_sent = 0;
  std::uint64_t packets_received = 0;
  std::uint64_t bytes_sent = 0;  // handed to the driver and written
  std::uint64_t bytes_received = 0;
  std::uint64_t payload_bytes_copied = 0;  // of unfinished packets that had to move to another slab
  std::uint64_t key_exchanges = 0;
};

class Transport final : public PacketSink {
 public:
  // `random` is borrowed for the transport's life. `now` starts the clock of the first key exchange.
  Transport(Role role, SharedValue<TransportConfig> config, crypto::Random& random, TimePoint now);
  ~Transport() override;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  // Receiving. The space is at least 1 byte and at most a slab; it is valid until the next call of any of these three,
  // or of `tick`. A driver that got nothing says `received(0)`: an idle transport holds no memory for receiving. (Only
  // a driver that goes on reading while a host key decision or deferred work is awaited can see an empty one: it must
  // not read into that.)
  MutableBytes receive_space();
  void received(std::size_t count);
  Result<std::optional<TransportEvent>> next();

  // The answer to HostKeyOffered, now or later; `next()` gives nothing in between.
  void accept_host_key();
  void reject_host_key();

  // The work of the last WorkDue has been run; `next()` gives nothing before that.
  void work_done();

  // Sending: sealed bytes in order, ready for one gather write; valid until the next call that sends or says
  // transmitted.
  std::span<const Bytes> transmit();
  void transmitted(std::size_t count);
  std::size_t queued() const;  // sealed and waiting bytes together

  PacketBuffer prepare(std::size_t payload_size) override;
  void send(PacketBuffer&& packet) override;
  bool writable() const override;

  void tick(TimePoint now);
  std::optional<TimePoint> deadline() const;

  // Starts a key exchange; nothing when one runs already.
  void rekey();
  // Queues DISCONNECT; the session is over.
  void disconnect(DisconnectReason reason, std::string_view description);
  // Answers a packet that the service above does not know (RFC 4253 §11.4).
  void send_unimplemented(std::uint32_t sequence_number);
  // Tells the rule which messages are due; the session above calls it as services start.
  void set_service_phase(ServicePhase phase);
  // Asked for each message before anything looks inside it; `any_service` until then.
  void set_message_rule(MessageRule rule);

  Role role() const;
  bool closed() const;
  // Once closed: why. `send` and `tick` may find out as well as `next`, which tells it once.
  std::optional<Error> failure() const;
  // Only after the first KeyExchanged.
  const SessionId& session_id() const;
  const Negotiated& negotiated() const;
  // "SSH-2.0-OpenSSH_9.2p1 …", escaped; empty before it is known.
  const std::string& peer_identification() const;
  // server-sig-algs of the peer's EXT_INFO (RFC 8308 §3.1), the first 64 names; empty where it sent none.
  const std::vector<std::string>& peer_signature_algorithms() const;
  // Whether its EXT_INFO offers publickey-hostbound@openssh.com (OpenSSH PROTOCOL §3.1).
  bool peer_takes_hostbound_publickey() const;
  // The blob of the host key that the first key exchange was signed with; empty before it.
  Bytes host_key() const;
  // Why negotiation or the session failed, in full: category, both lists. Empty while all is well.
  const std::string& failure_detail() const;
  BufferPool& pool() const;
  TransportStats stats() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hawser::transport
