// A connection's place in the limits, from admission to its end.
#include "connection_registry.h"
#include "ssh_server_session.h"

namespace hawser::server {

ConnectionPlace::ConnectionPlace(ConnectionPlace&& other) noexcept = default;

ConnectionPlace& ConnectionPlace::operator=(ConnectionPlace&& other) noexcept {
  if (this == &other) return *this;
  give_back(std::nullopt);
  registry_ = std::move(other.registry_);
  address_ = std::exchange(other.address_, std::nullopt);
  traffic_ = std::move(other.traffic_);
  id_ = std::move(other.id_);
  authenticated_ = other.authenticated_;
  return *this;
}

std::optional<Rejection> ConnectionPlace::name_client(const std::optional<asio::ip::address>& address) {
  if (!address) return std::nullopt;
  const std::lock_guard lock(registry_->mutex_);
  if (const std::optional<Rejection> no = registry_->admission_.name_client(*address)) {
    ++registry_->totals_.rejected[*no];
    return no;
  }
  address_ = address;
  return std::nullopt;
}

void ConnectionPlace::reject(Rejection rejection) {
  const std::lock_guard lock(registry_->mutex_);
  ++registry_->totals_.rejected[rejection];
}

void ConnectionPlace::add(const std::shared_ptr<SSHServerSession>& session, std::weak_ptr<void> loop,
                          std::shared_ptr<const Traffic> traffic) {
  const std::lock_guard lock(registry_->mutex_);
  id_ = session->id();
  traffic_ = std::move(traffic);
  registry_->entries_.emplace(
      id_, ConnectionRegistry::Entry{.session = session, .loop = std::move(loop), .traffic = traffic_});
}

void ConnectionPlace::authenticated() {
  if (!registry_) return;  // the connection has ended meanwhile
  const std::lock_guard lock(registry_->mutex_);
  authenticated_ = true;
  registry_->admission_.authenticated();
  ++registry_->totals_.signed_in;
}

void ConnectionPlace::leave(Ending ending, std::size_t authentication_failures) {
  give_back(ending, authentication_failures);
}

// All under one lock: who sees the ending sees the penalty for it.
void ConnectionPlace::give_back(std::optional<Ending> ending, std::size_t authentication_failures) {
  if (!registry_) return;
  const std::shared_ptr<ConnectionRegistry> registry = std::move(registry_);
  std::vector<std::function<void()>> when_empty;
  {
    const std::lock_guard lock(registry->mutex_);
    registry->entries_.erase(id_);
    if (ending) ++registry->totals_.ended[*ending];
    registry->totals_.authentication_failures += authentication_failures;
    if (traffic_) {
      registry->totals_.bytes_received += traffic_->received;
      registry->totals_.bytes_sent += traffic_->sent;
    }
    if (!authenticated_) ++registry->failed_;
    registry->admission_.leave(address_, authenticated_, ending);
    if (registry->admission_.active() != 0) return;
    registry->empty_.notify_all();
    when_empty = std::exchange(registry->when_empty_, {});
  }
  for (const std::function<void()>& call : when_empty) call();
}

}  // namespace hawser::server
