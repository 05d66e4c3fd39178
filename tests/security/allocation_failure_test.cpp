// Memory that runs out at any step of a session behind its key exchange, or of serving files: std::bad_alloc reaches
// whoever drives it, or the session tells an error; nobody is let in, nothing is answered wrongly, nothing is left
// behind. (The key exchange: tests/transport/allocation_failure_test.cpp.)
#include <doctest/doctest.h>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>

#include "hawser/server/memory_file_system.h"
#include "hawser/server/sftp_server.h"
#include "hawser/sftp/handle_table.h"
#include "hawser/sftp/messages.h"
#include "support/counting_allocator.h"
#include "support/memory_channel.h"
#include "support/session_pair.h"

namespace hawser::test {

namespace {

constexpr std::string_view echoed_text = "what is sent comes back";

// The reply numbers to a script of requests, as far as there are replies.
struct Script {
  std::vector<ByteVector> requests;
  std::vector<std::uint8_t> expected;

  template <wire::HasFields M>
  void add(const M& message, std::uint8_t reply) {
    ByteVector framed;
    wire::append_string(framed, wire::encode(message));
    requests.push_back(std::move(framed));
    expected.push_back(reply);
  }
};

Script script() {
  namespace flags = sftp::open_flags;
  Script out;
  const sftp::HandleId handle(0, 1);
  out.add(sftp::Init{}, sftp::Version::number);
  out.add(sftp::Open{.id = 1, .filename = "/file", .pflags = flags::read | flags::write | flags::create, .attrs = {}},
          sftp::Handle::number);
  out.add(sftp::Write{.id = 2, .handle = handle.text(), .offset = 0, .data = as_bytes(echoed_text)},
          sftp::Status::number);
  out.add(sftp::Read{.id = 3, .handle = handle.text(), .offset = 0, .length = 100}, sftp::Data::number);
  out.add(sftp::Fstat{.id = 4, .handle = handle.text()}, sftp::Attrs::number);
  out.add(sftp::Mkdir{.id = 5, .path = "/directory", .attrs = {}}, sftp::Status::number);
  out.add(sftp::Rename{.id = 6, .oldpath = "/file", .newpath = "/directory/file"}, sftp::Status::number);
  out.add(sftp::Realpath{.id = 7, .path = "directory"}, sftp::Name::number);
  out.add(sftp::Remove{.id = 8, .filename = "/directory/file"}, sftp::Status::number);
  out.add(sftp::Close{.id = 9, .handle = handle.text()}, sftp::Status::number);
  return out;
}

// What has been received, message by message, without their lengths.
std::vector<ByteVector> messages_of(Bytes bytes) {
  std::vector<ByteVector> out;
  while (bytes.size() >= 4 && bytes.size() - 4 >= wire::load_uint32(bytes.data())) {
    const std::size_t size = wire::load_uint32(bytes.data());
    out.push_back(to_vector(bytes.subspan(4, size)));
    bytes = bytes.subspan(4 + size);
  }
  CHECK(bytes.empty());
  return out;
}

// Botan 3.7 lets memory run out within a noexcept function of its ML-KEM, which ends the program.
transport::TransportConfig without_ml_kem() {
  transport::TransportConfig config = client_config();
  config.algorithms.kex = {"curve25519-sha256"};
  return config;
}

}  // namespace

TEST_CASE(
    "[CVE-2020-16135, CVE-2025-5449] allocation failure: authentication and a channel, at each step, leave nothing "
    "behind") {
  std::size_t steps = 0;
  for (FailureOutcome outcome = FailureOutcome::threw; outcome != FailureOutcome::none; ++steps) {
    CAPTURE(steps);
    const std::shared_ptr<BufferPool> pool = BufferPool::create();
    {
      SessionPair pair(pool, without_ml_kem());
      pair.client.text = echoed_text;
      outcome = with_allocation_failure(steps, [&] { pair.pump(); });
      CHECK(echoed_text.starts_with(pair.client.echoed));
      if (pair.client.authenticated) CHECK(pair.server.successes == 1);
      if (outcome == FailureOutcome::none) {
        CHECK(pair.client.echoed == echoed_text);
        CHECK(pair.client.closed);
        CHECK(pair.server.session.channels().channel_count() == 0);
      }
    }
    CHECK(pool->stats().bytes_in_use == 0);
  }
  CHECK(steps > 100);
}

TEST_CASE(
    "[CVE-2020-16135, CVE-2023-6918] allocation failure: a wrong password never lets in, at whatever step memory was "
    "short, also where the session goes on") {
  std::size_t steps = 0;
  for (FailureOutcome outcome = FailureOutcome::threw; outcome != FailureOutcome::none; ++steps) {
    CAPTURE(steps);
    SessionPair pair(BufferPool::create(), without_ml_kem());
    pair.client.password = "wrong";
    outcome = with_allocation_failure(steps, [&] { pair.pump(); });
    pair.pump();
    CHECK(pair.server.successes == 0);
    CHECK_FALSE(pair.server.session.authenticated());
    CHECK_FALSE(pair.client.authenticated);
  }
  CHECK(steps > 50);
}

TEST_CASE(
    "[CVE-2020-1730, CVE-2025-5449] allocation failure: serving files, at each step, gives every request its reply or "
    "ends the session") {
  const Script all = script();
  std::size_t steps = 0;
  for (FailureOutcome outcome = FailureOutcome::threw; outcome != FailureOutcome::none; ++steps) {
    CAPTURE(steps);
    const std::shared_ptr<BufferPool> pool = BufferPool::create();
    {
      asio::io_context io;
      const auto [client, served] = MemoryChannel::pair(io.get_executor());
      server::SFTPServerOptions options;
      options.pool = pool;
      server::SFTPServer server(served, std::make_shared<server::MemoryFileSystem>(), options);
      bool ended = false, threw = false;
      asio::co_spawn(io, server.run(), [&](const std::exception_ptr& exception, const Result<void>&) {
        ended = true;
        threw = exception != nullptr;
      });
      io.poll();
      for (const ByteVector& request : all.requests) served->deliver(request);
      outcome = with_allocation_failure(steps, [&] { io.poll(); });
      ByteVector received;
      while (const std::optional<Payload> piece = client->try_receive()) {
        received.insert(received.end(), piece->bytes().begin(), piece->bytes().end());
      }
      const std::vector<ByteVector> replies = messages_of(received);
      CHECK(replies.size() <= all.requests.size());
      if (!ended && outcome != FailureOutcome::threw) CHECK(replies.size() == all.requests.size());
      for (std::size_t i = 0; i != replies.size(); ++i) {
        CAPTURE(i);
        if (i != 0) CHECK(wire::load_uint32(&replies[i].at(1)) == i);
        const std::uint8_t type = replies[i].at(0);
        CHECK((type == all.expected[i] || type == sftp::Status::number));
        if (type != sftp::Data::number) continue;
        const auto data = wire::decode<sftp::Data>(replies[i]);
        REQUIRE(data);
        CHECK((as_text(data->data) == echoed_text));
      }
      if (outcome == FailureOutcome::none) {
        CHECK_FALSE(threw);
        for (std::size_t i = 0; i != replies.size(); ++i) CHECK(replies[i].at(0) == all.expected[i]);
      }
      served->end();
      io.restart();
      io.poll();
    }
    CHECK(pool->stats().bytes_in_use == 0);
  }
  CHECK(steps > 10);
}

}  // namespace hawser::test
