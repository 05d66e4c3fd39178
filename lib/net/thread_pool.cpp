#include "hawser/net/thread_pool.h"

namespace hawser::net {

ThreadPool::~ThreadPool() {
  if (pool_) pool_->join();
}

asio::thread_pool& ThreadPool::pool() {
  std::call_once(started_, [this] { pool_.emplace(threads_); });
  return *pool_;
}

}  // namespace hawser::net
