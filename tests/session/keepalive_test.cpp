#include <doctest/doctest.h>

#include "session/keepalive.h"

using namespace hawser;
using namespace std::chrono_literals;
using session::Keepalive;

TEST_CASE("keepalive: asks after each silent interval and gives up when the count is unanswered") {
  const TimePoint start{};
  Keepalive keepalive(10s, 2, 0s, start);
  CHECK(keepalive.tick(start + 9s) == Keepalive::Action::none);
  CHECK(keepalive.tick(start + 10s) == Keepalive::Action::ask);
  CHECK(keepalive.deadline() == start + 20s);
  CHECK(keepalive.tick(start + 20s) == Keepalive::Action::ask);
  CHECK(keepalive.tick(start + 30s) == Keepalive::Action::give_up);
  CHECK(keepalive.reason() == Errc::keepalive_timeout);
}

TEST_CASE("keepalive: anything heard starts the count again") {
  const TimePoint start{};
  Keepalive keepalive(10s, 1, 0s, start);
  CHECK(keepalive.tick(start + 10s) == Keepalive::Action::ask);
  keepalive.heard(start + 15s);
  CHECK(keepalive.deadline() == start + 25s);
  CHECK(keepalive.tick(start + 25s) == Keepalive::Action::ask);
  CHECK(keepalive.tick(start + 35s) == Keepalive::Action::give_up);
}

TEST_CASE("[defect 26] keepalive: without an interval only idle time counts") {
  const TimePoint start{};
  Keepalive keepalive(0s, 3, 60s, start);
  CHECK(keepalive.tick(start + 59s) == Keepalive::Action::none);
  CHECK(keepalive.tick(start + 60s) == Keepalive::Action::give_up);
  CHECK(keepalive.reason() == Errc::idle_timeout);
  Keepalive endless(0s, 3, 0s, start);
  CHECK_FALSE(endless.deadline());
  CHECK(endless.tick(start + 1000h) == Keepalive::Action::none);
}
