// The name of a file or folder in a Backend: relative to its root, normalised, and unable to leave it.
//
//   RemotePath path("reports//2024/./may.csv");   // "reports/2024/may.csv"
//   path.parent()->text();                         // "reports/2024"
//
// `\` counts as `/`; empty and `.` components and leading and trailing slashes are dropped. It is no path of the local
// system, and cannot be made into one by accident.
#pragma once

#include <compare>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hawser::client {

class RemotePath {
 public:
  // Throws InvalidPath for a NUL, a component `..`, and a text of which nothing is left.
  explicit RemotePath(std::string_view text);
  // The folder that holds everything; its text is ".".
  static const RemotePath& root();
  // As the constructor, but a text of which nothing is left is the root.
  static RemotePath parse(std::string_view text);

  const std::string& text() const { return text_; }
  bool is_root() const { return text_ == "."; }
  std::string_view name() const;             // the last component
  std::optional<RemotePath> parent() const;  // none for a single component
  std::vector<std::string> parts() const;
  std::string_view suffix() const;  // from the last dot of the name on; empty for ".bashrc"
  // Throws InvalidPath as the constructor does.
  RemotePath operator/(std::string_view below) const;

  friend bool operator==(const RemotePath&, const RemotePath&) = default;
  friend auto operator<=>(const RemotePath&, const RemotePath&) = default;

 private:
  struct Normalised {};
  RemotePath(Normalised, std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace hawser::client

template <>
struct std::hash<hawser::client::RemotePath> {
  std::size_t operator()(const hawser::client::RemotePath& path) const { return std::hash<std::string>()(path.text()); }
};
