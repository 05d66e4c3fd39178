#include "hawser/client/remote_path.h"

#include <algorithm>

#include "hawser/client/remote_store_error.h"

namespace hawser::client {
namespace {

[[noreturn]] void refuse(const char* why, std::string_view text) {
  throw InvalidPath(why, {.path = std::string(text), .backend = {}});
}

// Empty where nothing is left.
std::string normalised(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) refuse("a path must not hold NUL", text);
  std::string out;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = rest.find_first_of("/\\");
    const std::string_view component = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (component.empty() || component == ".") continue;
    if (component == "..") refuse("a path must not hold the component '..'", text);
    if (!out.empty()) out += '/';
    out += component;
  }
  return out;
}

}  // namespace

RemotePath::RemotePath(std::string_view text) : text_(normalised(text)) {
  if (text_.empty()) refuse("the path is empty", text);
}

const RemotePath& RemotePath::root() {
  static const RemotePath root(Normalised(), ".");
  return root;
}

RemotePath RemotePath::parse(std::string_view text) {
  std::string clean = normalised(text);
  return clean.empty() ? root() : RemotePath(Normalised(), std::move(clean));
}

std::string_view RemotePath::name() const {
  return std::string_view(text_).substr(text_.rfind('/') + 1);  // npos + 1 is 0
}

std::optional<RemotePath> RemotePath::parent() const {
  const std::size_t slash = text_.rfind('/');
  if (slash == std::string::npos) return std::nullopt;
  return RemotePath(Normalised(), text_.substr(0, slash));
}

std::vector<std::string> RemotePath::parts() const {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text_.size();) {
    const std::size_t end = std::min(text_.find('/', begin), text_.size());
    parts.push_back(text_.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

std::string_view RemotePath::suffix() const {
  const std::string_view last = name();
  const std::size_t dot = last.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == last.size()) return {};
  return last.substr(dot);
}

RemotePath RemotePath::operator/(std::string_view below) const {
  return is_root() ? RemotePath(below) : RemotePath(text_ + '/' + RemotePath(below).text());
}

}  // namespace hawser::client
