#include "sync_plan.h"

#include <map>
#include <set>

namespace hawser::tools {
namespace {

using Items = std::map<std::string_view, const TreeItem*>;

Items by_path(const std::vector<TreeItem>& items) {
  Items out;
  for (const TreeItem& item : items) out.emplace(item.path, &item);
  return out;
}

// Whether one of the directories above is in the set.
bool is_below(std::string_view path, const std::set<std::string_view>& folders) {
  for (std::size_t slash = path.rfind('/'); slash != path.npos; slash = path.rfind('/', slash - 1)) {
    if (folders.contains(path.substr(0, slash))) return true;
    if (slash == 0) break;
  }
  return false;
}

bool same_time(const TreeItem& a, const TreeItem& b) {
  return a.attributes.times && b.attributes.times && a.attributes.times->mtime == b.attributes.times->mtime;
}

}  // namespace

SyncPlan plan_sync(const std::vector<TreeItem>& source, const std::vector<TreeItem>& target, SyncRules rules) {
  SyncPlan plan;
  const Items there = by_path(target);
  std::set<std::string_view> blocked;   // of the source: something else is in the way
  std::set<std::string_view> kept;      // links and special files of the source: what they stand for stays as it is
  std::set<std::string_view> replaced;  // of the target: directories that go because a file comes
  for (const TreeItem& item : source) {
    const bool folder = sftp::is_directory(item.attributes);
    if (!folder && !sftp::is_regular(item.attributes)) {
      ++plan.left_out;
      kept.insert(item.path);
      continue;
    }
    if (is_below(item.path, blocked)) continue;
    const auto found = there.find(item.path);
    const TreeItem* old = found == there.end() ? nullptr : found->second;
    if (old != nullptr && sftp::type_of(old->attributes) != sftp::type_of(item.attributes)) {
      if (!rules.remove) {
        plan.in_way.push_back(item.path);
        blocked.insert(item.path);
        continue;
      }
      plan.removals.push_back(*old);
      if (sftp::is_directory(old->attributes)) replaced.insert(old->path);
      old = nullptr;
    }
    if (folder) {
      if (old == nullptr) plan.folders.push_back(item);
    } else if (old == nullptr || old->attributes.size != item.attributes.size) {
      plan.copies.push_back(item);
    } else if (rules.compare_contents) {
      plan.in_doubt.push_back(item);
    } else if (!same_time(*old, item)) {
      plan.copies.push_back(item);
    } else {
      ++plan.unchanged;
    }
  }
  if (!rules.remove) return plan;
  const Items wanted = by_path(source);
  for (const TreeItem& item : target) {
    if (is_below(item.path, kept)) continue;
    if (!wanted.contains(item.path) || is_below(item.path, replaced)) plan.removals.push_back(item);
  }
  return plan;
}

}  // namespace hawser::tools
