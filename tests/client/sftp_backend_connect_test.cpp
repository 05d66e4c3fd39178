// SFTPBackend: making it, connecting, host keys, retries, reconnecting.
#include <asio/ip/tcp.hpp>
#include <cstdlib>
#include <thread>

#include "client/backend_fixture.h"

using namespace hawser;
using namespace hawser::client;
using namespace std::chrono_literals;
using test::BackendFixture;
using test::thrown;

TEST_CASE("[SFTP-001] options have defaults, and making a backend opens no socket") {
  const SFTPBackend backend(SFTPBackendOptions{.host = "198.51.100.1"});
  CHECK(backend.options().port == 22);
  CHECK_FALSE(backend.options().username);
  CHECK(backend.options().base_path == "/");
  CHECK(backend.options().host_key_policy == HostKeyPolicy::strict);
  CHECK(backend.options().timeout == 10s);
  CHECK(backend.options().io_timeout == 120s);
  CHECK_FALSE(backend.options().retry);
}

TEST_CASE("[SFTP-002, SFTP-003] name and capabilities") {
  SFTPBackend backend(SFTPBackendOptions{.host = "h"});
  CHECK(backend.name() == "sftp");
  const CapabilitySet set = backend.capabilities();
  using enum Capability;
  for (const Capability c : {read, write, delete_, list, move, copy, atomic_write, metadata, write_result_native})
    CHECK(set.supports(c));
  for (const Capability c : {glob, atomic_move, user_metadata}) CHECK_FALSE(set.supports(c));
  CHECK(thrown<CapabilityNotSupported>([&] { backend.glob("*"); }).capability() == "glob");
  const WriteOptions with_metadata{.overwrite = false, .metadata = {{"a", "b"}}};
  CHECK(thrown<CapabilityNotSupported>([&] { backend.write("a", as_bytes("x"), with_metadata); }).capability() ==
        "user_metadata");
  CHECK(thrown<CapabilityNotSupported>([&] { backend.unwrap<int>(); }).capability() == "unwrap");
}

TEST_CASE("[SFTP-004] the first operation connects, once") {
  BackendFixture fixture;
  SFTPBackend backend(fixture.options());
  CHECK(fixture.connections_so_far() == 0);
  CHECK_FALSE(backend.exists("a"));
  CHECK(fixture.connections_so_far() == 1);
  CHECK_FALSE(backend.is_file("b"));
  CHECK(fixture.connections_so_far() == 1);
}

TEST_CASE("[SFTP-005] a blank or odd host, a bad port, time, key or policy is refused at once") {
  const auto refused = [](auto change) {
    SFTPBackendOptions options{.host = "example.org"};
    change(options);
    CHECK_THROWS_AS(SFTPBackend{options}, std::invalid_argument);
  };
  for (const char* host : {"", "  \t", "-oProxyCommand=x", "a b", "h;id"}) refused([&](auto& o) { o.host = host; });
  refused([](auto& o) { o.port = 0; });
  refused([](auto& o) { o.timeout = 0ms; });
  refused([](auto& o) { o.io_timeout = -1ms; });
  refused([](auto& o) { o.private_key = Secret("no key"); });
  refused([](auto& o) {
    o.retry = RetryPolicy();
    o.retry->max_attempts = 0;
  });
  CHECK_NOTHROW(SFTPBackend(SFTPBackendOptions{.host = "does-not-exist.invalid"}));
}

TEST_CASE("[AF-008] the description shows no secret") {
  SFTPBackendOptions options{.host = "h", .username = "me", .password = Secret("hunter2")};
  options.private_key = Secret(test::ed25519_key().to_openssh(*crypto::system_random()));
  const std::string text = SFTPBackend(options).description();
  CHECK(text.find("password='***'") != std::string::npos);
  CHECK(text.find("private_key='***'") != std::string::npos);
  CHECK(text.find("hunter2") == std::string::npos);
  CHECK(text.find("BEGIN") == std::string::npos);
  CHECK(SFTPBackend(SFTPBackendOptions{.host = "h"}).description().find("password=null") != std::string::npos);
}

