#include "hawser/transport/messages.h"

#include <doctest/doctest.h>

#include "support/hex.h"
#include "support/message_samples.h"

using namespace hawser;
using namespace hawser::test;
using namespace hawser::transport;

TEST_CASE(
    "[CVE-2019-17498] transport messages: each survives its encoding, and no cut or lengthened form decodes (RFC 4253 "
    "§11)") {
  for_each_message<TransportMessages>([](const auto& message) { check_message_rules(message); });
  for_each_message<KexdhMessages>([](const auto& message) { check_message_rules(message); });
  for_each_message<KexEcdhMessages>([](const auto& message) { check_message_rules(message); });
  for_each_message<KexDhGexMessages>([](const auto& message) { check_message_rules(message); });
}

TEST_CASE("[CVE-2019-3855, CVE-2019-17498] transport messages: a wild length at any place is refused, never read") {
  const auto check = [](const auto& message) { check_wild_lengths(message); };
  for_each_message<TransportMessages>(check);
  for_each_message<KexdhMessages>(check);
  for_each_message<KexEcdhMessages>(check);
  for_each_message<KexDhGexMessages>(check);
}

TEST_CASE("transport messages: encodings written by hand from the RFCs") {
  CHECK(to_hex(wire::encode(Disconnect{2, "no", ""})) == "0100000002000000026e6f00000000");
  CHECK(to_hex(wire::encode(Unimplemented{7})) == "0300000007");
  CHECK(to_hex(wire::encode(Debug{true, "a", "en"})) == "0401000000016100000002656e");
  CHECK(to_hex(wire::encode(ServiceRequest{"ssh-userauth"})) == "050000000c7373682d7573657261757468");
  CHECK(to_hex(wire::encode(NewKeys{})) == "15");
  CHECK(to_hex(wire::encode(Ping{as_bytes("x")})) == "c00000000178");
}

TEST_CASE(
    "[CVE-2025-48040] KEXINIT: a list with an empty, a long or an unprintable name is refused (RFC 4251 §5, §6)") {
  for (const std::string& list : {std::string(","), std::string("a,"), std::string(",a"), std::string("a,,b"),
                                  std::string("a b"), std::string("a\x01"), std::string(65, 'x')}) {
    KexInit message;
    message.kex_algorithms = wire::NameList(list);
    const Result<KexInit> decoded = wire::decode<KexInit>(wire::encode(message));
    CAPTURE(list);
    REQUIRE_FALSE(decoded);
    CHECK(decoded.error().code() == Errc::bad_value);
  }
}
