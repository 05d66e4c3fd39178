// `--json`: one object per line on standard output. Bytes that are not UTF-8 become U+FFFD.
#pragma once

#include <nlohmann/json.hpp>

#include "hawser/sftp/attributes.h"

namespace hawser::tools {

void print_json(const nlohmann::json& object);

// "file", "directory", "link" or "other"; "unknown" where the server does not tell.
const char* kind_name(const sftp::Attributes& attributes);

// "type", and as far as they are known "size", "mode" (octal text), "uid", "gid", "mtime", "atime" (seconds since
// 1970).
nlohmann::json json_of(const sftp::Attributes& attributes);

}  // namespace hawser::tools
