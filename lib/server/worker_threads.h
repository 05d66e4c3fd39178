// An event loop and the threads that run it.
#pragma once

#include <asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

namespace hawser::server {

class WorkerThreads {
 public:
  // Throws std::system_error where the system gives no thread.
  explicit WorkerThreads(unsigned count);
  WorkerThreads(WorkerThreads&&) = default;
  WorkerThreads& operator=(WorkerThreads&&) = default;
  // Only after `end`.
  ~WorkerThreads() = default;

  asio::io_context& context();
  // The event loop exists while this does.
  std::shared_ptr<void> keep() const;

  // Waits until nothing is left to do. False: when the time had come something was, such as a file call that the disk
  // does not answer; the threads then go on without us, and take the event loop with them when it is done.
  bool end(std::chrono::steady_clock::time_point until);

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
  std::vector<std::thread> threads_;
};

}  // namespace hawser::server
