#include "connection_registry.h"

#include "ssh_server_session.h"

namespace hawser::server {

ConnectionRegistry::ConnectionRegistry(const SSHServerOptions& options)
    : connection_limit_(options.connections),
      half_open_limit_(options.half_open_connections),
      address_limit_(options.connections_per_address) {}

bool ConnectionRegistry::admit(const std::string& address) {
  const std::lock_guard lock(mutex_);
  ++total_;
  const auto found = per_address_.find(address);
  const std::size_t of_address = found == per_address_.end() ? 0 : found->second;
  if (active_ >= connection_limit_ || half_open_ >= half_open_limit_ || of_address >= address_limit_) {
    ++failed_;
    return false;
  }
  ++active_;
  ++half_open_;
  ++per_address_[address];
  return true;
}

std::uint64_t ConnectionRegistry::next_serial() {
  const std::lock_guard lock(mutex_);
  return ++serial_;
}

void ConnectionRegistry::add(const std::shared_ptr<SSHServerSession>& session) {
  const std::lock_guard lock(mutex_);
  sessions_.emplace(session->id(), session);
}

void ConnectionRegistry::authenticated() {
  const std::lock_guard lock(mutex_);
  --half_open_;
}

void ConnectionRegistry::leave(const std::string& address, const std::string& id, bool authenticated) {
  const std::lock_guard lock(mutex_);
  sessions_.erase(id);
  --active_;
  if (!authenticated) {
    --half_open_;
    ++failed_;
  }
  if (const auto found = per_address_.find(address); --found->second == 0) per_address_.erase(found);
  if (active_ == 0) empty_.notify_all();
}

std::size_t ConnectionRegistry::size() const {
  const std::lock_guard lock(mutex_);
  return active_;
}

ConnectionStats ConnectionRegistry::stats() const {
  const std::lock_guard lock(mutex_);
  return {.total_connections = total_,
          .active_connections = active_,
          .failed_connections = failed_,
          .max_connections = connection_limit_};
}

std::vector<std::string> ConnectionRegistry::ids() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> out;
  for (const auto& [id, session] : sessions_) out.push_back(id);
  return out;
}

std::shared_ptr<SSHServerSession> ConnectionRegistry::find(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(id);
  return found == sessions_.end() ? nullptr : found->second.lock();
}

std::vector<std::shared_ptr<SSHServerSession>> ConnectionRegistry::sessions() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<SSHServerSession>> out;
  for (const auto& [id, weak] : sessions_) {
    if (std::shared_ptr<SSHServerSession> session = weak.lock()) out.push_back(std::move(session));
  }
  return out;
}

bool ConnectionRegistry::wait_empty(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return empty_.wait_for(lock, time, [&] { return active_ == 0; });
}

}  // namespace hawser::server
