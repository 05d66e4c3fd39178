#include "hawser/server/key_options.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>

#include "hawser/wire/wildcard.h"

namespace hawser::server {

namespace {

struct Permission {
  std::string_view name;
  bool KeyOptions::*member;
};
constexpr std::array permissions{
    Permission{"pty", &KeyOptions::pty},
    Permission{"port-forwarding", &KeyOptions::port_forwarding},
    Permission{"agent-forwarding", &KeyOptions::agent_forwarding},
    Permission{"x11-forwarding", &KeyOptions::x11_forwarding},
    Permission{"user-rc", &KeyOptions::user_rc},
};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

// Cuts the first entry off a comma-separated list.
std::string_view take_entry(std::string_view& list) {
  const std::size_t end = std::min(list.find(','), list.size());
  const std::string_view entry = list.substr(0, end);
  list.remove_prefix(std::min(end + 1, list.size()));
  return entry;
}

int number(std::string_view digits) {
  int out = 0;
  for (const char c : digits) out = out * 10 + (c - '0');
  return out;
}

}  // namespace

Result<KeyOptions> KeyOptions::parse(std::string_view text) {
  KeyOptions out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("=,"), text.size());
    const std::string name = lower(text.substr(0, end));
    text.remove_prefix(end);
    std::optional<std::string_view> value;
    if (text.starts_with('=')) {
      // None of the values that are enforced can hold an escaped quotation mark.
      if (!text.starts_with("=\"")) return Error(Errc::bad_value, "the value of an option is not quoted");
      const std::size_t quote = text.find('"', 2);
      if (quote == std::string_view::npos) return Error(Errc::bad_value, "the value of an option does not end");
      value = text.substr(2, quote - 2);
      text.remove_prefix(quote + 1);
    }
    // Before what follows is looked at: command="a \"b\"" is an option that cannot be enforced.
    if (const Result<void> added = out.add(name, value); !added) return added.error();
    if (text.empty()) break;
    if (!text.starts_with(',') || text.size() == 1)
      return Error(Errc::bad_value, "options are not separated by commas");
    text.remove_prefix(1);
  }
  return out;
}

Result<void> KeyOptions::add(std::string_view name, std::optional<std::string_view> value) {
  if (value) {
    if (name == "from") return add_from(*value);
    if (name == "expiry-time") return add_expiry(*value);
  } else if (name == "restrict") {
    for (const Permission& one : permissions) this->*one.member = false;
    return {};
  } else {
    const bool permitted = !name.starts_with("no-");
    const std::string_view what = permitted ? name : name.substr(3);
    const auto found = std::ranges::find(permissions, what, &Permission::name);
    if (found != permissions.end()) {
      this->*found->member = permitted;
      return {};
    }
  }
  return Error(Errc::unsupported, "it begins with options that cannot be enforced, or its key type is unknown");
}

// sshd(8): a pattern list (ssh_config(5), PATTERNS) that may have address ranges too.
Result<void> KeyOptions::add_from(std::string_view list) {
  if (from_) return Error(Errc::bad_value, "its options name `from` twice");
  if (list.empty()) return Error(Errc::bad_value, "its option `from` is empty");
  from_.emplace();
  while (!list.empty()) {
    const std::string entry = lower(take_entry(list));
    From one;
    one.negated = entry.starts_with('!');
    one.pattern = entry.substr(one.negated ? 1 : 0);
    const bool is_pattern = one.pattern.find_first_of("*?") != std::string::npos &&
                            one.pattern.find_first_not_of("0123456789abcdef.:*?") == std::string::npos;
    if (!is_pattern) {
      const Result<AddressRange> range = AddressRange::parse(one.pattern);
      if (!range) return Error(Errc::bad_value, "its option `from` has what is neither address, range nor pattern");
      one.range = *range;
    }
    from_->push_back(std::move(one));
  }
  return {};
}

// YYYYMMDD[HHMM[SS]][Z]; without Z in the time zone of the system.
Result<void> KeyOptions::add_expiry(std::string_view time) {
  const Error bad(Errc::bad_value, "its option `expiry-time` is no time");
  const bool utc = time.ends_with('Z');
  if (utc) time.remove_suffix(1);
  if (time.size() != 8 && time.size() != 12 && time.size() != 14) return bad;
  if (time.find_first_not_of("0123456789") != std::string_view::npos) return bad;
  const int year = number(time.substr(0, 4)), month = number(time.substr(4, 2)), day = number(time.substr(6, 2));
  const int hour = time.size() > 8 ? number(time.substr(8, 2)) : 0;
  const int minute = time.size() > 8 ? number(time.substr(10, 2)) : 0;
  const int second = time.size() > 12 ? number(time.substr(12, 2)) : 0;
  const std::chrono::year_month_day date(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  if (!date.ok() || year < 1970 || hour > 23 || minute > 59 || second > 59) return bad;
  std::tm fields{};
  fields.tm_year = year - 1900;
  fields.tm_mon = month - 1;
  fields.tm_mday = day;
  fields.tm_hour = hour;
  fields.tm_min = minute;
  fields.tm_sec = second;
  fields.tm_isdst = -1;
  const std::int64_t expiry = utc ? ::timegm(&fields) : std::mktime(&fields);
  expiry_ = std::min(expiry_.value_or(expiry), expiry);  // the earliest of several
  return {};
}

bool KeyOptions::allows(const std::optional<asio::ip::address>& from, std::int64_t now) const {
  return (!expiry_ || now < *expiry_) && (!from_ || comes_from_there(from));
}

bool KeyOptions::comes_from_there(const std::optional<asio::ip::address>& address) const {
  if (!address) return false;
  const std::string text = network_of(*address, 32, 128).to_string();  // without a scope
  bool named = false;
  for (const From& one : *from_) {
    const bool fits = one.range ? one.range->contains(*address) : wire::wildcard_match(one.pattern, text);
    if (fits && one.negated) return false;
    named = named || fits;
  }
  return named;
}

}  // namespace hawser::server
