// Files between a server and here, several at once.
#pragma once

#include "local_tree.h"
#include "report.h"
#include "sessions.h"

namespace hawser::tools {

enum class Direction { get, put };

// One file. Where it belongs to a tree, its local side is reached through the tree only.
struct CopyJob {
  Session session;
  std::string remote;
  std::shared_ptr<LocalTree> tree;  // null: `local` as it was typed
  std::string local;
  sftp::Attributes attributes;  // of the source

  std::string local_shown() const { return tree ? tree->shown(local) : local; }
};

struct CopyRules {
  Direction direction = Direction::get;
  bool preserve = false;
  bool resume = false;
  std::size_t files_in_flight = 1;
};

// Each file that fails is reported, and the others go on. Throws Failure where the connection is lost or a signal came.
client::Awaitable<void> copy_files(Sessions& sessions, std::vector<CopyJob> jobs, CopyRules rules, Report& report);

// Makes the directories among `items` below `root`: parents first, those of one depth at once. Throws Failure.
client::Awaitable<void> make_remote_folders(Session session, std::string root, std::vector<TreeItem> items);
// Rights and times of directories, once nothing is written into them any more: the deepest first.
client::Awaitable<void> preserve_remote_folders(Session session, std::string root, std::vector<TreeItem> items);
void preserve_local_folders(LocalTree& tree, const std::vector<TreeItem>& items);

}  // namespace hawser::tools
