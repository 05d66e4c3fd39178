// Directories, removing and renaming (filexfer-02 §6.5 to §6.7).
#pragma once

#include <algorithm>
#include <set>

#include "support/file_system_suite/subject.h"

namespace hawser::test {

inline const std::vector<FileSystemCase>& name_cases() {
  static const std::vector<FileSystemCase> cases{
      {"root: is a directory by both of its names",
       [](const Subject& s) {
         CHECK(is_directory(s.stat("/")));
         CHECK(is_directory(s.lstat("/")));
         CHECK(is_directory(s.stat("")));
         CHECK(s.list("/").empty());
       }},
      {"root: cannot be removed, renamed, replaced or made",
       [](const Subject& s) {
         s.make_directory("/d");
         s.fails(run(s.fs.remove_directory("/")), FileError::remove_root);
         s.fails(run(s.fs.remove("/")), FileError::remove_root);
         s.fails(run(s.fs.rename("/", "/x", false)), FileError::remove_root);
         s.fails(run(s.fs.rename("/", "/d/x", true)), FileError::remove_root);
         s.fails(run(s.fs.rename("/d", "/", false)), FileError::already_exists);
         s.fails(run(s.fs.rename("/d", "/", true)), FileError::already_exists);
         s.fails(run(s.fs.make_directory("/", {})), FileError::already_exists);
         s.fails(run(s.fs.symlink("d", "/")), FileError::already_exists);
         CHECK(is_directory(s.stat("/d")));
       }},
      {"mkdir: makes a directory with the permissions asked for",
       [](const Subject& s) {
         s.succeeds(run(s.fs.make_directory("/d", with_permissions(0700))));
         CHECK(is_directory(s.stat("/d")));
         CHECK(rights(s.stat("/d")) == 0700);
         s.put("/d/f", "text");
         CHECK(s.get("/d/f") == "text");
       }},
      {"mkdir: fails where the name exists, whatever it is",
       [](const Subject& s) {
         s.make_directory("/d");
         s.put("/f", "text");
         s.fails(run(s.fs.make_directory("/d", {})), FileError::already_exists);
         s.fails(run(s.fs.make_directory("/f", {})), FileError::already_exists);
       }},
      {"mkdir: in a missing directory, and below a file",
       [](const Subject& s) {
         s.put("/f", "text");
         s.fails(run(s.fs.make_directory("/no/d", {})), FileError::parent_missing);
         s.fails(run(s.fs.make_directory("/f/d", {})), FileError::parent_missing);
       }},
      {"rmdir: removes an empty directory only",
       [](const Subject& s) {
         s.make_directory("/d");
         s.put("/d/f", "text");
         s.put("/file", "text");
         s.fails(run(s.fs.remove_directory("/d")), FileError::not_empty);
         s.fails(run(s.fs.remove_directory("/file")), FileError::wrong_type);
         s.fails(run(s.fs.remove_directory("/no")), FileError::not_found);
         s.fails(run(s.fs.remove_directory("/file/x")), FileError::not_found);
         CHECK(s.get("/d/f") == "text");
         s.succeeds(run(s.fs.remove("/d/f")));
         s.succeeds(run(s.fs.remove_directory("/d")));
         CHECK_FALSE(s.exists("/d"));
         CHECK(s.get("/file") == "text");
       }},
      {"remove: a file, never a directory",
       [](const Subject& s) {
         s.put("/f", "text");
         s.make_directory("/d");
         s.fails(run(s.fs.remove("/d")), FileError::wrong_type);
         s.fails(run(s.fs.remove("/no")), FileError::not_found);
         s.fails(run(s.fs.remove("/no/f")), FileError::not_found);
         s.succeeds(run(s.fs.remove("/f")));
         CHECK_FALSE(s.exists("/f"));
         CHECK(is_directory(s.stat("/d")));
       }},
      {"list: every name once, with the attributes of lstat",
       [](const Subject& s) {
         s.make_directory("/d");
         s.make_directory("/d/sub");
         s.succeeds(run(s.fs.symlink("missing", "/d/link")));
         for (int i = 0; i < 40; ++i) s.put("/d/" + std::to_string(i), std::string(static_cast<std::size_t>(i), 'x'));
         std::set<std::string> names;
         for (const server::DirectoryEntry& entry : s.list("/d")) {
           CHECK(names.insert(entry.name).second);
           CHECK(entry.attributes == s.lstat("/d/" + entry.name));
         }
         CHECK(names.size() == 42);
       }},
      {"list: 3000 entries",
       [](const Subject& s) {
         for (int i = 0; i < 3000; ++i) s.open("/" + std::to_string(i), to_make);
         std::set<std::string> names;
         for (const server::DirectoryEntry& entry : s.list("/", 100)) CHECK(names.insert(entry.name).second);
         CHECK(names.size() == 3000);
       }},
      {"list: a missing directory, and a file",
       [](const Subject& s) {
         s.put("/f", "text");
         s.fails(run(s.fs.open_directory("/no")), FileError::not_found);
         s.fails(run(s.fs.open_directory("/f")), FileError::wrong_type);
         s.fails(run(s.fs.open_directory("/f/x")), FileError::not_found);
       }},
      {"list: two cursors on one directory are independent",
       [](const Subject& s) {
         for (const char* path : {"/a", "/b", "/c"}) s.put(path, "");
         const auto one = s.value(run(s.fs.open_directory("/")));
         const auto two = s.value(run(s.fs.open_directory("/")));
         CHECK(s.value(run(one->next(2))).size() == 2);
         CHECK(s.value(run(two->next(5))).size() == 3);
         CHECK(s.value(run(one->next(5))).size() == 1);
       }},
      {"list: goes on while entries are removed",
       [](const Subject& s) {
         for (int i = 0; i < 20; ++i) s.put("/" + std::to_string(i), "");
         const auto directory = s.value(run(s.fs.open_directory("/")));
         std::size_t seen = 0;
         for (;;) {
           const auto entries = s.value(run(directory->next(3)));
           if (entries.empty()) break;
           for (const auto& entry : entries) s.succeeds(run(s.fs.remove("/" + entry.name)));
           seen += entries.size();
         }
         CHECK(seen == 20);
         CHECK(s.list("/").empty());
       }},
      {"rename: files and directories, also into another directory",
       [](const Subject& s) {
         s.put("/f", "text");
         s.make_directory("/d");
         s.make_directory("/e");
         s.succeeds(run(s.fs.rename("/f", "/g", false)));
         s.succeeds(run(s.fs.rename("/g", "/d/h", false)));
         s.succeeds(run(s.fs.rename("/d", "/e/d", false)));
         CHECK(s.get("/e/d/h") == "text");
         CHECK(s.list("/").size() == 1);
       }},
      {"rename: only the case of a letter",
       [](const Subject& s) {
         s.put("/file", "text");
         s.succeeds(run(s.fs.rename("/file", "/File", false)));
         CHECK(s.get("/File") == "text");
         CHECK(s.list("/").size() == 1);
       }},
      {"rename: without replace an existing target is an error and both stay (filexfer-02 §6.5)",
       [](const Subject& s) {
         s.put("/f", "one");
         s.put("/g", "two");
         s.make_directory("/d");
         s.make_directory("/e");
         s.succeeds(run(s.fs.symlink("missing", "/link")));
         for (const char* to : {"/g", "/d", "/link", "/f"}) {
           s.fails(run(s.fs.rename("/f", to, false)), FileError::already_exists);
         }
         s.fails(run(s.fs.rename("/d", "/e", false)), FileError::already_exists);
         s.fails(run(s.fs.rename("/d", "/f", false)), FileError::already_exists);
         CHECK(s.get("/f") == "one");
         CHECK(s.get("/g") == "two");
         CHECK(s.list("/").size() == 5);
       }},
      {"rename: with replace the target gives way to what may replace it",
       [](const Subject& s) {
         s.put("/f", "one");
         s.put("/g", "two");
         s.make_directory("/d");
         s.make_directory("/empty");
         s.put("/d/x", "in d");
         s.succeeds(run(s.fs.rename("/f", "/g", true)));
         CHECK(s.get("/g") == "one");
         CHECK_FALSE(s.exists("/f"));
         s.succeeds(run(s.fs.rename("/d", "/empty", true)));
         CHECK(s.get("/empty/x") == "in d");
         s.fails(run(s.fs.rename("/g", "/empty", true)), FileError::wrong_type);
         s.fails(run(s.fs.rename("/empty", "/g", true)), FileError::wrong_type);
         s.make_directory("/e");
         s.fails(run(s.fs.rename("/e", "/empty", true)), FileError::not_empty);
         s.succeeds(run(s.fs.rename("/g", "/g", true)));
         CHECK(s.get("/g") == "one");
       }},
      {"rename: of a missing name, and into a missing directory",
       [](const Subject& s) {
         s.put("/f", "text");
         s.fails(run(s.fs.rename("/no", "/x", false)), FileError::not_found);
         s.fails(run(s.fs.rename("/no/f", "/x", false)), FileError::not_found);
         for (const bool replace : {false, true}) {
           s.fails(run(s.fs.rename("/f", "/no/f", replace)), FileError::parent_missing);
           s.fails(run(s.fs.rename("/f", "/f/x", replace)), FileError::parent_missing);
         }
         CHECK(s.get("/f") == "text");
       }},
      {"rename: a directory does not go into itself",
       [](const Subject& s) {
         s.make_directory("/d");
         s.make_directory("/d/e");
         for (const bool replace : {false, true}) {
           s.fails(run(s.fs.rename("/d", "/d/x", replace)), FileError::wrong_type);
           s.fails(run(s.fs.rename("/d", "/d/e/x", replace)), FileError::wrong_type);
         }
         CHECK(is_directory(s.stat("/d/e")));
       }},
  };
  return cases;
}

}  // namespace hawser::test
