// The root is a folder, whether it exists or not, and never a file.
#pragma once

#include "support/backend_suite/subject.h"

namespace hawser::test {

struct RootCall {
  const char* name;
  void (*run)(client::Backend& backend, std::string_view root);
};

// Every operation that wants a file, with the root in its place.
inline const std::vector<RootCall>& calls_on_files() {
  using client::Backend;
  using Key = std::string_view;
  static const std::vector<RootCall> calls{
      {"read", [](Backend& b, Key root) { b.read(root); }},
      {"read_bytes", [](Backend& b, Key root) { b.read_bytes(root); }},
      {"read_seekable", [](Backend& b, Key root) { b.read_seekable(root); }},
      {"get_file_info", [](Backend& b, Key root) { b.get_file_info(root); }},
      {"delete_", [](Backend& b, Key root) { b.delete_(root); }},
      {"delete_ what may be missing", [](Backend& b, Key root) { b.delete_(root, true); }},
      {"write", [](Backend& b, Key root) { b.write(root, as_bytes("x")); }},
      {"write over", [](Backend& b, Key root) { b.write(root, as_bytes("x"), replacing()); }},
      {"write_atomic", [](Backend& b, Key root) { b.write_atomic(root, as_bytes("x")); }},
      {"open_atomic", [](Backend& b, Key root) { b.open_atomic(root, replacing()); }},
      {"move from", [](Backend& b, Key root) { b.move(root, "y"); }},
      {"copy from", [](Backend& b, Key root) { b.copy(root, "y"); }},
      {"move to", [](Backend& b, Key root) { b.move("keep", root, true); }},
      {"copy to", [](Backend& b, Key root) { b.copy("keep", root, true); }},
      {"move what is missing to", [](Backend& b, Key root) { b.move("missing", root); }},
      {"copy what is missing to", [](Backend& b, Key root) { b.copy("missing", root); }},
      {"move onto itself", [](Backend& b, Key root) { b.move(root, root); }},
  };
  return calls;
}

inline void check_root(const BackendSubject& s, std::uint64_t file_count) {
  for (const char* root : root_spellings) {
    CAPTURE(root);
    CHECK(s.backend.exists(root));
    CHECK(s.backend.is_folder(root));
    CHECK_FALSE(s.backend.is_file(root));
    CHECK(s.backend.get_folder_info(root).file_count == file_count);
    CHECK(s.files(root).size() == file_count);
    for (const RootCall& call : calls_on_files()) {
      CAPTURE(call.name);
      s.ends(Outcome::invalid_path, root, [&] { call.run(s.backend, root); });
    }
  }
}

inline const std::vector<BackendCase>& root_cases() {
  static const std::vector<BackendCase> cases{
      {"[BE-029, BE-005, BE-014, BE-017] root: a folder that every operation on files refuses, before it exists",
       [](const BackendSubject& s) {
         check_root(s, 0);
         CHECK(s.folders().empty());
         CHECK(s.backend.iter_children("").empty());
         s.ends(Outcome::not_found, "", [&] { s.backend.check_health(); });  // nothing has made it
       }},
      {"[BE-029, BE-008, SAW-007] root: the same once it exists, and nothing has happened to it",
       [](const BackendSubject& s) {
         s.put("keep", "text");
         check_root(s, 1);
         CHECK(s.files() == Names{"keep"});
         CHECK(s.get("keep") == "text");
       }},
      {"[BE-029] root: no folder to delete either",
       [](const BackendSubject& s) {
         s.put("keep", "text");
         for (const char* root : root_spellings) {
           CAPTURE(root);
           s.ends(Outcome::invalid_path, root, [&] { s.backend.delete_folder(root, true, true); });
         }
         CHECK(s.files() == Names{"keep"});
       }},
      {"[PATH-015] root: the path of its information names it again",
       [](const BackendSubject& s) {
         s.put("a", "x");
         const client::FolderInfo info = s.backend.get_folder_info("");
         CHECK(info.path == client::RemotePath::root());
         CHECK(s.backend.get_folder_info(info.path.text()).file_count == 1);
       }},
  };
  return cases;
}

}  // namespace hawser::test
