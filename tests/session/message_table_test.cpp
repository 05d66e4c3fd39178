// The allow table against a second, differently written statement of the same rules: for each context the numbers of
// each verdict as ranges; every number in no range must be unexpected.
#include "hawser/session/message_table.h"

#include <doctest/doctest.h>

#include <charconv>
#include <string>
#include <string_view>
#include <vector>

using namespace hawser;
using session::KexPhase;
using session::MessageContext;
using session::ServicePhase;
using session::Verdict;

namespace {

bool listed(std::string_view ranges, int number) {
  while (!ranges.empty()) {
    const std::string_view range = ranges.substr(0, ranges.find(' '));
    ranges.remove_prefix(std::min(range.size() + 1, ranges.size()));
    int first = 0;
    std::from_chars(range.data(), range.data() + range.size(), first);
    int last = first;
    if (const auto dash = range.find('-'); dash != std::string_view::npos) {
      std::from_chars(range.data() + dash + 1, range.data() + range.size(), last);
    }
    if (number >= first && number <= last) return true;
  }
  return false;
}

struct Row {
  const char* name;
  Role receiver;
  std::vector<KexPhase> kex;
  std::vector<ServicePhase> service;
  std::vector<bool> strict;
  std::string_view transport, service_numbers, unimplemented;
};

constexpr Role client = Role::client;
constexpr Role server = Role::server;
const std::vector<ServicePhase> any_service{ServicePhase::none, ServicePhase::authentication, ServicePhase::connection};
const std::vector<KexPhase> flowing{KexPhase::established, KexPhase::rekey_requested};
const std::vector<bool> both{false, true};
constexpr std::string_view unused_in_exchange = "8-19 22-29";
constexpr std::string_view unused_before_connection = "8-19 22-29 128-191 194-255";
constexpr std::string_view unused_in_connection = "8-19 22-29 83-89 101-191 194-255";

std::vector<Row> rows() {
  std::vector<Row> all;
  for (const Role role : {client, server}) {
    const std::string_view method = role == server ? "1-4 30 32 34" : "1-4 31 33";
    const std::string_view strict_method = role == server ? "1 30 32 34" : "1 31 33";
    all.push_back(
        {"first KEXINIT", role, {KexPhase::first_kexinit}, any_service, {false}, "1-4 20", "", unused_in_exchange});
    all.push_back({"first KEXINIT, strict", role, {KexPhase::first_kexinit}, any_service, {true}, "1 20", "", ""});
    all.push_back(
        {"first exchange", role, {KexPhase::first_exchange}, any_service, {false}, method, "", unused_in_exchange});
    all.push_back(
        {"first exchange, strict", role, {KexPhase::first_exchange}, any_service, {true}, strict_method, "", ""});
    all.push_back(
        {"first NEWKEYS", role, {KexPhase::first_newkeys}, any_service, {false}, "1-4 21", "", unused_in_exchange});
    all.push_back({"first NEWKEYS, strict", role, {KexPhase::first_newkeys}, any_service, {true}, "1 21", "", ""});
    all.push_back(
        {"rekey exchange", role, {KexPhase::rekey_exchange}, any_service, both, method, "", unused_in_exchange});
    all.push_back(
        {"rekey NEWKEYS", role, {KexPhase::rekey_newkeys}, any_service, both, "1-4 21", "", unused_in_exchange});
  }
  const std::string_view transport = "1-4 7 20 192 193";
  const std::string_view late_transport = "1-4 20 192 193";
  all.push_back({"server before the service",
                 server,
                 flowing,
                 {ServicePhase::none},
                 both,
                 transport,
                 "5",
                 unused_before_connection});
  all.push_back({"client before the service",
                 client,
                 flowing,
                 {ServicePhase::none},
                 both,
                 transport,
                 "6",
                 unused_before_connection});
  all.push_back({"server in authentication",
                 server,
                 flowing,
                 {ServicePhase::authentication},
                 both,
                 transport,
                 "5 50 61 63 65-66",
                 unused_before_connection});
  all.push_back({"client in authentication",
                 client,
                 flowing,
                 {ServicePhase::authentication},
                 both,
                 transport,
                 "51-53 60-61 64-65",
                 unused_before_connection});
  all.push_back({"server in connection",
                 server,
                 flowing,
                 {ServicePhase::connection},
                 both,
                 late_transport,
                 "50 80-82 90-100",
                 unused_in_connection});
  all.push_back({"client in connection",
                 client,
                 flowing,
                 {ServicePhase::connection},
                 both,
                 late_transport,
                 "80-82 90-100",
                 unused_in_connection});
  return all;
}

Verdict expected(const Row& row, int number) {
  if (listed(row.transport, number)) return Verdict::transport;
  if (listed(row.service_numbers, number)) return Verdict::service;
  if (listed(row.unimplemented, number)) return Verdict::unimplemented;
  return Verdict::unexpected;
}

}  // namespace

TEST_CASE(
    "[CVE-2018-7750, CVE-2018-1000805, wolfSSH 1.4.17, CVE-2016-10708, CVE-2026-67279, CVE-2023-46446] message table: "
    "all 256 numbers in every phase and both roles (RFC 4251 §7)") {
  int contexts = 0;
  for (const Row& row : rows()) {
    CAPTURE(row.name);
    CAPTURE(static_cast<int>(row.receiver));
    for (const KexPhase kex : row.kex) {
      for (const ServicePhase service : row.service) {
        for (const bool strict : row.strict) {
          ++contexts;
          for (int number = 0; number < 256; ++number) {
            CAPTURE(number);
            const MessageContext context{row.receiver, kex, service, strict};
            REQUIRE(session::message_verdict(static_cast<std::uint8_t>(number), context) == expected(row, number));
          }
        }
      }
    }
  }
  // Nothing left out: roles × key exchange phases × service phases × strict.
  CHECK(contexts == 2 * transport::kex_phase_count * transport::service_phase_count * 2);
}

TEST_CASE("message table: from 60 to 79 it lets through what some method knows, and nothing else (RFC 4252 §6)") {
  for (const Role receiver : {client, server}) {
    for (int number = 60; number != 80; ++number) {
      CAPTURE(number);
      const auto byte = static_cast<std::uint8_t>(number);
      bool known = false;
      for (const auth::Method method : auth::all_methods) known = known || auth::belongs_to(method, byte, receiver);
      const MessageContext context{receiver, KexPhase::established, ServicePhase::authentication, true};
      CHECK((session::message_verdict(byte, context) == Verdict::service) == known);
    }
  }
}

TEST_CASE("message table: usable at compile time") {
  static_assert(session::message_verdict(80, {Role::server, KexPhase::established, ServicePhase::authentication,
                                              true}) == Verdict::unexpected);
  static_assert(session::message_verdict(2, {Role::client, KexPhase::first_exchange, ServicePhase::none, true}) ==
                Verdict::unexpected);
  CHECK(session::message_verdict(20, {Role::client, KexPhase::established, ServicePhase::connection, true}) ==
        Verdict::transport);
}
