// What each bit of SSH_FXP_OPEN does, alone and together (filexfer-02 §6.3).
#pragma once

#include "support/file_system_suite/subject.h"

namespace hawser::test {

inline const std::vector<FileSystemCase>& open_cases() {
  static const std::vector<FileSystemCase> cases{
      {"open: a missing file is not made without create",
       [](const Subject& s) {
         s.fails(run(s.fs.open("/f", for_reading, {})), FileError::not_found);
         s.fails(run(s.fs.open("/f", for_writing, {})), FileError::not_found);
         s.fails(run(s.fs.open("/f", {.write = true, .truncate = true}, {})), FileError::not_found);
         s.fails(run(s.fs.open("/f", {.write = true, .append = true}, {})), FileError::not_found);
         s.fails(run(s.fs.open("/f", {.append = true}, {})), FileError::not_found);
         CHECK_FALSE(s.exists("/f"));
       }},
      {"open: create makes an empty file, also for reading only",
       [](const Subject& s) {
         s.open("/w", to_make);
         s.open("/r", {.read = true, .create = true});
         s.open("/rw", {.read = true, .write = true, .create = true});
         for (const char* path : {"/w", "/r", "/rw"}) {
           CHECK(s.stat(path).size == 0u);
           CHECK(is_regular(s.stat(path)));
         }
       }},
      {"open: create uses the permissions it is given",
       [](const Subject& s) {
         s.open("/f", to_make, with_permissions(0600));
         CHECK(rights(s.stat("/f")) == 0600);
       }},
      {"open: a file made with mode 0400 can be written through the handle that made it",
       [](const Subject& s) {
         const auto file = s.open("/f", to_make, with_permissions(0400));
         s.write(*file, 0, "text");
         CHECK(rights(s.stat("/f")) == 0400);
         CHECK(s.get("/f") == "text");
       }},
      {"open: create opens an existing file and keeps contents and mode",
       [](const Subject& s) {
         s.put("/f", "text");
         const std::uint32_t before = rights(s.stat("/f"));
         s.open("/f", to_make, with_permissions(0611));
         CHECK(s.get("/f") == "text");
         CHECK(rights(s.stat("/f")) == before);
       }},
      {"open: exclusive create fails where the file exists",
       [](const Subject& s) {
         s.put("/f", "text");
         s.fails(run(s.fs.open("/f", {.write = true, .create = true, .exclusive = true}, {})),
                 FileError::already_exists);
         s.fails(run(s.fs.open("/f", {.read = true, .write = true, .create = true, .truncate = true, .exclusive = true},
                               {})),
                 FileError::already_exists);
         CHECK(s.get("/f") == "text");
       }},
      {"open: exclusive create makes a new file",
       [](const Subject& s) {
         const auto file = s.open("/f", {.write = true, .create = true, .exclusive = true});
         s.write(*file, 0, "text");
         CHECK(s.get("/f") == "text");
       }},
      {"open: truncate empties an existing file, with or without create, for writing or both",
       [](const Subject& s) {
         for (const OpenMode mode : {OpenMode{.write = true, .truncate = true}, to_overwrite,
                                     OpenMode{.read = true, .write = true, .truncate = true},
                                     OpenMode{.read = true, .write = true, .create = true, .truncate = true}}) {
           s.put("/f", "text");
           s.open("/f", mode);
           CHECK(s.stat("/f").size == 0u);
         }
       }},
      {"open: writing without truncate keeps the bytes that are not overwritten",
       [](const Subject& s) {
         for (const OpenMode mode : {for_writing, to_make, for_both}) {
           s.put("/f", "0123456789");
           const auto file = s.open("/f", mode);
           s.write(*file, 2, "ab");
           CHECK(s.get("/f") == "01ab456789");
         }
       }},
      {"open: reading and writing through one handle",
       [](const Subject& s) {
         const auto file = s.open("/f", {.read = true, .write = true, .create = true});
         s.write(*file, 0, "text");
         CHECK(s.read(*file, 0, 10) == "text");
         CHECK(s.read(*file, 1, 2) == "ex");
       }},
      {"open: with append every write goes to the end, whatever its offset",
       [](const Subject& s) {
         for (const OpenMode mode : {OpenMode{.write = true, .append = true}, OpenMode{.append = true},
                                     OpenMode{.write = true, .append = true, .create = true}}) {
           s.put("/f", "0123");
           const auto file = s.open("/f", mode);
           s.write(*file, 0, "ab");
           s.write(*file, 1, "cd");
           s.write(*file, 1000, "ef");
           s.write(*file, UINT64_MAX, "gh");
           CHECK(s.get("/f") == "0123abcdefgh");
         }
       }},
      {"open: append sees what another handle has added",
       [](const Subject& s) {
         s.put("/f", "");
         const auto one = s.open("/f", {.write = true, .append = true});
         const auto two = s.open("/f", {.write = true, .append = true});
         s.write(*one, 0, "a");
         s.write(*two, 0, "b");
         s.write(*one, 0, "c");
         CHECK(s.get("/f") == "abc");
       }},
      {"open: a directory is no file",
       [](const Subject& s) {
         s.make_directory("/d");
         for (const char* path : {"/d", "/"}) {
           for (const OpenMode mode : {for_reading, for_writing, for_both, to_make, to_overwrite}) {
             s.fails(run(s.fs.open(path, mode, {})), FileError::wrong_type);
           }
         }
       }},
      {"open: create in a missing directory says that the parent is missing",
       [](const Subject& s) {
         s.fails(run(s.fs.open("/no/f", to_make, {})), FileError::parent_missing);
         s.fails(run(s.fs.open("/no/f", for_reading, {})), FileError::not_found);
         CHECK_FALSE(s.exists("/no"));
       }},
      {"open: a path below a file leads nowhere",
       [](const Subject& s) {
         s.put("/f", "text");
         s.fails(run(s.fs.open("/f/x", for_reading, {})), FileError::not_found);
         s.fails(run(s.fs.open("/f/x", to_make, {})), FileError::parent_missing);
         s.fails(run(s.fs.stat("/f/x")), FileError::not_found);
         s.fails(run(s.fs.lstat("/f/x/y")), FileError::not_found);
       }},
      {"open: names of 255 bytes work and longer ones do not",
       [](const Subject& s) {
         const std::string longest = "/" + std::string(255, 'n');
         s.put(longest, "text");
         CHECK(s.get(longest) == "text");
         s.fails(run(s.fs.open(longest + "n", to_make, {})), FileError::name_too_long);
         s.fails(run(s.fs.stat("/" + std::string(5000, '/'))), FileError::name_too_long);
       }},
      {"open: names are bytes",
       [](const Subject& s) {
         for (const std::string name : {"\xff\xfe", "a\\b", "new\nline", "-rf", "...", "ca\xcc\x80", " "}) {
           s.put("/" + name, name);
           CHECK(s.get("/" + name) == name);
         }
         CHECK(s.list("/").size() == 7);
       }},
      {"open: a path with a NUL is invalid",
       [](const Subject& s) {
         const std::string path("/f\0g", 4);
         s.put("/f", "text");
         s.fails(run(s.fs.open(path, to_make, {})), FileError::invalid_path);
         s.fails(run(s.fs.stat(path)), FileError::invalid_path);
         s.fails(run(s.fs.lstat(path)), FileError::invalid_path);
         s.fails(run(s.fs.remove(path)), FileError::invalid_path);
         s.fails(run(s.fs.real_path(path)), FileError::invalid_path);
         CHECK(s.get("/f") == "text");
       }},
  };
  return cases;
}

}  // namespace hawser::test
