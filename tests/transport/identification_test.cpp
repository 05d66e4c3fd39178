#include "transport/identification.h"

#include <doctest/doctest.h>

#include "hawser/wire/limits.h"
#include "support/raw_peer.h"

using namespace hawser;
using namespace hawser::test;
using hawser::transport::IdentificationParser;

namespace {

Errc parse(Role role, std::string_view text, std::string* identification = nullptr, std::size_t pre_lines = 50) {
  IdentificationParser parser(role, pre_lines);
  Result<IdentificationParser::Progress> progress = parser.parse(as_bytes(text));
  if (!progress) return progress.error().code();
  if (identification != nullptr) *identification = progress->identification.value_or("(incomplete)");
  return Errc::ok;
}

std::string padded_identification(std::size_t size_with_end) {
  std::string line = "SSH-2.0-";
  line.append(size_with_end - line.size() - 2, 'x');
  return line + "\r\n";
}

}  // namespace

TEST_CASE("identification: what is accepted, and what of it enters the exchange hash (RFC 4253 §4.2)") {
  struct Row {
    std::string_view sent;
    std::string_view kept;
  };
  for (const Row& row :
       {Row{"SSH-2.0-OpenSSH_9.2p1\r\n", "SSH-2.0-OpenSSH_9.2p1"},
        Row{"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", "SSH-2.0-OpenSSH_9.2p1 Debian-2"},
        Row{"SSH-2.0-old\n", "SSH-2.0-old"}, Row{"SSH-1.99-Cisco-1.25\n", "SSH-1.99-Cisco-1.25"},
        Row{"SSH-2.0-x\r\nSSH-2.0-y\r\n", "SSH-2.0-x"}, Row{"SSH-2.0-trailing \r\n", "SSH-2.0-trailing "},
        Row{"SSH-2.0-unfinished\r", "(incomplete)"}, Row{"SS", "(incomplete)"}, Row{"", "(incomplete)"}}) {
    for (const Role role : {Role::client, Role::server}) {
      CAPTURE(row.sent);
      std::string kept;
      CHECK(parse(role, row.sent, &kept) == Errc::ok);
      CHECK(kept == row.kept);
    }
  }
}

TEST_CASE("identification: other versions and malformed lines are refused in both roles (RFC 4253 §4.2, §5)") {
  struct Row {
    std::string_view sent;
    Errc error;
  };
  for (const Row& row :
       {Row{"SSH-1.5-old\r\n", Errc::protocol_version_not_supported},
        Row{"SSH-3.0-new\r\n", Errc::protocol_version_not_supported},
        Row{"SSH-2.00-x\r\n", Errc::protocol_version_not_supported},
        Row{"SSH-2-x\r\n", Errc::protocol_version_not_supported},
        Row{"SSH--x\r\n", Errc::protocol_version_not_supported}, Row{"SSH-2.0\r\n", Errc::bad_identification},
        Row{"SSH-2.0-\r\n", Errc::bad_identification}, Row{"SSH-\r\n", Errc::bad_identification},
        Row{std::string_view("SSH-2.0-a\0b\r\n", 13), Errc::bad_identification},
        Row{"SSH-2.0-a\rb\r\n", Errc::bad_identification}, Row{"SSH-2.0-a\r\r\n", Errc::bad_identification}}) {
    for (const Role role : {Role::client, Role::server}) {
      CAPTURE(row.sent);
      CHECK(parse(role, row.sent) == row.error);
    }
  }
}

TEST_CASE("identification: 255 bytes with the line end are the most (RFC 4253 §4.2)") {
  for (const Role role : {Role::client, Role::server}) {
    CHECK(parse(role, padded_identification(255)) == Errc::ok);
    CHECK(parse(role, padded_identification(256)) == Errc::bad_identification);
    // A line that never ends is not waited for.
    CHECK(parse(role, "SSH-2.0-" + std::string(248, 'x')) == Errc::bad_identification);
  }
}

TEST_CASE("identification: only a client tolerates other lines before it, up to a cap (RFC 4253 §4.2)") {
  const std::string_view greeting = "Welcome\r\nto this host\nSSH-2.0-x\r\n";
  std::string kept;
  CHECK(parse(Role::client, greeting, &kept) == Errc::ok);
  CHECK(kept == "SSH-2.0-x");
  CHECK(parse(Role::server, greeting) == Errc::bad_identification);
  CHECK(parse(Role::server, "GET") == Errc::bad_identification);

  CHECK(parse(Role::client, "1\n2\n3\nSSH-2.0-x\r\n", &kept, 3) == Errc::ok);
  CHECK(kept == "SSH-2.0-x");
  CHECK(parse(Role::client, "1\n2\n3\n4\nSSH-2.0-x\r\n", &kept, 3) == Errc::bad_identification);

  const std::string longest(limits::pre_identification_line_size - 1, 'x');
  CHECK(parse(Role::client, longest + "\nSSH-2.0-x\r\n") == Errc::ok);
  CHECK(parse(Role::client, longest + "x\nSSH-2.0-x\r\n") == Errc::bad_identification);
  CHECK(parse(Role::client, longest + "x") == Errc::bad_identification);
}

TEST_CASE("identification: softwareversion of our own is checked before anything is sent") {
  for (const char* software : {"", "has space", "has-minus", "control\x01", "not\xe4scii"}) {
    CAPTURE(software);
    transport::TransportConfig config = server_config();
    config.software = software;
    FixedRandom random;
    transport::Transport subject(Role::server, config, random, TimePoint());
    CHECK(subject.transmit().empty());
    Result<std::optional<transport::TransportEvent>> event = subject.next();
    REQUIRE_FALSE(event);
    CHECK(event.error().code() == Errc::invalid_argument);
  }
}

TEST_CASE("identification: ours and KEXINIT leave in the first write, without waiting for the peer") {
  RawPeer peer(Role::client, server_config());
  CHECK(peer.subject.queued() > 100);
  const ByteVector kexinit = peer.receive();
  REQUIRE_FALSE(kexinit.empty());
  CHECK(kexinit[0] == transport::KexInit::number);
}

TEST_CASE("identification: ours ends in CR LF, and has no other line end (RFC 4253 §4.2)") {
  for (const Role role : {Role::client, Role::server}) {
    RawPeer peer(role, role == Role::client ? server_config() : client_config());
    const std::string sent(as_text(take_transmit(peer.subject)));
    const std::string expected = "SSH-2.0-" + server_config().software + "\r\n";
    CHECK(sent.substr(0, expected.size()) == expected);
    CHECK(expected.find_first_of("\r\n") == expected.size() - 2);
  }
}

TEST_CASE("identification: a peer of another version is told so in a plain line") {
  RawPeer peer(Role::client, server_config());
  peer.receive();
  peer.send_raw("SSH-1.5-old\r\n");
  CHECK(peer.error() == Errc::protocol_version_not_supported);
  CHECK(as_text(take_transmit(peer.subject)) == "Only SSH protocol version 2.0 is supported\r\n");
  CHECK(peer.subject.closed());
}

TEST_CASE("[CVE-2016-7406] identification: the peer's is shown escaped") {
  RawPeer peer(Role::client, server_config());
  CHECK(peer.subject.peer_identification().empty());
  peer.send_raw("SSH-2.0-x\x1b[2J\n");
  CHECK(peer.error() == Errc::ok);
  CHECK(peer.subject.peer_identification() == "SSH-2.0-x\\x1b[2J");
}
