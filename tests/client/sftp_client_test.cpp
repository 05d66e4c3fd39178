#include <doctest/doctest.h>

#include "client/fake_sftp_server.h"
#include "hawser/net/spawn.h"
#include "support/fixed_random.h"

using namespace hawser;
using namespace hawser::client;
using test::FakeSFTPServer;
using test::run;

namespace {

void no_answer(FakeSFTPServer&, std::uint8_t, std::uint32_t, Bytes) {}

Awaitable<void> stat_into(std::shared_ptr<SFTPClient> client, std::string path,
                          std::vector<SFTPResult<sftp::Attributes>>& results) {
  results.push_back(co_await client->stat(path));
}

}  // namespace

TEST_CASE("sftp client: another protocol version is refused (filexfer-02 §4)") {
  asio::io_context io;
  FakeSFTPServer server(io, no_answer);
  server.version = 2;
  const auto started = run(io, SFTPClient::start(server.client_end));
  REQUIRE_FALSE(started);
  CHECK(started.error().code() == Errc::protocol_version_not_supported);
}

TEST_CASE("[CVE-2019-6110] sftp client: the server's status code and text reach the caller, escaped") {
  asio::io_context io;
  FakeSFTPServer server(io, [](FakeSFTPServer& s, std::uint8_t, std::uint32_t id, Bytes) {
    s.reply_status(id, sftp::StatusCode::permission_denied, "no\x1b[31m");
  });
  const auto client = test::start_client(io, server);
  const auto result = run(io, client->stat("/x"));
  REQUIRE_FALSE(result);
  CHECK(result.error().from_server());
  CHECK(result.error().status() == sftp::StatusCode::permission_denied);
  CHECK(result.error().code() == Errc::permission_denied);
  CHECK(result.error().text() == "no\\x1b[31m");
}

TEST_CASE("sftp client: overlapping calls get their own replies, in whatever order these come") {
  asio::io_context io;
  std::vector<std::uint32_t> ids;
  FakeSFTPServer server(io, [&](FakeSFTPServer& s, std::uint8_t, std::uint32_t id, Bytes) {
    ids.push_back(id);
    if (ids.size() != 50) return;
    for (std::size_t i = ids.size(); i-- != 0;) {
      sftp::Attributes attributes;
      attributes.size = i;
      s.reply(sftp::Attrs{.id = ids[i], .attrs = attributes});
    }
  });
  const auto client = test::start_client(io, server);
  std::vector<SFTPResult<sftp::Attributes>> results;
  for (int i = 0; i != 50; ++i) net::spawn(io.get_executor(), stat_into(client, "/f", results));
  test::settle(io);
  REQUIRE(results.size() == 50);
  // Completed in the order of the replies: the last request first.
  for (std::size_t i = 0; i != results.size(); ++i) CHECK(*results[i]->size == 49 - i);
}

TEST_CASE("sftp client: a reply without a request ends the session and every call under way") {
  asio::io_context io;
  FakeSFTPServer server(io, [](FakeSFTPServer& s, std::uint8_t, std::uint32_t id, Bytes) {
    s.reply_status(id + 77, sftp::StatusCode::ok);
  });
  const auto client = test::start_client(io, server);
  const auto result = run(io, client->stat("/x"));
  REQUIRE_FALSE(result);
  CHECK(result.error().code() == Errc::unexpected_reply);
  CHECK_FALSE(client->alive());
  const auto later = run(io, client->remove("/x"));
  REQUIRE_FALSE(later);
  CHECK(later.error().code() == Errc::unexpected_reply);
}

TEST_CASE("sftp client: a reply of the wrong kind fails its call and nothing else") {
  asio::io_context io;
  FakeSFTPServer server(io, [](FakeSFTPServer& s, std::uint8_t type, std::uint32_t id, Bytes) {
    if (type == sftp::Stat::number) return s.reply(sftp::Handle{.id = id, .handle = std::string_view("h")});
    s.reply_status(id, sftp::StatusCode::ok);
  });
  const auto client = test::start_client(io, server);
  const auto result = run(io, client->stat("/x"));
  REQUIRE_FALSE(result);
  CHECK(result.error().code() == Errc::unexpected_reply);
  CHECK(run(io, client->remove("/x")));
}

TEST_CASE("sftp client: the end of the stream fails the calls under way") {
  asio::io_context io;
  FakeSFTPServer server(io, [](FakeSFTPServer& s, std::uint8_t, std::uint32_t, Bytes) { s.channel->close(); });
  const auto client = test::start_client(io, server);
  const auto result = run(io, client->stat("/x"));
  REQUIRE_FALSE(result);
  CHECK(result.error().code() == Errc::end_of_file);
}

TEST_CASE("sftp client: a server that falls silent is given up after io_timeout") {
  asio::io_context io;
  FakeSFTPServer server(io, no_answer);
  const auto client = test::start_client(io, server, {.io_timeout = std::chrono::milliseconds(200), .pool = nullptr});
  const auto result = run(io, client->stat("/x"));
  REQUIRE_FALSE(result);
  CHECK(result.error().code() == Errc::timed_out);
}

TEST_CASE("sftp client: close lets the calls under way go") {
  asio::io_context io;
  FakeSFTPServer server(io, no_answer);
  auto client = test::start_client(io, server);
  std::vector<SFTPResult<sftp::Attributes>> results;
  net::spawn(io.get_executor(), stat_into(client, "/f", results));
  test::settle(io);
  client->close();
  test::settle(io);
  REQUIRE(results.size() == 1);
  CHECK(results[0].error().code() == Errc::closed);
}

