// What is below a directory of a server, and the steps that make and remove it: as many requests under way as help.
#pragma once

#include <functional>

#include "connect.h"
#include "tree.h"

namespace hawser::tools {

// Symbolic links are listed, never followed. `found` is called with the number of items so far.
client::Awaitable<Tree> list_remote_tree(Session session, std::string path, std::function<void(std::size_t)> found);

// The files and links of `items`, then the directories, the deepest first; `removed` is called for each. What cannot be
// removed is told in the result, and does not keep the rest.
client::Awaitable<std::vector<std::string>> remove_remote_items(Session session, std::string root,
                                                                std::vector<TreeItem> items,
                                                                std::function<void(const TreeItem&)> removed);

// Success where there is a directory in the end. Throws Failure.
client::Awaitable<void> ensure_remote_directory(Session session, std::string path);
// Each missing parent too.
client::Awaitable<void> make_remote_directories(Session session, std::string path);

}  // namespace hawser::tools
