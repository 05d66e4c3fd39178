#include "metrics.h"

#include <fmt/format.h>
#include <prometheus/collectable.h>
#include <prometheus/exposer.h>
#include <prometheus/metric_family.h>

#include <array>

#include "tools/connect.h"

namespace hawser::tools {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr std::array<const char*, server::rejection_kinds> rejection_labels{
    "connections", "half_open", "early_drop", "address", "penalty", "untrusted_proxy", "proxy_header"};
constexpr std::array<const char*, server::ending_kinds> ending_labels{
    "authenticated", "closed_by_server", "no_attempt", "failed_authentication", "login_timeout", "protocol_error"};

class Families {
 public:
  void total(const char* name, const char* help, std::uint64_t value) {
    add(name, help, MetricType::Counter).metric.push_back(counter({}, value));
  }
  void gauge(const char* name, const char* help, std::size_t value) {
    prometheus::ClientMetric metric;
    metric.gauge.value = static_cast<double>(value);
    add(name, help, MetricType::Gauge).metric.push_back(metric);
  }
  template <class Kind, std::size_t size>
  void totals(const char* name, const char* help, const char* label, const std::array<const char*, size>& values,
              const server::Counts<Kind, size>& counts) {
    MetricFamily& family = add(name, help, MetricType::Counter);
    for (std::size_t i = 0; i != size; ++i) {
      family.metric.push_back(counter({{label, values[i]}}, counts[static_cast<Kind>(i)]));
    }
  }
  std::vector<MetricFamily> take() { return std::move(families_); }

 private:
  static prometheus::ClientMetric counter(std::vector<prometheus::ClientMetric::Label> labels, std::uint64_t value) {
    prometheus::ClientMetric metric;
    metric.label = std::move(labels);
    metric.counter.value = static_cast<double>(value);
    return metric;
  }
  MetricFamily& add(const char* name, const char* help, MetricType type) {
    families_.push_back({name, help, type, {}});
    return families_.back();
  }
  std::vector<MetricFamily> families_;
};

class Counters final : public prometheus::Collectable {
 public:
  explicit Counters(const server::SSHServerManager& manager) : manager_(manager) {}

  std::vector<MetricFamily> Collect() const override {
    const server::ServerStats stats = manager_.stats();
    Families out;
    out.total("hawser_connections_accepted_total", "Connections accepted by the system.", stats.accepted);
    out.totals("hawser_connections_rejected_total",
               "Connections closed before a byte was read, by the limit that did it.", "limit", rejection_labels,
               stats.rejected);
    out.totals("hawser_connections_ended_total", "Connections that have ended, by how.", "how", ending_labels,
               stats.ended);
    out.gauge("hawser_connections_active", "Connections now.", stats.active);
    out.gauge("hawser_connections_half_open", "Of the active connections, those that have not signed in.",
              stats.half_open);
    out.gauge("hawser_penalised_addresses", "Networks with a penalty now.", stats.penalised_addresses);
    out.total("hawser_signed_in_total", "Connections that have signed in.", stats.signed_in);
    out.total("hawser_authentication_failures_total", "Refused authentication requests of ended connections.",
              stats.authentication_failures);
    out.total("hawser_channels_requested_total", "Channels that clients have asked for.", stats.channels_requested);
    out.total("hawser_received_bytes_total", "Bytes received, SSH included.", stats.bytes_received);
    out.total("hawser_sent_bytes_total", "Bytes sent, SSH included.", stats.bytes_sent);
    out.total("hawser_sftp_sessions_total", "SFTP sessions that have ended, as all sftp counters count.",
              stats.sftp_sessions);
    out.total("hawser_sftp_requests_total", "SFTP requests.", stats.sftp.requests);
    out.total("hawser_sftp_reads_total", "SFTP READ requests.", stats.sftp.reads);
    out.total("hawser_sftp_writes_total", "SFTP WRITE requests.", stats.sftp.writes);
    out.total("hawser_sftp_read_bytes_total", "Bytes that READ requests have given.", stats.sftp.bytes_read);
    out.total("hawser_sftp_written_bytes_total", "Bytes that WRITE requests have brought.", stats.sftp.bytes_written);
    return out.take();
  }

 private:
  const server::SSHServerManager& manager_;
};

}  // namespace

MetricsPage::MetricsPage(const std::string& address, const server::SSHServerManager& manager)
    : counters_(std::make_shared<Counters>(manager)) {
  try {
    exposer_ = std::make_unique<prometheus::Exposer>(address, 1);
  } catch (const std::exception& error) {
    throw Failure{operation_failed, fmt::format("cannot listen on {} for metrics: {}", address, error.what())};
  }
  exposer_->RegisterCollectable(counters_);
}

MetricsPage::~MetricsPage() = default;

}  // namespace hawser::tools
