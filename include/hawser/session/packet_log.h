// A log of packets: one line for each, of any number of sessions, and one for each change of state.
//
//   const auto log = std::make_shared<session::PacketLog>([](std::string_view line) { std::cerr << line << '\n'; });
//   config.transport.make_observer = log->observers();
//
//   2026-11-21T20:14:06.123Z 1 client sent 3 50 SSH_MSG_USERAUTH_REQUEST{user_name="joe", …}
//   time (UTC) | session | our role | direction | sequence number | message number | packet_text.h
//
// States have words in place of the numbers: "1 client negotiated …", "1 client closed: …". Nothing is logged unless
// somebody configures this. What packet_text.h hides stays hidden unless its options say otherwise. Formatting costs
// far more than the packets themselves: it is for finding faults, not for production.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>

#include "hawser/session/packet_text.h"
#include "hawser/transport/transport.h"

namespace hawser::session {

class PacketLog : public std::enable_shared_from_this<PacketLog> {
 public:
  // One line, without its end. Called on the strands of all sessions: must be safe for that, and not throw.
  using Write = std::function<void(std::string_view line)>;
  // The time is for people to read and decides nothing. Tests have one of their own.
  using Clock = std::function<std::chrono::system_clock::time_point()>;

  explicit PacketLog(Write write, PacketTextOptions options = {}, Clock clock = std::chrono::system_clock::now);

  // For TransportConfig::make_observer. Sessions are numbered from 1 in the order in which they begin. The log lives as
  // long as any of its observers.
  std::function<std::shared_ptr<transport::Observer>(Role)> observers();

 private:
  class SessionLog;

  Write write_;
  PacketTextOptions options_;
  Clock clock_;
  std::atomic<std::uint64_t> sessions_ = 0;
};

}  // namespace hawser::session
