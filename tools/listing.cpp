#include "listing.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "hawser/sftp/longname.h"

namespace hawser::tools {
namespace {

struct Row {
  std::string mode, owner, group, size, date;
};

std::string date_of(const sftp::Attributes& attributes, std::int64_t now) {
  if (!attributes.times) return "-";
  constexpr std::int64_t half_a_year = 365 * 24 * 60 * 60 / 2;
  const std::int64_t time = attributes.times->mtime;
  const std::tm date = fmt::gmtime(static_cast<std::time_t>(time));
  const bool recent = time <= now && now - time < half_a_year;
  return recent ? fmt::format("{:%b %d %H:%M}", date) : fmt::format("{:%b %d  %Y}", date);
}

Row row_of(const sftp::Attributes& attributes, bool human, std::int64_t now) {
  Row row;
  constexpr std::size_t mode_width = 10;
  row.mode = attributes.permissions ? sftp::longname("", attributes, 1, now).substr(0, mode_width) : "??????????";
  row.owner = attributes.owner ? std::to_string(attributes.owner->uid) : "-";
  row.group = attributes.owner ? std::to_string(attributes.owner->gid) : "-";
  row.size = !attributes.size ? "-" : human ? short_size(*attributes.size) : std::to_string(*attributes.size);
  row.date = date_of(attributes, now);
  return row;
}

}  // namespace

std::string long_listing(const std::vector<ListedName>& names, bool human, std::int64_t now) {
  std::vector<Row> rows;
  for (const ListedName& name : names) rows.push_back(row_of(name.attributes, human, now));
  const auto width = [&](std::string Row::*member) {
    std::size_t widest = 0;
    for (const Row& row : rows) widest = std::max(widest, (row.*member).size());
    return widest;
  };
  const std::size_t owner = width(&Row::owner), group = width(&Row::group), size = width(&Row::size),
                    date = width(&Row::date);
  std::string text;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row& row = rows[i];
    text += fmt::format("{} {:>{}} {:>{}} {:>{}} {:<{}} {}", row.mode, row.owner, owner, row.group, group, row.size,
                        size, row.date, date, names[i].name);
    if (!names[i].link_target.empty()) text += " -> " + names[i].link_target;
    text += '\n';
  }
  return text;
}

std::string short_size(std::uint64_t bytes) {
  constexpr std::array<char, 7> units{' ', 'K', 'M', 'G', 'T', 'P', 'E'};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1023.5 && unit + 1 < units.size(); ++unit) value /= 1024;
  if (unit == 0) return std::to_string(bytes);
  return value < 9.95 ? fmt::format("{:.1f}{}", value, units[unit]) : fmt::format("{:.0f}{}", value, units[unit]);
}

}  // namespace hawser::tools
