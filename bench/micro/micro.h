// What the parts of this program share: each registers its benchmarks, for the rows that the algorithm tables have, and
// measures CPU time of its own thread, which other work on the machine changes least.
#pragma once

#include <ctime>

namespace hawser::bench {

void register_ciphers();
void register_messages();
void register_handshakes();

// Seconds of CPU that this thread has used. Takes some tenths of a microsecond itself.
inline double cpu_now() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

template <class Action>
double cpu_seconds_of(Action action) {
  const double start = cpu_now();
  action();
  return cpu_now() - start;
}

}  // namespace hawser::bench
