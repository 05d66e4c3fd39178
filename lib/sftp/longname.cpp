#include "hawser/sftp/longname.h"

#include <array>
#include <charconv>
#include <chrono>

namespace hawser::sftp {
namespace {

char type_letter(std::uint32_t mode) {
  switch (mode & file_mode::type_mask) {
    case file_mode::socket: return 's';
    case file_mode::symbolic_link: return 'l';
    case file_mode::regular: return '-';
    case file_mode::block_device: return 'b';
    case file_mode::directory: return 'd';
    case file_mode::character_device: return 'c';
    case file_mode::fifo: return 'p';
    default: return '?';
  }
}

// Three letters; the execute bit shares its place with set-uid, set-gid or sticky, as `special` in lower or upper case.
void append_rights(std::string& out, std::uint32_t rights, bool special_bit, char special) {
  const bool execute = (rights & 1) != 0;
  out += (rights & 4) != 0 ? 'r' : '-';
  out += (rights & 2) != 0 ? 'w' : '-';
  if (special_bit) {
    out += execute ? special : static_cast<char>(special - 'a' + 'A');
  } else {
    out += execute ? 'x' : '-';
  }
}

void append_mode(std::string& out, std::uint32_t mode) {
  out += type_letter(mode);
  append_rights(out, mode >> 6, (mode & file_mode::set_uid) != 0, 's');
  append_rights(out, mode >> 3, (mode & file_mode::set_gid) != 0, 's');
  append_rights(out, mode, (mode & file_mode::sticky) != 0, 't');
}

enum class Align { left, right };

void append_number(std::string& out, std::uint64_t value, std::size_t width, Align align, char fill = ' ') {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  const auto size = static_cast<std::size_t>(end - digits.data());
  const std::size_t padding = size < width ? width - size : 0;
  if (align == Align::right) out.append(padding, fill);
  out.append(digits.data(), size);
  if (align == Align::left) out.append(padding, fill);
}

// 12 characters: "Mar 25 14:29" or "Mar 25  1999".
void append_date(std::string& out, std::int64_t time, std::int64_t now) {
  static constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  constexpr std::int64_t half_a_year = 365 * 24 * 60 * 60 / 2;
  const std::chrono::sys_seconds seconds{std::chrono::seconds(time)};
  const auto days = std::chrono::floor<std::chrono::days>(seconds);
  const std::chrono::year_month_day date(days);
  out += months.substr((static_cast<unsigned>(date.month()) - 1) * 3, 3);
  out += ' ';
  append_number(out, static_cast<unsigned>(date.day()), 2, Align::right);
  out += ' ';
  if (time > now || now - time >= half_a_year) {
    append_number(out, static_cast<std::uint64_t>(static_cast<int>(date.year())), 5, Align::right);
    return;
  }
  const auto minute = static_cast<std::uint64_t>((seconds - days).count()) / 60;
  append_number(out, minute / 60, 2, Align::right, '0');
  out += ':';
  append_number(out, minute % 60, 2, Align::right, '0');
}

}  // namespace

void append_longname(std::string& out, std::string_view filename, const Attributes& attributes, std::uint32_t links,
                     std::int64_t now) {
  const Owner owner = attributes.owner.value_or(Owner());
  append_mode(out, attributes.permissions.value_or(0));
  out += ' ';
  append_number(out, links, 4, Align::right);
  out += ' ';
  append_number(out, owner.uid, 8, Align::left);
  out += ' ';
  append_number(out, owner.gid, 8, Align::left);
  out += ' ';
  append_number(out, attributes.size.value_or(0), 8, Align::right);
  out += ' ';
  append_date(out, attributes.times.value_or(FileTimes()).mtime, now);
  out += ' ';
  out += filename;
}

std::string longname(std::string_view filename, const Attributes& attributes, std::uint32_t links, std::int64_t now) {
  std::string out;
  append_longname(out, filename, attributes, links, now);
  return out;
}

}  // namespace hawser::sftp
