#include "transport/identification.h"

#include <algorithm>

#include "hawser/wire/limits.h"

namespace hawser::transport {
namespace {

constexpr std::string_view prefix = "SSH-";

bool may_become_identification(std::string_view line) {
  return line.substr(0, prefix.size()) == prefix.substr(0, line.size());
}

std::size_t line_limit(std::string_view line) {
  return may_become_identification(line) ? limits::identification_size : limits::pre_identification_line_size;
}

}  // namespace

Result<std::string> make_identification(std::string_view software) {
  const bool printable = std::ranges::all_of(software, [](char c) { return c > ' ' && c <= '~' && c != '-'; });
  std::string line = "SSH-2.0-" + std::string(software);
  if (software.empty() || !printable || line.size() + 2 > limits::identification_size) {
    return Error(Errc::invalid_argument, "software");
  }
  return line;
}

Result<IdentificationParser::Progress> IdentificationParser::parse(Bytes unread) {
  Progress progress;
  while (true) {
    const std::string_view text = as_text(unread.subspan(progress.consumed));
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    const bool complete = end != std::string_view::npos;
    // Told apart as early as possible: a peer that speaks something else is not waited for.
    if (own_role_ == Role::server && !may_become_identification(line)) {
      return Error(Errc::bad_identification, "the first line is no identification");
    }
    const std::size_t size_with_end = line.size() + 1;
    if (size_with_end > line_limit(line)) return Error(Errc::bad_identification, "the line is too long");
    if (!complete) return progress;

    // RFC 4253 §4.2 wants CR LF; a bare LF is what some old peers send.
    if (line.ends_with('\r')) line.remove_suffix(1);
    Result<bool> is_identification = take_line(line);
    if (!is_identification) return is_identification.error();
    progress.consumed += size_with_end;
    if (*is_identification) {
      progress.identification = line;
      return progress;
    }
  }
}

Result<bool> IdentificationParser::take_line(std::string_view line) {
  if (!line.starts_with(prefix)) {
    if (pre_lines_left_ == 0) return Error(Errc::bad_identification, "too many lines before the identification");
    --pre_lines_left_;
    return false;
  }
  // RFC 4253 §4.2: the null character must not be sent. A CR in the middle is as unfit for logs and hashes.
  if (line.find_first_of(std::string_view("\0\r", 2)) != std::string_view::npos) {
    return Error(Errc::bad_identification, "the identification has a NUL or CR");
  }
  const std::size_t version_end = line.find('-', prefix.size());
  if (version_end == std::string_view::npos || version_end + 1 == line.size()) {
    return Error(Errc::bad_identification, "softwareversion");
  }
  // RFC 4253 §5.1: 1.99 is 2.0 of a peer that also speaks the old protocol.
  const std::string_view version = line.substr(prefix.size(), version_end - prefix.size());
  if (version != "2.0" && version != "1.99") return Error(Errc::protocol_version_not_supported, "protoversion");
  return true;
}

}  // namespace hawser::transport
