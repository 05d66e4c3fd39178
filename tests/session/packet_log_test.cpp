#include "hawser/session/packet_log.h"

#include <doctest/doctest.h>

#include "hawser/auth/messages.h"
#include "hawser/auth/request_fields.h"
#include "hawser/channel/messages.h"
#include "hawser/transport/messages.h"
#include "support/hex.h"
#include "support/message_samples.h"
#include "support/session_pair.h"

using namespace hawser;
using namespace hawser::test;
using session::PacketLog;
using session::PacketText;
using session::PacketTextOptions;

namespace {

constexpr PacketTextOptions show_all{true, true};

// A request for user joe, with these fields of its method.
template <class Specific>
ByteVector request(std::string_view method, const Specific& specific) {
  const ByteVector encoded = wire::encode(specific);
  return wire::encode(auth::UserauthRequest{"joe", "ssh-connection", method, {encoded}});
}

ByteVector info_response(const std::vector<std::string_view>& answers) {
  ByteVector parts;
  for (const std::string_view answer : answers) wire::append_string(parts, answer);
  return wire::encode(auth::UserauthInfoResponse{static_cast<std::uint32_t>(answers.size()), {parts}});
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// The log of a client and a server that authenticate by password and echo a text.
std::vector<std::string> log_of_session(PacketTextOptions options, std::string password = "secret") {
  std::vector<std::string> lines;
  const auto log = std::make_shared<PacketLog>(
      [&lines](std::string_view line) { lines.emplace_back(line); }, options,
      [] { return std::chrono::system_clock::time_point(std::chrono::milliseconds(1'700'000'000'123)); });
  transport::TransportConfig client = client_config();
  client.make_observer = log->observers();
  transport::TransportConfig server = server_config();
  server.make_observer = log->observers();
  SessionPair pair(BufferPool::create(), client, server);
  pair.client.password = std::move(password);
  pair.client.text = "what the channel carries";
  pair.pump();
  pair.client.session.disconnect(transport::DisconnectReason::by_application, "done");
  pair.pump();
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string all;
  for (const std::string& line : lines) all += line + "\n";
  return all;
}

}  // namespace

TEST_CASE(
    "packet text: passwords are hidden in both forms of the request, also the number of their letters "
    "(RFC 4252 §8)") {
  PacketText text;
  const std::string plain = text.text(request("password", auth::PasswordFields{false, "hunter2"}));
  CHECK(plain ==
        "SSH_MSG_USERAUTH_REQUEST{user_name=\"joe\", service_name=\"ssh-connection\", method_name=\"password\", "
        "method_specific={change=false, password=\"(hidden)\"}}");
  CHECK(plain == text.text(request("password", auth::PasswordFields{false, "another, longer one"})));
  const std::string change = text.text(request("password", auth::PasswordChangeFields{true, "hunter2", "hunter3"}));
  CHECK_FALSE(contains(change, "hunter"));
  CHECK(contains(change, "old_password=\"(hidden)\", new_password=\"(hidden)\""));
}

TEST_CASE("packet text: show_passwords shows them") {
  PacketText text(show_all);
  CHECK(contains(text.text(request("password", auth::PasswordFields{false, "hunter2"})), "password=\"hunter2\""));
  const std::string change = text.text(request("password", auth::PasswordChangeFields{true, "hunter2", "hunter3"}));
  CHECK(contains(change, "old_password=\"hunter2\", new_password=\"hunter3\""));
}

TEST_CASE("packet text: a password request that does not decode shows nothing of itself, whatever its method") {
  // 68756e74657232 is hunter2.
  for (const std::string_view method : {"password", "no-such-method", "keyboard-interactive", "none", ""}) {
    CAPTURE(method);
    for (const bool change : {false, true}) {
      ByteVector specific{static_cast<std::uint8_t>(change)};
      wire::append_string(specific, "hunter2");
      specific.push_back(7);
      const ByteVector payload = wire::encode(auth::UserauthRequest{"joe", "ssh-connection", method, {specific}});
      for (std::size_t size = 1; size <= payload.size(); ++size) {
        const std::string line = PacketText().text(Bytes(payload).first(size));
        CHECK_FALSE(contains(line, "hunter2"));
        CHECK_FALSE(contains(line, "68756e74657232"));
      }
    }
  }
}

TEST_CASE("packet text: answers to prompts are hidden, prompts are not (RFC 4256 §3.2, §3.4)") {
  for (const PacketTextOptions options : {PacketTextOptions{}, show_all}) {
    PacketText text(options);
    text.text(request("keyboard-interactive", auth::KeyboardInteractiveFields{"", ""}));
    ByteVector prompts;
    wire::append_string(prompts, "Code: ");
    prompts.push_back(0);
    CHECK(text.text(wire::encode(auth::UserauthInfoRequest{"name", "do", "", 1, {prompts}})) ==
          "SSH_MSG_USERAUTH_INFO_REQUEST{form_name=\"name\", instruction=\"do\", prompts=[{prompt=\"Code: \", "
          "echo=false}]}");
    const std::string answer = text.text(info_response({"123456", "x"}));
    const std::string shown = options.show_passwords ? "[{response=\"123456\"}, {response=\"x\"}]"
                                                     : "[{response=\"(hidden)\"}, {response=\"(hidden)\"}]";
    CHECK(answer == "SSH_MSG_USERAUTH_INFO_RESPONSE{num_responses=2, responses=" + shown + "}");
  }
}

TEST_CASE("packet text: numbers from 60 mean what the method in progress says (RFC 4252 §6)") {
  PacketText text;
  const ByteVector pk_ok = wire::encode(auth::UserauthPkOk{"ssh-ed25519", as_bytes("blob")});
  CHECK(text.text(pk_ok) == "message 60, " + std::to_string(pk_ok.size()) + " bytes");
  text.text(request("publickey", auth::PublicKeyQueryFields{false, "ssh-ed25519", as_bytes("blob")}));
  CHECK(text.text(pk_ok).starts_with("SSH_MSG_USERAUTH_PK_OK{"));
  text.text(request("password", auth::PasswordFields{false, "x"}));
  CHECK(text.text(wire::encode(auth::UserauthPasswdChangereq{"new:", ""}))
            .starts_with("SSH_MSG_USERAUTH_PASSWD_CHANGEREQ{prompt=\"new:\""));
  // Its fields are not of the method in progress: nothing of them is shown.
  CHECK(text.text(info_response({"123456"})) == "message 61, 15 bytes");
}

TEST_CASE("packet text: tokens of GSS-API are told by their size (RFC 4462 §3.4)") {
  PacketText text(show_all);
  text.text(request("gssapi-with-mic", auth::GssapiFields{0, {}}));
  CHECK(text.text(wire::encode(auth::UserauthGssapiToken{as_bytes("ticket")})) ==
        "SSH_MSG_USERAUTH_GSSAPI_TOKEN{token=[6]}");
}

TEST_CASE("packet text: numbers 30 to 49 mean what the negotiated method says (RFC 4253 §8, RFC 4419 §5)") {
  PacketText text;
  const ByteVector init = wire::encode(transport::KexEcdhInit{as_bytes("value")});
  CHECK(text.text(init) == "message 30, 10 bytes");
  text.on_negotiated("curve25519-sha256");
  CHECK(text.text(init).starts_with("SSH_MSG_KEX_ECDH_INIT{q_c="));
  text.on_negotiated("diffie-hellman-group16-sha512");
  CHECK(text.text(init).starts_with("SSH_MSG_KEXDH_INIT{e="));
  text.on_negotiated("diffie-hellman-group-exchange-sha256");
  CHECK(text.text(wire::encode(transport::KexDhGexRequest{2048, 3072, 8192})) ==
        "SSH_MSG_KEX_DH_GEX_REQUEST{min=2048, n=3072, max=8192}");
}

TEST_CASE("packet text: what channels carry is told by its size, unless show_channel_data says otherwise") {
  const ByteVector data = wire::encode(channel::ChannelData{3, as_bytes("hunter2\n")});
  CHECK(PacketText().text(data) == "SSH_MSG_CHANNEL_DATA{recipient_channel=3, data=[8]}");
  CHECK(PacketText(show_all).text(data) == "SSH_MSG_CHANNEL_DATA{recipient_channel=3, data=[8] 68756e746572320a}");
  const ByteVector extended = wire::encode(channel::ChannelExtendedData{3, 1, as_bytes("hunter2\n")});
  CHECK(PacketText().text(extended) ==
        "SSH_MSG_CHANNEL_EXTENDED_DATA{recipient_channel=3, data_type_code=1, data=[8]}");
  const ByteVector variable = wire::encode(channel::ChannelRequest{3, "env", false, {as_bytes("PASSWORD=x")}});
  CHECK(PacketText().text(variable) ==
        "SSH_MSG_CHANNEL_REQUEST{recipient_channel=3, request_type=\"env\", want_reply=false, specific=[10]}");
  const ByteVector exec = wire::encode(channel::ChannelRequest{3, "exec", true, {as_bytes("ls")}});
  CHECK(contains(PacketText().text(exec), "specific=[2] 6c73"));
}

TEST_CASE(
    "packet text: every message of the transport and the channels has its name, and no prefix of one is read "
    "past its end") {
  const auto check = [](const auto& sample) {
    const ByteVector payload = wire::encode(sample);
    CHECK(PacketText().text(payload).starts_with(std::string(sample.name) + "{"));
    for_each_truncation(payload, [](Bytes cut) { CHECK_FALSE(PacketText(show_all).text(cut).empty()); });
  };
  for_each_message<transport::TransportMessages>(check);
  for_each_message<channel::ChannelMessages>(check);
}

TEST_CASE("packet text: an unknown number is told with its size") {
  CHECK(PacketText().text(test_payload(200, 4)) == "message 200, 5 bytes");
  CHECK(PacketText().text(test_payload(40, 4)) == "message 40, 5 bytes");
}

TEST_CASE("packet log: a whole session, a line for each packet of either side") {
  const std::vector<std::string> lines = log_of_session({});
  const std::string all = joined(lines);
  for (const std::string& line : lines) CHECK(line.starts_with("2023-11-14T22:13:20.123Z "));
  CHECK(contains(all, "Z 1 client sent identification \"SSH-2.0-Hawser_0.1\""));
  CHECK(contains(all, "Z 1 client sent 0 20 SSH_MSG_KEXINIT{cookie="));
  CHECK(contains(all, "Z 2 server received 0 20 SSH_MSG_KEXINIT{cookie="));
  CHECK(contains(all, "Z 1 client negotiated kex "));
  CHECK(contains(all, "Z 1 client host key ssh-ed25519 SHA256:"));
  CHECK(contains(all, "Z 1 client new keys for what is sent"));
  CHECK(contains(all, "Z 2 server received 1 50 SSH_MSG_USERAUTH_REQUEST{user_name=\"joe\""));
  CHECK(contains(all, "Z 2 server sent 2 52 SSH_MSG_USERAUTH_SUCCESS{}"));
  CHECK(contains(all, "SSH_MSG_CHANNEL_DATA{recipient_channel=0, data=[24]}"));
  CHECK(contains(all, "Z 1 client sent 7 1 SSH_MSG_DISCONNECT{reason_code=11, description=\"done\""));
  CHECK(contains(all, "Z 1 client closed: "));
  CHECK(contains(all, "Z 2 server closed: "));
}

TEST_CASE("packet log: the password is nowhere in it, nor what the channel carried, unless asked for") {
  const std::string password = "correct horse";
  const std::string hidden = joined(log_of_session({}, password));
  CHECK(contains(hidden, "method_name=\"password\""));
  CHECK_FALSE(contains(hidden, password));
  CHECK_FALSE(contains(hidden, to_hex(as_bytes(password))));
  CHECK_FALSE(contains(joined(log_of_session({})), to_hex(as_bytes("what the channel"))));
  CHECK(contains(joined(log_of_session(show_all, password)), "password=\"correct horse\""));
  CHECK(contains(joined(log_of_session(show_all)), to_hex(as_bytes("what the channel"))));
}

TEST_CASE("packet log: a peer's text cannot begin a line of its own") {
  std::vector<std::string> lines;
  const auto log = std::make_shared<PacketLog>([&lines](std::string_view line) { lines.emplace_back(line); });
  const std::shared_ptr<transport::Observer> observer = log->observers()(Role::server);
  observer->on_identification(transport::Direction::received, "SSH-2.0-x\n2000 1 client closed\x1b[2J");
  observer->on_closed(Error(Errc::no_common_kex), "theirs: a\nb");
  observer->on_packet(
      {transport::Direction::received, 0, request("password\n", auth::PasswordFields{false, "hunter2"})});
  for (const std::string& line : lines) {
    for (const char c : line) CHECK(static_cast<unsigned char>(c) >= 0x20);
  }
  CHECK(lines.size() == 3);
}
