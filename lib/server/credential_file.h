// Files with a line for each key or password.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "hawser/wire/result.h"

namespace hawser::server {

// The whole file, of 4 MiB at most. Errors: file_error.
Result<std::string> read_credential_file(const std::string& path);

// Calls `use(line, number)` for each line that is neither empty nor a comment; the first line has number 1.
template <class Use>
void for_each_line(std::string_view text, Use use) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty() && line.front() != '#') use(line, number);
  }
}

}  // namespace hawser::server
