#include "hawser/channel/pty_modes.h"

#include <doctest/doctest.h>

#include "support/flip.h"
#include "support/hex.h"

using namespace hawser;
using namespace hawser::channel;
using namespace hawser::test;

namespace {
const std::vector<PtyMode> modes{{PtyOpcode::vintr, 3}, {PtyOpcode::echo, 1}, {PtyOpcode::tty_op_ospeed, 38400}};
}

TEST_CASE("pty modes: opcode, uint32 value, TTY_OP_END last (RFC 4254 §8)") {
  const ByteVector bytes = encode_pty_modes(modes);
  CHECK(to_hex(bytes) == to_hex(from_hex("01 00000003 35 00000001 81 00009600 00")));
  const auto decoded = decode_pty_modes(bytes);
  REQUIRE(decoded);
  CHECK(*decoded == modes);
}

TEST_CASE("pty modes: bytes after TTY_OP_END are not looked at (RFC 4254 §8)") {
  const auto decoded = decode_pty_modes("01 00000003 00 35 00"_hex);
  REQUIRE(decoded);
  CHECK(*decoded == std::vector<PtyMode>{{PtyOpcode::vintr, 3}});
}

TEST_CASE("pty modes: an opcode from 160 on ends the parsing (RFC 4254 §8)") {
  for (const std::uint8_t opcode : {std::uint8_t{160}, std::uint8_t{255}}) {
    ByteVector bytes = "9f 00000007"_hex;
    bytes.push_back(opcode);
    bytes.push_back(1);
    const auto decoded = decode_pty_modes(bytes);
    REQUIRE(decoded);
    CHECK(*decoded == std::vector<PtyMode>{{static_cast<PtyOpcode>(159), 7}});
  }
}

TEST_CASE("pty modes: none at all, and a missing TTY_OP_END, are accepted") {
  CHECK(decode_pty_modes({})->empty());
  CHECK(decode_pty_modes("01 00000003"_hex)->size() == 1);
}

TEST_CASE("pty modes: a value that is cut short is an error at every length") {
  for_each_truncation(encode_pty_modes(modes), [](Bytes cut) {
    const auto decoded = decode_pty_modes(cut);
    if (cut.size() % 5 == 0) {
      REQUIRE(decoded);
      CHECK(decoded->size() == cut.size() / 5);
    } else {
      REQUIRE_FALSE(decoded);
      CHECK(decoded.error().code() == Errc::truncated);
    }
  });
}

// OpenSSH's ttymodes.c writes TTY_OP_OSPEED and TTY_OP_ISPEED first, then the characters, then the flags.
TEST_CASE("pty modes: the order of a real client is kept, speeds first") {
  const auto decoded = decode_pty_modes("81 00009600 80 00009600 01 00000003 02 0000001c 35 00000001 00"_hex);
  REQUIRE(decoded);
  CHECK(*decoded == std::vector<PtyMode>{{PtyOpcode::tty_op_ospeed, 38400},
                                         {PtyOpcode::tty_op_ispeed, 38400},
                                         {PtyOpcode::vintr, 3},
                                         {PtyOpcode::vquit, 28},
                                         {PtyOpcode::echo, 1}});
}

TEST_CASE("pty modes: 50,000 modes of a hostile client become as many as there are opcodes, the last value of each") {
  std::vector<PtyMode> hostile;
  for (std::uint32_t i = 0; i != 50000; ++i) hostile.push_back({static_cast<PtyOpcode>(1 + i % 159), i});
  const auto decoded = decode_pty_modes(encode_pty_modes(hostile));
  REQUIRE(decoded);
  REQUIRE(decoded->size() == 159);
  CHECK(decoded->front().value == 49926);  // the last multiple of 159 below 50,000
}
