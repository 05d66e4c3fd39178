#include "hawser/crypto/moduli.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "crypto/hex_number.h"

namespace hawser::crypto {

namespace {

constexpr std::string_view blanks = " \t\r";

// moduli(5): timestamp, type, tests, trials, size, generator, modulus.
enum Field : std::size_t { timestamp, type, tests, trials, size, generator, modulus };
using Fields = std::array<std::string_view, 7>;

constexpr std::uint32_t safe_prime = 2;       // of `type`
constexpr std::uint32_t found_composite = 1;  // of `tests`, as the next
// Miller-Rabin, Jacobi, elliptic curves. Having been sieved (2) is not enough: that only excludes small factors.
constexpr std::uint32_t probably_prime = 4 | 8 | 16;

Error skip(const char* why) { return Error(Errc::bad_value, why); }

Result<Fields> split(std::string_view line) {
  Fields fields;
  for (std::string_view& field : fields) {
    line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
    field = line.substr(0, line.find_first_of(blanks));
    line.remove_prefix(field.size());
    if (field.empty()) return skip("it has fewer than seven fields");
  }
  if (line.find_first_not_of(blanks) != std::string_view::npos) return skip("it has more than seven fields");
  return fields;
}

bool read_number(std::string_view text, int base, std::uint32_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return error == std::errc() && end == text.data() + text.size();
}

// The group of a line; one without a prime where the line is in order, and not for us.
Result<DhGroup> parse_line(std::string_view line) {
  const Result<Fields> fields = split(line);
  if (!fields) return fields.error();
  std::uint32_t kind = 0, tested = 0, rounds = 0, bits = 0, g = 0;
  if (!read_number((*fields)[type], 10, kind)) return skip("type: not a number");
  if (!read_number((*fields)[tests], 10, tested)) return skip("tests: not a number");
  if (!read_number((*fields)[trials], 10, rounds)) return skip("trials: not a number");
  if (!read_number((*fields)[size], 10, bits)) return skip("size: not a number");
  if (!read_number((*fields)[generator], 16, g)) return skip("generator: not a hexadecimal number");
  if (kind != safe_prime || (tested & found_composite) != 0 || (tested & probably_prime) == 0 || rounds == 0) {
    return DhGroup();
  }
  ++bits;  // moduli(5) counts the bits behind the first
  if (bits < limits::smallest_group || bits > limits::largest_group) return DhGroup();
  if ((*fields)[modulus].size() > limits::largest_group / 4) return skip("modulus: longer than its size");
  DhGroup group{hex_number((*fields)[modulus]), {}};
  if (group.p.empty()) return skip("modulus: not a hexadecimal number");
  if (group.bits() != bits) return skip("modulus: not of its size");
  if ((group.p.back() & 3) != 3) return skip("modulus: no safe prime");
  if (g < 2) return skip("generator: less than 2");
  group.g = hex_number((*fields)[generator]);
  return group;
}

// Between 0 and bound - 1. 64 bits for a number of less than 32: none is noticeably more likely than another.
std::size_t below(std::size_t bound, Random& random) {
  std::array<std::uint8_t, 8> bytes;
  random.fill(bytes);
  std::uint64_t number = 0;
  for (const std::uint8_t byte : bytes) number = number << 8 | byte;
  return static_cast<std::size_t>(number % bound);
}

}  // namespace

Moduli Moduli::built_in() {
  Moduli moduli;
  for (const std::size_t bits : {2048u, 3072u, 4096u, 6144u, 8192u}) {
    moduli.groups_.push_back(*rfc3526_group(bits));
  }
  return moduli;
}

Result<Moduli> Moduli::from_text(std::string_view text) {
  Moduli moduli = built_in();
  const std::size_t own = moduli.size();
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::size_t begin = line.find_first_not_of(blanks);
    if (begin == std::string_view::npos || line[begin] == '#') continue;
    Result<DhGroup> group = parse_line(line);
    if (!group) {
      moduli.warnings_.push_back("line " + std::to_string(number) + " is skipped: " + group.error().where());
    } else if (!group->p.empty()) {
      moduli.groups_.push_back(*std::move(group));
    }
  }
  if (moduli.size() == own) return Error(Errc::bad_value, "moduli: no line can be used");
  return moduli;
}

const DhGroup* Moduli::choose(const GroupRequest& asked, Random& random) const {
  // The distance from n upwards; every size below n is further away than all above it.
  const auto rank = [&](std::size_t bits) { return bits >= asked.n ? bits : 2 * limits::largest_group - bits; };
  std::vector<const DhGroup*> best;
  for (const DhGroup& group : groups_) {
    const std::size_t bits = group.bits();
    if (bits < asked.min || bits > asked.max) continue;
    if (!best.empty() && rank(bits) > rank(best.front()->bits())) continue;
    if (!best.empty() && bits != best.front()->bits()) best.clear();
    best.push_back(&group);
  }
  return best.empty() ? nullptr : best[below(best.size(), random)];
}

}  // namespace hawser::crypto
