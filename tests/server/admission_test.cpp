// Who may come in: limits, early drop, penalties, on a clock and dice of the test's.
#include "server/admission.h"

#include <doctest/doctest.h>

#include "ip.h"

namespace hawser::test {

using server::Admission;
using server::ConnectionLimits;
using server::Ending;
using server::Rejection;
using namespace std::chrono_literals;

namespace {

std::chrono::steady_clock::time_point test_now{};
unsigned dice = 0;

server::AdmissionGauges test_gauges() {
  test_now = {};
  dice = 0;
  return {.now = [] { return test_now; }, .percentile = [] { return dice; }};
}

// One connection of `address` that ends so; what it was refused for, if it was.
std::optional<Rejection> visit(Admission& admission, const char* address, Ending ending) {
  if (const auto no = admission.take_place()) return no;
  if (const auto no = admission.name_client(ip(address))) {
    admission.leave(std::nullopt, false, std::nullopt);
    return no;
  }
  admission.leave(ip(address), false, ending);
  return std::nullopt;
}

}  // namespace

TEST_CASE("[max-startups] admission: early drop rises from rate at start to all at full (OpenSSH MaxStartups)") {
  ConnectionLimits limits;
  limits.half_open_connections = 110;
  limits.early_drop = {.start = 10, .rate = 30};
  struct Case {
    std::size_t half_open;
    unsigned percent;
  };
  for (const Case& c :
       {Case{0, 0}, Case{9, 0}, Case{10, 30}, Case{60, 65}, Case{109, 99}, Case{110, 100}, Case{500, 100}}) {
    CAPTURE(c.half_open);
    CHECK(server::early_drop_percent(limits, c.half_open) == c.percent);
  }
  limits.early_drop.rate = 100;
  CHECK(server::early_drop_percent(limits, 9) == 0);
  CHECK(server::early_drop_percent(limits, 10) == 100);
  limits.early_drop = {.start = 200, .rate = 30};  // never: full comes first
  CHECK(server::early_drop_percent(limits, 109) == 0);
  CHECK(server::early_drop_percent(limits, 110) == 100);
}

TEST_CASE("admission: the dice decide between start and full, and signing in gives the place back") {
  ConnectionLimits limits;
  limits.half_open_connections = 4;
  limits.early_drop = {.start = 2, .rate = 50};
  Admission admission(limits, test_gauges());
  CHECK_FALSE(admission.take_place());
  CHECK_FALSE(admission.take_place());
  dice = 49;
  CHECK(admission.take_place() == Rejection::early_drop);
  dice = 50;
  CHECK_FALSE(admission.take_place());
  CHECK(admission.take_place() == Rejection::early_drop);  // 75 percent by now
  dice = 99;
  CHECK_FALSE(admission.take_place());
  CHECK(admission.take_place() == Rejection::half_open);
  CHECK(admission.half_open() == 4);
  dice = 0;
  for (int i = 0; i != 3; ++i) admission.authenticated();
  CHECK_FALSE(admission.take_place());
  CHECK(admission.active() == 5);
}

TEST_CASE("[max-startups] admission: limits of all connections and of an address, which is a network for IPv6") {
  ConnectionLimits limits;
  limits.connections = 5;
  limits.connections_per_address = 2;
  Admission admission(limits, test_gauges());
  for (const char* address : {"192.0.2.1", "192.0.2.1", "2001:db8::1", "2001:db8::2"}) {
    CHECK_FALSE(admission.take_place());
    CHECK_FALSE(admission.name_client(ip(address)));
  }
  CHECK_FALSE(admission.take_place());
  for (const char* address : {"192.0.2.1", "::ffff:192.0.2.1", "2001:db8::3", "2001:db8::ffff:1:2:3"}) {
    CAPTURE(address);
    CHECK(admission.name_client(ip(address)) == Rejection::address);
  }
  CHECK(admission.take_place() == Rejection::connections);
  CHECK_FALSE(admission.name_client(ip("2001:db8:0:1::1")));  // the network beside it
  CHECK(admission.addresses() == 3);
  admission.leave(ip("192.0.2.1"), false, std::nullopt);
  CHECK_FALSE(admission.take_place());
  CHECK_FALSE(admission.name_client(ip("192.0.2.1")));
}

TEST_CASE("admission: prefix lengths make larger networks one address") {
  ConnectionLimits limits;
  limits.connections_per_address = 1;
  limits.ipv4_prefix = 24;
  Admission admission(limits, test_gauges());
  CHECK_FALSE(admission.name_client(ip("192.0.2.1")));
  CHECK(admission.name_client(ip("192.0.2.200")) == Rejection::address);
  CHECK_FALSE(admission.name_client(ip("192.0.3.1")));
}

TEST_CASE("[max-startups] admission: offences add up to a refusal that lasts until the penalty has passed") {
  struct Case {
    Ending ending;
    int times;  // with the default penalties and threshold
  };
  for (const Case& c : {Case{Ending::failed_authentication, 4}, Case{Ending::no_attempt, 16},
                        Case{Ending::login_timeout, 2}, Case{Ending::protocol_error, 2}}) {
    Admission admission(ConnectionLimits{}, test_gauges());
    for (int i = 0; i != c.times; ++i) CHECK_FALSE(visit(admission, "192.0.2.1", c.ending));
    CHECK(visit(admission, "192.0.2.1", c.ending) == Rejection::penalty);
    CHECK_FALSE(visit(admission, "192.0.2.2", c.ending));  // the neighbour has done nothing yet
    test_now += 15s;
    CHECK(visit(admission, "192.0.2.1", c.ending) == Rejection::penalty);
    test_now += 10s;
    CHECK_FALSE(visit(admission, "192.0.2.1", c.ending));
  }
}

TEST_CASE("admission: a penalty passes with time, has a longest time, and is not for those who sign in") {
  Admission admission(ConnectionLimits{}, test_gauges());
  for (int i = 0; i != 100; ++i) {
    CHECK_FALSE(visit(admission, "192.0.2.1", Ending::failed_authentication));
    test_now += 5s;
  }
  for (int i = 0; i != 100; ++i) CHECK_FALSE(visit(admission, "192.0.2.1", Ending::authenticated));
  for (int i = 0; i != 100; ++i) CHECK_FALSE(visit(admission, "192.0.2.1", Ending::closed_by_server));
  CHECK(admission.penalised() == 0);

  ConnectionLimits limits;
  limits.penalties.protocol_error = 24h;
  Admission strict(limits, test_gauges());
  CHECK_FALSE(visit(strict, "192.0.2.1", Ending::protocol_error));
  test_now += limits.penalties.longest - 1ms;
  CHECK(visit(strict, "192.0.2.1", Ending::protocol_error) == Rejection::penalty);
  test_now += 1ms;
  CHECK_FALSE(visit(strict, "192.0.2.1", Ending::protocol_error));
}

TEST_CASE("admission: who is exempt, or has no offence counted, is never refused") {
  ConnectionLimits limits;
  limits.penalties.no_attempt = 0s;
  Admission admission(limits, test_gauges());
  for (int i = 0; i != 50; ++i) {
    CHECK_FALSE(visit(admission, "127.0.0.1", Ending::protocol_error));
    CHECK_FALSE(visit(admission, "::1", Ending::protocol_error));
    CHECK_FALSE(visit(admission, "192.0.2.1", Ending::no_attempt));
  }
  limits.penalties.enabled = false;
  Admission off(limits, test_gauges());
  for (int i = 0; i != 50; ++i) CHECK_FALSE(visit(off, "192.0.2.1", Ending::protocol_error));
}

TEST_CASE("admission: the table of penalties is bounded, the one that ends first makes room") {
  ConnectionLimits limits;
  limits.penalties.addresses = 2;
  limits.penalties.threshold = 0s;
  Admission admission(limits, test_gauges());
  CHECK_FALSE(visit(admission, "192.0.2.1", Ending::protocol_error));
  CHECK_FALSE(visit(admission, "192.0.2.2", Ending::no_attempt));
  CHECK_FALSE(visit(admission, "192.0.2.3", Ending::protocol_error));
  CHECK(admission.penalised() == 2);
  CHECK(visit(admission, "192.0.2.1", Ending::no_attempt) == Rejection::penalty);
  CHECK(visit(admission, "192.0.2.3", Ending::no_attempt) == Rejection::penalty);
  CHECK_FALSE(visit(admission, "192.0.2.2", Ending::authenticated));
}

}  // namespace hawser::test