TEST_CASE(
    "[SFTP-006, SFTP-023, ERR-007] an unknown host key, and a wrong password, are BackendUnavailable with their "
    "reason") {
  BackendFixture fixture;
  SFTPBackendOptions options = fixture.options();
  options.known_host_keys = fixture.known_hosts_line(test::other_ed25519_key());
  SFTPBackend wrong_key(options);
  const auto rejected = thrown<BackendUnavailable>([&] { wrong_key.check_health(); });
  CHECK(rejected.reason() == Errc::host_key_rejected);
  CHECK(rejected.backend() == "sftp");

  options = fixture.options();
  options.password = Secret("wrong");
  options.retry = RetryPolicy::usual();
  options.wait = [](auto) { FAIL("a refused login must not be tried again"); };
  SFTPBackend wrong_password(options);
  CHECK(thrown<BackendUnavailable>([&] { wrong_password.read_bytes("a"); }).reason() == Errc::authentication_failed);
}

TEST_CASE("[SFTP-006] auto accepts an unknown key with a warning, and refuses another one later") {
  BackendFixture fixture;
  SFTPBackendOptions options = fixture.options();
  options.known_host_keys.reset();
  options.host_keys_path = fixture.path("known_hosts");
  options.host_key_policy = HostKeyPolicy::auto_add;
  SFTPBackend backend(options);
  backend.check_health();
  CHECK(fixture.warnings().size() == 1);
  fixture.stop();
  fixture.start(test::other_ed25519_key());
  CHECK(thrown<BackendUnavailable>([&] { backend.check_health(); }).reason() == Errc::host_key_rejected);
  CHECK_FALSE(fixture.has("known_hosts"));
}

TEST_CASE("[SFTP-007] only the first source of host keys is consulted") {
  BackendFixture fixture;
  const std::string good = fixture.known_hosts_line();
  const std::string bad = fixture.known_hosts_line(test::other_ed25519_key());
  const auto connects = [&](const std::optional<std::string>& parameter, const std::string& configured,
                            const std::string& environment, const std::string& file) {
    SFTPBackendOptions options = fixture.options();
    options.known_host_keys = parameter;
    options.config["known_host_keys"] = configured;
    options.host_keys_path = fixture.path("keys");
    fixture.put("keys", file);
    ::setenv("SFTP_KNOWN_HOST_KEYS", environment.c_str(), 1);
    SFTPBackend backend(options);
    bool connected = true;
    try {
      backend.check_health();
    } catch (const BackendUnavailable& error) {
      CHECK(error.reason() == Errc::host_key_rejected);
      connected = false;
    }
    ::unsetenv("SFTP_KNOWN_HOST_KEYS");
    return connected;
  };
  CHECK(connects(good, bad, bad, bad));
  CHECK_FALSE(connects(bad, good, good, good));
  CHECK(connects(std::nullopt, good, bad, bad));
  CHECK(connects("", good, bad, bad));
  CHECK_FALSE(connects("", bad, good, good));
  CHECK(connects("", "", good, bad));
  CHECK_FALSE(connects("", "", bad, good));
  CHECK(connects("", "", "", good));
  CHECK_FALSE(connects("", "", "", bad));
}

TEST_CASE("[SFTP-007] with no known key at all a strict backend says what is missing, and does not connect") {
  BackendFixture fixture;
  SFTPBackendOptions options = fixture.options();
  options.known_host_keys.reset();
  options.host_keys_path = fixture.path("missing");
  SFTPBackend backend(options);
  const auto error = thrown<BackendUnavailable>([&] { backend.check_health(); });
  CHECK(std::string(error.what()).find("host key verification") != std::string::npos);
  CHECK(fixture.connections_so_far() == 0);
}

