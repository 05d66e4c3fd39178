#include <doctest/doctest.h>

#include <type_traits>

#include "hawser/client/remote_path.h"
#include "hawser/client/remote_store_error.h"

using namespace hawser::client;
using namespace std::string_view_literals;

TEST_CASE(
    "[PATH-002, PATH-003, PATH-004, PATH-005, PATH-006, PATH-016] a remote path is normalised: separators, empty and "
    "'.' components") {
  for (const auto& [given, expected] : {std::pair{"a/b/c"sv, "a/b/c"sv},
                                        {"/a//b/", "a/b"},
                                        {"./a/./b/.", "a/b"},
                                        {"a\\b\\c", "a/b/c"},
                                        {"\\\\a", "a"},
                                        {"a..b/...", "a..b/..."},
                                        {" a / b", " a / b"}}) {
    CAPTURE(given);
    CHECK(RemotePath(given).text() == expected);
  }
}

TEST_CASE(
    "[PATH-003, PATH-007, PATH-008, ERR-005] a remote path that is empty, leaves its root or holds NUL is refused, and "
    "the error names it") {
  for (const std::string_view bad :
       {""sv, "."sv, "/"sv, "./."sv, "\\"sv, ".."sv, "a/../b"sv, "../a"sv, "a\\..\\b"sv, "a\0b"sv}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(RemotePath{bad}, InvalidPath);
  }
  try {
    RemotePath path("x/../y");
    FAIL("accepted");
  } catch (const InvalidPath& error) {
    CHECK(error.path() == "x/../y");
  }
}

TEST_CASE("[PATH-009, PATH-010, PATH-011, PATH-014] the parts of a remote path") {
  const RemotePath path("reports/2024/may.tar.gz");
  CHECK(path.name() == "may.tar.gz");
  CHECK(path.suffix() == ".gz");
  CHECK(path.parent()->text() == "reports/2024");
  CHECK(path.parts() == std::vector<std::string>{"reports", "2024", "may.tar.gz"});
  CHECK_FALSE(RemotePath("single").parent());
  CHECK(RemotePath("a/.bashrc").suffix() == "");
  CHECK(RemotePath("a.b/none").suffix() == "");
}

TEST_CASE("[PATH-012, PATH-013] going down, equality and hash are about the normalised text") {
  CHECK((RemotePath("a") / "b//c").text() == "a/b/c");
  CHECK_THROWS_AS(RemotePath("a") / "..", InvalidPath);
  CHECK_THROWS_AS(RemotePath("a") / "", InvalidPath);
  CHECK(RemotePath("/a/b") == RemotePath("a\\b"));
  CHECK(std::hash<RemotePath>()(RemotePath("/a/b")) == std::hash<RemotePath>()(RemotePath("a\\b")));
  CHECK(RemotePath("a") < RemotePath("b"));
}

TEST_CASE("[PATH-015] the root has a text, no parent, and is only parsed, never constructed") {
  const RemotePath& root = RemotePath::root();
  CHECK(root.text() == ".");
  CHECK(root.name() == ".");
  CHECK(root.suffix() == "");
  CHECK_FALSE(root.parent());
  CHECK(root.parts() == std::vector<std::string>{"."});
  CHECK((root / "a").text() == "a");
  for (const std::string_view spelling : {"", ".", "./", ".//", "./.", "/"}) CHECK(RemotePath::parse(spelling) == root);
}

TEST_CASE("[PATH-001, PATH-017] a remote path does not change, nor turn into a path of the local system") {
  CHECK(std::is_same_v<decltype(std::declval<RemotePath&>().text()), const std::string&>);
  CHECK_FALSE(std::is_convertible_v<RemotePath, std::string>);
  CHECK_FALSE(std::is_convertible_v<RemotePath, std::string_view>);
}
