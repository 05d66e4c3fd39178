// What is below a directory, on either side.
#pragma once

#include <string>
#include <vector>

#include "hawser/sftp/attributes.h"

namespace hawser::tools {

struct TreeItem {
  std::string path;  // relative to the directory, without `.` and `..`
  sftp::Attributes attributes;
};

struct Tree {
  std::vector<TreeItem> items;        // a directory before what is in it
  std::vector<std::string> problems;  // what could not be read, for people
};

constexpr std::size_t tree_depth_limit = 256;  // directories below each other

}  // namespace hawser::tools
