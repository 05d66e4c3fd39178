#include <doctest/doctest.h>

#include <algorithm>

#include "hawser/client/glob.h"

using namespace hawser;
using namespace hawser::client;

namespace {

// Knows some keys; remembers what it was asked to list.
class ListingBackend final : public Backend {
 public:
  explicit ListingBackend(std::vector<std::string> keys, bool can_glob = false)
      : keys_(std::move(keys)), can_glob_(can_glob) {}

  std::string name() const override { return "listing"; }
  CapabilitySet capabilities() const override {
    return can_glob_ ? CapabilitySet{Capability::list, Capability::glob} : CapabilitySet{Capability::list};
  }
  std::vector<FileInfo> list_files(std::string_view key, const ListOptions& options) override {
    if (fails) throw PermissionDenied("no", {.path = std::string(key), .backend = name()});
    listed = key;
    depth = options.max_depth;
    const std::string prefix = key.empty() ? "" : std::string(key) + "/";
    std::vector<FileInfo> files;
    for (const std::string& one : keys_) {
      if (!one.starts_with(prefix)) continue;
      const std::string rest = one.substr(prefix.size());
      const auto below = std::ranges::count(rest, '/');
      if (!options.max_depth || below <= *options.max_depth) files.push_back(info(one));
    }
    return files;
  }
  std::vector<FileInfo> glob(std::string_view pattern) override {
    globbed = pattern;
    return {info("native")};
  }

  std::optional<std::string> listed, globbed;
  std::optional<int> depth;
  bool fails = false;

  bool exists(std::string_view) override { unused(); }
  bool is_file(std::string_view) override { unused(); }
  bool is_folder(std::string_view) override { unused(); }
  std::unique_ptr<ReadStream> read(std::string_view) override { unused(); }
  ByteVector read_bytes(std::string_view) override { unused(); }
  WriteResult write(std::string_view, ReadStream&, const WriteOptions&) override { unused(); }
  WriteResult write_atomic(std::string_view, ReadStream&, const WriteOptions&) override { unused(); }
  std::unique_ptr<AtomicWriter> open_atomic(std::string_view, const WriteOptions&) override { unused(); }
  void delete_(std::string_view, bool) override { unused(); }
  void delete_folder(std::string_view, bool, bool) override { unused(); }
  std::vector<FolderEntry> list_folders(std::string_view) override { unused(); }
  std::vector<PathEntry> iter_children(std::string_view) override { unused(); }
  FileInfo get_file_info(std::string_view) override { unused(); }
  FolderInfo get_folder_info(std::string_view) override { unused(); }
  void move(std::string_view, std::string_view, bool) override { unused(); }
  void copy(std::string_view, std::string_view, bool) override { unused(); }
  std::string native_path(std::string_view) const override { unused(); }
  std::string to_key(std::string_view) const override { unused(); }
  ResolutionPlan resolve(std::string_view) const override { unused(); }
  void check_health() override { unused(); }
  void close() noexcept override {}
  bool close_is_terminal() const override { return false; }

 private:
  [[noreturn]] static void unused() { throw std::logic_error("nobody was to ask this"); }
  static FileInfo info(const std::string& key) {
    const RemotePath path(key);
    return {.path = path,
            .name = std::string(path.name()),
            .size = 0,
            .modified_at = {},
            .digest = {},
            .etag = {},
            .content_type = {},
            .extra = {},
            .metadata = {}};
  }
  std::vector<std::string> keys_;
  bool can_glob_;
};

std::vector<std::string> matching(Backend& backend, std::string_view pattern) {
  std::vector<std::string> keys;
  for (const FileInfo& file : glob_files(backend, pattern)) keys.push_back(file.path.text());
  return keys;
}

}  // namespace

TEST_CASE("[GLOB-001] a pattern of names") {
  struct Row {
    const char* pattern;
    const char* name;
    bool matches;
  };
  for (const Row& row : {Row{"", "", true},
                         Row{"", "a", false},
                         Row{"*", "", true},
                         Row{"*", "anything", true},
                         Row{"**", "anything", true},
                         Row{"*.csv", "a.csv", true},
                         Row{"*.csv", ".csv", true},
                         Row{"*.csv", "a.csv.gz", false},
                         Row{"a*b*c", "aXbYbZc", true},
                         Row{"a*b*c", "aXbYcZ", false},
                         Row{"?", "a", true},
                         Row{"?", "", false},
                         Row{"?", "ab", false},
                         Row{"[abc]x", "bx", true},
                         Row{"[abc]x", "dx", false},
                         Row{"[!abc]x", "dx", true},
                         Row{"[!abc]x", "bx", false},
                         Row{"[a-c0-9]", "7", true},
                         Row{"[a-c0-9]", "d", false},
                         Row{"[a-]", "-", true},
                         Row{"[]]", "]", true},
                         Row{"[!]]", "]", false},
                         Row{"[abc", "[abc", true},
                         Row{"[abc", "a", false},
                         Row{"A", "a", false},
                         Row{"\\*", "\\anything", true},
                         Row{"\xff*", "\xff\xfe", true},
                         Row{"[\x80-\xff]", "\xc3", true}}) {
    CAPTURE(row.pattern);
    CAPTURE(row.name);
    CHECK(name_matches(row.pattern, row.name) == row.matches);
  }
  // Each star might take any part of the name: tried one after the other that would take for ever.
  std::string stars;
  for (int i = 0; i < 1000; ++i) stars += "*a";
  CHECK_FALSE(name_matches(stars + "b", std::string(5000, 'a')));
}

