// What a manager is made of: the connections it knows, and, while it runs, sockets, reception and threads.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>

#include "reception.h"
#include "worker_threads.h"

namespace hawser::server {

struct SSHServerManager::State : std::enable_shared_from_this<State> {
  State(std::shared_ptr<SSHServer> server, SSHServerOptions&& options);

  // What a start makes and a stop ends.
  struct Running {
    std::optional<WorkerThreads> threads;  // none: the io_context is a caller's
    asio::io_context* context = nullptr;
    std::shared_ptr<Listener> listener;
    std::shared_ptr<Reception> reception;
  };

  // With `mutex` held.
  Result<void> check() const;
  Result<Running> listen(asio::io_context& context, std::weak_ptr<void> loop);
  Reception::Config make_config() const;
  void reconfigure();

  using Told = std::vector<std::weak_ptr<SSHServerSession>>;  // the sessions that a stop has asked to end
  void end_own_threads(Running& ended, const Told& told);
  void end_later(asio::io_context& context, Told told);
  static void close(const Told& told);
  void log(LogLevel level, const std::string& text) const;

  const std::shared_ptr<SSHServer> server;
  const std::shared_ptr<ConnectionRegistry> registry;
  const std::shared_ptr<BufferPool> pool;

  std::mutex stopping;  // one `stop` after the other, and no `start` in the middle of one
  mutable std::mutex mutex;
  SSHServerOptions options;
  std::optional<Running> running;
  std::condition_variable stopped;
};

}  // namespace hawser::server
