#include "hawser/client/client.h"
#include "hawser/wire/dump.h"

namespace hawser::client {

bool ConnectFailure::transient() const {
  // RFC 4253 §11.1: what a server says when it has no room may pass.
  if (disconnect_reason) {
    const auto reason = static_cast<transport::DisconnectReason>(*disconnect_reason);
    return stage != Stage::authentication && (reason == transport::DisconnectReason::too_many_connections ||
                                              reason == transport::DisconnectReason::connection_lost);
  }
  switch (error.code()) {
    case Errc::connect_failed:
    case Errc::io_error:
    case Errc::end_of_file:
    case Errc::timed_out:
    case Errc::login_timeout: return true;
    default: return false;
  }
}

std::string ConnectFailure::message() const {
  static constexpr const char* stages[] = {"looking up the host", "connecting", "key exchange", "host key",
                                           "authentication"};
  std::string text = stages[static_cast<std::size_t>(stage)];
  text += ": " + error.message();
  if (!detail.empty()) text += " (" + wire::escaped(detail, 4096) + ")";
  if (!disconnect_text.empty()) text += "; the server says: " + disconnect_text;
  if (!methods.empty()) text += "; the server would take: " + wire::escaped(wire::join(methods));
  return text;
}

}  // namespace hawser::client