TEST_CASE("sftp client: an event loop may be torn down with calls under way") {
  std::shared_ptr<SFTPClient> client;
  std::vector<SFTPResult<sftp::Attributes>> results;
  {
    asio::io_context io;
    FakeSFTPServer server(io, no_answer);
    auto started = test::start_client(io, server);
    net::spawn(io.get_executor(), stat_into(started, "/f", results));
    test::settle(io);
  }
  CHECK(results.empty());
}

TEST_CASE("sftp client: an extension that was not offered is not asked for") {
  asio::io_context io;
  FakeSFTPServer server(io, no_answer);
  const auto client = test::start_client(io, server);
  CHECK(run(io, client->posix_rename("/a", "/b")).error().code() == Errc::unsupported);
  CHECK(run(io, client->hard_link("/a", "/b")).error().code() == Errc::unsupported);
  CHECK(run(io, client->statistics("/")).error().code() == Errc::unsupported);
  CHECK(run(io, client->expand_path("~")).error().code() == Errc::unsupported);
  CHECK(server.requests.empty());
}

TEST_CASE("sftp client: a request table that is full makes callers wait, not fail") {
  asio::io_context io;
  std::vector<std::uint32_t> ids;
  FakeSFTPServer server(io, [&](FakeSFTPServer&, std::uint8_t, std::uint32_t id, Bytes) { ids.push_back(id); });
  const auto client = test::start_client(io, server, {.outstanding_requests = 2, .pool = nullptr});
  std::vector<SFTPResult<sftp::Attributes>> results;
  for (int i = 0; i != 7; ++i) net::spawn(io.get_executor(), stat_into(client, "/f", results));
  test::settle(io);
  CHECK(ids.size() == 2);
  for (std::size_t i = 0; i != 7; ++i) {
    REQUIRE(i < ids.size());
    server.reply_status(ids[i], sftp::StatusCode::no_such_file);
    test::settle(io);
  }
  CHECK(results.size() == 7);
}

TEST_CASE("sftp client: NAME with more or fewer than one entry is no answer to REALPATH (filexfer-02 §6.11)") {
  for (const std::size_t count : {0u, 2u}) {
    asio::io_context io;
    FakeSFTPServer server(io, [&](FakeSFTPServer& s, std::uint8_t, std::uint32_t id, Bytes) {
      s.reply_names(id, std::vector<sftp::NameEntry>(count, {.filename = "/", .longname = "", .attributes = {}}));
    });
    const auto client = test::start_client(io, server);
    CHECK(run(io, client->real_path(".")).error().code() == Errc::unexpected_reply);
  }
}

TEST_CASE("sftp client: a directory that never ends is given up, whatever is in it") {
  const auto list = [](const char* name, std::size_t limit) {
    asio::io_context io;
    FakeSFTPServer server(io, [&](FakeSFTPServer& s, std::uint8_t type, std::uint32_t id, Bytes) {
      if (type == sftp::Opendir::number) return s.reply(sftp::Handle{.id = id, .handle = std::string_view("h")});
      if (type == sftp::Close::number) return s.reply_status(id, sftp::StatusCode::ok);
      s.reply_names(id, {{.filename = name, .longname = "", .attributes = {}}});
    });
    SFTPClientOptions options;
    options.list_limit = limit;
    const auto client = *run(io, SFTPClient::start(server.client_end, options));
    const auto listed = run(io, client->list("/"));
    CHECK(client->alive());
    return listed ? Errc::ok : listed.error().code();
  };
  CHECK(list("x", 1000) == Errc::message_too_large);
  CHECK(list(".", 1000) == Errc::unexpected_reply);
}

TEST_CASE("[SFTP-024] sftp client: random replies never do more than fail calls") {
  for (std::uint64_t seed = 1; seed != 60; ++seed) {
    CAPTURE(seed);
    asio::io_context io;
    test::FixedRandom random(seed);
    FakeSFTPServer server(io, [&](FakeSFTPServer& s, std::uint8_t, std::uint32_t id, Bytes message) {
      switch (random.below(9)) {
        case 0: return s.reply(sftp::Handle{.id = id, .handle = std::string_view("h")});
        case 1: return s.reply(sftp::Attrs{.id = id, .attrs = {}});
        case 2: return s.reply(sftp::Data{.id = id, .data = message.first(1)});
        case 3: return s.reply_names(id, {{.filename = "a", .longname = "", .attributes = {}}});
        case 4: return s.reply_status(id, sftp::StatusCode::eof);
        case 5: return s.reply_status(id, sftp::StatusCode::ok);
        case 6: return s.reply_status(id, static_cast<sftp::StatusCode>(random.below(40)));
        case 7: {
          ByteVector noise = random.bytes(9 + random.below(20));
          wire::store_uint32(noise.data(), static_cast<std::uint32_t>(noise.size() - 4));
          noise[4] = static_cast<std::uint8_t>(101 + random.below(5));
          wire::store_uint32(noise.data() + 5, id);
          return s.reply_raw(noise);
        }
        default: return random.below(10) == 0 ? s.channel->close() : s.reply_status(id, sftp::StatusCode::failure);
      }
    });
    const auto client = test::start_client(io, server);
    for (int i = 0; i != 10; ++i) {
      static_cast<void>(run(io, client->stat("/a")));
      static_cast<void>(run(io, client->list("/a")));
      static_cast<void>(run(io, client->read_link("/a")));
      ByteVector memory(1000);
      auto file = run(io, client->open("/a", sftp::open_flags::read));
      if (!file) continue;
      const auto got = run(io, file->read_at(0, memory));
      if (got) CHECK(*got <= memory.size());
      static_cast<void>(run(io, file->write_at(0, memory)));
    }
  }
}
