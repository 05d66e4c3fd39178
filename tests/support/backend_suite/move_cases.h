// Moving and copying, which are judged alike.
#pragma once

#include "support/backend_suite/read_cases.h"

namespace hawser::test {

inline void move_or_copy(const BackendSubject& s, bool moving, std::string_view from, std::string_view to,
                         bool overwrite = false) {
  moving ? s.backend.move(from, to, overwrite) : s.backend.copy(from, to, overwrite);
}

inline const std::vector<BackendCase>& move_cases() {
  static const std::vector<BackendCase> cases{
      {"[BE-018, BE-019, BE-021] move, copy: what is judged first, and nothing is done",
       [](const BackendSubject& s) {
         s.put("f", "F");
         s.put("g", "G");
         s.put("d/x", "X");
         struct Row {
           const char* from;
           const char* to;
           bool overwrite;
           Outcome outcome;
           const char* path;
         };
         using enum Outcome;
         for (const bool moving : {true, false}) {
           CAPTURE(moving);
           for (const Row& row : {Row{"", "y", false, invalid_path, ""},
                                  Row{"", "", true, invalid_path, ""},
                                  Row{"missing", "", false, invalid_path, ""},
                                  Row{"d", "", true, invalid_path, ""},
                                  Row{"missing", "g", false, not_found, "missing"},
                                  Row{"missing", "d", true, not_found, "missing"},
                                  Row{"missing", "missing", false, not_found, "missing"},
                                  Row{"missing", "g/below", true, not_found, "missing"},
                                  Row{"f/below", "y", false, not_found, "f/below"},
                                  Row{"d", "y", false, invalid_path, "d"},
                                  Row{"d", "d", false, invalid_path, "d"},
                                  Row{"d", "g", true, invalid_path, "d"},
                                  Row{"f", "d", false, invalid_path, "d"},
                                  Row{"f", "d", true, invalid_path, "d"},
                                  Row{"f", "g", false, already_exists, "g"},
                                  Row{"f", "g/below", false, invalid_path, "g/below"},
                                  Row{"f", "g/below", true, invalid_path, "g/below"},
                                  Row{"f", "g/far/below", true, invalid_path, "g/far/below"},
                                  Row{"f", "f/below", true, invalid_path, "f/below"},
                                  Row{"f", "f", false, done, ""},
                                  Row{"f", "./f", true, done, ""},
                                  Row{"../f", "y", false, invalid_path, "../f"},
                                  Row{"f", "../y", false, invalid_path, "../y"}}) {
             CAPTURE(row.from);
             CAPTURE(row.to);
             CAPTURE(row.overwrite);
             s.ends(row.outcome, row.path, [&] { move_or_copy(s, moving, row.from, row.to, row.overwrite); });
           }
         }
         CHECK(s.files() == Names{"d/x", "f", "g"});
         CHECK(s.get("f") == "F");
         CHECK(s.get("g") == "G");
       }},
      {"[BE-018, BE-019, SFTP-018, SFTP-012] move, copy: makes folders, and replaces where it may",
       [](const BackendSubject& s) {
         for (const bool moving : {true, false}) {
           CAPTURE(moving);
           const std::string top = moving ? "moved" : "copied";
           s.put(top + "/f", "F");
           s.put(top + "/g", "G, and longer");
           move_or_copy(s, moving, top + "/f", top + "/new/deep/f");
           CHECK(s.get(top + "/new/deep/f") == "F");
           CHECK(s.backend.exists(top + "/f") != moving);
           move_or_copy(s, moving, top + "/new/deep/f", top + "/g", true);
           CHECK(s.get(top + "/g") == "F");
           CHECK(s.backend.exists(top + "/new/deep/f") != moving);
           CHECK(s.files(top).size() == (moving ? 1 : 3));
         }
       }},
      {"[SFTP-019, BE-019] copy: equal bytes, more than are ever under way at once",
       [](const BackendSubject& s) {
         const std::string text = long_text(9'000'000);
         s.put("f", text);
         s.backend.copy("f", "g");
         CHECK((s.get("g") == text));
         CHECK((s.get("f") == text));
       }},
  };
  return cases;
}

}  // namespace hawser::test
