#include "hawser/server/blocking_policy.h"

#include <sys/resource.h>

namespace hawser::server {

long waits_of_this_thread() {
  rusage usage{};
  ::getrusage(RUSAGE_THREAD, &usage);
  return usage.ru_nvcsw;
}

}  // namespace hawser::server
