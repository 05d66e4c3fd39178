#include "hawser/transport/quirks.h"

#include <algorithm>
#include <array>

#include "hawser/wire/types.h"

namespace hawser::transport {
namespace {

// The facts are those of OpenSSH, which has met all of these (compat.c).
constexpr std::array table{
    QuirkRow{"Sun_SSH_1.0", {.fails_on_rekey = true}},
    QuirkRow{"Cisco-1.", {.largest_group = 4096, .fails_on_unknown_global_request = true}},
    QuirkRow{
        "TeraTerm SSH,TTSSH/1.5.,TTSSH/2.1,TTSSH/2.2,TTSSH/2.3,TTSSH/2.4,TTSSH/2.5,TTSSH/2.6,TTSSH/2.70,TTSSH/2.71,"
        "TTSSH/2.72",
        {.fails_on_unknown_global_request = true}},
};

// What stands behind "SSH-2.0-" or "SSH-1.99-".
std::string_view software_of(std::string_view identification) {
  const std::size_t first = identification.find('-');
  const std::size_t second = first == std::string_view::npos ? first : identification.find('-', first + 1);
  return second == std::string_view::npos ? std::string_view() : identification.substr(second + 1);
}

bool fits(const QuirkRow& row, std::string_view software) {
  for (const std::string_view name : wire::NameList(row.software)) {
    if (software.starts_with(name)) return true;
  }
  return false;
}

}  // namespace

std::span<const QuirkRow> quirk_rows() { return table; }

Quirks quirks_of(std::string_view identification) {
  const std::string_view software = software_of(identification);
  const auto row = std::ranges::find_if(table, [&](const QuirkRow& one) { return fits(one, software); });
  return row == table.end() ? Quirks() : row->quirks;
}

}  // namespace hawser::transport
