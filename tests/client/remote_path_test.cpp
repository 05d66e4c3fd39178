#include <doctest/doctest.h>

#include <type_traits>

#include "hawser/client/remote_path.h"
#include "hawser/client/remote_store_error.h"

using namespace hawser::client;
using namespace std::string_view_literals;

TEST_CASE("[PATH-001] a remote path is normalised: separators, empty and '.' components") {
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

TEST_CASE("[PATH-002] a remote path that is empty, leaves its root or holds NUL is refused, and the error names it") {
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

TEST_CASE("[PATH-003] the parts of a remote path") {
  const RemotePath path("reports/2024/may.tar.gz");
  CHECK(path.name() == "may.tar.gz");
  CHECK(path.suffix() == ".gz");
  CHECK(path.parent()->text() == "reports/2024");
  CHECK(path.parts() == std::vector<std::string>{"reports", "2024", "may.tar.gz"});
  CHECK_FALSE(RemotePath("single").parent());
  CHECK(RemotePath("a/.bashrc").suffix() == "");
  CHECK(RemotePath("a.b/none").suffix() == "");
}

TEST_CASE("[PATH-004] going down, equality and hash are about the normalised text") {
  CHECK((RemotePath("a") / "b//c").text() == "a/b/c");
  CHECK_THROWS_AS(RemotePath("a") / "..", InvalidPath);
  CHECK_THROWS_AS(RemotePath("a") / "", InvalidPath);
  CHECK(RemotePath("/a/b") == RemotePath("a\\b"));
  CHECK(std::hash<RemotePath>()(RemotePath("/a/b")) == std::hash<RemotePath>()(RemotePath("a\\b")));
  CHECK(RemotePath("a") < RemotePath("b"));
}

TEST_CASE("[PATH-016] the root has a text, no parent, and is only parsed, never constructed") {
  const RemotePath& root = RemotePath::root();
  CHECK(root.text() == ".");
  CHECK(root.name() == ".");
  CHECK(root.suffix() == "");
  CHECK_FALSE(root.parent());
  CHECK(root.parts() == std::vector<std::string>{"."});
  CHECK((root / "a").text() == "a");
  for (const std::string_view spelling : {"", ".", "./", ".//", "./.", "/"}) CHECK(RemotePath::parse(spelling) == root);
}

TEST_CASE("[PATH-017] a remote path does not turn into a path of the local system") {
  CHECK_FALSE(std::is_convertible_v<RemotePath, std::string>);
  CHECK_FALSE(std::is_convertible_v<RemotePath, std::string_view>);
}
