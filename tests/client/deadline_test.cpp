#include "hawser/client/deadline.h"

#include <doctest/doctest.h>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>

#include "client/fake_sftp_server.h"

using namespace hawser;
using namespace hawser::client;
using test::FakeSFTPServer;
using test::run;

namespace {

constexpr std::chrono::milliseconds soon(20);
constexpr std::chrono::milliseconds never = std::chrono::hours(24);

// A server that keeps STAT and OPEN to itself until it is told otherwise.
struct SlowServer {
  SlowServer()
      : server(io, [this](FakeSFTPServer& self, std::uint8_t type, std::uint32_t id, Bytes message) {
          if (patient) return answer(self, type, id);
          kept.emplace_back(type, id);
          last = to_vector(message);
        }) {
    sftp = *run(io, SFTPClient::start(server.client_end));
  }

  static void answer(FakeSFTPServer& self, std::uint8_t type, std::uint32_t id) {
    if (type == sftp::Stat::number) {
      sftp::Attributes attributes;
      attributes.size = 7;
      self.reply(sftp::Attrs{.id = id, .attrs = attributes});
    } else if (type == sftp::Open::number) {
      self.reply(sftp::Handle{.id = id, .handle = std::string_view("h")});
    } else {
      self.reply_status(id, sftp::StatusCode::ok);
    }
  }
  void answer_late() {
    patient = true;
    for (const auto& [type, id] : std::exchange(kept, {})) answer(server, type, id);
  }

  asio::io_context io;
  bool patient = false;
  std::vector<std::pair<std::uint8_t, std::uint32_t>> kept;
  ByteVector last;
  FakeSFTPServer server;
  std::shared_ptr<SFTPClient> sftp;
};

}  // namespace

TEST_CASE("deadline: an operation that is done in time gives its result") {
  SlowServer rig;
  rig.patient = true;
  const auto found = run(rig.io, with_deadline(never, rig.sftp->stat("/f")));
  REQUIRE(found);
  CHECK(found->size == 7u);
}

TEST_CASE("deadline: an operation that is not is timed out, and the session goes on") {
  SlowServer rig;
  CHECK(run(rig.io, with_deadline(soon, rig.sftp->stat("/f"))).error().code() == Errc::timed_out);
  REQUIRE(rig.kept.size() == 1);
  CHECK(rig.sftp->alive());
  rig.answer_late();  // dropped
  const auto found = run(rig.io, rig.sftp->stat("/g"));
  REQUIRE(found);
  CHECK(found->size == 7u);
}

TEST_CASE("deadline: a file that is opened too late is closed again") {
  SlowServer rig;
  CHECK(run(rig.io, with_deadline(soon, rig.sftp->open("/f", sftp::open_flags::read))).error().code() ==
        Errc::timed_out);
  rig.answer_late();
  REQUIRE(run(rig.io, rig.sftp->stat("/g")));
  CHECK(std::ranges::count(rig.server.requests, std::uint8_t{sftp::Close::number}) == 1);
}

TEST_CASE("deadline: transfers end as well, in the middle of many requests") {
  SlowServer rig;
  rig.patient = true;
  auto file = run(rig.io, rig.sftp->open("/f", sftp::open_flags::read | sftp::open_flags::write));
  REQUIRE(file);
  rig.patient = false;
  ByteVector buffer(1024 * 1024);
  CHECK(run(rig.io, with_deadline(soon, file->read_at(0, buffer))).error().code() == Errc::timed_out);
  CHECK(run(rig.io, with_deadline(soon, file->write_at(0, buffer))).error().code() == Errc::timed_out);
  rig.answer_late();
  CHECK(run(rig.io, rig.sftp->stat("/g")));
  CHECK(run(rig.io, file->close()));
}

TEST_CASE("cancellation: a coroutine that waits for an answer is cancelled through its slot") {
  SlowServer rig;
  asio::cancellation_signal stop;
  std::optional<Errc> outcome;
  const auto ask = [](std::shared_ptr<SFTPClient> sftp, std::optional<Errc>& out) -> net::Awaitable<void> {
    const SFTPResult<sftp::Attributes> found = co_await sftp->stat("/f");
    out = found ? Errc::ok : found.error().code();
  };
  net::spawn(
      rig.io.get_executor(), ask(rig.sftp, outcome), [](std::exception_ptr) {}, stop.slot());
  rig.io.restart();
  while (rig.kept.empty()) rig.io.run_one();
  stop.emit(asio::cancellation_type::terminal);
  while (!outcome) rig.io.run_one();
  CHECK(*outcome == Errc::cancelled);
  rig.answer_late();
  CHECK(run(rig.io, rig.sftp->stat("/g")));
}

TEST_CASE("deadline: within a deadline, the first that strikes ends both") {
  SlowServer rig;
  CHECK(run(rig.io, with_deadline(soon, with_deadline(never, rig.sftp->stat("/f")))).error().code() == Errc::timed_out);
  rig.answer_late();
  CHECK(run(rig.io, rig.sftp->stat("/g")));
}
