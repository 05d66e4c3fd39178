#include "hawser/server/file_threads.h"

namespace hawser::server {

FileThreads::~FileThreads() {
  if (pool_) pool_->join();
}

asio::thread_pool& FileThreads::pool() {
  std::call_once(started_, [this] { pool_.emplace(threads_); });
  return *pool_;
}

}  // namespace hawser::server
