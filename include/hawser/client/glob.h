// Files by pattern, over any Backend.
//
//   for (const FileInfo& file : glob_files(backend, "reports/**/may-?.csv")) ...
//
// `*` matches any number of bytes within a component and `?` one, `[abc]`, `[a-z]` and `[!abc]` one of or none of
// these; a component `**` matches any number of components, at the end of a pattern everything below. A `[` that is
// never closed is an ordinary byte. As in keys, `\` is `/`. Patterns are bytes, matched without regard to a
// locale, in time that grows with the product of both lengths at most.
#pragma once

#include "hawser/client/backend.h"

namespace hawser::client {

// Whether a name matches as a whole. `/` is an ordinary byte here, and `**` the same as `*`.
bool name_matches(std::string_view pattern, std::string_view name);

// A pattern of keys.
class GlobPattern {
 public:
  // Empty components and `.` are dropped, as they are from keys. Throws InvalidPath for `..` and for a NUL.
  explicit GlobPattern(std::string_view pattern);

  // The folder that everything matching is below: the leading components without wildcards; "" is the root.
  const std::string& folder() const { return folder_; }
  // How many folders below it the pattern reaches; none: without end.
  std::optional<int> depth() const { return depth_; }
  // Whether it matches the whole key, which is normalised.
  bool matches(std::string_view key) const;

 private:
  std::vector<std::string> components_;
  std::string folder_;
  std::optional<int> depth_;
};

// The files whose keys match. By Backend::glob where the backend is capable of it, else by listing what may match.
// Throws what these throw; nothing matching is an empty result.
std::vector<FileInfo> glob_files(Backend& backend, std::string_view pattern);

}  // namespace hawser::client
