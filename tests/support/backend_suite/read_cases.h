// Looking and reading.
#pragma once

#include "support/backend_suite/subject.h"

namespace hawser::test {

// Longer than one chunk of a stream, and different everywhere.
inline std::string long_text(std::size_t size = 300'000) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 31 + i / 251);
  return text;
}

inline const std::vector<BackendCase>& read_cases() {
  using client::Backend;
  static const std::vector<BackendCase> cases{
      {"[BE-004, BE-005, SFTP-011, SFTP-013] look: exists, is_file, is_folder",
       [](const BackendSubject& s) {
         s.put("d/f", "x");
         s.make_folder("empty");
         struct Row {
           const char* key;
           bool exists, is_file, is_folder;
         };
         for (const Row& row :
              {Row{"d/f", true, true, false}, Row{"/d//f/", true, true, false}, Row{"d", true, false, true},
               Row{"empty", true, false, true}, Row{"missing", false, false, false},
               Row{"no/such", false, false, false}, Row{"d/f/below", false, false, false},
               Row{"d/f/far/below", false, false, false}, Row{"../d", false, false, false}}) {
           CAPTURE(row.key);
           CHECK(s.backend.exists(row.key) == row.exists);
           CHECK(s.backend.is_file(row.key) == row.is_file);
           CHECK(s.backend.is_folder(row.key) == row.is_folder);
         }
       }},
      {"[BE-006, BE-007, BE-016, BE-021, SIO-004, SEEK-006, ERR-002, ERR-005, SFTP-020] read: what cannot be read",
       [](const BackendSubject& s) {
         s.put("d/f", "x");
         struct Row {
           const char* key;
           Outcome outcome;
         };
         for (const Row& row : {Row{"missing", Outcome::not_found}, Row{"no/such", Outcome::not_found},
                                Row{"d/f/below", Outcome::not_found}, Row{"d", Outcome::invalid_path},
                                Row{"a/../d/f", Outcome::invalid_path}}) {
           CAPTURE(row.key);
           s.ends(row.outcome, row.key, [&] { s.backend.read(row.key); });
           s.ends(row.outcome, row.key, [&] { s.backend.read_bytes(row.key); });
           s.ends(row.outcome, row.key, [&] { s.backend.read_seekable(row.key); });
           s.ends(row.outcome, row.key, [&] { s.backend.get_file_info(row.key); });
         }
       }},
      {"[SIO-001, SIO-002, BE-006] read: a stream begins at 0, ends with 0 bytes as often as asked, and closes twice",
       [](const BackendSubject& s) {
         const std::string text = long_text();
         s.put("f", text);
         s.put("empty", "");
         CHECK((s.get("f") == text));
         CHECK(s.get("empty").empty());
         const std::unique_ptr<client::ReadStream> stream = s.backend.read("f");
         CHECK(stream->tell() == 0);
         std::string got;
         ByteVector buffer(77'777);
         while (const std::size_t count = stream->read(buffer)) {
           CHECK((count == buffer.size() || got.size() + count == text.size()));
           got.append(as_text(Bytes(buffer).first(count)));
         }
         CHECK((got == text));
         CHECK(stream->read(buffer) == 0);
         CHECK(stream->read(buffer) == 0);
         stream->close();
         stream->close();
         s.ends(Outcome::other_error, "f", [&] { stream->read(buffer); });
       }},
      {"[SIO-005] read: a stream that is closed or dropped half read does no harm",
       [](const BackendSubject& s) {
         const std::string text = long_text();
         s.put("f", text);
         ByteVector buffer(1000);
         for (int i = 0; i < 20; ++i) {
           const std::unique_ptr<client::ReadStream> stream = s.backend.read("f");
           CHECK(stream->read(buffer) == buffer.size());
           if (i % 2 == 0) stream->close();
         }
         CHECK((s.get("f") == text));
       }},
      {"[SEEK-002] read: a stream that seeks does, to any place and beyond the end",
       [](const BackendSubject& s) {
         const std::string text = long_text();
         s.put("f", text);
         const std::unique_ptr<client::ReadStream> stream = s.backend.read_seekable("f");
         REQUIRE(stream->seekable());
         ByteVector buffer(10);
         for (const std::size_t position : {std::size_t{299'990}, std::size_t{5}, std::size_t{150'000}}) {
           stream->seek(position);
           CHECK(stream->read(buffer) == 10);
           CHECK(as_text(buffer) == text.substr(position, 10));
           CHECK(stream->tell() == position + 10);
         }
         stream->seek(text.size() + 5);
         CHECK(stream->read(buffer) == 0);
       }},
      {"[BE-016, BE-017, MOD-001, MOD-002] look: information about files and folders",
       [](const BackendSubject& s) {
         s.put("d/f", "12345");
         s.put("d/sub/g", "123");
         s.make_folder("empty");
         const client::FileInfo file = s.backend.get_file_info("d/f");
         CHECK(file.path.text() == "d/f");
         CHECK(file.name == "f");
         CHECK(file.size == 5);
         CHECK(file.modified_at.has_value());
         const client::FolderInfo folder = s.backend.get_folder_info("d");
         CHECK(folder.path.text() == "d");
         CHECK(folder.file_count == 2);
         CHECK(folder.total_size == 8);
         CHECK(folder.modified_at >= file.modified_at);
         const client::FolderInfo empty = s.backend.get_folder_info("empty");
         CHECK(empty.file_count == 0);
         CHECK(empty.total_size == 0);
         CHECK_FALSE(empty.modified_at);
         CHECK(s.backend.get_folder_info("").file_count == 2);
         s.ends(Outcome::invalid_path, "d/f", [&] { s.backend.get_folder_info("d/f"); });
         s.ends(Outcome::not_found, "missing", [&] { s.backend.get_folder_info("missing"); });
         s.ends(Outcome::not_found, "d/f/below", [&] { s.backend.get_folder_info("d/f/below"); });
       }},
  };
  return cases;
}

}  // namespace hawser::test
