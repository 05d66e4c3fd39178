// Counts what this thread takes from the heap: `tests/support` replaces the global operator new in every test program.
//
//   const AllocationCounter allocations;
//   pass_one_packet();
//   CHECK(allocations.count() == 0);
//
// Only operator new is seen, so the whole of our code and its containers, not what a C library takes with malloc.
#pragma once

#include <cstddef>

namespace hawser::test {

class AllocationCounter {
 public:
  // Counting begins here, for the thread that constructs and reads the counter. Counters may nest.
  AllocationCounter();

  std::size_t count() const;  // calls of operator new
  std::size_t bytes() const;  // bytes they asked for

 private:
  std::size_t count_at_start_;
  std::size_t bytes_at_start_;
};

}  // namespace hawser::test
