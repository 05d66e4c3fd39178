// When a call is made at once and when on a thread, and what it is to be on a thread.
#include "hawser/server/file_threads.h"

#include <doctest/doctest.h>

#include <future>
#include <thread>

#include "hawser/server/blocking_policy.h"
#include "support/run.h"

using namespace hawser;
using namespace hawser::test;
using namespace std::chrono_literals;
using server::BlockingPolicy;
using server::FileError;
using server::FileResult;
using server::FileThreads;

namespace {

BlockingPolicy::Clock::time_point fake_time;
long fake_waits = 0;
constexpr server::BlockingGauges fake_gauges{[] { return fake_time; }, [] { return fake_waits; }};

int call_that_waits(BlockingPolicy& policy, std::chrono::microseconds duration) {
  return policy.measured([duration] {
    fake_time += duration;
    ++fake_waits;
    return 42;
  });
}

void call_that_computes(BlockingPolicy& policy, std::chrono::microseconds duration) {
  policy.measured([duration] { fake_time += duration; });
}

server::Awaitable<FileResult<int>> thread_after(FileThreads& threads) {
  const std::thread::id before = std::this_thread::get_id();
  auto where = [before]() -> FileResult<int> { return std::this_thread::get_id() == before ? 0 : 1; };
  const FileResult<int> elsewhere = co_await threads.run(where);
  if (!elsewhere) co_return elsewhere.error();
  co_return *elsewhere + (std::this_thread::get_id() == before ? 10 : 0);
}

server::Awaitable<FileResult<int>> run_throwing(FileThreads& threads) {
  auto fails = []() -> FileResult<int> { throw std::bad_alloc(); };
  co_return co_await threads.run(fails);
}

}  // namespace

TEST_CASE("blocking policy: at once until a call was slow, then not until none has been for a while") {
  fake_time = BlockingPolicy::Clock::time_point(1h);
  BlockingPolicy policy({.slow_call = 2ms, .rest = 1s}, fake_gauges);
  CHECK(policy.inline_now());
  CHECK(call_that_waits(policy, 2000us) == 42);
  CHECK(policy.inline_now());
  CHECK(call_that_waits(policy, 2001us) == 42);
  CHECK_FALSE(policy.inline_now());
  fake_time += 999ms;
  CHECK_FALSE(policy.inline_now());
  SUBCASE("a slow call on a thread counts as well") {
    call_that_waits(policy, 5ms);
    fake_time += 999ms;
    CHECK_FALSE(policy.inline_now());
    fake_time += 1ms;
    CHECK(policy.inline_now());
  }
  SUBCASE("a quick one does not") {
    call_that_waits(policy, 1ms);
    CHECK(policy.inline_now());
  }
}

TEST_CASE("blocking policy: a call that lost the processor, or computed, has not waited") {
  fake_time = BlockingPolicy::Clock::time_point(1h);
  BlockingPolicy policy({.slow_call = 2ms, .rest = 1s}, fake_gauges);
  call_that_computes(policy, 50ms);
  CHECK(policy.inline_now());
}

TEST_CASE("blocking policy: a thread that sleeps has waited") {
  const long before = server::waits_of_this_thread();
  std::promise<void> never_kept;
  CHECK(never_kept.get_future().wait_for(1ms) == std::future_status::timeout);
  CHECK(server::waits_of_this_thread() > before);
}

TEST_CASE("blocking policy: with slow_call 0 never at once") {
  BlockingPolicy policy({.slow_call = 0ms});
  CHECK_FALSE(policy.inline_now());
}

TEST_CASE("file threads: a call runs elsewhere, and its caller goes on where it was") {
  FileThreads threads(2);
  CHECK(*run(thread_after(threads)) == 11);
}

TEST_CASE("file threads: an exception of a call is FileError::failed") {
  FileThreads threads(1);
  const FileResult<int> result = run(run_throwing(threads));
  REQUIRE_FALSE(result);
  CHECK(result.error() == FileError::failed);
}
