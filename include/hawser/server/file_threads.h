// The threads on which file calls wait for a device, so that no connection waits with them (see net::ThreadPool). May
// be shared by several file systems.
#pragma once

#include "hawser/net/thread_pool.h"
#include "hawser/server/file_system.h"

namespace hawser::server {

class FileThreads {
 public:
  explicit FileThreads(std::size_t threads = 4) : threads_(threads) {}

  // Runs `call`, which gives a FileResult, on one of the threads, and resumes the caller on its own executor. An
  // exception of `call` becomes FileError::failed.
  template <class Call>
  Awaitable<std::invoke_result_t<Call&>> run(Call call) {
    return threads_.run([call = std::move(call)]() mutable { return attempt(call); });
  }

 private:
  template <class Call>
  static std::invoke_result_t<Call&> attempt(Call& call) {
    try {
      return call();
    } catch (...) {
      return FileError::failed;
    }
  }

  net::ThreadPool threads_;
};

}  // namespace hawser::server
