#include "hawser/client/url.h"

#include <doctest/doctest.h>

#include "hawser/client/host_name.h"

using namespace hawser;
using namespace hawser::client;
using namespace std::string_view_literals;

TEST_CASE("sftp URL: user, host, port and path are taken apart") {
  const std::pair<std::string_view, Url> cases[] = {
      {"sftp://example.org", {std::nullopt, "example.org", 22, ""}},
      {"sftp://example.org/", {std::nullopt, "example.org", 22, "/"}},
      {"sftp://me@example.org:2222/a/b", {"me", "example.org", 2222, "/a/b"}},
      {"sftp://me@[::1]/a", {"me", "::1", 22, "/a"}},
      {"sftp://[fe80::1%eth0]:2222", {std::nullopt, "fe80::1%eth0", 2222, ""}},
      {"sftp://me%40corp@h/a%20b%2Fc", {"me@corp", "h", 22, "/a b/c"}},
      {"sftp://h/./a/b", {std::nullopt, "h", 22, "a/b"}},
      {"sftp://h/~/a/b", {std::nullopt, "h", 22, "a/b"}},
      {"sftp://h/.//etc", {std::nullopt, "h", 22, "etc"}},
      {"sftp://h/.", {std::nullopt, "h", 22, ""}},
      {"sftp://h/~", {std::nullopt, "h", 22, ""}},
      {"sftp://h/.hidden", {std::nullopt, "h", 22, "/.hidden"}},
      {"sftp://h:65535/", {std::nullopt, "h", 65535, "/"}},
  };
  for (const auto& [text, expected] : cases) {
    CAPTURE(text);
    const Result<Url> url = parse_url(text);
    REQUIRE(url.has_value());
    CHECK(*url == expected);
  }
}

TEST_CASE("sftp URL: what is refused is named (a password, odd hosts and users, ports, NUL)") {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"http://h/", "scheme"},
      {"sftp:/h", "scheme"},
      {"h:/path", "scheme"},
      {"", "scheme"},
      {"sftp://me:pw@h/", "password"},
      {"sftp://me:@h/", "password"},
      {"sftp://@h/", "user"},
      {"sftp://-oProxy@h/", "user"},
      {"sftp://a%20b@h/", "user"},
      {"sftp://a%24x@h/", "user"},
      {"sftp://a%0a@h/", "user"},
      {"sftp://a%00@h/", "user"},
      {"sftp://", "host"},
      {"sftp:///path", "host"},
      {"sftp://-h/", "host"},
      {"sftp://h;ls/", "host"},
      {"sftp://h h/", "host"},
      {"sftp://[::1/", "host"},
      {"sftp://[::1]x/", "host"},
      {"sftp://[]/", "host"},
      {"sftp://h:0/", "port"},
      {"sftp://h:65536/", "port"},
      {"sftp://h:/", "port"},
      {"sftp://h:22x/", "port"},
      {"sftp://h:-1/", "port"},
      {"sftp://h/%", "path"},
      {"sftp://h/%4", "path"},
      {"sftp://h/%zz", "path"},
      {"sftp://h/a%00b", "path"},
  };
  for (const auto& [text, part] : cases) {
    CAPTURE(text);
    const Result<Url> url = parse_url(text);
    REQUIRE_FALSE(url.has_value());
    CHECK(url.error().code() == Errc::invalid_argument);
    CHECK(std::string_view(url.error().where()).find(part) != std::string_view::npos);
  }
}

TEST_CASE(
    "[CVE-2023-6004, CVE-2023-51385] host and user names that a shell or another program would take for something else "
    "are refused") {
  for (const std::string_view good : {"h", "example.org", "10.0.0.1", "::1", "fe80::1%eth0", "my_host-1"}) {
    CAPTURE(good);
    CHECK(valid_host_name(good));
  }
  for (const std::string_view bad :
       {""sv, "-h"sv, "h;id"sv, "$(id)"sv, "h\n"sv, "h h"sv, "h\0"sv, "h'"sv, "a,b"sv, "*"sv}) {
    CAPTURE(bad);
    CHECK_FALSE(valid_host_name(bad));
  }
  CHECK_FALSE(valid_host_name(std::string(256, 'a')));
  for (const std::string_view good : {"me", "me@corp", "a.b-c_d", "\xc3\xa9mile"}) CHECK(valid_user_name(good));
  for (const std::string_view bad :
       {""sv, "-me"sv, "m e"sv, "m;e"sv, "m\\e"sv, "m'e"sv, "$me"sv, "m`e"sv, "m\te"sv, "m\x7f"sv}) {
    CAPTURE(bad);
    CHECK_FALSE(valid_user_name(bad));
  }
}
