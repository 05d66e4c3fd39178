#include <doctest/doctest.h>

#include "answer_to.h"
#include "hawser/crypto/hash.h"
#include "hawser/crypto/key_agreement.h"
#include "hawser/wire/types.h"
#include "hawser/wire/writer.h"
#include "scripted_random.h"
#include "support/hex.h"
#include "vectors.h"

using namespace hawser;
using namespace hawser::crypto;
using namespace hawser::test;

namespace {

// A line of modp.txt.
struct ModpExchange {
  const KexRow* row;
  ByteVector client_exponent, client_value, server_exponent, server_value, secret, prime;
};

std::vector<ModpExchange> modp_exchanges() {
  std::vector<ModpExchange> all;
  for (const auto& line : vector_table("modp.txt")) {
    all.push_back({find_kex(line.at(0)), from_hex(line.at(1)), from_hex(line.at(2)), from_hex(line.at(3)),
                   from_hex(line.at(4)), from_hex(line.at(5)), from_hex(line.at(6))});
  }
  return all;
}

ByteVector mpint(Bytes number) {
  ByteVector field;
  wire::append_mpint(field, number);
  return field;
}

Errc finish_with(const KexRow& row, Bytes server_value) {
  FixedRandom random;
  const auto client = make_key_agreement(row, random);
  REQUIRE(client->client_start());
  const auto finished = client->client_finish(server_value);
  return finished ? Errc::ok : finished.error().code();
}

// Counts what is drawn.
class MeasuringRandom final : public Random {
 public:
  void fill(MutableBytes output) override {
    bytes += output.size();
    random_.fill(output);
  }
  std::size_t bytes = 0;

 private:
  FixedRandom random_;
};

}  // namespace

TEST_CASE("modp: exchanges computed elsewhere over the groups of RFC 3526 (RFC 8268)") {
  const auto all = modp_exchanges();
  REQUIRE(all.size() == 3);
  for (const ModpExchange& exchange : all) {
    REQUIRE(exchange.row != nullptr);
    CAPTURE(exchange.row->name);
    ScriptedRandom client_random(exchange.client_exponent), server_random(exchange.server_exponent);
    const auto client = make_key_agreement(*exchange.row, client_random);
    const auto server = make_key_agreement(*exchange.row, server_random);
    const auto start = client->client_start();
    REQUIRE(start);
    CHECK(to_hex(*start) == to_hex(wire::mpint_content(exchange.client_value)));
    const auto answer = server->server_respond(*start);
    REQUIRE(answer);
    CHECK(to_hex(answer->public_value) == to_hex(wire::mpint_content(exchange.server_value)));
    CHECK(to_hex(answer->shared_secret.view()) == to_hex(mpint(exchange.secret)));
    const auto finished = client->client_finish(answer->public_value);
    REQUIRE(finished);
    CHECK(to_hex(finished->view()) == to_hex(mpint(exchange.secret)));
  }
}

TEST_CASE(
    "[CVE-2023-28113, GHSA-m9rg] modp: only 1 < e < p-1 is accepted, from either side (RFC 4253 §8, RFC 8268 §4)") {
  for (const ModpExchange& exchange : modp_exchanges()) {
    const KexRow& row = *exchange.row;
    CAPTURE(row.name);
    ByteVector p = exchange.prime, p_minus_1 = p, p_minus_2 = p, p_plus_1 = p;
    p_minus_1.back() = 0xfe;  // p ends in ff (RFC 3526)
    p_minus_2.back() = 0xfd;
    for (std::size_t i = p_plus_1.size(); i-- > 0 && ++p_plus_1[i] == 0;) {
    }
    for (const ByteVector& number :
         {ByteVector{}, ByteVector{1}, p_minus_1, p, p_plus_1, ByteVector(p.size() + 1, 0x7f)}) {
      CHECK(answer_to(row, wire::mpint_content(number)) == Errc::bad_public_value);
      CHECK(finish_with(row, wire::mpint_content(number)) == Errc::bad_public_value);
    }
    for (const ByteVector& number : {ByteVector{2}, p_minus_2}) {
      CHECK(answer_to(row, wire::mpint_content(number)) == Errc::ok);
    }
  }
}

TEST_CASE("modp: negative numbers and mpints not in their shortest form are refused (RFC 4251 §5)") {
  const KexRow& row = *find_kex("diffie-hellman-group14-sha256");
  for (const ByteVector& field : {ByteVector{0x80}, ByteVector{0xff}, ByteVector{0xed, 0xcc}, ByteVector(256, 0xff),
                                  ByteVector{0}, ByteVector{0, 2}, ByteVector{0, 0, 0x80}}) {
    CHECK(answer_to(row, field) == Errc::bad_public_value);
    CHECK(finish_with(row, field) == Errc::bad_public_value);
  }
  CHECK(answer_to(row, ByteVector{2}) == Errc::ok);
  CHECK(answer_to(row, ByteVector{0, 0x80}) == Errc::ok);
}

TEST_CASE("[CVE-2016-0739, CVE-2016-0787] modp: the private exponent has at least twice the bits of the hash") {
  for (const ModpExchange& exchange : modp_exchanges()) {
    MeasuringRandom random;
    REQUIRE(make_key_agreement(*exchange.row, random)->client_start());
    CHECK(random.bytes >= 2 * hash_size(exchange.row->hash));
    // Every byte drawn counts: a change of any gives another public value.
    for (const std::size_t changed :
         {std::size_t{0}, exchange.client_exponent.size() / 2, exchange.client_exponent.size() - 1}) {
      ByteVector exponent = exchange.client_exponent;
      exponent[changed] ^= 1;
      ScriptedRandom scripted(exponent);
      const auto value = make_key_agreement(*exchange.row, scripted)->client_start();
      CHECK(to_hex(*value) != to_hex(wire::mpint_content(exchange.client_value)));
    }
  }
}
