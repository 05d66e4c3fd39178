// What a back end says of itself, addressing, and closing.
#pragma once

#include "support/backend_suite/subject.h"

namespace hawser::test {

inline const std::vector<BackendCase>& identity_cases() {
  static const std::vector<BackendCase> cases{
      {"[BE-002, BE-003] identity: a name, and something it can do",
       [](const BackendSubject& s) {
         CHECK_FALSE(s.backend.name().empty());
         CHECK(s.backend.capabilities().size() > 0);
         CHECK(s.backend.capabilities().supports(client::Capability::read));
       }},
      {"[BE-024, GLOB-003, CAP-007] identity: what is no capability throws, and what is a quality only does not",
       [](const BackendSubject& s) {
         if (!s.backend.capabilities().supports(client::Capability::glob))
           s.ends(Outcome::unsupported, "*", [&] { s.backend.glob("*"); });
         s.put("a", "x");
         CHECK_NOTHROW(s.backend.move("a", "b"));
         CHECK(s.get("b") == "x");
       }},
      {"[BE-022] identity: there is no object of a type that nobody has",
       [](const BackendSubject& s) { s.ends(Outcome::unsupported, "", [&] { s.backend.unwrap<int>(); }); }},
      {"[BE-023, BE-025, RES-025] addressing: a key survives the way to its native path and back",
       [](const BackendSubject& s) {
         for (const char* key : {"a", "a/b.txt", "with space/\xc3\xa4", ""}) {
           CAPTURE(key);
           CHECK(s.backend.to_key(s.backend.native_path(key)) == key);
           CHECK(s.backend.resolve(key).native_path == s.backend.native_path(key));
         }
         CHECK(s.backend.native_path(".") == s.backend.native_path(""));
       }},
      {"[NPR-001, NPR-002, NPR-014, NPR-016, NPR-017] addressing: what is listed, or comes back from a native path, is "
       "a key",
       [](const BackendSubject& s) {
         s.put("d/e/f", "x");
         for (const client::FileInfo& file : s.backend.list_files("", recursively())) {
           CHECK(s.get(file.path.text()) == "x");
           CHECK(s.get(s.backend.to_key(s.backend.native_path(file.path.text()))) == "x");
         }
         CHECK(s.backend.get_file_info("d/e/f").path.text() == "d/e/f");
         CHECK(s.backend.get_folder_info("d/e").path.text() == "d/e");
       }},
      {"[BE-020, SFTP-027] close: may be repeated, and is not the end",
       [](const BackendSubject& s) {
         s.put("a", "x");
         s.backend.close();
         s.backend.close();
         CHECK_FALSE(s.backend.close_is_terminal());
         CHECK(s.backend.to_key(s.backend.native_path("a")) == "a");
         CHECK(s.get("a") == "x");
       }},
      {"[PING-002, PING-006, PING-009] health: a missing root is NotFound, and is not made",
       [](const BackendSubject& s) {
         s.ends(Outcome::not_found, "", [&] { s.backend.check_health(); });
         s.ends(Outcome::not_found, "", [&] { s.backend.check_health(); });
         s.put("a", "x");
         CHECK_NOTHROW(s.backend.check_health());
         CHECK(s.files() == Names{"a"});
       }},
  };
  return cases;
}

}  // namespace hawser::test