TEST_CASE("[SFTP-028] trust on first use remembers the key in the file, and nowhere else") {
  BackendFixture fixture;
  SFTPBackendOptions options = fixture.options();
  options.known_host_keys.reset();
  options.host_keys_path = fixture.path("ssh/known_hosts");
  options.host_key_policy = HostKeyPolicy::trust_on_first_use;
  {
    SFTPBackend backend(options);
    backend.check_health();
    backend.close();
  }
  CHECK(fixture.get("ssh/known_hosts") == fixture.known_hosts_line());
  options.host_key_policy = HostKeyPolicy::strict;
  CHECK_NOTHROW(SFTPBackend(options).check_health());
  options.host_key_policy = HostKeyPolicy::trust_on_first_use;
  fixture.stop();
  fixture.start(test::other_ed25519_key());
  SFTPBackend backend(options);
  CHECK(thrown<BackendUnavailable>([&] { backend.check_health(); }).reason() == Errc::host_key_rejected);
  CHECK(fixture.get("ssh/known_hosts") == fixture.known_hosts_line());
}

TEST_CASE("[SFTP-009, RET-010] connecting is tried again as the policy says, and the last cause is told") {
  BackendFixture fixture;
  fixture.stop();
  SFTPBackendOptions options = fixture.options();
  options.retry.reset();
  std::vector<std::chrono::milliseconds> waits;
  options.wait = [&](std::chrono::milliseconds wait) { waits.push_back(wait); };
  SFTPBackend refused(options);
  CHECK(thrown<BackendUnavailable>([&] { refused.check_health(); }).reason() == Errc::connect_failed);
  CHECK(waits == std::vector<std::chrono::milliseconds>{2s, 2s});

  waits.clear();
  options.wait = [&](std::chrono::milliseconds wait) {
    waits.push_back(wait);
    if (waits.size() == 2) fixture.start();
  };
  SFTPBackend late(options);
  CHECK_NOTHROW(late.check_health());
  CHECK(waits.size() == 2);
}

TEST_CASE("[SFTP-023] a name that does not resolve is BackendUnavailable") {
  SFTPBackendOptions options{.host = "does-not-exist.invalid"};
  options.host_key_policy = HostKeyPolicy::auto_add;
  options.host_keys_path = "/nonexistent/known_hosts";
  options.retry = RetryPolicy::disabled();
  SFTPBackend backend(options);
  const auto error = thrown<BackendUnavailable>([&] { backend.exists("a"); });
  CHECK(std::string(error.what()).find("does-not-exist.invalid") != std::string::npos);
}

TEST_CASE("[SFTP-010] a connection that the server has ended is replaced without a word") {
  BackendFixture fixture;
  fixture.put("a", "content");
  SFTPBackend backend(fixture.options());
  for (std::size_t round = 1; round <= 3; ++round) {
    CHECK(backend.read_bytes("a") == to_vector(as_bytes("content")));
    CHECK(backend.write("b" + std::to_string(round), as_bytes("x")).size == 1);
    CHECK(fixture.connections_so_far() == round);
    fixture.cut();
  }
}

TEST_CASE("[SFTP-025, SFTP-027, BE-020] close ends the connection, may be repeated, and is not the end") {
  BackendFixture fixture;
  SFTPBackend backend(fixture.options());
  backend.close();
  backend.close();
  CHECK_FALSE(backend.close_is_terminal());
  CHECK_FALSE(backend.exists("a"));
  backend.close();
  backend.close();
  CHECK(backend.native_path("a") == "/a");
  CHECK_FALSE(backend.exists("a"));
  CHECK(fixture.connections_so_far() == 2);
}

TEST_CASE("[PING-006, PING-009] health: a base path that is refused, and a server that is gone") {
  BackendFixture fixture({"stat"});
  SFTPBackend backend(fixture.options());
  CHECK(thrown<PermissionDenied>([&] { backend.check_health(); }).backend() == "sftp");
  fixture.stop();
  CHECK_THROWS_AS(backend.check_health(), BackendUnavailable);
}

