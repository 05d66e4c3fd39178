#include <doctest/doctest.h>

#include "answer_to.h"
#include "hawser/crypto/key_agreement.h"
#include "scripted_random.h"
#include "support/flip.h"
#include "support/hex.h"

using namespace hawser;
using namespace hawser::crypto;
using namespace hawser::test;

namespace {

// RFC 5903 §8: i, g^i, r, g^r, and the x-coordinate that both get.
struct EcdhExchange {
  const char* kex;
  const char* i;
  const char* gi;
  const char* r;
  const char* gr;
  const char* secret;  // as an mpint
};

constexpr EcdhExchange exchanges[] = {
    {"ecdh-sha2-nistp256", "c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433",
     "04dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c3772581180"
     "5271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3",
     "c6ef9c5d78ae012a011164acb397ce2088685d8f06bf9be0b283ab46476bee53",
     "04d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf63"
     "56fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab",
     "0000002100d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de"},
    {"ecdh-sha2-nistp384",
     "099f3c7034d4a2c699884d73a375a67f7624ef7c6b3c0f160647b67414dce655e35b538041e649ee3faef896783ab194",
     "04667842d7d180ac2cde6f74f37551f55755c7645c20ef73e31634fe72b4c55ee6de3ac808acb4bdb4c88732aee95f41aa"
     "9482ed1fc0eeb9cafc4984625ccfc23f65032149e0e144ada024181535a0f38eeb9fcff3c2c947dae69b4c634573a81c",
     "41cb0779b4bdb85d47846725fbec3c9430fab46cc8dc5060855cc9bda0aa2942e0308312916b8ed2960e4bd55a7448fc",
     "04e558dbef53eecde3d3fccfc1aea08a89a987475d12fd950d83cfa41732bc509d0d1ac43a0336def96fda41d0774a3571"
     "dcfbec7aacf3196472169e838430367f66eebe3c6e70c416dd5f0c68759dd1fff83fa40142209dff5eaad96db9e6386c",
     "0000003011187331c279962d93d604243fd592cb9d0a926f422e47187521287e7156c5c4d603135569b9e9d09cf5d4a270f59746"},
    {"ecdh-sha2-nistp521",
     "0037ade9319a89f4dabdb3ef411aaccca5123c61acab57b5393dce47608172a095aa85a30fe1c2952c6771d937ba9777f5957b2639bab072"
     "462f68c27a57382d4a52",
     "040015417e84dbf28c0ad3c278713349dc7df153c897a1891bd98bab4357c9ecbee1e3bf42e00b8e380aeae57c2d107564941885942af5a7"
     "f4601723c4195d176ced3e017cae20b6641d2eeb695786d8c946146239d099e18e1d5a514c739d7cb4a10ad8a788015ac405d7799dc75e7b"
     "7d5b6cf2261a6a7f1507438bf01beb6ca3926f9582",
     "0145ba99a847af43793fdd0e872e7cdfa16be30fdc780f97bccc3f078380201e9c677d600b343757a3bdbf2a3163e4c2f869cca7458aa4a4"
     "effc311f5cb151685eb9",
     "0400d0b3975ac4b799f5bea16d5e13e9af971d5e9b984c9f39728b5e5739735a219b97c356436adc6e95bb0352f6be64a6c2912d4ef2d043"
     "3ced2b6171640012d9460f015c68226383956e3bd066e797b623c27ce0eac2f551a10c2c724d9852077b87220b6536c5c408a1d2aebb8e86"
     "d678ae49cb57091f4732296579ab44fcd17f0fc56a",
     "0000004201144c7d79ae6956bc8edb8e7c787c4521cb086fa64407f97894e5e6b2d79b04d1427e73ca4baa240a34786859810c06b3c715a3"
     "a8cc3151f2bee417996d19f3ddea"},
};

}  // namespace

TEST_CASE("ecdh: the exchanges of RFC 5903 §8, with K as an mpint (RFC 5656 §4)") {
  for (const EcdhExchange& exchange : exchanges) {
    CAPTURE(exchange.kex);
    ScriptedRandom client_random(from_hex(exchange.i)), server_random(from_hex(exchange.r));
    const KexRow& row = *find_kex(exchange.kex);
    const auto client = make_key_agreement(row, client_random), server = make_key_agreement(row, server_random);
    const auto start = client->client_start();
    REQUIRE(start);
    CHECK(to_hex(*start) == exchange.gi);
    const auto answer = server->server_respond(*start);
    REQUIRE(answer);
    CHECK(to_hex(answer->public_value) == exchange.gr);
    CHECK(to_hex(answer->shared_secret.view()) == exchange.secret);
    const auto finished = client->client_finish(answer->public_value);
    REQUIRE(finished);
    CHECK(to_hex(finished->view()) == exchange.secret);
  }
}

TEST_CASE("ecdh: only uncompressed points of the right curve are accepted (RFC 5656 §4, SEC 1 §2.3.3)") {
  for (const EcdhExchange& exchange : exchanges) {
    CAPTURE(exchange.kex);
    const KexRow& row = *find_kex(exchange.kex);
    const ByteVector good = from_hex(exchange.gi);
    CHECK(answer_to(row, good) == Errc::ok);

    CHECK(answer_to(row, ByteVector{}) == Errc::bad_public_value);
    CHECK(answer_to(row, ByteVector{0}) == Errc::bad_public_value);  // the point at infinity
    CHECK(answer_to(row, ByteVector(good.size())) == Errc::bad_public_value);
    for_each_truncation(good, [&](Bytes cut) { CHECK(answer_to(row, cut) == Errc::bad_public_value); });
    ByteVector longer = good;
    longer.push_back(0);
    CHECK(answer_to(row, longer) == Errc::bad_public_value);
    ByteVector compressed = to_vector(Bytes(good).first(1 + (good.size() - 1) / 2));
    for (const std::uint8_t form : ByteVector{2, 3}) {
      compressed[0] = form;
      CHECK(answer_to(row, compressed) == Errc::bad_public_value);
    }
    for (const std::uint8_t form : ByteVector{0, 1, 2, 3, 5, 6, 7, 255}) {
      ByteVector other = good;
      other[0] = form;
      CHECK(answer_to(row, other) == Errc::bad_public_value);
    }
    for (const EcdhExchange& other : exchanges) {
      if (other.kex != exchange.kex) CHECK(answer_to(row, from_hex(other.gi)) == Errc::bad_public_value);
    }
  }
}

TEST_CASE("ecdh: a point that is not on the curve is refused, whichever bit is wrong (SEC 1 §3.2.2)") {
  const KexRow& row = *find_kex("ecdh-sha2-nistp256");
  for_each_bit_flip(from_hex(exchanges[0].gi),
                    [&](Bytes damaged, std::size_t) { CHECK(answer_to(row, damaged) == Errc::bad_public_value); });
}

TEST_CASE("ecdh: coordinates not below the field's prime are refused (SEC 1 §3.2.2)") {
  const KexRow& row = *find_kex("ecdh-sha2-nistp256");
  ByteVector value(65, 0xff);
  value[0] = 4;
  CHECK(answer_to(row, value) == Errc::bad_public_value);
}
