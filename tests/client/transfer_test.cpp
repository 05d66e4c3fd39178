#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "client/fake_file.h"
#include "hawser/net/spawn.h"
#include "support/temporary_directory.h"

using namespace hawser;
using namespace hawser::client;
using test::FakeFile;
using test::FakeSFTPServer;
using test::MemoryFile;
using test::run;

namespace {

ByteVector some_bytes(std::size_t size) { return test::FixedRandom(size + 1).bytes(size); }

struct Rig {
  asio::io_context io;
  FakeFile file;
  FakeSFTPServer server;
  std::shared_ptr<SFTPClient> client;

  explicit Rig(ByteVector content = {})
      : file(std::move(content)),
        server(io, [this](FakeSFTPServer& s, std::uint8_t t, std::uint32_t id, Bytes m) { file(s, t, id, m); }) {}
  void start() { client = test::start_client(io, server); }
};

// Sizes around the borders of requests (of 1000 bytes) and packets.
const std::vector<std::size_t> sizes{0, 1, 999, 1000, 1001, 5000, 65536, 300001};

}  // namespace

TEST_CASE(
    "[defect 41] download: short reads and replies in any order give the file, each byte once (filexfer-02 §6.4)") {
  for (const std::size_t size : sizes) {
    for (const std::size_t hold : {0u, 2u, 5u}) {
      for (const bool tells_size : {true, false}) {
        CAPTURE(size);
        CAPTURE(hold);
        CAPTURE(tells_size);
        Rig rig(some_bytes(size));
        rig.file.short_reads = true;
        rig.file.hold = hold;
        rig.file.tells_size = tells_size;
        rig.start();
        // Replies that are held until the end, when no further request comes, are let go by and by.
        MemoryFile sink;
        TransferOptions options;
        options.request_size = 1000;
        options.initial_depth = 7000;
        std::optional<SFTPResult<std::uint64_t>> result;
        net::spawn(rig.io.get_executor(), test::detail::keep_result(rig.client->get("/f", sink, options), result));
        while (!result) {
          test::settle(rig.io);
          if (!result) {
            REQUIRE(rig.file.held() != 0);
            rig.file.flush(rig.server);
          }
        }
        REQUIRE(*result);
        CHECK(**result == size);
        CHECK(sink.content == rig.file.content);
        CHECK(sink.written == size);
      }
    }
  }
}

TEST_CASE("download: no request goes beyond the size that the server told") {
  Rig rig(some_bytes(10000));
  rig.start();
  MemoryFile sink;
  TransferOptions options;
  options.request_size = 1000;
  REQUIRE(run(rig.io, rig.client->get("/f", sink, options)));
  CHECK(rig.file.asked == 10000);
}

TEST_CASE("download: from an offset on, into the same offset") {
  Rig rig(some_bytes(5000));
  rig.start();
  MemoryFile sink(ByteVector(rig.file.content.begin(), rig.file.content.begin() + 3210));
  TransferOptions options;
  options.offset = 3210;
  const auto moved = run(rig.io, rig.client->get("/f", sink, options));
  REQUIRE(moved);
  CHECK(*moved == 5000 - 3210);
  CHECK(sink.content == rig.file.content);
}

TEST_CASE("download: a failing READ is reported with the server's words, after all replies have come") {
  Rig rig(some_bytes(100000));
  rig.file.fail_at = 54321;
  rig.start();
  MemoryFile sink;
  TransferOptions options;
  options.request_size = 1000;
  const auto moved = run(rig.io, rig.client->get("/f", sink, options));
  REQUIRE_FALSE(moved);
  CHECK(moved.error().text() == "broken disk");
  test::settle(rig.io);
  CHECK(rig.file.closes == 1);
}

