// The layers depend strictly downwards. The compiler sees to part of it through the build's dependencies; this test
// reads every #include line, so that an arrow that happens to link is found too.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "include_rules.h"

using namespace hawser::test;

namespace {

IncludeLine line_of(std::string file, std::string_view text) {
  std::optional<IncludeLine> include = parse_include(text);
  REQUIRE(include.has_value());
  include->file = std::move(file);
  include->line = 7;
  return *include;
}

bool everything_exists(const std::string&) { return true; }
bool nothing_exists(const std::string&) { return false; }

}  // namespace

TEST_CASE("layering: every #include line of the project follows the arrows of doc/architecture.md") {
  const std::filesystem::path root(HAWSER_SOURCE_ROOT);
  const std::vector<IncludeLine> includes = read_includes(root);
  const Exists exists = [&](const std::string& path) { return std::filesystem::is_regular_file(root / path); };
  for (const IncludeLine& include : includes) {
    if (const std::optional<std::string> broken = violation(include, exists)) FAIL_CHECK(*broken);
  }

  std::set<std::string> layers_seen;
  for (const IncludeLine& include : includes) {
    for (const Layer& layer : layers()) {
      if (include.file.starts_with("lib/" + std::string(layer.name) + '/')) layers_seen.emplace(layer.name);
    }
  }
  CHECK_MESSAGE(layers_seen.size() == layers().size(), "a layer has no sources: the wrong folder was read");
}

TEST_CASE("layering: the table of arrows has no cycle") {
  std::set<std::string_view> below;
  for (const Layer& layer : layers()) {
    for (const std::string_view name : layer.may_include) {
      CHECK_MESSAGE(below.contains(name), layer.name << " may include " << name << ", which does not stand below it");
    }
    below.insert(layer.name);
  }
}

TEST_CASE("layering: a line that breaks a rule is found, with its file and line") {
  struct Row {
    const char* file;
    const char* text;
    const char* report;
  };
  const Row rows[] = {
      {"lib/wire/reader.cpp", "#include \"hawser/crypto/hash.h\"", "wire may not include crypto"},
      {"include/hawser/crypto/keys.h", "#include \"hawser/transport/transport.h\"", "crypto may not include transport"},
      {"lib/auth/client.cpp", "#include \"hawser/channel/multiplexer.h\"", "auth may not include channel"},
      {"lib/channel/channel.cpp", "#include \"hawser/auth/messages.h\"", "channel may not include auth"},
      {"lib/sftp/parser.cpp", "#include \"hawser/auth/authenticated.h\"", "sftp may not include auth"},
      {"lib/sftp/messages.cpp", "#include \"hawser/crypto/random.h\"", "sftp may not include crypto"},
      {"lib/session/session.cpp", "#include \"hawser/net/connection.h\"", "session may not include net"},
      {"lib/net/connection.cpp", "#include \"hawser/sftp/messages.h\"", "net may not include sftp"},
      {"lib/client/client.cpp", "#include \"hawser/server/ssh_server.h\"", "client may not include server"},
      {"lib/server/server.cpp", "#include \"hawser/client/client.h\"", "server may not include client"},
      {"lib/gadgets/a.cpp", "#include <vector>", "the folder is no known layer"},
      {"tools/main.cpp", "#include \"hawser/gadgets/a.h\"", "is of no known layer"},
      {"tools/main.cpp", "#include <hawser/wire/bytes.h>", "our own headers are included with quotes"},
      {"lib/transport/kex.cpp", "#include <botan/auto_rng.h>", "<botan/auto_rng.h> may not be included here"},
      {"include/hawser/crypto/keys.h", "#include <botan/pk_keys.h>", "<botan/pk_keys.h> may not be included here"},
      {"lib/session/session.cpp", "  #  include <asio.hpp>", "<asio.hpp> may not be included here"},
      {"lib/sftp/parser.cpp", "#include <asio/buffer.hpp> // why", "<asio/buffer.hpp> may not be included here"},
      {"include/hawser/client/backend.h", "#include <fmt/format.h>", "<fmt/format.h> may not be included here"},
      {"lib/server/server.cpp", "#include <CLI/CLI.hpp>", "<CLI/CLI.hpp> may not be included here"},
      {"lib/wire/reader.cpp", "#include <doctest/doctest.h>", "<doctest/doctest.h> may not be included here"},
      {"include/hawser/client/client.h", "#include \"details.h\"", "a public header includes the private"},
      {"lib/client/client.cpp", "#include \"../net/pump.h\"", "leaves its folder"},
      {"lib/client/client.cpp", "#include \"net/pump.h\"", "is private to net"},
      {"tools/main.cpp", "#include \"client/pump.h\"", "is private to client"},
      {"lib/server/host_key.cpp", "#include \"tools/connect.h\"", "is private to the program"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.file);
    CAPTURE(row.text);
    const std::optional<std::string> report = violation(line_of(row.file, row.text), everything_exists);
    REQUIRE(report.has_value());
    CHECK(report->starts_with(std::string(row.file) + ":7: "));
    CHECK(report->find(row.report) != std::string::npos);
  }
}

TEST_CASE("layering: a header that is not where the line says is found") {
  CHECK(violation(line_of("lib/wire/a.cpp", "#include \"hawser/wire/gone.h\""), nothing_exists).has_value());
  CHECK(violation(line_of("lib/wire/a.cpp", "#include \"wire/gone.h\""), nothing_exists).has_value());
  CHECK(violation(line_of("lib/wire/a.cpp", "#include \"gone.h\""), nothing_exists).has_value());
}

TEST_CASE("layering: lines that follow the rules pass") {
  const std::pair<const char*, const char*> rows[] = {
      {"lib/crypto/hash.cpp", "#include <botan/hash.h>"},
      {"lib/crypto/hash.cpp", "#include \"hawser/wire/bytes.h\""},
      {"lib/crypto/hash.cpp", "#include \"botan_compat.h\""},
      {"lib/crypto/hash.cpp", "#include \"crypto/botan_compat.h\""},
      {"lib/auth/client.cpp", "#include \"hawser/transport/session_id.h\""},
      {"lib/channel/multiplexer.cpp", "#include \"hawser/auth/authenticated.h\""},
      {"lib/net/connection.cpp", "#include <asio/awaitable.hpp>"},
      {"include/hawser/server/file_system.h", "#include <asio/awaitable.hpp>"},
      {"lib/pch/asio.h", "#include <asio/awaitable.hpp>"},
      {"lib/server/server.cpp", "#include \"hawser/sftp/messages.h\""},
      {"lib/client/client.cpp", "#include <fmt/format.h>"},
      {"tools/main.cpp", "#include <CLI/CLI.hpp>"},
      {"tools/main.cpp", "#include \"hawser/server/ssh_server.h\""},
  };
  for (const auto& [file, text] : rows) {
    CAPTURE(text);
    CHECK_FALSE(violation(line_of(file, text), everything_exists).has_value());
  }
}

TEST_CASE("layering: other lines are no includes") {
  for (const char* text :
       {"", "// #include <asio.hpp>", "#define include", "#includ <a>", "#include MACRO", "#include <open"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_include(text).has_value());
  }
}
