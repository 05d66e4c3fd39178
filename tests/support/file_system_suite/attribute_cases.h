// Attributes by path and by handle (filexfer-02 §6.8, §6.9).
#pragma once

#include "support/file_system_suite/subject.h"

namespace hawser::test {

inline const std::vector<FileSystemCase>& attribute_cases() {
  static const std::vector<FileSystemCase> cases{
      {"stat: all that version 3 can say",
       [](const Subject& s) {
         s.put("/f", "text");
         s.make_directory("/d");
         for (const char* path : {"/f", "/d"}) {
           const Attributes attributes = s.stat(path);
           CHECK(attributes.size);
           CHECK(attributes.owner);
           CHECK(attributes.permissions);
           REQUIRE(attributes.times);
           CHECK(attributes.times->mtime > 0);
           CHECK(s.lstat(path) == attributes);
         }
         CHECK(is_regular(s.stat("/f")));
         CHECK(is_directory(s.stat("/d")));
         CHECK(s.stat("/f").size == 4u);
       }},
      {"stat: a missing name",
       [](const Subject& s) {
         for (const char* path : {"/no", "/no/no"}) {
           s.fails(run(s.fs.stat(path)), FileError::not_found);
           s.fails(run(s.fs.lstat(path)), FileError::not_found);
         }
       }},
      {"set size: cuts and extends with zeros",
       [](const Subject& s) {
         s.put("/f", "0123456789");
         s.succeeds(run(s.fs.set_attributes("/f", with_size(4))));
         CHECK(s.get("/f") == "0123");
         s.succeeds(run(s.fs.set_attributes("/f", with_size(6))));
         CHECK(s.get("/f") == std::string("0123\0\0", 6));
         s.succeeds(run(s.fs.set_attributes("/f", with_size(0))));
         CHECK(s.get("/f") == "");
       }},
      {"set size: files of 2^40 bytes, and none of 2^64",
       [](const Subject& s) {
         s.put("/f", "");
         s.succeeds(run(s.fs.set_attributes("/f", with_size(std::uint64_t{1} << 40))));
         CHECK(s.stat("/f").size == std::uint64_t{1} << 40);
         s.fails(run(s.fs.set_attributes("/f", with_size(UINT64_MAX))), FileError::no_space);
       }},
      {"set size: of a directory fails",
       [](const Subject& s) {
         s.make_directory("/d");
         s.fails(run(s.fs.set_attributes("/d", with_size(0))), FileError::wrong_type);
         s.fails(run(s.fs.set_attributes("/", with_size(0))), FileError::wrong_type);
       }},
      {"set permissions: of a file and a directory, the type stays",
       [](const Subject& s) {
         s.put("/f", "text");
         s.make_directory("/d");
         s.succeeds(run(s.fs.set_attributes("/f", with_permissions(0100640))));
         s.succeeds(run(s.fs.set_attributes("/d", with_permissions(0711))));
         CHECK(s.stat("/f").permissions == 0100640u);
         CHECK(s.stat("/d").permissions == 0040711u);
       }},
      {"set permissions: nobody needs to read a file for that",
       [](const Subject& s) {
         s.put("/f", "text");
         s.succeeds(run(s.fs.set_attributes("/f", with_permissions(0))));
         CHECK(rights(s.stat("/f")) == 0);
         s.succeeds(run(s.fs.set_attributes("/f", with_times(11, 22))));
         s.succeeds(run(s.fs.set_attributes("/f", with_permissions(0600))));
         CHECK(s.get("/f") == "text");
       }},
      {"set times: of a file and a directory, access time first",
       [](const Subject& s) {
         s.put("/f", "text");
         s.make_directory("/d");
         for (const char* path : {"/f", "/d"}) {
           s.succeeds(run(s.fs.set_attributes(path, with_times(1000000001, 1000000002))));
           CHECK(s.stat(path).times == sftp::FileTimes{1000000001, 1000000002});
         }
       }},
      {"set times: 32 bits are kept",
       [](const Subject& s) {
         s.put("/f", "text");
         s.succeeds(run(s.fs.set_attributes("/f", with_times(0, 0xf0000000))));
         CHECK(s.stat("/f").times == sftp::FileTimes{0, 0xf0000000});
       }},
      {"set owner: to what it is",
       [](const Subject& s) {
         s.put("/f", "text");
         Attributes same;
         same.owner = s.stat("/f").owner;
         s.succeeds(run(s.fs.set_attributes("/f", same)));
         CHECK(s.stat("/f").owner == same.owner);
       }},
      {"set all: the times last, so that the size does not disturb them",
       [](const Subject& s) {
         s.put("/f", "0123456789");
         Attributes all = with_times(5, 6);
         all.size = 3;
         all.permissions = 0604;
         all.owner = s.stat("/f").owner;
         s.succeeds(run(s.fs.set_attributes("/f", all)));
         Attributes expected = all;
         expected.permissions = 0100604;
         CHECK(s.stat("/f") == expected);
       }},
      {"set nothing: changes nothing, but the file must be there",
       [](const Subject& s) {
         s.put("/f", "text");
         const Attributes before = s.stat("/f");
         s.succeeds(run(s.fs.set_attributes("/f", {})));
         CHECK(s.stat("/f") == before);
         // A server need not look for that.
         if (s.is_local()) s.fails(run(s.fs.set_attributes("/no", {})), FileError::not_found);
         s.fails(run(s.fs.set_attributes("/no", with_size(1))), FileError::not_found);
         s.fails(run(s.fs.set_attributes("/no", with_permissions(0600))), FileError::not_found);
       }},
      {"set by path: follows a symbolic link",
       [](const Subject& s) {
         s.put("/f", "text");
         s.succeeds(run(s.fs.symlink("f", "/link")));
         Attributes all = with_times(7, 8);
         all.permissions = 0600;
         all.size = 2;
         s.succeeds(run(s.fs.set_attributes("/link", all)));
         CHECK(s.stat("/f").times == sftp::FileTimes{7, 8});
         CHECK(rights(s.stat("/f")) == 0600);
         CHECK(s.get("/f") == "te");
       }},
      {"set on a link: the link itself (OpenSSH PROTOCOL §4.8)",
       [](const Subject& s) {
         s.put("/f", "text");
         s.succeeds(run(s.fs.symlink("f", "/link")));
         const Attributes before = s.stat("/f");
         s.succeeds(run(s.fs.set_link_attributes("/link", with_times(7, 8))));
         CHECK(s.lstat("/link").times == sftp::FileTimes{7, 8});
         s.fails(run(s.fs.set_link_attributes("/link", with_size(1))), FileError::unsupported);
         s.fails(run(s.fs.set_link_attributes("/link", with_permissions(0600))), FileError::unsupported);
         s.succeeds(run(s.fs.set_link_attributes("/f", with_permissions(0600))));
         CHECK(rights(s.stat("/f")) == 0600);
         CHECK(s.stat("/f").times == before.times);
       }},
      {"by handle: attributes are those of the open file",
       [](const Subject& s) {
         const auto file = s.open("/f", {.read = true, .write = true, .create = true});
         s.write(*file, 0, "text");
         CHECK(s.value(run(file->attributes())).size == 4u);
         s.succeeds(run(file->set_attributes(with_size(2))));
         s.succeeds(run(file->set_attributes(with_permissions(0610))));
         CHECK(s.get("/f") == "te");
         CHECK(rights(s.stat("/f")) == 0610);
         Attributes owner;
         owner.owner = s.stat("/f").owner;
         s.succeeds(run(file->set_attributes(owner)));
       }},
      {"by handle: the size needs a handle for writing, the rest does not",
       [](const Subject& s) {
         s.put("/f", "text");
         const auto file = s.open("/f", for_reading);
         s.fails(run(file->set_attributes(with_size(0))), FileError::permission_denied);
         s.succeeds(run(file->set_attributes(with_permissions(0606))));
         CHECK(s.get("/f") == "text");
         CHECK(rights(s.stat("/f")) == 0606);
       }},
      {"by handle: times that are set after a write stay over close",
       [](const Subject& s) {
         const auto file = s.open("/f", to_make);
         s.write(*file, 0, "text");
         s.succeeds(run(file->set_attributes(with_times(1000000001, 1000000002))));
         s.succeeds(run(file->close()));
         CHECK(s.stat("/f").times == sftp::FileTimes{1000000001, 1000000002});
       }},
      {"statistics: of a path and of a handle",
       [](const Subject& s) {
         s.put("/f", "text");
         const sftp::FileSystemStatistics statistics = s.value(run(s.fs.statistics("/f")));
         CHECK(statistics.f_frsize > 0);
         CHECK(statistics.f_blocks > 0);
         CHECK(statistics.f_bfree <= statistics.f_blocks);
         CHECK(statistics.f_namemax == 255);
         CHECK(s.value(run(s.open("/f", for_reading)->statistics())).f_blocks == statistics.f_blocks);
         s.fails(run(s.fs.statistics("/no")), FileError::not_found);
       }},
  };
  return cases;
}

}  // namespace hawser::test
