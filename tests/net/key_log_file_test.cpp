#include "hawser/net/key_log_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "hawser/crypto/hash.h"
#include "hawser/crypto/packet_cipher.h"
#include "support/hex.h"
#include "support/loopback.h"
#include "support/recording_observer.h"
#include "support/temporary_directory.h"

using namespace hawser;
using namespace hawser::test;
using transport::TransportConfig;

namespace {

std::vector<std::string> lines_of(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

struct KeyLogLine {
  explicit KeyLogLine(const std::string& line) {
    std::istringstream words(line);
    std::string cookie_text, secret_text;
    words >> cookie_text >> label >> secret_text;
    cookie = from_hex(cookie_text);
    secret = from_hex(secret_text);
  }
  ByteVector cookie;
  std::string label;
  ByteVector secret;
};

// One direction of a captured session, as far as it can be read without keys.
struct Captured {
  explicit Captured(Bytes stream) {
    const std::string_view text = as_text(stream);
    identification = text.substr(0, text.find("\r\n"));
    stream = stream.subspan(identification.size() + 2);
    do {
      const std::size_t length = wire::load_uint32(stream.data());
      payloads.push_back(to_vector(stream.subspan(5, length - 1 - stream[4])));
      stream = stream.subspan(4 + length);
    } while (payloads.back()[0] != transport::NewKeys::number);
    encrypted = to_vector(stream);
  }
  std::string identification;
  std::vector<ByteVector> payloads;
  ByteVector encrypted;
};

// H of curve25519-sha256 (RFC 5656 §4, RFC 8731 §3) from what was captured and the secret that was logged.
ByteVector exchange_hash(const Captured& client, const Captured& server, Bytes shared_secret) {
  const auto init = *wire::decode<transport::KexEcdhInit>(client.payloads.at(1));
  const auto reply = *wire::decode<transport::KexEcdhReply>(server.payloads.at(1));
  crypto::Hash hash(crypto::HashAlgorithm::sha256);
  hash.update_string(as_bytes(client.identification)).update_string(as_bytes(server.identification));
  hash.update_string(client.payloads[0]).update_string(server.payloads[0]).update_string(reply.host_key);
  hash.update_string(init.q_c).update_string(reply.q_s).update_string(shared_secret);
  return hash.finish();
}

// The first packet under the keys that follow, opened.
ByteVector open_first(const Captured& direction, Bytes hash, Bytes shared_secret, char iv, char key) {
  const crypto::CipherRow& cipher = *crypto::find_cipher("aes256-gcm@openssh.com");
  ByteVector k;
  wire::append_string(k, shared_secret);
  crypto::DirectionKeys keys;
  keys.iv = crypto::derive_key(crypto::HashAlgorithm::sha256, k, hash, iv, hash, cipher.iv_size);
  keys.key = crypto::derive_key(crypto::HashAlgorithm::sha256, k, hash, key, hash, cipher.key_size);
  const auto opener = crypto::make_opener(cipher, nullptr, keys);
  REQUIRE(opener);
  ByteVector packet = direction.encrypted;
  const auto length = (*opener)->open_length(0, MutableBytes(packet).first(4));
  REQUIRE(length);
  packet.resize(4 + *length + cipher.tag_size);
  REQUIRE((*opener)->open(0, packet));
  return to_vector(Bytes(packet).subspan(5, *length - 1 - packet[4]));
}

TransportConfig configured(TransportConfig config, const std::shared_ptr<RecordingObserver>& observer,
                           const std::string& path) {
  config.algorithms.kex = {"curve25519-sha256"};
  config.algorithms.cipher = {"aes256-gcm@openssh.com"};
  const auto log = net::KeyLogFile::open(path);
  REQUIRE(log);
  config.disclose_session_secrets = (*log)->writer();
  return observed(std::move(config), observer);
}

}  // namespace

TEST_CASE("key log: with its line, and nothing else, a captured session can be read; each rekey adds a line") {
  const TemporaryDirectory folder;
  const auto client = std::make_shared<RecordingObserver>();
  const auto server = std::make_shared<RecordingObserver>();
  Loopback link(configured(client_config(), client, folder / "client"),
                configured(server_config(), server, folder / "server"));
  REQUIRE(link.connect());
  const ByteVector message = test_payload(94, 50);
  link.client.send(message);
  link.pump();

  const Captured from_client(client->bytes_sent);
  const Captured from_server(client->bytes_received);
  const KeyLogLine line(lines_of(folder / "client").at(0));
  CHECK(line.label == "SHARED_SECRET");
  CHECK(line.cookie == to_vector(Bytes(from_client.payloads[0]).subspan(1, 16)));
  const ByteVector hash = exchange_hash(from_client, from_server, line.secret);
  CHECK(hash == to_vector(link.client.transport.session_id().bytes()));
  CHECK(open_first(from_client, hash, line.secret, 'A', 'C') == message);
  CHECK(open_first(from_server, hash, line.secret, 'B', 'D')[0] == transport::ExtInfo::number);

  const KeyLogLine of_server(lines_of(folder / "server").at(0));
  CHECK(of_server.secret == line.secret);
  CHECK(of_server.cookie == to_vector(Bytes(from_server.payloads[0]).subspan(1, 16)));

  link.client.transport.rekey();
  link.pump();
  const std::vector<std::string> lines = lines_of(folder / "client");
  REQUIRE(lines.size() == 2);
  const KeyLogLine second(lines[1]);
  CHECK(second.secret != line.secret);
  const auto sent_kexinit = std::ranges::find_if(client->packets.rbegin(), client->packets.rend(), [](const auto& p) {
    return p.direction == transport::Direction::sent && p.payload[0] == transport::KexInit::number;
  });
  CHECK(second.cookie == to_vector(Bytes(sent_kexinit->payload).subspan(1, 16)));
}

TEST_CASE("key log: a line as Wireshark's ssh.keylog_file reads it") {
  CHECK(net::key_log_line("00112233445566778899aabbccddeeff"_hex, "0001ff"_hex) ==
        "00112233445566778899aabbccddeeff SHARED_SECRET 0001ff");
  // Long secrets are not cut.
  CHECK(net::key_log_line({}, ByteVector(1025)).size() == std::string(" SHARED_SECRET ").size() + 2050);
}

TEST_CASE("private log file: only its owner may read it, and lines are appended") {
  const TemporaryDirectory folder;
  const std::string path = folder / "log";
  for (const char* text : {"one", "two"}) {
    const auto file = net::PrivateLogFile::open(path);
    REQUIRE(file);
    (*file)->write_line(text);
  }
  CHECK(lines_of(path) == std::vector<std::string>{"one", "two"});
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("private log file: one that somebody else has put there is refused, also for root") {
  const TemporaryDirectory folder;
  const std::string path = folder / "log";
  std::ofstream(path) << "text\n";
  REQUIRE(::chmod(path.c_str(), 0600) == 0);
  const uid_t nobody = 65534;
  if (::geteuid() != 0 || ::chown(path.c_str(), nobody, nobody) != 0) {
    MESSAGE("skipped: only root can give a file away");
    return;
  }
  const auto file = net::PrivateLogFile::open(path);
  REQUIRE_FALSE(file);
  CHECK(file.error().code() == Errc::file_error);
  CHECK(lines_of(path) == std::vector<std::string>{"text"});
}

TEST_CASE("private log file: what others may read, and what is no file, is refused") {
  const TemporaryDirectory folder;
  std::ofstream(folder / "open") << "text\n";
  REQUIRE(::chmod((folder / "open").c_str(), 0640) == 0);
  REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
  for (const std::string& path : {folder / "open", folder / "fifo", folder.path(), folder / "none/file"}) {
    CAPTURE(path);
    const auto file = net::PrivateLogFile::open(path);
    REQUIRE_FALSE(file);
    CHECK(file.error().code() == Errc::file_error);
  }
  CHECK(lines_of(folder / "open") == std::vector<std::string>{"text"});
}
