#include "rejection_log.h"

namespace hawser::server {

const char* rejection_text(Rejection rejection) {
  switch (rejection) {
    case Rejection::connections: return "too many connections";
    case Rejection::half_open: return "too many connections that have not signed in";
    case Rejection::early_drop: return "dropped early, many connections have not signed in";
    case Rejection::address: return "too many connections of one address";
    case Rejection::penalty: return "the address has misbehaved";
    case Rejection::untrusted_proxy: return "not a trusted proxy";
    case Rejection::proxy_header: return "no valid PROXY header";
  }
  return "";
}

void RejectionLog::note(Rejection rejection, const std::string& address, Clock::time_point now) {
  if (!log_) return;
  std::string line = address + ": turned away, " + rejection_text(rejection);
  {
    const std::lock_guard lock(mutex_);
    if (now < silent_until_) {
      ++unsaid_;
      return;
    }
    if (unsaid_ != 0) line += "; so were " + std::to_string(unsaid_) + " others before";
    unsaid_ = 0;
    silent_until_ = now + silence;
  }
  log_->write(LogLevel::warning, line);
}

}  // namespace hawser::server
