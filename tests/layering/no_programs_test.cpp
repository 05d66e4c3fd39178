// No part of the library starts a program or a shell, or loads code while it runs: what a peer sends cannot become a
// command. (Examples may: one of them is about talking to a child process.)
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <string>

namespace {

std::string without_comment(const std::string& line) { return line.substr(0, line.find("//")); }

bool starts_program(const std::string& line) {
  // A member function of that name is something else.
  static const std::regex call(
      "(^|[^A-Za-z0-9_.>])(dlopen|v?fork|popen|posix_spawnp?|exec[vl](p|e|pe)?|system|wordexp)\\s*\\(");
  return std::regex_search(without_comment(line), call);
}

}  // namespace

TEST_CASE(
    "[CVE-2023-38408, CVE-2016-10009, CVE-2026-59845, CVE-2020-26301, CVE-2019-14889, CVE-2020-15778, CVE-2023-6004] "
    "library and tools start no program and load no code") {
  const std::filesystem::path root(HAWSER_SOURCE_ROOT);
  std::size_t files = 0;
  for (const char* top : {"include", "lib", "tools"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / top)) {
      const std::string extension = entry.path().extension().string();
      if (extension != ".h" && extension != ".cpp") continue;
      ++files;
      std::ifstream file(entry.path());
      std::string line;
      while (std::getline(file, line)) {
        if (starts_program(line)) FAIL_CHECK(entry.path().string() << ": " << line);
      }
    }
  }
  CHECK_MESSAGE(files > 100, "the wrong folder was read");
}

TEST_CASE("the search of the test above finds what is there") {
  for (const char* line :
       {"  system(command.c_str());", "const pid_t child = fork();", "::execvp(path, arguments);",
        "void* library = dlopen (path, RTLD_NOW);", "std::system(text);", "execl(server, server, nullptr);"}) {
    CAPTURE(line);
    CHECK(starts_program(line));
  }
  for (const char* line : {"// the file system (not the shell)", "co_await client.exec(command);",
                           "channel->exec(text);", "bytes.system(x);", "file_system(connection)"}) {
    CAPTURE(line);
    CHECK_FALSE(starts_program(line));
  }
}
