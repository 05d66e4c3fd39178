#include "tools/sync_plan.h"

#include <doctest/doctest.h>

using namespace hawser;
using namespace hawser::tools;

namespace {

TreeItem item(const std::string& path, std::uint32_t type, std::uint64_t size = 0, std::uint32_t mtime = 0) {
  sftp::Attributes attributes;
  attributes.permissions = type | 0644;
  attributes.size = size;
  attributes.times = sftp::FileTimes{0, mtime};
  return {path, attributes};
}

TreeItem file(const std::string& path, std::uint64_t size = 1, std::uint32_t mtime = 1) {
  return item(path, sftp::file_mode::regular, size, mtime);
}
TreeItem folder(const std::string& path) { return item(path, sftp::file_mode::directory); }
TreeItem link(const std::string& path) { return item(path, sftp::file_mode::symbolic_link); }

std::string paths(const std::vector<TreeItem>& items) {
  std::string text;
  for (const TreeItem& one : items) text += one.path + " ";
  return text;
}

constexpr SyncRules keep{};
constexpr SyncRules remove_extra{.remove = true};

}  // namespace

TEST_CASE("sync plan: missing files, other sizes and other times are copied, equal ones are not") {
  const SyncPlan plan = plan_sync({folder("d"), file("d/new"), file("longer", 2), file("newer", 1, 2), file("same")},
                                  {file("longer", 1), file("newer", 1, 1), file("same")}, keep);
  CHECK(paths(plan.folders) == "d ");
  CHECK(paths(plan.copies) == "d/new longer newer ");
  CHECK(plan.unchanged == 1);
  CHECK(plan.removals.empty());
}

TEST_CASE("sync plan: what the source lacks is removed only when asked for") {
  const std::vector<TreeItem> target{file("gone"), folder("old"), file("old/f"), file("same")};
  CHECK(plan_sync({file("same")}, target, keep).removals.empty());
  CHECK(paths(plan_sync({file("same")}, target, remove_extra).removals) == "gone old old/f ");
}

TEST_CASE("sync plan: contents are compared instead of times, for files of the same size") {
  const SyncPlan plan = plan_sync({file("a", 1, 5), file("b", 2), file("c")}, {file("a", 1, 9), file("b", 3)},
                                  {.compare_contents = true});
  CHECK(paths(plan.in_doubt) == "a ");
  CHECK(paths(plan.copies) == "b c ");
}

TEST_CASE("sync plan: a link in the target is in the way, and never followed") {
  const std::vector<TreeItem> source{folder("d"), file("d/f"), file("f")};
  const SyncPlan plan = plan_sync(source, {link("d"), link("f")}, keep);
  CHECK(plan.in_way == std::vector<std::string>{"d", "f"});
  CHECK(plan.copies.empty());
  CHECK(plan.folders.empty());

  const SyncPlan replaced = plan_sync(source, {link("d"), link("f")}, remove_extra);
  CHECK(paths(replaced.removals) == "d f ");
  CHECK(paths(replaced.folders) == "d ");
  CHECK(paths(replaced.copies) == "d/f f ");
}

TEST_CASE("sync plan: a directory that a file replaces goes with all that is in it") {
  const std::vector<TreeItem> target{folder("x"), folder("x/y"), file("x/y/z")};
  const SyncPlan plan = plan_sync({file("x")}, target, remove_extra);
  CHECK(paths(plan.removals) == "x x/y x/y/z ");
  CHECK(paths(plan.copies) == "x ");
}

TEST_CASE("sync plan: links of the source are left out, and what stands in their place stays") {
  const SyncPlan plan = plan_sync({link("x")}, {folder("x"), file("x/kept"), file("gone")}, remove_extra);
  CHECK(plan.left_out == 1);
  CHECK(paths(plan.removals) == "gone ");
}

TEST_CASE("sync plan: a server that tells no time has its files copied") {
  TreeItem timeless = file("f");
  timeless.attributes.times.reset();
  CHECK(paths(plan_sync({timeless}, {file("f")}, keep).copies) == "f ");
}