TEST_CASE("[GLOB-014] a pattern of keys") {
  struct Row {
    const char* pattern;
    const char* key;
    bool matches;
  };
  for (const Row& row : {Row{"*.csv", "a.csv", true},
                         {"*.csv", "d/a.csv", false},
                         {"d/*.csv", "d/a.csv", true},
                         {"/d//*.csv", "d/a.csv", true},
                         {"d/*", "d/e/f", false},
                         {"d/?", "d/e", true},
                         {"?/e", "//e", false},
                         {"**/*.csv", "a.csv", true},
                         {"**/*.csv", "d/a.csv", true},
                         {"**/*.csv", "d/e/a.csv", true},
                         {"d/**/f", "d/f", true},
                         {"d/**/f", "d/x/y/f", true},
                         {"d/**/f", "d/x/y/g", false},
                         {"d/**", "d/x", true},
                         {"d/**", "d/x/y", true},
                         {"d/**", "d", false},
                         {"d/**", "dx/y", false},
                         {"**", "d/x/y", true},
                         {"**/b/**/d", "a/b/c/b/x/d", true},
                         {"**/b/**/d", "a/b/c", false},
                         {"*/[ab]/*", "x/a/y", true},
                         {"*/[!ab]/*", "x/a/y", false},
                         {"d/a.csv", "d/a.csv", true},
                         {"d/a.csv", "d/aXcsv", false},
                         {"", "a", false}}) {
    CAPTURE(row.pattern);
    CAPTURE(row.key);
    CHECK(GlobPattern(row.pattern).matches(row.key) == row.matches);
  }
  CHECK_THROWS_AS(GlobPattern("a/../*"), InvalidPath);
}

TEST_CASE("[GLOB-011, GLOB-012, GLOB-013] what is listed to find matches") {
  struct Row {
    const char* pattern;
    const char* folder;
    std::optional<int> depth;
  };
  for (const Row& row : {Row{"data/2024/*.csv", "data/2024", 0}, Row{"**/*.csv", "", std::nullopt},
                         Row{"*/sub/*.csv", "", 2}, Row{"data/*/x/y", "data", 2}, Row{"data/a.csv", "data", 0},
                         Row{"a.csv", "", 0}, Row{"data/**", "data", std::nullopt}, Row{"d[1]/x", "", 1}}) {
    CAPTURE(row.pattern);
    ListingBackend backend({});
    CHECK(matching(backend, row.pattern).empty());
    CHECK(backend.listed == row.folder);
    CHECK(backend.depth == row.depth);
  }
}

TEST_CASE("[GLOB-009, GLOB-015, GLOB-017] files by pattern, of a backend that only lists") {
  ListingBackend backend({"a.csv", "d/b.csv", "d/c.txt", "d/e/f.csv", "dx/g.csv"});
  using Keys = std::vector<std::string>;
  CHECK(matching(backend, "*.csv") == Keys{"a.csv"});
  CHECK(matching(backend, "d/*.csv") == Keys{"d/b.csv"});
  CHECK(matching(backend, "**/*.csv") == Keys{"a.csv", "d/b.csv", "d/e/f.csv", "dx/g.csv"});
  CHECK(matching(backend, "d/**") == Keys{"d/b.csv", "d/c.txt", "d/e/f.csv"});
  CHECK(matching(backend, "*/*.csv") == Keys{"d/b.csv", "dx/g.csv"});
  CHECK(matching(backend, "d/c.txt") == Keys{"d/c.txt"});
  CHECK(matching(backend, "nothing/*").empty());
  CHECK(matching(backend, "").empty());
}

TEST_CASE("[GLOB-010, GLOB-016] a backend that is capable of it is asked, and errors pass") {
  ListingBackend capable({"a"}, true);
  CHECK(matching(capable, "x/*") == std::vector<std::string>{"native"});
  CHECK(capable.globbed == "x/*");
  CHECK_FALSE(capable.listed);
  ListingBackend failing({"a"});
  failing.fails = true;
  CHECK_THROWS_AS(glob_files(failing, "*"), PermissionDenied);
}
