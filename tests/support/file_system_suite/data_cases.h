// Reading and writing (filexfer-02 §6.4).
#pragma once

#include "support/file_system_suite/subject.h"

namespace hawser::test {

inline std::string pattern(std::size_t size, unsigned seed = 1) {
  std::string text(size, '\0');
  for (char& c : text) {
    seed = seed * 1103515245u + 12345u;
    c = static_cast<char>(seed >> 16);
  }
  return text;
}

inline const std::vector<FileSystemCase>& data_cases() {
  static const std::vector<FileSystemCase> cases{
      {"read: more than is there gives what is there",
       [](const Subject& s) {
         s.put("/f", "0123456789");
         const auto file = s.open("/f", for_reading);
         CHECK(s.read(*file, 0, 100) == "0123456789");
         CHECK(s.read(*file, 7, 100) == "789");
         CHECK(s.read(*file, 3, 4) == "3456");
       }},
      {"read: nothing at the end, past it, and of an empty file",
       [](const Subject& s) {
         s.put("/f", "text");
         s.put("/empty", "");
         const auto file = s.open("/f", for_reading);
         for (const std::uint64_t offset :
              {std::uint64_t{4}, std::uint64_t{5}, std::uint64_t{1} << 40, std::uint64_t{INT64_MAX} - 1,
               std::uint64_t{INT64_MAX}, UINT64_MAX - 3, UINT64_MAX}) {
           CHECK(s.read(*file, offset, 10) == "");
         }
         CHECK(s.read(*s.open("/empty", for_reading), 0, 10) == "");
         CHECK(s.read(*file, 0, 0) == "");
       }},
      {"read: after the end, what has been added since",
       [](const Subject& s) {
         s.put("/f", "ab");
         const auto file = s.open("/f", for_reading);
         CHECK(s.read(*file, 2, 10) == "");
         s.write(*s.open("/f", for_writing), 2, "cd");
         CHECK(s.read(*file, 2, 10) == "cd");
       }},
      {"read: a handle that is not for reading refuses",
       [](const Subject& s) {
         s.put("/f", "text");
         s.fails(s.try_read(*s.open("/f", for_writing), 0, 4), FileError::permission_denied);
       }},
      {"write: a handle that is not for writing refuses",
       [](const Subject& s) {
         s.put("/f", "text");
         const auto file = s.open("/f", for_reading);
         const Bytes area = as_bytes("changed");
         s.fails(run(file->write_at(0, std::span(&area, 1))), FileError::permission_denied);
         CHECK(s.get("/f") == "text");
       }},
      {"write: past the end leaves zeros between",
       [](const Subject& s) {
         const auto file = s.open("/f", to_make);
         s.write(*file, 0, "ab");
         s.write(*file, 5, "cd");
         CHECK(s.get("/f") == std::string("ab\0\0\0cd", 7));
       }},
      {"write: zeros also where a longer file was cut",
       [](const Subject& s) {
         const auto file = s.open("/f", to_make);
         s.write(*file, 0, "0123456789");
         s.succeeds(run(file->set_attributes(with_size(3))));
         s.write(*file, 6, "x");
         CHECK(s.get("/f") == std::string("012\0\0\0x", 7));
       }},
      {"write: offset and size have 64 bits",
       [](const Subject& s) {
         const std::uint64_t far = std::uint64_t{5} << 30;
         const auto file = s.open("/f", {.read = true, .write = true, .create = true});
         s.write(*file, far, "end");
         CHECK(s.stat("/f").size == far + 3);
         CHECK(s.read(*file, far - 2, 10) == std::string("\0\0end", 5));
         CHECK(s.read(*file, 1 << 20, 3) == std::string(3, '\0'));
       }},
      {"write: past any size a file may have fails",
       [](const Subject& s) {
         const auto file = s.open("/f", to_make);
         const Bytes area = as_bytes("x");
         for (const std::uint64_t offset : {std::uint64_t{INT64_MAX}, std::uint64_t{INT64_MAX} + 1, UINT64_MAX}) {
           s.fails(run(file->write_at(offset, std::span(&area, 1))), FileError::no_space);
         }
         CHECK(s.stat("/f").size == 0u);
       }},
      {"write: nothing changes nothing",
       [](const Subject& s) {
         s.put("/f", "text");
         const auto file = s.open("/f", for_writing);
         s.write(*file, 2, "");
         s.write(*file, 100, "");
         s.write(*file, UINT64_MAX, "");
         s.succeeds(run(file->write_at(0, {})));
         CHECK(s.get("/f") == "text");
       }},
      {"write: in scattered order",
       [](const Subject& s) {
         const std::string text = pattern(100 * 1000);
         const auto file = s.open("/f", to_make);
         for (std::size_t i = 0; i < 100; ++i) {
           const std::size_t block = i * 37 % 100;
           s.write(*file, block * 1000, std::string_view(text).substr(block * 1000, 1000));
         }
         CHECK(s.get("/f") == text);
       }},
      {"read and write: many areas, some empty, come in order and across every block border",
       [](const Subject& s) {
         // More areas than one system call takes here.
         const std::string text = pattern(300 * 1000);
         std::vector<Bytes> pieces;
         std::string_view rest = text;
         for (std::size_t i = 0; !rest.empty(); ++i) {
           const std::size_t size = std::min(rest.size(), i % 5 == 0 ? 0 : i * 31 % 2311);
           pieces.push_back(as_bytes(rest.substr(0, size)));
           rest.remove_prefix(size);
         }
         REQUIRE(pieces.size() > 256);
         const auto file = s.open("/f", {.read = true, .write = true, .create = true});
         s.succeeds(run(file->write_at(10, pieces)));
         std::string back(text.size() + 100, 'x');
         std::vector<MutableBytes> areas;
         for (std::size_t at = 0; at < back.size(); at += 777) {
           areas.push_back(
               {reinterpret_cast<std::uint8_t*>(back.data()) + at, std::min<std::size_t>(777, back.size() - at)});
           areas.push_back({});
         }
         CHECK(s.value(run(file->read_at(10, areas))) == text.size());
         CHECK(back.substr(0, text.size()) == text);
         CHECK(back.substr(text.size()) == std::string(100, 'x'));
       }},
      {"handles: two on one file see one another",
       [](const Subject& s) {
         const auto one = s.open("/f", {.read = true, .write = true, .create = true});
         const auto two = s.open("/f", for_both);
         s.write(*one, 0, "abc");
         s.write(*two, 1, "X");
         CHECK(s.read(*one, 0, 10) == "aXc");
       }},
      {"handles: a removed file can be used until it is closed",
       [](const Subject& s) {
         const auto file = s.open("/f", {.read = true, .write = true, .create = true});
         s.write(*file, 0, "text");
         s.succeeds(run(s.fs.remove("/f")));
         s.put("/f", "other");
         s.write(*file, 4, "+");
         CHECK(s.read(*file, 0, 10) == "text+");
         CHECK(s.value(run(file->attributes())).size == 5u);
         CHECK(s.get("/f") == "other");
       }},
      {"handles: a renamed file stays the one that was opened",
       [](const Subject& s) {
         const auto file = s.open("/f", {.read = true, .write = true, .create = true});
         s.succeeds(run(s.fs.rename("/f", "/g", false)));
         s.write(*file, 0, "text");
         CHECK(s.get("/g") == "text");
         CHECK_FALSE(s.exists("/f"));
       }},
      {"handles: a closed one does nothing more",
       [](const Subject& s) {
         s.put("/f", "text");
         const auto file = s.open("/f", for_both);
         s.succeeds(run(file->close()));
         const Bytes area = as_bytes("x");
         s.fails(run(file->close()), FileError::closed);
         s.fails(s.try_read(*file, 0, 4), FileError::closed);
         s.fails(run(file->write_at(0, std::span(&area, 1))), FileError::closed);
         s.fails(run(file->attributes()), FileError::closed);
         s.fails(run(file->set_attributes(with_size(0))), FileError::closed);
         CHECK(s.get("/f") == "text");
       }},
      {"handles: sync stores what was written",
       [](const Subject& s) {
         const auto file = s.open("/f", to_make);
         s.write(*file, 0, "text");
         s.succeeds(run(file->sync()));
         s.succeeds(run(file->close()));
       }},
  };
  return cases;
}

}  // namespace hawser::test
