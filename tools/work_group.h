// Several pieces of work under way at once on one event loop. What one of them throws ends the group: no more should be
// started, and whoever waits gets it once all the others have ended, so that they may borrow from the waiter.
#pragma once

#include <exception>
#include <memory>

#include "hawser/net/awaitable.h"
#include "hawser/net/signal.h"

namespace hawser::tools {

// Of what takes one round trip each.
inline constexpr std::size_t requests_at_once = 64;

class WorkGroup : public std::enable_shared_from_this<WorkGroup> {
 public:
  WorkGroup(const asio::any_io_executor& executor, std::size_t limit);

  // Waits until another piece of work may start.
  net::Awaitable<void> wait_for_room();
  net::Awaitable<void> wait_for_all();
  void start(net::Awaitable<void> work);

 private:
  void rethrow() const;

  asio::any_io_executor executor_;
  std::size_t limit_;
  std::size_t running_ = 0;
  std::exception_ptr failure_;  // the first
  net::Signal signal_;
};

}  // namespace hawser::tools
