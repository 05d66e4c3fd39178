// No two files define a class of one name in one namespace: each compiles, the linker keeps one of the two, and the
// other's users call into it. (Anonymous namespaces are each file's own.)
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <istream>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

namespace {

// The classes that begin at the left margin, with their namespaces. .clang-format puts them there, and gives every
// namespace its own line and a comment at its end.
std::vector<std::string> classes_in(std::istream& source) {
  static const std::regex opens(R"(^namespace ([A-Za-z0-9_:]*) ?\{$)");
  static const std::regex closes(R"(^\}  // namespace.*$)");
  static const std::regex defines(
      R"(^(?:class|struct|union|enum class) ([A-Za-z0-9_:]*[A-Za-z0-9_])(?: [^;()<]*)?\{.*$)");
  std::vector<std::string> namespaces, classes;
  std::string line;
  for (std::string previous; std::getline(source, line); previous = line) {
    std::smatch match;
    if (std::regex_match(line, match, opens)) {
      namespaces.push_back(match[1]);
    } else if (std::regex_match(line, closes)) {
      REQUIRE_FALSE(namespaces.empty());
      namespaces.pop_back();
    } else if (std::regex_match(line, match, defines) && !previous.starts_with("template")) {
      std::string name;
      bool anonymous = false;
      for (const std::string& each : namespaces) {
        anonymous = anonymous || each.empty();
        name += each + "::";
      }
      if (!anonymous) classes.push_back(name + match[1].str());
    }
  }
  return classes;
}

}  // namespace

TEST_CASE("layering: no two classes of one namespace have the same name") {
  const std::filesystem::path root(HAWSER_SOURCE_ROOT);
  std::map<std::string, std::string> file_of;
  for (const char* top : {"include", "lib", "tools"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / top)) {
      const std::string extension = entry.path().extension().string();
      if (extension != ".h" && extension != ".cpp") continue;
      std::ifstream file(entry.path());
      CAPTURE(entry.path().string());
      for (const std::string& name : classes_in(file)) {
        const auto [first, is_new] = file_of.emplace(name, entry.path().string());
        CHECK_MESSAGE(is_new, name << " is also in " << first->second);
      }
    }
  }
  CHECK_MESSAGE(file_of.size() > 300, "the wrong folder was read");
}

TEST_CASE("layering: the search for classes finds what is there") {
  std::istringstream source(
      "struct Top {};\n"
      "namespace hawser::net {\n"
      "class Declared;\n"
      "class Stream {\n"
      "  struct Inner {\n"
      "};\n"
      "struct Pipe final : Stream {\n"
      "namespace {\n"
      "class Hidden {\n"
      "}  // namespace\n"
      "enum class Kind { one };\n"
      "struct Value function() {\n"
      "}  // namespace hawser::net\n"
      "class Last final {\n");
  CHECK(classes_in(source) ==
        std::vector<std::string>{"Top", "hawser::net::Stream", "hawser::net::Pipe", "hawser::net::Kind", "Last"});
}
