// Deleting files and folders.
#pragma once

#include "support/backend_suite/subject.h"

namespace hawser::test {

inline const std::vector<BackendCase>& delete_cases() {
  static const std::vector<BackendCase> cases{
      {"[BE-012, BE-021] delete: files",
       [](const BackendSubject& s) {
         s.put("d/f", "x");
         s.put("d/g", "x");
         struct Row {
           const char* key;
           Outcome strict, forgiving;
         };
         for (const Row& row :
              {Row{"missing", Outcome::not_found, Outcome::done}, Row{"no/such", Outcome::not_found, Outcome::done},
               Row{"d/f/below", Outcome::not_found, Outcome::done},
               Row{"d", Outcome::invalid_path, Outcome::invalid_path},
               Row{"../d/f", Outcome::invalid_path, Outcome::invalid_path}}) {
           CAPTURE(row.key);
           s.ends(row.strict, row.key, [&] { s.backend.delete_(row.key); });
           s.ends(row.forgiving, row.key, [&] { s.backend.delete_(row.key, true); });
         }
         CHECK(s.files() == Names{"d/f", "d/g"});
         s.backend.delete_("d/f");
         s.backend.delete_("d/g", true);
         CHECK(s.files().empty());
         CHECK(s.backend.is_folder("d"));
       }},
      {"[BE-013, SFTP-017, ERR-010] delete: folders",
       [](const BackendSubject& s) {
         s.put("d/f", "x");
         s.put("d/s/t/g", "x");
         s.make_folder("empty");
         struct Row {
           const char* key;
           bool recursive, missing_ok;
           Outcome outcome;
         };
         for (const Row& row :
              {Row{"d", false, false, Outcome::not_empty}, Row{"d", false, true, Outcome::not_empty},
               Row{"missing", false, false, Outcome::not_found}, Row{"missing", true, false, Outcome::not_found},
               Row{"missing", false, true, Outcome::done}, Row{"missing", true, true, Outcome::done},
               Row{"d/f", false, false, Outcome::invalid_path}, Row{"d/f", true, true, Outcome::invalid_path},
               Row{"d/f/below", true, false, Outcome::not_found}, Row{"d/f/below", true, true, Outcome::done}}) {
           CAPTURE(row.key);
           CAPTURE(row.recursive);
           CAPTURE(row.missing_ok);
           s.ends(row.outcome, row.key, [&] { s.backend.delete_folder(row.key, row.recursive, row.missing_ok); });
         }
         CHECK(s.files() == Names{"d/f", "d/s/t/g"});
         s.backend.delete_folder("empty");
         CHECK(s.folders() == Names{"d"});
       }},
      {"[BE-013, SFTP-016] delete: a folder with all that is in it",
       [](const BackendSubject& s) {
         for (int i = 0; i < 30; ++i) s.put("d/" + std::to_string(i) + "/f", "x");
         for (int i = 0; i < 30; ++i) s.put("d/many/" + std::to_string(i), "x");
         s.put("keep", "x");
         s.backend.delete_folder("d", true);
         CHECK_FALSE(s.backend.exists("d"));
         CHECK(s.files() == Names{"keep"});
       }},
  };
  return cases;
}

}  // namespace hawser::test
