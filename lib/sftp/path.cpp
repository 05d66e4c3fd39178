#include "hawser/sftp/path.h"

#include <algorithm>

#include "hawser/wire/limits.h"

namespace hawser::sftp {
namespace {

constexpr std::size_t longest_name = 255;  // Linux NAME_MAX

}  // namespace

std::string clean_path(std::string_view path) {
  std::string clean;
  clean.reserve(path.size() + 1);
  while (!path.empty()) {
    const std::string_view name = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(name.size() + 1, path.size()));
    if (name.empty() || name == ".") continue;
    if (name == "..") {
      clean.resize(clean.empty() ? 0 : clean.rfind('/'));
    } else {
      clean += '/';
      clean += name;
    }
  }
  if (clean.empty()) clean += '/';
  return clean;
}

bool valid_path(std::string_view path) {
  return path.size() <= limits::path && path.find('\0') == std::string_view::npos;
}

bool valid_name(std::string_view name) {
  return !name.empty() && name.size() <= longest_name && name != "." && name != ".." &&
         name.find_first_of(std::string_view("/\0", 2)) == std::string_view::npos;
}

std::string join_path(std::string_view directory, std::string_view name) {
  std::string path(directory);
  if (!path.empty() && path.back() != '/') path += '/';
  path += name;
  return path;
}

std::string_view parent_path(std::string_view clean) {
  const std::size_t slash = clean.rfind('/');
  return slash == 0 || slash == std::string_view::npos ? std::string_view("/") : clean.substr(0, slash);
}

std::string_view file_name(std::string_view clean) { return clean.substr(clean.rfind('/') + 1); }

}  // namespace hawser::sftp
