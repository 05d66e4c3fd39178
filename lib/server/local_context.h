// What a LocalFileSystem shares with the files and cursors it opens, which may outlive it.
#pragma once

#include "hawser/server/local_file_system.h"
#include "server/path_resolver.h"

namespace hawser::server {

struct LocalContext {
  LocalContext(PathResolver paths, LocalOptions given)
      : resolver(std::move(paths)), options(std::move(given)), policy(options.blocking) {}

  // The permission bits that a client may give.
  std::uint32_t permission_mask() const {
    return options.keep_special_bits ? sftp::file_mode::permission_mask : sftp::file_mode::rights_mask;
  }

  const PathResolver resolver;
  const LocalOptions options;  // `threads` is set
  BlockingPolicy policy;       // of the calls on names
};

// Makes a call that might wait, here or on a thread (blocking_policy.h).
template <class Work>
Awaitable<std::invoke_result_t<Work&>> perform(BlockingPolicy& policy, FileThreads& threads, Work work) {
  if (policy.inline_now()) co_return policy.measured(work);
  auto measured = [&policy, &work] { return policy.measured(work); };
  co_return co_await threads.run(measured);
}

}  // namespace hawser::server
