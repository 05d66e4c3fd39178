#include "work_group.h"

#include <algorithm>

#include "hawser/net/spawn.h"

namespace hawser::tools {

WorkGroup::WorkGroup(const asio::any_io_executor& executor, std::size_t limit)
    : executor_(executor), limit_(std::max<std::size_t>(limit, 1)), signal_(executor) {}

net::Awaitable<void> WorkGroup::wait_for_room() {
  while (running_ >= limit_ || (failure_ && running_ != 0)) co_await signal_.wait();
  rethrow();
}

net::Awaitable<void> WorkGroup::wait_for_all() {
  while (running_ != 0) co_await signal_.wait();
  rethrow();
}

void WorkGroup::start(net::Awaitable<void> work) {
  ++running_;
  net::spawn(executor_, std::move(work), [self = shared_from_this()](std::exception_ptr thrown) {
    if (thrown && !self->failure_) self->failure_ = thrown;
    --self->running_;
    self->signal_.notify();
  });
}

void WorkGroup::rethrow() const {
  if (failure_) std::rethrow_exception(failure_);
}

}  // namespace hawser::tools
