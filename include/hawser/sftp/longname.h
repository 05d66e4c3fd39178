// The line of `ls -l` that a NAME entry carries for people to read (filexfer-02 §7), the same in every locale and time
// zone.
#pragma once

#include <string>
#include <string_view>

#include "hawser/sftp/attributes.h"

namespace hawser::sftp {

// Appends to `out`, so that the memory is used again. Users and groups appear as numbers, times as UTC; a time more
// than half a year from `now` (seconds since 1970) shows its year in place of hour and minute.
void append_longname(std::string& out, std::string_view filename, const Attributes& attributes, std::uint32_t links,
                     std::int64_t now);
std::string longname(std::string_view filename, const Attributes& attributes, std::uint32_t links, std::int64_t now);

}  // namespace hawser::sftp
