// The Backend that the cases of the suite try, and how they say what must become of a call.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "hawser/client/backend.h"

namespace hawser::test {

// How a call ends.
enum class Outcome {
  done,
  not_found,
  already_exists,
  permission_denied,
  invalid_path,
  not_empty,
  unsupported,
  unavailable,
  other_error
};

inline std::string text_of(Outcome outcome) {
  constexpr const char* texts[] = {"done",
                                   "NotFound",
                                   "AlreadyExists",
                                   "PermissionDenied",
                                   "InvalidPath",
                                   "DirectoryNotEmpty",
                                   "CapabilityNotSupported",
                                   "BackendUnavailable",
                                   "RemoteStoreError"};
  return texts[static_cast<std::size_t>(outcome)];
}

struct Ended {
  Outcome outcome = Outcome::done;
  std::string path;
};

// What is no RemoteStoreError passes.
inline Ended ending_of(const std::function<void()>& call, std::string_view backend) {
  try {
    call();
    return {};
  } catch (const client::RemoteStoreError& error) {
    CHECK(error.backend() == backend);
    CHECK(std::string_view(error.what()) != "");
    const auto is = [&]<class E>(const E*) { return dynamic_cast<const E*>(&error) != nullptr; };
    Outcome outcome = Outcome::other_error;
    if (is(static_cast<client::NotFound*>(nullptr))) outcome = Outcome::not_found;
    if (is(static_cast<client::AlreadyExists*>(nullptr))) outcome = Outcome::already_exists;
    if (is(static_cast<client::PermissionDenied*>(nullptr))) outcome = Outcome::permission_denied;
    if (is(static_cast<client::InvalidPath*>(nullptr))) outcome = Outcome::invalid_path;
    if (is(static_cast<client::DirectoryNotEmpty*>(nullptr))) outcome = Outcome::not_empty;
    if (is(static_cast<client::CapabilityNotSupported*>(nullptr))) outcome = Outcome::unsupported;
    if (is(static_cast<client::BackendUnavailable*>(nullptr))) outcome = Outcome::unavailable;
    return {outcome, error.path()};
  }
}

// The ways to name the root of a Backend.
inline constexpr const char* root_spellings[] = {"", ".", "./", ".//", "./.", "/"};

inline client::WriteOptions replacing(bool overwrite = true) { return {.overwrite = overwrite, .metadata = {}}; }
inline client::ListOptions recursively() { return {.recursive = true, .max_depth = {}}; }
inline client::ListOptions down_to(int depth) { return {.recursive = false, .max_depth = depth}; }

class BackendSubject {
 public:
  explicit BackendSubject(client::Backend& tried) : backend(tried) {}

  void put(std::string_view key, std::string_view text) const { backend.write(key, as_bytes(text)); }
  std::string get(std::string_view key) const { return std::string(as_text(backend.read_bytes(key))); }
  // An empty folder, for which there is no call.
  void make_folder(const std::string& key) const {
    put(key + "/f", "");
    backend.delete_(key + "/f");
  }
  // Every file, sorted; temporary ones are among them.
  std::vector<std::string> files(std::string_view key = "", const client::ListOptions& options = recursively()) const {
    std::vector<std::string> all;
    for (const client::FileInfo& file : backend.list_files(key, options)) all.push_back(file.path.text());
    std::ranges::sort(all);
    return all;
  }
  std::vector<std::string> folders(std::string_view key = "") const {
    std::vector<std::string> all;
    for (const client::FolderEntry& folder : backend.list_folders(key)) all.push_back(folder.path.text());
    std::ranges::sort(all);
    return all;
  }

  void ends(Outcome expected, std::string_view path, const std::function<void()>& call) const {
    const Ended ended = ending_of(call, backend.name());
    CHECK(text_of(ended.outcome) == text_of(expected));
    if (expected != Outcome::done) CHECK(ended.path == path);
  }

  client::Backend& backend;
};

struct BackendCase {
  std::string name;
  void (*run)(const BackendSubject& subject);
};

using Names = std::vector<std::string>;

}  // namespace hawser::test
