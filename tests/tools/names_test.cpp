// What a name means as a pattern, and what it looks like on a terminal.
#include <doctest/doctest.h>

#include "tools/glob_pattern.h"
#include "tools/printable.h"

using namespace hawser::tools;

TEST_CASE("patterns: *, ?, [...] and a backslash, within one component (POSIX.1 2.13)") {
  const struct {
    const char* pattern;
    const char* name;
    bool fits;
  } cases[] = {
      {"*", "a", true},           {"*", ".hidden", false}, {".*", ".hidden", true},  {"*.txt", "a.txt", true},
      {"*.txt", "a.txt~", false}, {"a?c", "abc", true},    {"a?c", "ac", false},     {"[ab]c", "bc", true},
      {"[!ab]c", "bc", false},    {"[!ab]c", "xc", true},  {"[0-9]*", "7up", true},  {"\\*", "*", true},
      {"\\*", "x", false},        {"[", "[", true},        {"a*b*c", "aXbYc", true}, {"a*", "a/b", false},
      {"*", "a/b", false},        {"a?b", "a/b", false},   {"", "", true},           {"A", "a", false},
  };
  for (const auto& row : cases) {
    CAPTURE(row.pattern);
    CAPTURE(row.name);
    CHECK(fits(row.pattern, row.name) == row.fits);
  }
  CHECK(has_pattern("/a/*.txt"));
  CHECK(has_pattern("/a/[x]"));
  CHECK_FALSE(has_pattern("/plain/name{1,2}~"));
}

TEST_CASE("printable: UTF-8 stays, what moves the cursor or turns the line around does not") {
  CHECK(printable("plain name") == "plain name");
  CHECK(printable("größe 写真") == "größe 写真");
  CHECK(printable("a\x1b[2Jb\n") == "a\\x1b[2Jb\\x0a");
  CHECK(printable("\x7f") == "\\x7f");
  CHECK(printable("\xc2\x9b") == "\\xc2\\x9b");                         // CSI in C1
  CHECK(printable("exe.\xe2\x80\xaetxt") == "exe.\\xe2\\x80\\xaetxt");  // right-to-left override
  for (const char* broken : {"\xff", "\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80"}) {
    CHECK(printable(broken).starts_with("\\x"));
    CHECK(printable(broken).size() == 4 * std::string(broken).size());
  }
}

TEST_CASE("shortened: the end of a name, in columns") {
  CHECK(shortened("short", 5) == "short");
  CHECK(shortened("a/long/path/file.txt", 11) == "...file.txt");
  CHECK(shortened("abcdef", 2).empty());
  CHECK(columns("写真") == 4);
  CHECK(shortened("写真写真", 7) == "...写真");
  CHECK(columns(shortened("写真写真", 6)) <= 6);
}
