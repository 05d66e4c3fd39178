// The text of `hawser ls -l`: columns as wide as their widest entry.
#pragma once

#include <string>
#include <vector>

#include "hawser/sftp/attributes.h"

namespace hawser::tools {

struct ListedName {
  std::string name;         // printable
  std::string link_target;  // printable; empty where it is no link
  sftp::Attributes attributes;
};

// One line per name, each with its newline. Sizes in bytes, or as short_size has them where `human`. `now` in seconds
// since 1970: a time more than half a year from it shows its year in place of hour and minute. Times are UTC.
std::string long_listing(const std::vector<ListedName>& names, bool human, std::int64_t now);

// At most five characters, in powers of 1024: "0", "999", "1.5K", "312K", "1023M".
std::string short_size(std::uint64_t bytes);

}  // namespace hawser::tools
