// The connections of one manager: whether one more may come, who is there, and what there has been. The only thing that
// connections share besides the server object and the buffer pool, so it has a lock of its own.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <variant>
#include <vector>

#include "admission.h"
#include "hawser/server/ssh_server_manager.h"
#include "traffic.h"

namespace hawser::server {

class SSHServerSession;
class ConnectionRegistry;

// The place of one connection in the limits. It is given back when the connection says how it has ended, or at the
// latest when this object goes.
class ConnectionPlace {
 public:
  ConnectionPlace() = default;
  ConnectionPlace(ConnectionPlace&& other) noexcept;
  ConnectionPlace& operator=(ConnectionPlace&& other) noexcept;
  ~ConnectionPlace() { give_back(std::nullopt); }

  // The client's address is known (none: it has none, as on a Unix socket) and counts from now on. Not nothing: the
  // address may not have this connection.
  std::optional<Rejection> name_client(const std::optional<asio::ip::address>& address);
  // Turned away after all.
  void reject(Rejection rejection);
  // `loop`: what the session's event loop lives in.
  void add(const std::shared_ptr<SSHServerSession>& session, std::weak_ptr<void> loop,
           std::shared_ptr<const Traffic> traffic);
  void authenticated();
  void leave(Ending ending, std::size_t authentication_failures);

 private:
  friend class ConnectionRegistry;
  explicit ConnectionPlace(std::shared_ptr<ConnectionRegistry> registry) : registry_(std::move(registry)) {}
  void give_back(std::optional<Ending> ending, std::size_t authentication_failures = 0);

  std::shared_ptr<ConnectionRegistry> registry_;
  std::optional<asio::ip::address> address_;
  std::shared_ptr<const Traffic> traffic_;
  std::string id_;
  bool authenticated_ = false;
};

class ConnectionRegistry : public std::enable_shared_from_this<ConnectionRegistry> {
 public:
  explicit ConnectionRegistry(const ConnectionLimits& limits) : admission_(limits) {}

  // For a connection that the system has accepted; counted, whatever the answer.
  std::variant<ConnectionPlace, Rejection> take_place();
  // Turned away for a reason that is not counted here.
  void rejected(Rejection rejection);
  std::uint64_t next_serial();
  void channel_requested();
  void served_sftp(const SFTPCounters& counters);

  void set_connection_limit(std::size_t connections);
  std::size_t size() const;
  ConnectionStats connection_stats() const;
  ServerStats stats() const;
  std::vector<std::string> ids() const;
  // Each keeps the event loop of its session alive too, for a caller on another thread.
  std::shared_ptr<SSHServerSession> find(const std::string& id) const;
  std::vector<std::shared_ptr<SSHServerSession>> sessions() const;

  // Until nobody is left, or the time has come (false).
  bool wait_empty(std::chrono::steady_clock::time_point until);
  // Calls it, once and from any thread, when nobody is left; at once if so already.
  void when_empty(std::function<void()> call);

 private:
  friend class ConnectionPlace;
  struct Entry {
    std::weak_ptr<SSHServerSession> session;
    std::weak_ptr<void> loop;
    std::shared_ptr<const Traffic> traffic;
  };

  // What `find` and `sessions` give out. The session goes before the loop that its sockets belong to.
  struct Kept {
    std::shared_ptr<void> loop;
    std::shared_ptr<SSHServerSession> session;
  };
  std::vector<Kept> kept(const std::string* id) const;
  static std::shared_ptr<SSHServerSession> pointer(Kept kept);

  mutable std::mutex mutex_;
  std::condition_variable empty_;
  std::vector<std::function<void()>> when_empty_;
  Admission admission_;
  std::map<std::string, Entry> entries_;
  ServerStats totals_;  // of what is over; what is there is in `admission_` and `entries_`
  std::uint64_t failed_ = 0;
  std::uint64_t serial_ = 0;
};

}  // namespace hawser::server
