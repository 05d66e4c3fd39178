// Writing, in place and atomically: what both must do.
#pragma once

#include "support/backend_suite/read_cases.h"

namespace hawser::test {

struct WayOfWriting {
  const char* name;
  client::WriteResult (*write)(client::Backend& b, std::string_view key, client::ReadStream& content,
                               const client::WriteOptions& options);
};

inline client::WriteResult write_by_writer(client::Backend& b, std::string_view key, client::ReadStream& content,
                                           const client::WriteOptions& options) {
  const std::unique_ptr<client::AtomicWriter> writer = b.open_atomic(key, options);
  writer->write(content.read_all());
  return writer->commit();
}

inline const std::vector<WayOfWriting>& ways_of_writing() {
  using client::Backend;
  using client::ReadStream;
  using client::WriteOptions;
  static const std::vector<WayOfWriting> ways{
      {"write", [](Backend& b, std::string_view k, ReadStream& c, const WriteOptions& o) { return b.write(k, c, o); }},
      {"write_atomic",
       [](Backend& b, std::string_view k, ReadStream& c, const WriteOptions& o) { return b.write_atomic(k, c, o); }},
      {"open_atomic", write_by_writer},
  };
  return ways;
}

// A text written in one of these ways.
inline client::WriteResult write_text(const WayOfWriting& way, client::Backend& backend, std::string_view key,
                                      std::string_view text, bool overwrite = false) {
  client::MemoryReadStream content(as_bytes(text));
  return way.write(backend, key, content, replacing(overwrite));
}

inline const std::vector<BackendCase>& write_cases() {
  static const std::vector<BackendCase> cases{
      {"[BE-008, BE-010, BE-009, AW-005, SFTP-012, SFTP-015, SAW-003] write: makes folders, replaces only where it may",
       [](const BackendSubject& s) {
         for (const WayOfWriting& way : ways_of_writing()) {
           CAPTURE(way.name);
           const std::string folder = way.name;
           write_text(way, s.backend, folder + "/a/b/c", "first, and longer");
           CHECK(s.get(folder + "/a/b/c") == "first, and longer");
           s.ends(Outcome::already_exists, folder + "/a/b/c",
                  [&] { write_text(way, s.backend, folder + "/a/b/c", "second"); });
           CHECK(s.get(folder + "/a/b/c") == "first, and longer");
           write_text(way, s.backend, folder + "/a/b/c", "third", true);
           CHECK(s.get(folder + "/a/b/c") == "third");
           write_text(way, s.backend, folder + "/empty", "");
           CHECK(s.files(folder) == Names{folder + "/a/b/c", folder + "/empty"});
         }
       }},
      {"[BE-008, BE-010, BE-021, AW-003, SAW-006, ERR-003, ERR-005] write: what is judged first, and nothing is "
       "written",
       [](const BackendSubject& s) {
         s.put("d/f", "old");
         struct Row {
           const char* key;
           bool overwrite;
           Outcome outcome;
         };
         for (const Row& row :
              {Row{"d", false, Outcome::invalid_path}, Row{"d", true, Outcome::invalid_path},
               Row{"d/f/below", false, Outcome::invalid_path}, Row{"d/f/below", true, Outcome::invalid_path},
               Row{"d/f/far/below", false, Outcome::invalid_path}, Row{"d/f/far/below", true, Outcome::invalid_path},
               Row{"d/f", false, Outcome::already_exists}, Row{"../x", true, Outcome::invalid_path}}) {
           for (const WayOfWriting& way : ways_of_writing()) {
             CAPTURE(row.key);
             CAPTURE(row.overwrite);
             CAPTURE(way.name);
             s.ends(row.outcome, row.key, [&] { write_text(way, s.backend, row.key, "new", row.overwrite); });
           }
         }
         CHECK(s.files() == Names{"d/f"});
         CHECK(s.get("d/f") == "old");
       }},
      {"[WR-001, WR-001a, WR-002, WR-004, WR-006, WR-007] write: the result tells path, size and where it is from",
       [](const BackendSubject& s) {
         const bool native = s.backend.capabilities().supports(client::Capability::write_result_native);
         for (const WayOfWriting& way : ways_of_writing()) {
           CAPTURE(way.name);
           const client::WriteResult result = write_text(way, s.backend, way.name, "hello");
           CHECK(result.path.text() == way.name);
           CHECK(result.size == 5);
           CHECK(result.source == (native ? client::WriteResult::Source::native : client::WriteResult::Source::basic));
           CHECK(result.last_modified.has_value() == native);
           CHECK_FALSE(result.digest);
           CHECK_FALSE(result.etag);
           CHECK_FALSE(result.version_id);
           CHECK(result.metadata.empty());
           const client::FileInfo info = s.backend.get_file_info(result.path.text());
           CHECK(info.size == result.size);
           if (native) CHECK(info.modified_at == result.last_modified);
         }
       }},
      {"[WR-003, SIO-003] write: a stream, from where it stands to its end",
       [](const BackendSubject& s) {
         const std::string text = long_text(9'000'000);
         for (const WayOfWriting& way : ways_of_writing()) {
           CAPTURE(way.name);
           client::MemoryReadStream content(as_bytes(text));
           content.seek(1'000'001);
           CHECK(way.write(s.backend, way.name, content, {}).size == text.size() - 1'000'001);
           CHECK((s.get(way.name) == text.substr(1'000'001)));
         }
       }},
      {"[BE-027, WR-009, WR-010, ERR-006] write: metadata that cannot be kept is refused, none is as good as empty",
       [](const BackendSubject& s) {
         if (s.backend.capabilities().supports(client::Capability::user_metadata)) return;
         const client::WriteOptions with{.overwrite = false, .metadata = {{"a", "b"}}};
         for (const WayOfWriting& way : ways_of_writing()) {
           CAPTURE(way.name);
           client::MemoryReadStream content(as_bytes("text"));
           s.ends(Outcome::unsupported, "f", [&] { way.write(s.backend, "f", content, with); });
           CHECK(content.tell() == 0);
           CHECK(write_text(way, s.backend, way.name, "x").metadata.empty());
         }
         CHECK_FALSE(s.backend.exists("f"));
       }},
  };
  return cases;
}

}  // namespace hawser::test
