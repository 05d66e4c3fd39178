#include "hawser/wire/errc.h"

#include <doctest/doctest.h>

#include <ostream>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace hawser;

namespace {

// Every value of the enumeration: the switch of `message` has no default, so that a new value without a text does not
// compile without a warning; here, values are those whose text is a known one.
std::vector<Errc> all_codes() {
  std::vector<Errc> codes;
  for (int value = 0; value != 1000; ++value) {
    if (errc_category().message(value) != "unknown error") codes.push_back(static_cast<Errc>(value));
  }
  return codes;
}

}  // namespace

TEST_CASE("errc: every value has a text of its own") {
  std::set<std::string> texts;
  for (const Errc code : all_codes()) texts.insert(make_error_code(code).message());
  CHECK(texts.size() == all_codes().size());
  CHECK(all_codes().size() > 50);
}

TEST_CASE("errc: the borders of each group are blamed on the right side") {
  const std::pair<Errc, Blame> rows[] = {
      {Errc::truncated, Blame::peer_malformed},
      {Errc::bad_identification, Blame::peer_malformed},
      {Errc::bad_compression, Blame::peer_malformed},
      {Errc::unexpected_message, Blame::peer_protocol},
      {Errc::host_key_changed, Blame::peer_protocol},
      {Errc::no_common_kex, Blame::negotiation},
      {Errc::no_common_group, Blame::negotiation},
      {Errc::bad_mac, Blame::crypto},
      {Errc::wrong_passphrase, Blame::crypto},
      {Errc::packet_too_large, Blame::limit},
      {Errc::queue_full, Blame::limit},
      {Errc::invalid_argument, Blame::caller},
      {Errc::passphrase_required, Blame::caller},
      {Errc::closed, Blame::closed},
      {Errc::request_refused, Blame::closed},
      {Errc::io_error, Blame::local},
      {Errc::file_error, Blame::local},
  };
  for (const auto& [code, side] : rows) {
    CAPTURE(make_error_code(code).message());
    CHECK(blame(code) == side);
  }
}

TEST_CASE("errc: every value's blame is that of its hundred") {
  const Blame by_hundred[] = {Blame::local,       Blame::peer_malformed, Blame::peer_protocol,
                              Blame::negotiation, Blame::crypto,         Blame::limit,
                              Blame::caller,      Blame::closed,         Blame::local};
  for (const Errc code : all_codes()) {
    const auto hundred = static_cast<std::size_t>(code) / 100;
    REQUIRE(hundred < std::size(by_hundred));
    CHECK(blame(code) == by_hundred[hundred]);
  }
}

TEST_CASE("errc: converts to an error_code of its own category") {
  const std::error_code code = Errc::bad_mac;
  CHECK(code.category() == errc_category());
  CHECK(std::string_view(code.category().name()) == "hawser");
  CHECK(code == Errc::bad_mac);
  CHECK(code != Errc::bad_signature);
  CHECK(code.message() == "a packet failed its integrity check");
  CHECK_FALSE(static_cast<bool>(std::error_code(Errc::ok)));
}

TEST_CASE("errc: a number that is no value still has a text") {
  CHECK(errc_category().message(9999) == "unknown error");
}
