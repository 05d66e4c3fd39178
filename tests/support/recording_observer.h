// An observer that writes down all that it is told, one line each, and keeps the packets.
#pragma once

#include <string>
#include <vector>

#include "hawser/transport/observer.h"
#include "hawser/transport/transport.h"

namespace hawser::test {

class RecordingObserver final : public transport::Observer {
 public:
  struct Packet {
    transport::Direction direction;
    std::uint32_t sequence_number;
    ByteVector payload;
  };

  void on_packet(const transport::ObservedPacket& packet) override {
    packets.push_back({packet.direction, packet.sequence_number, to_vector(packet.payload)});
    note(packet.direction, "packet " + std::to_string(packet.number()));
  }
  void on_identification(transport::Direction direction, std::string_view text) override {
    note(direction, "identification " + std::string(text));
  }
  void on_kexinit(transport::Direction direction, bool rekey) override {
    note(direction, rekey ? "kexinit of a rekey" : "kexinit");
  }
  void on_negotiated(const transport::Negotiated& chosen) override { lines.push_back("negotiated " + chosen.kex); }
  void on_host_key_offered(const transport::HostKeyOffered& offer) override {
    lines.push_back("host key " + offer.algorithm);
  }
  void on_keys_in_use(transport::Direction direction, bool rekey) override {
    note(direction, rekey ? "keys of a rekey" : "keys");
  }
  void on_closed(const Error& error, std::string_view detail) override {
    closed.push_back(error);
    lines.push_back("closed: " + std::string(detail));
  }
  void on_bytes(transport::Direction direction, Bytes bytes) override {
    ByteVector& all = direction == transport::Direction::sent ? bytes_sent : bytes_received;
    all.insert(all.end(), bytes.begin(), bytes.end());
  }
  void on_tick(TimePoint time) override { ticks.push_back(time); }

  std::vector<std::string> lines;
  std::vector<Packet> packets;
  std::vector<Error> closed;
  std::vector<TimePoint> ticks;
  ByteVector bytes_sent, bytes_received;

 private:
  void note(transport::Direction direction, const std::string& what) {
    lines.push_back((direction == transport::Direction::sent ? "sent " : "received ") + what);
  }
};

inline transport::TransportConfig observed(transport::TransportConfig config,
                                           std::shared_ptr<transport::Observer> observer) {
  config.make_observer = [observer = std::move(observer)](Role) { return observer; };
  return config;
}

}  // namespace hawser::test
