// What `hawser sync` has to do, from what is on both sides alone.
#pragma once

#include <cstdint>

#include "tree.h"

namespace hawser::tools {

struct SyncPlan {
  std::vector<TreeItem> removals;   // of the target, in no order
  std::vector<TreeItem> folders;    // to be made, parents first
  std::vector<TreeItem> copies;     // files that are missing, or differ in size or time
  std::vector<TreeItem> in_doubt;   // files of the same size whose contents are to be compared
  std::vector<std::string> in_way;  // paths where the target has another kind of file than the source
  std::uint64_t unchanged = 0;      // files
  std::uint64_t left_out = 0;       // symbolic links and special files of the source
};

struct SyncRules {
  bool remove = false;            // what the source does not have
  bool compare_contents = false;  // instead of times
};

// A file is the same where size and modification time (whole seconds) are. Nothing is planned below a path of `in_way`;
// with `remove` what is in the way is removed instead. Symbolic links of the target are removed or in the way, never
// followed.
SyncPlan plan_sync(const std::vector<TreeItem>& source, const std::vector<TreeItem>& target, SyncRules rules);

}  // namespace hawser::tools
