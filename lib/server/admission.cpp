#include "admission.h"

#include <array>

#include "hawser/crypto/random.h"

namespace hawser::server {

AdmissionGauges system_gauges() {
  AdmissionGauges gauges;
  gauges.percentile = [random = std::shared_ptr<crypto::Random>(crypto::system_random())] {
    std::array<std::uint8_t, 1> byte{};
    do {
      random->fill(byte);
    } while (byte[0] >= 200);  // 200 to 255 would make the small numbers likelier
    return byte[0] % 100u;
  };
  return gauges;
}

unsigned early_drop_percent(const ConnectionLimits& limits, std::size_t half_open) {
  const std::size_t full = limits.half_open_connections;
  const EarlyDrop& drop = limits.early_drop;
  if (half_open >= full) return 100;
  if (half_open < drop.start) return 0;
  if (drop.rate >= 100) return 100;
  const std::size_t rise = (100 - drop.rate) * (half_open - drop.start) / (full - drop.start);
  return drop.rate + static_cast<unsigned>(rise);
}

std::optional<Rejection> Admission::take_place() {
  if (active_ >= limits_.connections) return Rejection::connections;
  if (half_open_ >= limits_.half_open_connections) return Rejection::half_open;
  const unsigned percent = early_drop_percent(limits_, half_open_);
  if (percent != 0 && gauges_.percentile() < percent) return Rejection::early_drop;
  ++active_;
  ++half_open_;
  return std::nullopt;
}

std::optional<Rejection> Admission::name_client(const asio::ip::address& address) {
  if (penalties_.refused(address, gauges_.now())) return Rejection::penalty;
  const asio::ip::address key = network(address);
  const auto found = of_network_.find(key);
  if (found != of_network_.end() && found->second >= limits_.connections_per_address) return Rejection::address;
  if (limits_.connections_per_address == 0) return Rejection::address;
  ++of_network_[key];
  return std::nullopt;
}

void Admission::leave(const std::optional<asio::ip::address>& address, bool authenticated,
                      std::optional<Ending> ending) {
  --active_;
  if (!authenticated) --half_open_;
  if (!address) return;
  const auto found = of_network_.find(network(*address));
  if (--found->second == 0) of_network_.erase(found);
  if (ending) penalties_.add(*address, *ending, gauges_.now());
}

}  // namespace hawser::server
