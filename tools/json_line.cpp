#include "json_line.h"

#include <fmt/format.h>

#include <cstdio>

namespace hawser::tools {

void print_json(const nlohmann::json& object) {
  const std::string line = object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
}

const char* kind_name(const sftp::Attributes& attributes) {
  if (!attributes.permissions) return "unknown";
  if (sftp::is_directory(attributes)) return "directory";
  if (sftp::is_regular(attributes)) return "file";
  return sftp::is_symlink(attributes) ? "link" : "other";
}

nlohmann::json json_of(const sftp::Attributes& attributes) {
  nlohmann::json object{{"type", kind_name(attributes)}};
  if (attributes.size) object["size"] = *attributes.size;
  if (attributes.permissions) {
    object["mode"] = fmt::format("{:04o}", *attributes.permissions & sftp::file_mode::permission_mask);
  }
  if (attributes.owner) {
    object["uid"] = attributes.owner->uid;
    object["gid"] = attributes.owner->gid;
  }
  if (attributes.times) {
    object["mtime"] = attributes.times->mtime;
    object["atime"] = attributes.times->atime;
  }
  return object;
}

}  // namespace hawser::tools
