#include "connection_registry.h"

#include "ssh_server_session.h"

namespace hawser::server {

std::variant<ConnectionPlace, Rejection> ConnectionRegistry::take_place() {
  const std::lock_guard lock(mutex_);
  ++totals_.accepted;
  if (const std::optional<Rejection> no = admission_.take_place()) {
    ++totals_.rejected[*no];
    ++failed_;
    return *no;
  }
  return ConnectionPlace(shared_from_this());
}

void ConnectionRegistry::rejected(Rejection rejection) {
  const std::lock_guard lock(mutex_);
  ++totals_.accepted;
  ++totals_.rejected[rejection];
  ++failed_;
}

std::uint64_t ConnectionRegistry::next_serial() {
  const std::lock_guard lock(mutex_);
  return ++serial_;
}

void ConnectionRegistry::channel_requested() {
  const std::lock_guard lock(mutex_);
  ++totals_.channels_requested;
}

void ConnectionRegistry::served_sftp(const SFTPCounters& counters) {
  const std::lock_guard lock(mutex_);
  ++totals_.sftp_sessions;
  SFTPCounters& total = totals_.sftp;
  total.requests += counters.requests;
  total.reads += counters.reads;
  total.writes += counters.writes;
  total.waited += counters.waited;
  total.bytes_read += counters.bytes_read;
  total.bytes_written += counters.bytes_written;
}

void ConnectionRegistry::set_connection_limit(std::size_t connections) {
  const std::lock_guard lock(mutex_);
  admission_.set_connection_limit(connections);
}

std::size_t ConnectionRegistry::size() const {
  const std::lock_guard lock(mutex_);
  return admission_.active();
}

ConnectionStats ConnectionRegistry::connection_stats() const {
  const std::lock_guard lock(mutex_);
  return {.total_connections = totals_.accepted,
          .active_connections = admission_.active(),
          .failed_connections = failed_,
          .max_connections = admission_.connection_limit()};
}

ServerStats ConnectionRegistry::stats() const {
  const std::lock_guard lock(mutex_);
  ServerStats out = totals_;
  out.active = admission_.active();
  out.half_open = admission_.half_open();
  out.penalised_addresses = admission_.penalised();
  for (const auto& [id, entry] : entries_) {
    out.bytes_received += entry.traffic->received;
    out.bytes_sent += entry.traffic->sent;
  }
  return out;
}

std::vector<std::string> ConnectionRegistry::ids() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> out;
  out.reserve(entries_.size());
  for (const auto& [id, entry] : entries_) out.push_back(id);
  return out;
}

// Of one, or of all. Nothing is let go of under the lock: the last one that knows a loop ends what is left in it.
std::vector<ConnectionRegistry::Kept> ConnectionRegistry::kept(const std::string* id) const {
  std::vector<Kept> out;
  const std::lock_guard lock(mutex_);
  for (auto entry = id ? entries_.find(*id) : entries_.begin(); entry != entries_.end(); ++entry) {
    Kept one{.loop = entry->second.loop.lock(), .session = nullptr};
    if (one.loop) one.session = entry->second.session.lock();
    out.push_back(std::move(one));
    if (id) break;
  }
  return out;
}

std::shared_ptr<SSHServerSession> ConnectionRegistry::pointer(Kept kept) {
  if (!kept.session) return nullptr;
  const auto both = std::make_shared<Kept>(std::move(kept));
  return {both, both->session.get()};
}

std::shared_ptr<SSHServerSession> ConnectionRegistry::find(const std::string& id) const {
  std::vector<Kept> found = kept(&id);
  return found.empty() ? nullptr : pointer(std::move(found.front()));
}

std::vector<std::shared_ptr<SSHServerSession>> ConnectionRegistry::sessions() const {
  std::vector<std::shared_ptr<SSHServerSession>> out;
  for (Kept& one : kept(nullptr)) {
    if (std::shared_ptr<SSHServerSession> session = pointer(std::move(one))) out.push_back(std::move(session));
  }
  return out;
}

bool ConnectionRegistry::wait_empty(std::chrono::steady_clock::time_point until) {
  std::unique_lock lock(mutex_);
  return empty_.wait_until(lock, until, [&] { return admission_.active() == 0; });
}

void ConnectionRegistry::when_empty(std::function<void()> call) {
  {
    const std::lock_guard lock(mutex_);
    if (admission_.active() != 0) {
      when_empty_.push_back(std::move(call));
      return;
    }
  }
  call();
}

}  // namespace hawser::server
