// One sample of any message, made from its field list, and the checks that hold for every message: it survives the way
// out and back, no prefix of it decodes, and nothing may follow it.
//
//   for_each_message<UserauthMessages>([](auto sample) { check_message_rules(sample); });
#pragma once

#include <doctest/doctest.h>

#include "hawser/wire/dump.h"
#include "support/flip.h"

namespace hawser::test {

namespace samples {

inline void fill(std::uint8_t& field) { field = 0x5a; }
inline void fill(bool& field) { field = true; }
inline void fill(std::uint32_t& field) { field = 0x01020304; }
inline void fill(std::uint64_t& field) { field = 0x0102030405060708; }
inline void fill(std::string_view& field) { field = "some text"; }
inline void fill(Bytes& field) { field = as_bytes("\x01\x02 bytes \xff"); }
inline void fill(wire::NameList& field) { field = wire::NameList("publickey,password"); }
inline void fill(wire::Mpint& field) { field.bytes = as_bytes("\x01\x80"); }
template <std::size_t N>
void fill(std::array<std::uint8_t, N>& field) {
  field.fill(0xa5);
}
inline void fill(wire::Rest& field) { field.bytes = as_bytes("the rest"); }
template <wire::HasFields M>
void fill(M& part) {
  std::apply([&](const auto&... field) { (fill(part.*field.member), ...); }, M::fields);
}

template <class M>
M sample() {
  M message{};
  fill(message);
  return message;
}

// Bytes at the end that belong to a Rest, of which any number is legal.
template <class M>
std::size_t free_bytes(const M& message) {
  std::size_t count = 0;
  const auto look = [&](const auto& field) {
    if constexpr (std::is_same_v<decltype(field), const wire::Rest&>) count = field.bytes.size();
  };
  std::apply([&](const auto&... field) { (look(message.*field.member), ...); }, M::fields);
  return count;
}

}  // namespace samples

// Calls `use` with a filled sample of each type of the list, a std::tuple of messages.
template <class List, class Use>
void for_each_message(Use use) {
  [&]<class... M>(std::tuple<M...>*) { (use(samples::sample<M>()), ...); }(static_cast<List*>(nullptr));
}

template <class M>
void check_message_rules(const M& message) {
  const ByteVector bytes = wire::encode(message);
  INFO(wire::dump(message));
  REQUIRE(bytes.size() == wire::encoded_size(message));
  const Result<M> decoded = wire::decode<M>(bytes);
  REQUIRE(decoded);
  CHECK(wire::encode(*decoded) == bytes);

  const std::size_t free_bytes = samples::free_bytes(message);
  for_each_truncation(bytes, [&](Bytes cut) {
    const Result<M> result = wire::decode<M>(cut);
    if (cut.size() >= bytes.size() - free_bytes) {
      CHECK(result);
    } else {
      REQUIRE_FALSE(result);
      CHECK(result.error().code() == Errc::truncated);
    }
  });

  if (free_bytes == 0) {
    ByteVector longer = bytes;
    longer.push_back(0);
    const Result<M> result = wire::decode<M>(longer);
    REQUIRE_FALSE(result);
    CHECK(result.error().code() == Errc::trailing_bytes);
  }
  if constexpr (wire::Numbered<M>) {
    ByteVector other = bytes;
    other.front() = static_cast<std::uint8_t>(other.front() + 1);
    const Result<M> result = wire::decode<M>(other);
    REQUIRE_FALSE(result);
    CHECK(result.error().code() == Errc::unexpected_message);
  }
}

// Puts the lengths that have broken parsers at every offset: n is checked against what is there before anything is
// read. Memory errors are the sanitizers' to find; here a wrong length must only not be taken for a right one that
// reads past the end.
template <class M>
void check_wild_lengths(const M& message) {
  const ByteVector bytes = wire::encode(message);
  for (std::size_t offset = wire::Numbered<M> ? 1 : 0; offset + 4 <= bytes.size(); ++offset) {
    const auto left = static_cast<std::uint32_t>(bytes.size() - offset - 4);
    for (const std::uint32_t length : {0u, left, left + 1, 0x7fffffffu, 0xffffffffu}) {
      ByteVector wild = bytes;
      wire::store_uint32(wild.data() + offset, length);
      const Result<M> result = wire::decode<M>(wild);
      if (result) CHECK(wire::encoded_size(*result) == wild.size());
    }
  }
}

}  // namespace hawser::test
