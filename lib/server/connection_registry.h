// The connections of one manager: who is there, and whether one more may come. The only thing that connections share
// besides the server object and the buffer pool, so it has a lock of its own.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>

#include "hawser/server/ssh_server_manager.h"

namespace hawser::server {

class SSHServerSession;

class ConnectionRegistry {
 public:
  explicit ConnectionRegistry(const SSHServerOptions& options);

  // False where a limit says no; else a place is taken, and `add` or `leave` must follow.
  bool admit(const std::string& address);
  std::uint64_t next_serial();
  void add(const std::shared_ptr<SSHServerSession>& session);
  void authenticated();
  // The end of a connection that was admitted.
  void leave(const std::string& address, const std::string& id, bool authenticated);

  std::size_t size() const;
  ConnectionStats stats() const;
  std::vector<std::string> ids() const;
  std::shared_ptr<SSHServerSession> find(const std::string& id) const;
  std::vector<std::shared_ptr<SSHServerSession>> sessions() const;
  // Until nobody is left, or the time is over (false).
  bool wait_empty(std::chrono::milliseconds time);

 private:
  const std::size_t connection_limit_;
  const std::size_t half_open_limit_;
  const std::size_t address_limit_;
  mutable std::mutex mutex_;
  std::condition_variable empty_;
  std::map<std::string, std::weak_ptr<SSHServerSession>> sessions_;
  std::map<std::string, std::size_t> per_address_;
  std::size_t active_ = 0;
  std::size_t half_open_ = 0;
  std::size_t total_ = 0;
  std::size_t failed_ = 0;
  std::uint64_t serial_ = 0;
};

}  // namespace hawser::server
