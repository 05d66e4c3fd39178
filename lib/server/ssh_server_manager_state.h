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
  Result<Running> listen(asio::io_context& context);
  Reception::Config make_config() const;
  void reconfigure();

  void end_own_threads(Running& ended);
  void end_later(asio::io_context& context);
  void close_all();
  void log(LogLevel level, const std::string& text) const;

  const std::shared_ptr<SSHServer> server;
  const std::shared_ptr<ConnectionRegistry> registry;
  const std::shared_ptr<BufferPool> pool;

  std::mutex stopping;  // one `stop` after the other
  mutable std::mutex mutex;
  SSHServerOptions options;
  std::optional<Running> running;
  std::condition_variable stopped;
};

}  // namespace hawser::server
