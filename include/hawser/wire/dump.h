// A readable text for any message, from its field list: `SSH_MSG_CHANNEL_CLOSE{recipient_channel=0}`. Peer text is
// escaped and long fields are cut, so that a dump is safe to log. Secrets are not known to this layer: do not log
// authentication messages.
#pragma once

#include <string>

#include "hawser/wire/codec.h"

namespace hawser::wire {

// Control bytes, non-ASCII bytes, the quote and the backslash as \xNN; cut after `limit` bytes with "…".
std::string escaped(std::string_view text, std::size_t limit = 256);
std::string hex(Bytes bytes, std::size_t limit = 32);

void dump_value(std::string& out, bool value);
void dump_value(std::string& out, std::uint64_t value);
void dump_value(std::string& out, Bytes value);
void dump_value(std::string& out, std::string_view value);
inline void dump_value(std::string& out, std::uint8_t value) { dump_value(out, std::uint64_t{value}); }
inline void dump_value(std::string& out, std::uint32_t value) { dump_value(out, std::uint64_t{value}); }
inline void dump_value(std::string& out, NameList value) { dump_value(out, value.text()); }
inline void dump_value(std::string& out, Mpint value) { dump_value(out, value.bytes); }
inline void dump_value(std::string& out, Rest value) { dump_value(out, value.bytes); }
template <std::size_t N>
void dump_value(std::string& out, const std::array<std::uint8_t, N>& value) {
  dump_value(out, Bytes(value));
}

template <HasFields M>
void dump_value(std::string& out, const M& message) {
  out += '{';
  bool first = true;
  std::apply(
      [&](const auto&... f) {
        ((out += first ? "" : ", ", first = false, out += f.name, out += '=', dump_value(out, message.*f.member)), ...);
      },
      M::fields);
  out += '}';
}

template <HasFields M>
std::string dump(const M& message) {
  std::string out;
  if constexpr (Numbered<M>) out = M::name;
  dump_value(out, message);
  return out;
}

}  // namespace hawser::wire