TEST_CASE("get_file: what is left of one that fails has no holes, whatever the order of the replies") {
  const test::TemporaryDirectory folder;
  for (const std::size_t hold : {0u, 3u, 7u}) {
    for (const bool short_reads : {false, true}) {
      CAPTURE(hold);
      CAPTURE(short_reads);
      Rig rig(some_bytes(100'000));
      rig.file.fail_at = 54'321;
      rig.file.hold = hold;
      rig.file.short_reads = short_reads;
      rig.start();
      const std::string local = folder / ("f" + std::to_string(hold) + (short_reads ? "s" : ""));
      TransferOptions options;
      options.request_size = 1000;
      std::optional<SFTPResult<std::uint64_t>> ended;
      net::spawn(rig.io.get_executor(), test::detail::keep_result(rig.client->get_file("/f", local, options), ended));
      while (!ended) {
        test::settle(rig.io);
        rig.file.flush(rig.server);
      }
      REQUIRE_FALSE(*ended);
      std::ifstream stream(local, std::ios::binary);
      const std::string got{std::istreambuf_iterator<char>(stream), {}};
      CHECK(got.size() <= 54'321);
      CHECK(got == as_text(rig.file.content).substr(0, got.size()));
    }
  }
}

TEST_CASE("get_file: a file that the server does not have leaves the local one as it is") {
  asio::io_context io;
  FakeSFTPServer server(io, [](FakeSFTPServer& s, std::uint8_t, std::uint32_t id, Bytes) {
    s.reply_status(id, sftp::StatusCode::no_such_file);
  });
  const auto client = test::start_client(io, server);
  const test::TemporaryDirectory folder;
  std::ofstream(folder / "mine") << "mine";
  const auto moved = run(io, client->get_file("/missing", folder / "mine"));
  REQUIRE_FALSE(moved);
  CHECK(moved.error().is(sftp::StatusCode::no_such_file));
  std::string got;
  std::ifstream(folder / "mine") >> got;
  CHECK(got == "mine");
}

TEST_CASE("get_file: regular_only refuses links and fifos, local_directory is where a relative path begins") {
  Rig rig(some_bytes(10));
  rig.start();
  const test::TemporaryDirectory folder;
  std::ofstream(folder / "outside") << "outside";
  std::filesystem::create_symlink(folder / "outside", folder / "link");
  REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
  TransferOptions options;
  options.regular_only = true;
  const int directory = ::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  options.local_directory = directory;
  for (const char* name : {"link", "fifo"}) {
    CAPTURE(name);
    const auto moved = run(rig.io, rig.client->get_file("/f", name, options));
    REQUIRE_FALSE(moved);
    CHECK(moved.error().code() == Errc::file_error);
  }
  CHECK(std::filesystem::file_size(folder / "outside") == 7);
  CHECK(run(rig.io, rig.client->get_file("/f", "new", options)));
  CHECK(std::filesystem::file_size(folder / "new") == 10);
  ::close(directory);
}

TEST_CASE("download: a failing sink ends it") {
  Rig rig(some_bytes(100000));
  rig.start();
  MemoryFile sink;
  sink.fail = true;
  const auto moved = run(rig.io, rig.client->get("/f", sink));
  REQUIRE_FALSE(moved);
  CHECK(moved.error().code() == Errc::file_error);
  CHECK(rig.client->alive());
}

TEST_CASE("download: an empty DATA is refused, not asked for again without end (filexfer-02 §6.4)") {
  asio::io_context io;
  std::size_t reads = 0;
  FakeSFTPServer server(io, [&](FakeSFTPServer& s, std::uint8_t type, std::uint32_t id, Bytes) {
    if (type == sftp::Open::number) return s.reply(sftp::Handle{.id = id, .handle = std::string_view("h")});
    if (type != sftp::Read::number) return s.reply_status(id, sftp::StatusCode::ok);
    ++reads;
    s.reply(sftp::Data{.id = id, .data = {}});
  });
  const auto client = test::start_client(io, server);
  MemoryFile sink;
  CHECK(run(io, client->get("/f", sink)).error().code() == Errc::unexpected_reply);
  CHECK(reads < 300);
}

TEST_CASE("download: EOF before bytes that were there means a file with a hole, and is an error") {
  asio::io_context io;
  FakeSFTPServer server(io, [&](FakeSFTPServer& s, std::uint8_t type, std::uint32_t id, Bytes message) {
    if (type == sftp::Open::number) return s.reply(sftp::Handle{.id = id, .handle = std::string_view("h")});
    if (type != sftp::Read::number) return s.reply_status(id, sftp::StatusCode::ok);
    const auto read = wire::decode<sftp::Read>(message);
    if (read->offset != 2000) return s.reply_status(id, sftp::StatusCode::eof);
    s.reply(sftp::Data{.id = id, .data = as_bytes("late")});
  });
  const auto client = test::start_client(io, server);
  MemoryFile sink;
  TransferOptions options;
  options.request_size = 1000;
  CHECK(run(io, client->get("/f", sink, options)).error().code() == Errc::unexpected_reply);
}

TEST_CASE("[CVE-2026-59844] download: more data than was asked for is refused") {
  asio::io_context io;
  FakeSFTPServer server(io, [&](FakeSFTPServer& s, std::uint8_t type, std::uint32_t id, Bytes) {
    if (type == sftp::Open::number) return s.reply(sftp::Handle{.id = id, .handle = std::string_view("h")});
    s.reply(sftp::Data{.id = id, .data = ByteVector(1001)});
  });
  const auto client = test::start_client(io, server);
  auto file = run(io, client->open("/f", sftp::open_flags::read));
  REQUIRE(file);
  ByteVector memory(1000);
  CHECK(run(io, file->read_at(0, memory)).error().code() == Errc::unexpected_reply);
}

TEST_CASE("upload: the file arrives, whatever the order of the answers") {
  for (const std::size_t size : sizes) {
    for (const std::size_t hold : {0u, 3u}) {
      CAPTURE(size);
      Rig rig;
      rig.file.hold = hold;
      rig.start();
      MemoryFile source(some_bytes(size));
      TransferOptions options;
      options.request_size = 1000;
      options.initial_depth = 7000;
      std::optional<SFTPResult<std::uint64_t>> result;
      net::spawn(rig.io.get_executor(), test::detail::keep_result(rig.client->put(source, "/f", options), result));
      while (!result) {
        test::settle(rig.io);
        if (!result) {
          REQUIRE(rig.file.held() != 0);
          rig.file.flush(rig.server);
        }
      }
      REQUIRE(*result);
      CHECK(**result == size);
      CHECK(rig.file.content == source.content);
      CHECK(rig.file.largest_write <= 1000);
      CHECK(rig.file.closes == 1);
    }
  }
}

TEST_CASE("upload: a failing WRITE is reported, also when it is not the last answer") {
  Rig rig;
  rig.file.fail_at = 5;
  rig.start();
  MemoryFile source(some_bytes(100000));
  const auto moved = run(rig.io, rig.client->put(source, "/f"));
  REQUIRE_FALSE(moved);
  CHECK(moved.error().text() == "disk is full");
}

TEST_CASE("upload: a failing source sends nothing for the part that it could not give") {
  Rig rig;
  rig.start();
  MemoryFile source(some_bytes(100));
  source.fail = true;
  const auto moved = run(rig.io, rig.client->put(source, "/f"));
  REQUIRE_FALSE(moved);
  CHECK(moved.error().code() == Errc::file_error);
  CHECK(rig.file.content.empty());
  CHECK(run(rig.io, rig.client->real_path("/")).error().code() == Errc::unsupported);  // the session goes on
}

TEST_CASE("upload: waits while the stream takes no more") {
  Rig rig;
  rig.start();
  MemoryFile source(some_bytes(200000));
  std::optional<SFTPResult<std::uint64_t>> result;
  auto file = run(rig.io, rig.client->open("/f", sftp::open_flags::write));
  REQUIRE(file);
  rig.server.client_end->set_writable(false);
  net::spawn(rig.io.get_executor(), test::detail::keep_result(file->upload(source), result));
  test::settle(rig.io);
  CHECK(rig.file.content.empty());
  rig.server.client_end->set_writable(true);
  test::settle(rig.io);
  REQUIRE(result);
  CHECK(rig.file.content == source.content);
}

TEST_CASE("transfers: requests are as large as limits@openssh.com allows, and 32 KiB without it") {
  struct Row {
    std::uint64_t told;
    std::uint32_t expected;
  };
  for (const Row row : {Row{0, 32 * 1024}, Row{1000, 1000}, Row{261120, 261120}, Row{UINT64_MAX, 255 * 1024}}) {
    CAPTURE(row.told);
    asio::io_context io;
    FakeFile file(some_bytes(600000));
    FakeSFTPServer server(io, [&](FakeSFTPServer& s, std::uint8_t type, std::uint32_t id, Bytes message) {
      if (type != sftp::Extended::number) return file(s, type, id, message);
      sftp::ExtendedReplyWith<sftp::Limits> limits;
      limits.id = id;
      limits.body = {
          .max_packet_length = 0, .max_read_length = row.told, .max_write_length = row.told, .max_open_handles = 0};
      s.reply(limits);
    });
    if (row.told != 0) server.extensions.push_back({.name = "limits@openssh.com", .data = "1"});
    const auto client = test::start_client(io, server);
    MemoryFile memory;
    REQUIRE(run(io, client->get("/f", memory)));
    CHECK(memory.content == file.content);
    CHECK(file.largest_read == row.expected);
    file.content.clear();
    REQUIRE(run(io, client->put(memory, "/f")));
    CHECK(memory.content == file.content);
    CHECK(file.largest_write == row.expected);
  }
}

TEST_CASE("file: read_at and write_at cut what is large and join it again") {
  Rig rig(some_bytes(200000));
  rig.file.short_reads = true;
  rig.start();
  auto file = run(rig.io, rig.client->open("/f", sftp::open_flags::read | sftp::open_flags::write));
  REQUIRE(file);
  ByteVector memory(150000);
  const auto got = run(rig.io, file->read_at(1234, memory));
  REQUIRE(got);
  CHECK(*got == memory.size());
  CHECK(equal(memory, Bytes(rig.file.content).subspan(1234, memory.size())));
  CHECK(*run(rig.io, file->read_at(199990, memory)) == 10);
  CHECK(*run(rig.io, file->read_at(200000, memory)) == 0);
  REQUIRE(run(rig.io, file->write_at(100, memory)));
  CHECK(equal(memory, Bytes(rig.file.content).subspan(100, memory.size())));
}

TEST_CASE("file: one that is dropped is closed behind its back") {
  Rig rig;
  rig.start();
  {
    auto file = run(rig.io, rig.client->open("/f", sftp::open_flags::read));
    REQUIRE(file);
  }
  test::settle(rig.io);
  CHECK(rig.file.closes == 1);
}
