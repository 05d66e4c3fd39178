// Encoded terminal modes (RFC 4254 §8): the `modes` of a pty-req.
#pragma once

#include <vector>

#include "hawser/wire/bytes.h"
#include "hawser/wire/result.h"

namespace hawser::channel {

// The opcodes of RFC 4254 §8 and RFC 8160. Others from 1 to 159 are legal and kept.
enum class PtyOpcode : std::uint8_t {
  vintr = 1,
  vquit = 2,
  verase = 3,
  vkill = 4,
  veof = 5,
  veol = 6,
  veol2 = 7,
  vstart = 8,
  vstop = 9,
  vsusp = 10,
  vdsusp = 11,
  vreprint = 12,
  vwerase = 13,
  vlnext = 14,
  vflush = 15,
  vswtch = 16,
  vstatus = 17,
  vdiscard = 18,
  ignpar = 30,
  parmrk = 31,
  inpck = 32,
  istrip = 33,
  inlcr = 34,
  igncr = 35,
  icrnl = 36,
  iuclc = 37,
  ixon = 38,
  ixany = 39,
  ixoff = 40,
  imaxbel = 41,
  iutf8 = 42,  // RFC 8160
  isig = 50,
  icanon = 51,
  xcase = 52,
  echo = 53,
  echoe = 54,
  echok = 55,
  echonl = 56,
  noflsh = 57,
  tostop = 58,
  iexten = 59,
  echoctl = 60,
  echoke = 61,
  pendin = 62,
  opost = 70,
  olcuc = 71,
  onlcr = 72,
  ocrnl = 73,
  onocr = 74,
  onlret = 75,
  cs7 = 90,
  cs8 = 91,
  parenb = 92,
  parodd = 93,
  tty_op_ispeed = 128,
  tty_op_ospeed = 129,
};

struct PtyMode {
  PtyOpcode opcode{};
  std::uint32_t value = 0;
  friend bool operator==(const PtyMode&, const PtyMode&) = default;
};

// Reads up to TTY_OP_END, the first opcode from 160 to 255 (which ends the parsing, by the RFC), or the end of the
// bytes. Of an opcode that comes twice the last value counts, so that the list is never longer than there are opcodes.
// Error: truncated, where an opcode has no whole value.
Result<std::vector<PtyMode>> decode_pty_modes(Bytes modes);
// TTY_OP_END is put behind.
ByteVector encode_pty_modes(const std::vector<PtyMode>& modes);

}  // namespace hawser::channel
