// Counts what this thread takes from the heap, and lets it fail: `tests/support` replaces the global operator new in
// every test program.
//
//   const AllocationCounter allocations;
//   pass_one_packet();
//   CHECK(allocations.count() == 0);
//
// Only operator new is seen, so the whole of our code and its containers, not what a C library takes with malloc.
#pragma once

#include <cstddef>
#include <new>

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

// As long as it lives, one call of operator new on this thread fails: the one that `successes` others came before.
//
class AllocationFailure {
 public:
  explicit AllocationFailure(std::size_t successes);
  ~AllocationFailure();
  AllocationFailure(const AllocationFailure&) = delete;
  AllocationFailure& operator=(const AllocationFailure&) = delete;

  bool happened() const;
};

// What became of a step one of whose allocations was to fail.
enum class FailureOutcome {
  none,     // it took no more allocations than succeeded
  threw,    // std::bad_alloc came out of it
  went_on,  // it knew what to do, or told of it in its own way
};

//   for (std::size_t n = 0; with_allocation_failure(n, [&] { pass_one_packet(); }) != FailureOutcome::none; ++n) {}
template <class Step>
FailureOutcome with_allocation_failure(std::size_t successes, Step step) {
  const AllocationFailure failure(successes);
  try {
    step();
  } catch (const std::bad_alloc&) {
    return FailureOutcome::threw;
  }
  return failure.happened() ? FailureOutcome::went_on : FailureOutcome::none;
}

}  // namespace hawser::test
