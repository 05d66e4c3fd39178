// No password stays behind in the memory of a session, on either side: pooled blocks are searched after the login.
#include <doctest/doctest.h>

#include <algorithm>

#include "hawser/session/session.h"
#include "support/transport_configs.h"

using namespace hawser;
using namespace hawser::test;
using session::Session;
using session::SessionConfig;

namespace {

// Long enough not to be found by chance, and not in one piece in this program's own copies of it.
std::string marker(char first) { return first + std::string("-correct-horse-battery-staple"); }

struct End {
  End(Role role, SessionConfig config, std::uint64_t seed)
      : pool(config.transport.pool), random(seed), session(role, std::move(config), random, TimePoint()) {}

  void receive(Bytes bytes) {
    while (!bytes.empty()) {
      const MutableBytes space = session.receive_space();
      const std::size_t count = std::min(space.size(), bytes.size());
      std::copy_n(bytes.begin(), count, space.begin());
      session.received(count);
      bytes = bytes.subspan(count);
      while (true) {
        Result<std::optional<session::SessionEvent>> event = session.next();
        REQUIRE_MESSAGE(event, (event ? std::string() : event.error().message()));
        if (!*event) break;
        handle(std::move(**event));
      }
    }
  }
  void handle(session::SessionEvent event) {
    if (auto* of_transport = std::get_if<transport::TransportEvent>(&event)) {
      if (std::holds_alternative<transport::HostKeyOffered>(*of_transport)) session.transport().accept_host_key();
    } else if (auto* of_server = std::get_if<auth::UserauthServerEvent>(&event)) {
      requests.push_back(std::move(*of_server));
    } else if (auto* of_client = std::get_if<auth::UserauthClientEvent>(&event)) {
      answers.push_back(std::move(*of_client));
    }
  }

  std::shared_ptr<BufferPool> pool;
  FixedRandom random;
  Session session;
  std::vector<auth::UserauthServerEvent> requests;
  std::vector<auth::UserauthClientEvent> answers;
};

SessionConfig config_of(transport::TransportConfig transport, const char* compression) {
  SessionConfig config;
  config.transport = std::move(transport);
  config.transport.algorithms.compression = {compression};
  config.transport.pool = BufferPool::create();
  config.user = "joe";
  config.userauth.initial_methods = {"password", "keyboard-interactive"};
  return config;
}

struct Pair {
  explicit Pair(const char* compression)
      : client(Role::client, config_of(client_config(), compression), 1),
        server(Role::server, config_of(server_config(), compression), 2) {}

  void pump() {
    bool moved = true;
    while (moved) {
      const bool to_server = carry(client, server);
      moved = carry(server, client) || to_server;
    }
  }
  static bool carry(End& from, End& to) {
    ByteVector all;
    while (true) {
      const std::span<const Bytes> pieces = from.session.transmit();
      if (pieces.empty()) break;
      std::size_t count = 0;
      for (const Bytes piece : pieces) {
        all.insert(all.end(), piece.begin(), piece.end());
        count += piece.size();
      }
      from.session.transmitted(count);
    }
    to.receive(all);
    return !all.empty();
  }
  End client, server;
};

// All blocks that wait in the pool, searched. A pool that has none left takes a new one from the system.
bool holds(BufferPool& pool, std::string_view text) {
  bool found = false;
  std::vector<BlockRef> taken;
  for (const std::size_t quarter_kib : {1u, 4u, 16u, 32u, 64u, 144u, 272u, 1056u}) {
    const std::size_t size = quarter_kib * 256;  // of each class of the pool
    const std::size_t before = pool.stats().allocations;
    while (true) {
      BlockRef block = pool.acquire(size);
      if (pool.stats().allocations != before) break;
      const std::string_view memory = as_text(Bytes(block->data(), block->capacity()));
      found = found || memory.find(text) != std::string_view::npos;
      taken.push_back(std::move(block));
    }
  }
  CHECK_FALSE(taken.empty());
  return found;
}

}  // namespace

namespace {

void log_in_and_search(const char* compression) {
  Pair pair(compression);
  pair.pump();
  auth::UserauthClient& client = pair.client.session.userauth_client();
  client.start();
  REQUIRE(client.request_password_change(marker('o'), marker('n')));
  pair.pump();
  REQUIRE(pair.server.requests.size() == 1);
  pair.server.session.answer(auth::AuthResult::failed, {"keyboard-interactive"});
  pair.pump();

  REQUIRE(client.request_keyboard_interactive());
  pair.pump();
  REQUIRE(pair.server.session.prompt("", "", {{"Password: ", false}}));
  pair.pump();
  REQUIRE(client.answer_prompts({marker('k')}));
  pair.pump();
  REQUIRE(pair.server.requests.size() == 3);
  const auto& answered = std::get<auth::PromptsAnswered>(pair.server.requests.back());
  REQUIRE(answered.responses);
  CHECK(as_text((*answered.responses)[0].view()) == marker('k'));
  pair.server.session.answer(auth::AuthResult::successful, {});
  // Too late: the server ignores it (RFC 4252 §5.1).
  ByteVector late{50};
  for (const std::string& field : {std::string("joe"), std::string("ssh-connection"), std::string("password")}) {
    wire::append_string(late, field);
  }
  late.push_back(0);
  wire::append_string(late, marker('l'));
  send_payload(pair.client.session.transport(), late);
  crypto::wipe(late);
  pair.pump();
  REQUIRE(pair.server.session.authenticated());
  REQUIRE(pair.client.session.authenticated());

  for (const char first : {'o', 'n', 'k', 'l'}) {
    CAPTURE(first);
    CHECK_FALSE(holds(*pair.server.pool, marker(first)));
    CHECK_FALSE(holds(*pair.client.pool, marker(first)));
  }
}

}  // namespace

TEST_CASE("[password-memory] session: no password, old, new, sent ahead or too late, is left in pooled memory") {
  log_in_and_search("none");
}

TEST_CASE("[password-memory] session: nor where the login is compressed") { log_in_and_search("zlib"); }

TEST_CASE("[password-memory] session: nor of a request that could not be sent any more") {
  Pair pair("none");
  pair.pump();
  auth::UserauthClient& client = pair.client.session.userauth_client();
  client.start();
  pair.pump();
  // Blocks that come from the system now would hold what others have left in the heap, this test's own texts included.
  std::vector<BlockRef> filled;
  for (int i = 0; i != 8; ++i) {
    filled.push_back(pair.client.pool->acquire(1024));
    std::fill_n(filled.back()->data(), filled.back()->capacity(), std::uint8_t{0});
  }
  filled.clear();
  transport::Transport& transport = pair.client.session.transport();
  transport.rekey();  // so that it waits
  REQUIRE(client.request_password(marker('w')));
  transport.disconnect(transport::DisconnectReason::by_application, "");
  ByteVector late{50};
  wire::append_string(late, marker('v'));
  send_payload(transport, late);
  crypto::wipe(late);
  for (const char first : {'w', 'v'}) {
    CAPTURE(first);
    CHECK_FALSE(holds(*pair.client.pool, marker(first)));
  }
}

TEST_CASE("session: the search of the tests above finds what is there") {
  const std::shared_ptr<BufferPool> pool = BufferPool::create();
  {
    const BlockRef block = pool->acquire(4096);
    const std::string text = marker('x');
    std::ranges::copy(as_bytes(text), block->data() + 1000);
  }
  CHECK(holds(*pool, marker('x')));
  CHECK_FALSE(holds(*pool, marker('y')));
}