TEST_CASE("[AW-002, BE-011, SAW-002, WR-010] what needs another capability is refused before a connection is made") {
  BackendFixture fixture;
  SFTPBackend backend(fixture.options());
  const WriteOptions with_metadata{.overwrite = false, .metadata = {{"a", "b"}}};
  CHECK_THROWS_AS(backend.write("a", as_bytes("x"), with_metadata), CapabilityNotSupported);
  CHECK_THROWS_AS(backend.write_atomic("a", as_bytes("x"), with_metadata), CapabilityNotSupported);
  CHECK_THROWS_AS(backend.open_atomic("a", with_metadata), CapabilityNotSupported);
  CHECK_THROWS_AS(backend.glob("*"), CapabilityNotSupported);
  const CapabilitySet none{};
  CHECK(thrown<CapabilityNotSupported>([&] { none.require(Capability::atomic_write, "sftp"); }).capability() ==
        "atomic_write");
  CHECK(fixture.connections_so_far() == 0);
}

TEST_CASE("[BE-022, SFTP-026] unwrap gives the SFTP client that is connected") {
  BackendFixture fixture;
  SFTPBackend backend(fixture.options());
  CHECK(backend.unwrap<SFTPClient>().extensions().posix_rename);
  CHECK(fixture.connections_so_far() == 1);
}

TEST_CASE("[SFTP-030] a silent server costs one io_timeout, and the next call connects anew") {
  // It accepts and says nothing: the connect timeout ends it.
  asio::io_context io;
  asio::ip::tcp::acceptor acceptor(io, {asio::ip::make_address("127.0.0.1"), 0});
  SFTPBackendOptions options{.host = "127.0.0.1", .port = acceptor.local_endpoint().port()};
  options.host_key_policy = HostKeyPolicy::auto_add;
  options.host_keys_path = "/nonexistent/known_hosts";
  options.retry = RetryPolicy::disabled();
  options.timeout = 100ms;
  SFTPBackend backend(options);
  const auto error = thrown<BackendUnavailable>([&] { backend.exists("a"); });
  CHECK((error.reason() == Errc::timed_out || error.reason() == Errc::login_timeout));
}

TEST_CASE("[SFTP-001] a private key signs in: plain, with a passphrase, with its newlines lost") {
  BackendFixture fixture;
  server::BaseSFTPServerOptions listen;
  listen.listen.host_keys = {std::make_shared<crypto::PrivateKey>(test::ed25519_key())};
  listen.listen.port = 0;
  listen.file_system = *server::LocalFileSystem::open(fixture.path(""));
  listen.authenticators = {server::AuthorizedKeys::from_text(test::ecdsa_key().public_key().text())};
  server::BaseSFTPServer server(listen);
  REQUIRE(server.start().has_value());
  const auto random = crypto::system_random();
  const std::string plain = test::ecdsa_key().to_openssh(*random);
  const std::string encrypted =
      *test::ecdsa_key().to_openssh_encrypted(*random, crypto::SecretBytes(as_bytes("open")), {}, 1);
  for (const char newline : {'\n', ' '}) {
    for (const std::string& text : {plain, encrypted}) {
      std::string pem = text;
      std::replace(pem.begin(), pem.end(), '\n', newline);
      SFTPBackendOptions options{.host = "127.0.0.1", .port = server.port(), .username = "anyone"};
      options.private_key = Secret(pem);
      options.private_key_passphrase = Secret("open");
      options.host_key_verifier = pinned_host_keys({test::ed25519_key().public_key()});
      CHECK_NOTHROW(SFTPBackend(options).check_health());
    }
  }
  SFTPBackendOptions locked{.host = "example.org"};
  locked.private_key = Secret(encrypted);
  CHECK_THROWS_AS(SFTPBackend{locked}, std::invalid_argument);
  locked.private_key_passphrase = Secret("shut");
  CHECK_THROWS_AS(SFTPBackend{locked}, std::invalid_argument);
}
