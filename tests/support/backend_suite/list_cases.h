// Listings.
#pragma once

#include "support/backend_suite/subject.h"

namespace hawser::test {

inline const std::vector<BackendCase>& list_cases() {
  static const std::vector<BackendCase> cases{
      {"[BE-014, DEPTH-001] list: files down to a depth",
       [](const BackendSubject& s) {
         for (const char* name : {"pc/a.txt", "pc/d1/b.txt", "pc/d1/c.txt", "pc/d1/d2/d.txt", "pc/d1/d2/d3/e.txt"})
           s.put(name, name);
         s.put("other", "x");
         const Names all{"pc/a.txt", "pc/d1/b.txt", "pc/d1/c.txt", "pc/d1/d2/d.txt", "pc/d1/d2/d3/e.txt"};
         const auto first = [&](std::ptrdiff_t count) { return Names(all.begin(), all.begin() + count); };
         CHECK(s.files("pc", {}) == first(1));
         CHECK(s.files("pc", recursively()) == all);
         CHECK(s.files("pc", down_to(0)) == first(1));
         CHECK(s.files("pc", down_to(1)) == first(3));
         CHECK(s.files("pc", down_to(2)) == first(4));
         CHECK(s.files("pc", down_to(3)) == all);
         CHECK(s.files("pc", down_to(100)) == all);
         CHECK(s.files("pc", {.recursive = true, .max_depth = 0}) == first(1));
         CHECK(s.files("", recursively()).size() == 6);
         CHECK(s.files("pc/d1", down_to(0)) == Names{"pc/d1/b.txt", "pc/d1/c.txt"});
         CHECK_THROWS_AS(s.backend.list_files("pc", down_to(-1)), std::invalid_argument);
       }},
      {"[BE-014, BE-015, BE-026] list: nothing of what is missing, a file, or below one",
       [](const BackendSubject& s) {
         s.put("d/f", "x");
         for (const char* key : {"missing", "no/such", "d/f", "d/f/below"}) {
           CAPTURE(key);
           CHECK(s.backend.list_files(key).empty());
           CHECK(s.backend.list_files(key, recursively()).empty());
           CHECK(s.backend.list_folders(key).empty());
           CHECK(s.backend.iter_children(key).empty());
         }
         s.ends(Outcome::invalid_path, "../d", [&] { s.backend.list_files("../d"); });
       }},
      {"[BE-015, BE-026, ITER-004, MOD-003, NPR-015, DEPTH-002] list: children are immediate, each once",
       [](const BackendSubject& s) {
         s.put("d/f", "x");
         s.put("d/sub/g", "x");
         s.make_folder("d/empty");
         CHECK(s.folders("d") == Names{"d/empty", "d/sub"});
         CHECK(s.backend.list_folders("d/sub").empty());
         CHECK(s.backend.list_folders("") == std::vector<client::FolderEntry>{{client::RemotePath("d"), "d"}});
         Names children;
         for (const client::PathEntry& entry : s.backend.iter_children("d")) {
           const bool is_file = std::holds_alternative<client::FileInfo>(entry);
           children.push_back(std::visit([](const auto& one) { return one.path.text(); }, entry) +
                              (is_file ? "" : "/"));
           CHECK(std::visit([](const auto& one) { return one.path.name() == one.name; }, entry));
         }
         std::ranges::sort(children);
         CHECK(children == Names{"d/empty/", "d/f", "d/sub/"});
       }},
      {"[STORE-014, GLOB-001, GLOB-017] list: files whose name matches a pattern",
       [](const BackendSubject& s) {
         for (const char* name : {"a.csv", "b.csv", "c.txt", "csv.d/e.csv", "csv.d/deep/f.csv"}) s.put(name, "x");
         const auto matching = [&](const char* pattern, std::optional<int> depth) {
           return s.files("", {.recursive = false, .max_depth = depth, .pattern = pattern});
         };
         CHECK(matching("*.csv", {}) == Names{"a.csv", "b.csv"});
         CHECK(matching("*.csv", 1) == Names{"a.csv", "b.csv", "csv.d/e.csv"});
         CHECK(matching("[!ab]*", 9) == Names{"c.txt", "csv.d/deep/f.csv", "csv.d/e.csv"});
         CHECK(matching("?.txt", 9) == Names{"c.txt"});
         CHECK(matching("csv.d/*", 9).empty());
         CHECK(matching("nothing", 9).empty());
       }},
      {"[BE-014] list: names that are hard to write",
       [](const BackendSubject& s) {
         const Names names{" space ", "*", "?[a]", "-n", "...", "a\nb", "\xc3\xa4", "\xff\xfe", "~", "'\"$(x)"};
         for (const std::string& name : names) s.put("d/" + name, name);
         for (const std::string& name : names) {
           CAPTURE(name);
           CHECK(s.get("d/" + name) == name);
           CHECK(s.backend.get_file_info("d/" + name).size == name.size());
         }
         CHECK(s.backend.list_files("d").size() == names.size());
         s.backend.delete_folder("d", true);
         CHECK(s.files().empty());
       }},
  };
  return cases;
}

}  // namespace hawser::test
