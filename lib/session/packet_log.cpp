#include "hawser/session/packet_log.h"

#include <array>
#include <ctime>

#include "hawser/wire/dump.h"

namespace hawser::session {
namespace {

using transport::Direction;

// RFC 3339, UTC, milliseconds.
std::string time_text(std::chrono::system_clock::time_point time) {
  const auto since_epoch = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_epoch);
  const std::time_t whole = seconds.count();
  std::tm utc{};
  std::array<char, 32> text{};
  if (::gmtime_r(&whole, &utc) == nullptr) return "-";
  text[std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &utc)] = '\0';
  const std::string milliseconds = std::to_string(1000 + (since_epoch - seconds).count()).substr(1);
  return std::string(text.data()) + "." + milliseconds + "Z";
}

const char* name_of(Direction direction) { return direction == Direction::sent ? "sent" : "received"; }

std::string both_ways(const std::string& client_to_server, const std::string& server_to_client) {
  return client_to_server == server_to_client ? client_to_server : client_to_server + " > " + server_to_client + " <";
}

}  // namespace

class PacketLog::SessionLog final : public transport::Observer {
 public:
  SessionLog(std::shared_ptr<PacketLog> log, Role role)
      : log_(std::move(log)), text_(log_->options_), who_(" " + std::to_string(++log_->sessions_)) {
    who_ += role == Role::client ? " client " : " server ";
  }

  void on_packet(const transport::ObservedPacket& packet) override {
    line(name_of(packet.direction) + (" " + std::to_string(packet.sequence_number)) + " " +
         std::to_string(packet.number()) + " " + text_.text(packet.payload));
  }
  void on_identification(Direction direction, std::string_view text) override {
    line(name_of(direction) + (" identification \"" + wire::escaped(text)) + "\"");
  }
  void on_negotiated(const transport::Negotiated& chosen) override {
    text_.on_negotiated(chosen.kex);
    std::string macs = both_ways(chosen.mac_client_to_server, chosen.mac_server_to_client);
    if (macs.empty()) macs = "of the cipher";
    line("negotiated kex " + chosen.kex + ", host key " + chosen.host_key + ", cipher " +
         both_ways(chosen.cipher_client_to_server, chosen.cipher_server_to_client) + ", mac " + macs +
         ", compression " + both_ways(chosen.compression_client_to_server, chosen.compression_server_to_client) +
         (chosen.strict_kex ? ", strict key exchange" : ""));
  }
  void on_host_key_offered(const transport::HostKeyOffered& offer) override {
    line("host key " + offer.algorithm + " " + offer.key.fingerprint());
  }
  void on_keys_in_use(Direction direction, bool rekey) override {
    line(std::string(rekey ? "rekeyed: " : "") + "new keys for what is " + name_of(direction));
  }
  void on_closed(const Error& error, std::string_view detail) override {
    // The detail names what the peer sent, and has been escaped where it was made.
    line("closed: " + error.message() + (detail.empty() || detail == error.message() ? "" : ": " + one_line(detail)));
  }

 private:
  static std::string one_line(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
      if (static_cast<unsigned char>(c) < 0x20) c = ' ';
    }
    return out;
  }
  void line(const std::string& what) { log_->write_(time_text(log_->clock_()) + who_ + what); }

  const std::shared_ptr<PacketLog> log_;
  PacketText text_;
  std::string who_;
};

PacketLog::PacketLog(Write write, PacketTextOptions options, Clock clock)
    : write_(std::move(write)), options_(options), clock_(std::move(clock)) {}

std::function<std::shared_ptr<transport::Observer>(Role)> PacketLog::observers() {
  return [self = shared_from_this()](Role role) { return std::make_shared<SessionLog>(self, role); };
}

}  // namespace hawser::session
