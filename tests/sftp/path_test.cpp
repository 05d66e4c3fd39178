#include "hawser/sftp/path.h"

#include <doctest/doctest.h>

using namespace hawser;

TEST_CASE("clean_path: absolute, plain, and never above the root") {
  struct Case {
    const char* path;
    const char* clean;
  };
  for (const Case c :
       {Case{"", "/"}, Case{".", "/"}, Case{"/", "/"}, Case{"//", "/"}, Case{"/..", "/"}, Case{"/../../..", "/"},
        Case{"/./.././", "/"}, Case{"a", "/a"}, Case{"a/b/", "/a/b"}, Case{"/a//b", "/a/b"}, Case{"/a/./b", "/a/b"},
        Case{"/a/../b", "/b"}, Case{"/a/b/..", "/a"}, Case{"../a", "/a"}, Case{"/a/../../b", "/b"},
        Case{"/...", "/..."}, Case{"/a/..b", "/a/..b"}, Case{"/a\\b", "/a\\b"}, Case{"/\xff/\xc3", "/\xff/\xc3"}}) {
    CAPTURE(c.path);
    CHECK(sftp::clean_path(c.path) == c.clean);
    CHECK(sftp::clean_path(c.clean) == c.clean);
  }
}

TEST_CASE("valid_path: no NUL, no more than 4096 bytes") {
  CHECK(sftp::valid_path(""));
  CHECK(sftp::valid_path(std::string(4096, 'a')));
  CHECK_FALSE(sftp::valid_path(std::string(4097, 'a')));
  CHECK_FALSE(sftp::valid_path(std::string_view("/a\0b", 4)));
}

TEST_CASE("[CVE-2026-106552] names that would leave the directory they are put in are not valid") {
  for (const char* name : {"a", "..a", "...", "a b", "-rf", "\xff", "a\\b"}) CHECK(sftp::valid_name(name));
  CHECK(sftp::valid_name(std::string(255, 'a')));
  for (const char* name : {"", ".", "..", "/", "a/b", "../x", "/x", "x/"}) CHECK_FALSE(sftp::valid_name(name));
  CHECK_FALSE(sftp::valid_name(std::string_view("a\0b", 3)));
  CHECK_FALSE(sftp::valid_name(std::string(256, 'a')));
}

TEST_CASE("join_path, parent_path and file_name fit together") {
  CHECK(sftp::join_path("/", "a") == "/a");
  CHECK(sftp::join_path("/a", "b") == "/a/b");
  CHECK(sftp::join_path("", "b") == "b");
  CHECK(sftp::parent_path("/a/b") == "/a");
  CHECK(sftp::parent_path("/a") == "/");
  CHECK(sftp::parent_path("/") == "/");
  CHECK(sftp::file_name("/a/b") == "b");
  CHECK(sftp::file_name("/") == "");
}
