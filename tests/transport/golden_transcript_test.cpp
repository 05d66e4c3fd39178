// Sessions that were recorded with OpenSSH (tests/data/transcripts/README.md): our side runs again from the peer's
// recorded bytes, and must send what it sent then. What another implementation accepted stays what we do, without it
// being there.
#include <filesystem>
#include <fstream>
#include <set>

#include "support/golden_session.h"

using namespace hawser;
using namespace hawser::test;

namespace {

const std::string data = HAWSER_TEST_DATA;

std::map<std::string, Transcript> load_all() {
  std::map<std::string, Transcript> all;
  for (const auto& entry : std::filesystem::directory_iterator(data + "/transcripts")) {
    if (entry.path().extension() != ".txt") continue;
    std::ifstream file(entry.path());
    std::stringstream text;
    text << file.rdbuf();
    all.emplace(entry.path().filename().string(), Transcript::from_text(text.str()));
  }
  return all;
}

const std::map<std::string, Transcript>& transcripts() {
  static const std::map<std::string, Transcript> all = load_all();
  return all;
}

// Without ML-KEM in the crypto library its transcripts are only looked at, not run.
bool can_run(const Transcript& transcript) {
  const std::string& kex = transcript.notes.at("kex");
  return !kex.starts_with("mlkem") || crypto::find_kex(kex) != nullptr;
}

}  // namespace

TEST_CASE("golden transcripts: our side sends again, byte for byte, what OpenSSH has accepted") {
  for (const auto& [name, transcript] : transcripts()) {
    CAPTURE(name);
    if (!can_run(transcript)) continue;
    GoldenEnd end(transcript, data);
    replay(transcript, end.transport, [&](Bytes bytes) { end.receive(bytes); });
    CHECK_FALSE(end.error.has_value());
    CHECK(end.exchanged);
    CHECK(end.done);
    const transport::Negotiated& chosen = end.transport.negotiated();
    CHECK(chosen.kex == transcript.notes.at("kex"));
    CHECK(chosen.host_key == transcript.notes.at("host_key"));
    CHECK(chosen.cipher_client_to_server == transcript.notes.at("cipher"));
    CHECK(chosen.strict_kex);
  }
}

TEST_CASE("golden transcripts: the peer's bytes arriving one at a time change nothing of ours") {
  for (const char* name : {"client_curve25519-sha256_ssh-ed25519.txt", "server_curve25519-sha256_ssh-ed25519.txt"}) {
    CAPTURE(name);
    const Transcript& transcript = transcripts().at(name);
    GoldenEnd end(transcript, data);
    for (const std::uint8_t byte : transcript.all(TranscriptStep::Kind::received)) end.receive({&byte, 1});
    CHECK(end.done);
    CHECK((take_transmit(end.transport) == transcript.all(TranscriptStep::Kind::sent)));
  }
}

TEST_CASE("golden transcripts: one flipped bit of the peer's last byte is noticed (RFC 4253 §6.4)") {
  for (const auto& [name, transcript] : transcripts()) {
    CAPTURE(name);
    if (!can_run(transcript)) continue;
    GoldenEnd end(transcript, data);
    ByteVector bytes = transcript.all(TranscriptStep::Kind::received);
    bytes.back() ^= 1;
    end.receive(bytes);
    CHECK(end.exchanged);
    CHECK_FALSE(end.done);
    REQUIRE(end.error.has_value());
    CHECK(end.error->code() == Errc::bad_mac);
  }
}

// Of OpenSSH's methods: of the hybrids of ML-KEM it has one.
TEST_CASE(
    "golden transcripts: there is one for each key exchange with each host key algorithm, in both roles, and each "
    "cipher with each MAC") {
  std::set<std::string> ciphers;
  for (const auto& [name, transcript] : transcripts()) {
    const auto& notes = transcript.notes;
    const bool own_tag = crypto::find_cipher(notes.at("cipher"))->tag_size != 0;
    ciphers.insert((transcript.role == Role::client ? "client " : "server ") + notes.at("cipher") +
                   (own_tag ? "" : " " + notes.at("mac")));
  }
  for (const char* role : {"client", "server"}) {
    for (const std::string kex :
         {"mlkem768x25519-sha256", "curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256",
          "ecdh-sha2-nistp384", "ecdh-sha2-nistp521", "diffie-hellman-group14-sha256", "diffie-hellman-group16-sha512",
          "diffie-hellman-group18-sha512", "diffie-hellman-group-exchange-sha256", "diffie-hellman-group14-sha1",
          "diffie-hellman-group-exchange-sha1"}) {
      for (const crypto::SignatureRow& row : crypto::signature_rows()) {
        const std::string name = std::string(role) + "_" + kex + "_" + std::string(row.name) + ".txt";
        CAPTURE(name);
        CHECK(transcripts().contains(name));
      }
    }
    for (const crypto::CipherRow& cipher : crypto::cipher_rows()) {
      for (const crypto::MacRow& mac : crypto::mac_rows()) {
        const std::string name = std::string(role) + " " + std::string(cipher.name) +
                                 (cipher.tag_size != 0 ? "" : " " + std::string(mac.name));
        CAPTURE(name);
        CHECK(ciphers.contains(name));
      }
    }
  }
}
