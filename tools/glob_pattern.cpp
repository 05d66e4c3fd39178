#include "glob_pattern.h"

#include <fnmatch.h>

namespace hawser::tools {

bool has_pattern(const std::string& text) { return text.find_first_of("*?[") != std::string::npos; }

bool fits(const std::string& pattern, const std::string& name) {
  return name.find('/') == std::string::npos && ::fnmatch(pattern.c_str(), name.c_str(), FNM_PERIOD) == 0;
}

}  // namespace hawser::tools
