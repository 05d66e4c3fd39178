#include "hawser/channel/pty_modes.h"

#include <algorithm>

#include "hawser/wire/reader.h"
#include "hawser/wire/writer.h"

namespace hawser::channel {
namespace {

constexpr std::uint8_t tty_op_end = 0;
constexpr std::uint8_t first_undefined = 160;

}  // namespace

Result<std::vector<PtyMode>> decode_pty_modes(Bytes modes) {
  std::vector<PtyMode> all;
  wire::Reader reader(modes);
  while (reader.remaining() != 0) {
    reader.field("opcode");
    const std::uint8_t opcode = reader.byte();
    if (opcode == tty_op_end || opcode >= first_undefined) break;
    reader.field("value");
    const std::uint32_t value = reader.uint32();
    if (Result<void> status = reader.status(); !status) return status.error();
    const auto same = std::ranges::find(all, static_cast<PtyOpcode>(opcode), &PtyMode::opcode);
    if (same != all.end()) {
      same->value = value;
    } else {
      all.push_back({static_cast<PtyOpcode>(opcode), value});
    }
  }
  return all;
}

ByteVector encode_pty_modes(const std::vector<PtyMode>& modes) {
  ByteVector out;
  out.reserve(modes.size() * 5 + 1);
  for (const PtyMode& mode : modes) {
    out.push_back(static_cast<std::uint8_t>(mode.opcode));
    wire::append_uint32(out, mode.value);
  }
  out.push_back(tty_op_end);
  return out;
}

}  // namespace hawser::channel
