// The options in front of a key (sshd(8), AUTHORIZED_KEYS FILE FORMAT).
#include "hawser/server/key_options.h"

#include <doctest/doctest.h>

#include <array>

namespace hawser::test {

using server::KeyOptions;

namespace {

bool allows(std::string_view options, const char* address, std::int64_t now = 0) {
  const Result<KeyOptions> parsed = KeyOptions::parse(options);
  REQUIRE(parsed);
  return parsed->allows(asio::ip::make_address(address), now);
}

Errc code_of(std::string_view options) {
  const Result<KeyOptions> parsed = KeyOptions::parse(options);
  return parsed ? Errc::ok : parsed.error().code();
}

}  // namespace

TEST_CASE("[CVE-2026-46595] key options: `from` takes addresses, ranges, patterns and their negation (sshd(8))") {
  struct Row {
    const char* options;
    const char* address;
    bool allowed;
  };
  for (const Row& row : std::initializer_list<Row>{
           {"from=\"192.0.2.1\"", "192.0.2.1", true},
           {"from=\"192.0.2.1\"", "192.0.2.10", false},
           {"from=\"192.0.2.1\"", "::ffff:192.0.2.1", true},
           {"from=\"192.0.2.0/24\"", "192.0.2.255", true},
           {"from=\"192.0.2.0/24\"", "192.0.3.0", false},
           {"from=\"192.0.2.*\"", "192.0.2.77", true},
           {"from=\"192.0.2.?\"", "192.0.2.77", false},
           {"FROM=\"198.51.100.1,192.0.2.?\"", "192.0.2.7", true},
           {"from=\"2001:DB8::/32\"", "2001:db8::9", true},
           {"from=\"2001:DB8:*\"", "2001:db8::9", true},
           {"from=\"2001:db8::/32\"", "2001:db9::9", false},
           {"from=\"fe80::1\"", "fe80::1%1", true},
           {"from=\"*\"", "192.0.2.1", true},
           {"from=\"*,!192.0.2.1\"", "192.0.2.1", false},  // a negation decides, wherever it stands
           {"from=\"!192.0.2.0/24,*\"", "192.0.2.1", false},
           {"from=\"!192.0.2.0/24,*\"", "192.0.3.1", true},
           {"from=\"!192.0.2.1\"", "192.0.2.2", false},  // negations alone let nobody in
           {"from=\"0.0.0.0/0\"", "2001:db8::1", false},
       }) {
    CAPTURE(row.options);
    CAPTURE(row.address);
    CHECK(allows(row.options, row.address) == row.allowed);
  }
  CHECK_FALSE(KeyOptions::parse("from=\"*\"")->allows(std::nullopt, 0));
  CHECK(KeyOptions::parse("no-pty")->allows(std::nullopt, 0));
}

TEST_CASE("[CVE-2026-46595] key options: `expiry-time` is the first second at which the key is of no use") {
  struct Row {
    const char* options;
    std::int64_t expiry;
  };
  for (const Row& row : std::initializer_list<Row>{
           {"expiry-time=\"19700102Z\"", 86'400},
           {"expiry-time=\"20000229Z\"", 951'782'400},
           {"expiry-time=\"202601020304Z\"", 1'767'323'040},
           {"expiry-time=\"20260102030405Z\"", 1'767'323'045},
           {"expiry-time=\"20260102030405Z\",expiry-time=\"19700102Z\"", 86'400},
           {"expiry-time=\"19700102Z\",expiry-time=\"20260102030405Z\"", 86'400},
       }) {
    CAPTURE(row.options);
    CHECK(allows(row.options, "192.0.2.1", row.expiry - 1));
    CHECK_FALSE(allows(row.options, "192.0.2.1", row.expiry));
  }
  // Without Z it is the time of the system's zone, which is at most 14 hours away.
  CHECK(allows("expiry-time=\"20260102\"", "192.0.2.1", 1'767'312'000 - 15 * 3600));
  CHECK_FALSE(allows("expiry-time=\"20260102\"", "192.0.2.1", 1'767'312'000 + 15 * 3600));
}

TEST_CASE("[CVE-2026-46595] key options: restrict takes everything, single options take and give back, in order") {
  using Granted = std::array<bool, 5>;
  const auto granted = [](std::string_view text) {
    const Result<KeyOptions> parsed = KeyOptions::parse(text);
    REQUIRE(parsed);
    return Granted{parsed->pty, parsed->port_forwarding, parsed->agent_forwarding, parsed->x11_forwarding,
                   parsed->user_rc};
  };
  CHECK(granted("") == Granted{true, true, true, true, true});
  CHECK(granted("restrict") == Granted{false, false, false, false, false});
  CHECK(granted("no-pty") == Granted{false, true, true, true, true});
  CHECK(granted("no-port-forwarding,no-agent-forwarding") == Granted{true, false, false, true, true});
  CHECK(granted("no-X11-forwarding,No-User-RC") == Granted{true, true, true, false, false});
  CHECK(granted("restrict,pty,X11-forwarding") == Granted{true, false, false, true, false});
  CHECK(granted("pty,restrict") == Granted{false, false, false, false, false});
  CHECK(granted("from=\"*\",no-pty") == Granted{false, true, true, true, true});
}

TEST_CASE("[CVE-2026-46595] key options: what cannot be enforced, or is not well-formed, is an error") {
  for (const char* text : {"command=\"ls\"", "command=\"a \\\"b\\\", c\"", "permitopen=\"host:1\"",
                           "permitlisten=\"1\"", "environment=\"A=b\"", "cert-authority", "principals=\"me\"",
                           "tunnel=\"0\"", "no-touch-required", "verify-required", "something", "from", "expiry-time",
                           "restrict=\"x\"", "no-restrict", "no-from=\"*\"", "no-", "no-pty,command=\"ls\"", " "}) {
    CAPTURE(text);
    CHECK(code_of(text) == Errc::unsupported);
  }
  for (const char* text : {"from=192.0.2.1",
                           "from=\"192.0.2.1",
                           "from=\"\"",
                           "from=\"*\",from=\"*\"",
                           "from=\",*\"",
                           "from=\"*.example.com\"",
                           "from=\"!host\"",
                           "from=\"192.0.2.1/8\"",
                           "from=\"192.0.2.0/33\"",
                           "from=\"192.0.2.1 \"",
                           "no-pty,",
                           "from=\"*\"no-pty",
                           "expiry-time=\"2026\"",
                           "expiry-time=\"20260230Z\"",
                           "expiry-time=\"20261301Z\"",
                           "expiry-time=\"202601012460Z\"",
                           "expiry-time=\"202601012400Z\"",
                           "expiry-time=\"20260101000060Z\"",
                           "expiry-time=\"2026-01-01\"",
                           "expiry-time=\"19690101Z\"",
                           "expiry-time=\"+2026101Z\""}) {
    CAPTURE(text);
    CHECK(code_of(text) == Errc::bad_value);
  }
}

}  // namespace hawser::test
