// What other implementations are known to get wrong, by their identification (RFC 4253 §4.2): the table that the rules
// of this library bend to, where bending is safe. Whatever is not in it is expected to follow the RFCs.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "hawser/wire/limits.h"

namespace hawser::transport {

struct Quirks {
  // It ends the session when the other side starts a key exchange: ours is started only where a cipher's own limits
  // demand it (RFC 4344 §3), and the peer's are answered as always.
  bool fails_on_rekey = false;
  // Bits of the largest prime that it may be asked for in a group exchange (RFC 4419).
  std::uint32_t largest_group = limits::largest_group;
  // It ends the session at the first global request it does not know, instead of refusing it (RFC 4254 §4).
  bool fails_on_unknown_global_request = false;
};

struct QuirkRow {
  std::string_view software;  // what softwareversion begins with: one or more, comma separated
  Quirks quirks;
};
std::span<const QuirkRow> quirk_rows();

// By the whole identification, "SSH-2.0-Cisco-1.25". The first row that fits; none: no quirks.
Quirks quirks_of(std::string_view identification);

}  // namespace hawser::transport
