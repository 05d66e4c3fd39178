// Symbolic and hard links, and the paths that lead through them (filexfer-02 §6.10, §6.11; OpenSSH PROTOCOL §4.5).
#pragma once

#include "support/file_system_suite/subject.h"

namespace hawser::test {

inline const std::vector<FileSystemCase>& link_cases() {
  static const std::vector<FileSystemCase> cases{
      {"symlink: stat, open and list follow it, lstat does not",
       [](const Subject& s) {
         s.make_directory("/d");
         s.put("/d/f", "text");
         s.succeeds(run(s.fs.symlink("d/f", "/file")));
         s.succeeds(run(s.fs.symlink("d", "/directory")));
         CHECK(is_regular(s.stat("/file")));
         CHECK(is_symlink(s.lstat("/file")));
         CHECK(s.get("/file") == "text");
         CHECK(is_directory(s.stat("/directory")));
         CHECK(s.get("/directory/f") == "text");
         CHECK(s.list("/directory").size() == 1);
         CHECK(is_regular(s.lstat("/directory/f")));
       }},
      {"symlink: absolute targets start at the root, and `..` stops there",
       [](const Subject& s) {
         s.make_directory("/d");
         s.make_directory("/d/e");
         s.put("/f", "text");
         for (const char* target :
              {"/f", "//f", "/./f", "/../f", "/../../../f", "../f", "../../../../f", "e/../../f", "./../f"}) {
           CAPTURE(target);
           s.succeeds(run(s.fs.symlink(target, "/d/link")));
           CHECK(s.get("/d/link") == "text");
           s.succeeds(run(s.fs.remove("/d/link")));
         }
       }},
      {"symlink: `..` in a target is the parent of where the link leads, not of its name",
       [](const Subject& s) {
         s.make_directory("/a");
         s.make_directory("/a/b");
         s.put("/a/f", "in a");
         s.put("/f", "in root");
         s.succeeds(run(s.fs.symlink("a/b", "/link")));
         s.succeeds(run(s.fs.symlink("link/../f", "/through")));
         CHECK(s.get("/through") == "in a");
       }},
      {"symlink: chains work and loops end",
       [](const Subject& s) {
         s.put("/f", "text");
         s.succeeds(run(s.fs.symlink("f", "/l0")));
         for (int i = 1; i <= 20; ++i) {
           s.succeeds(run(s.fs.symlink("l" + std::to_string(i - 1), "/l" + std::to_string(i))));
         }
         CHECK(s.get("/l20") == "text");
         s.succeeds(run(s.fs.symlink("b", "/a")));
         s.succeeds(run(s.fs.symlink("a", "/b")));
         s.succeeds(run(s.fs.symlink("self/x", "/self")));
         for (const char* path : {"/a", "/self", "/a/x", "/self/x"}) {
           s.fails(run(s.fs.stat(path)), FileError::loop);
           s.fails(run(s.fs.open(path, for_reading, {})), FileError::loop);
           s.fails(run(s.fs.open_directory(path)), FileError::loop);
           s.fails(run(s.fs.real_path(path)), FileError::loop);
         }
         CHECK(is_symlink(s.lstat("/a")));
       }},
      {"symlink: a dangling one",
       [](const Subject& s) {
         s.succeeds(run(s.fs.symlink("missing", "/link")));
         s.fails(run(s.fs.stat("/link")), FileError::not_found);
         CHECK(is_symlink(s.lstat("/link")));
         s.fails(run(s.fs.open("/link", for_reading, {})), FileError::not_found);
         s.fails(run(s.fs.open("/link", {.write = true, .create = true, .exclusive = true}, {})),
                 FileError::already_exists);
         s.fails(run(s.fs.make_directory("/link", {})), FileError::already_exists);
         s.fails(run(s.fs.symlink("x", "/link")), FileError::already_exists);
         CHECK_FALSE(s.exists("/missing"));
         s.put("/link", "text");
         CHECK(s.get("/missing") == "text");
         CHECK(is_symlink(s.lstat("/link")));
       }},
      {"symlink: remove and rename act on the link itself",
       [](const Subject& s) {
         s.put("/f", "text");
         s.make_directory("/d");
         s.succeeds(run(s.fs.symlink("f", "/file")));
         s.succeeds(run(s.fs.symlink("d", "/directory")));
         s.succeeds(run(s.fs.symlink("missing", "/dangling")));
         s.fails(run(s.fs.remove_directory("/directory")), FileError::wrong_type);
         s.succeeds(run(s.fs.rename("/file", "/renamed", false)));
         CHECK(is_symlink(s.lstat("/renamed")));
         CHECK(s.value(run(s.fs.read_link("/renamed"))) == "f");
         s.succeeds(run(s.fs.rename("/dangling", "/moved", false)));
         for (const char* path : {"/renamed", "/directory", "/moved"}) s.succeeds(run(s.fs.remove(path)));
         CHECK(s.get("/f") == "text");
         CHECK(s.list("/").size() == 2);
       }},
      {"readlink: the target byte for byte, also a long one",
       [](const Subject& s) {
         for (const std::string& target :
              {std::string("f"), std::string("../a//b/./"), std::string("\xff\xfe \\"), std::string(4000, 't')}) {
           s.succeeds(run(s.fs.symlink(target, "/link")));
           CHECK(s.value(run(s.fs.read_link("/link"))) == target);
           CHECK(s.lstat("/link").size == target.size());
           s.succeeds(run(s.fs.remove("/link")));
         }
         s.fails(run(s.fs.symlink(std::string(5000, 't'), "/link")), FileError::name_too_long);
         s.fails(run(s.fs.symlink("", "/link")), FileError::invalid_path);
       }},
      {"readlink: of what is no link",
       [](const Subject& s) {
         s.put("/f", "text");
         s.fails(run(s.fs.read_link("/f")), FileError::wrong_type);
         s.fails(run(s.fs.read_link("/")), FileError::wrong_type);
         s.fails(run(s.fs.read_link("/no")), FileError::not_found);
       }},
      {"symlink: in a missing directory",
       [](const Subject& s) { s.fails(run(s.fs.symlink("f", "/no/link")), FileError::parent_missing); }},
      {"hard link: two names for one file",
       [](const Subject& s) {
         s.put("/f", "one");
         s.make_directory("/d");
         s.succeeds(run(s.fs.hard_link("/f", "/d/g")));
         s.write(*s.open("/d/g", for_writing), 0, "two");
         CHECK(s.get("/f") == "two");
         if (s.is_local()) CHECK(s.list("/d").at(0).links == 2);  // version 3 has no field for it
         s.succeeds(run(s.fs.remove("/f")));
         CHECK(s.get("/d/g") == "two");
         if (s.is_local()) CHECK(s.list("/d").at(0).links == 1);
       }},
      {"hard link: never onto an existing name, nor of a directory or a missing file",
       [](const Subject& s) {
         s.put("/f", "one");
         s.put("/g", "two");
         s.make_directory("/d");
         s.fails(run(s.fs.hard_link("/f", "/g")), FileError::already_exists);
         s.fails(run(s.fs.hard_link("/no", "/x")), FileError::not_found);
         s.fails(run(s.fs.hard_link("/f", "/no/x")), FileError::parent_missing);
         s.fails(run(s.fs.hard_link("/d", "/x")), FileError::permission_denied);
         CHECK(s.get("/g") == "two");
       }},
      {"real path: without links; the last component may be missing",
       [](const Subject& s) {
         s.make_directory("/a");
         s.make_directory("/a/b");
         s.put("/a/b/f", "text");
         s.succeeds(run(s.fs.symlink("../../../a/b", "/a/link")));
         s.succeeds(run(s.fs.symlink("/a/link/./f", "/file")));
         s.succeeds(run(s.fs.symlink("/a/link/..", "/up")));
         s.succeeds(run(s.fs.symlink("..", "/top")));
         s.succeeds(run(s.fs.symlink("a/missing", "/dangling")));
         const std::pair<const char*, const char*> table[] = {
             {"/", "/"},          {"/a", "/a"},          {"/a/link", "/a/b"}, {"/a/link/f", "/a/b/f"},
             {"/file", "/a/b/f"}, {"/up", "/a"},         {"/top", "/"},       {"/a/link/x", "/a/b/x"},
             {"/x", "/x"},        {"/up/b/f", "/a/b/f"}, {"/top/top", "/"},   {"/dangling", "/a/missing"},
         };
         for (const auto& [path, real] : table) CHECK(s.value(run(s.fs.real_path(path))) == real);
         if (!s.is_local()) return;  // our server answers REALPATH of what is missing with the path, OpenSSH does not
         s.fails(run(s.fs.real_path("/x/y")), FileError::not_found);
         s.fails(run(s.fs.real_path("/a/b/f/x")), FileError::not_found);
       }},
  };
  return cases;
}

}  // namespace hawser::test
