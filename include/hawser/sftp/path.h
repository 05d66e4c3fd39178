// Paths as SFTP has them: bytes, separated by `/`. All of this is about the text; nothing looks at a file system.
#pragma once

#include <string>
#include <string_view>

namespace hawser::sftp {

// Absolute, without `.`, `..`, doubled and trailing slashes. A relative path is relative to `/`, and `..` stops at `/`.
std::string clean_path(std::string_view path);

// Can name a file: no NUL, at most limits::path bytes.
bool valid_path(std::string_view path);

// One component that stays where it is put: not empty, not `.` or `..`, no `/`, no NUL, at most 255 bytes. What a
// recursive copy must ask of each name that a peer sends.
bool valid_name(std::string_view name);

// `name` below `directory`.
std::string join_path(std::string_view directory, std::string_view name);

// The two parts of a clean path; the parent of `/` is `/`, and its name is empty.
std::string_view parent_path(std::string_view clean);
std::string_view file_name(std::string_view clean);

}  // namespace hawser::sftp
