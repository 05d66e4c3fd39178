#include "server/credential_file.h"

#include <array>
#include <fstream>

namespace hawser::server {

Result<std::string> read_credential_file(const std::string& path) {
  constexpr std::size_t largest_file = 4 * 1024 * 1024;
  std::ifstream file(path, std::ios::binary);
  std::string text;
  std::array<char, 4096> block;
  while (file.read(block.data(), block.size()) || file.gcount() != 0) {
    text.append(block.data(), static_cast<std::size_t>(file.gcount()));
    if (text.size() > largest_file) return Error(Errc::file_error, "the file is too large");
  }
  if (!file.eof()) return Error(Errc::file_error, "the file cannot be read");
  return text;
}

}  // namespace hawser::server
