#include <doctest/doctest.h>

#include "hawser/wire/writer.h"
#include "support/userauth_peer.h"

using namespace hawser;
using namespace hawser::auth;
using namespace hawser::test;

namespace {

const std::vector<Prompt> two_prompts{{"Password: ", false}, {"Code: ", true}};

UserauthServerConfig with_keyboard() {
  UserauthServerConfig config;
  config.initial_methods = {"keyboard-interactive", "password"};
  return config;
}

ByteVector keyboard_request(std::string_view user, std::string_view submethods = {}) {
  return userauth_request(user, "keyboard-interactive", KeyboardInteractiveFields{"en-US", submethods});
}
ByteVector info_response(const std::vector<std::string_view>& responses) {
  ByteVector list;
  for (const std::string_view response : responses) wire::append_string(list, response);
  return wire::encode(UserauthInfoResponse{static_cast<std::uint32_t>(responses.size()), {list}});
}
// An INFO_REQUEST as a server sends it; `list` are its encoded prompts.
ByteVector info_request(std::uint32_t count, Bytes list, std::string_view instruction = {}) {
  return wire::encode(UserauthInfoRequest{"name", instruction, "", count, {list}});
}
ByteVector encoded_prompts(const std::vector<Prompt>& prompts) {
  ByteVector list;
  for (const Prompt& prompt : prompts) {
    const ByteVector one = wire::encode(PromptFields{prompt.text, prompt.echo});
    list.insert(list.end(), one.begin(), one.end());
  }
  return list;
}

// A server that has sent its first INFO_REQUEST.
struct Prompted : UserauthServerPeer {
  explicit Prompted(UserauthServerConfig config = with_keyboard(), const std::vector<Prompt>& prompts = two_prompts)
      : UserauthServerPeer(std::move(config)) {
    asked<KeyboardInteractiveRequest>(give(keyboard_request("joe")));
    nothing(server.prompt("Sign in", "Two things are needed", prompts));
    sink.take<UserauthInfoRequest>();
  }
  PromptsAnswered answered(UserauthOutcome outcome) {
    REQUIRE(outcome);
    REQUIRE(outcome->has_value());
    REQUIRE(std::holds_alternative<PromptsAnswered>(**outcome));
    return std::get<PromptsAnswered>(**std::move(outcome));
  }
};

// A client that has sent its request.
struct Requested : UserauthClientPeer {
  Requested() {
    REQUIRE(client.request_keyboard_interactive());
    sink.clear();
  }
  UserauthClient::Event give_bytes(Bytes message) { return client.receive(payload(message)); }
  PromptsReceived prompted(Bytes message) {
    const UserauthClient::Event event = give_bytes(message);
    REQUIRE_MESSAGE(event, (event ? std::string() : event.error().message()));
    REQUIRE(std::holds_alternative<PromptsReceived>(**event));
    return std::get<PromptsReceived>(**event);
  }
  Errc code(Bytes message) {
    const UserauthClient::Event event = give_bytes(message);
    return event ? Errc::ok : event.error().code();
  }
};

}  // namespace

TEST_CASE("keyboard-interactive server: the request carries language tag and submethods (RFC 4256 §3.1)") {
  UserauthServerPeer peer(with_keyboard());
  const auto request = peer.asked<KeyboardInteractiveRequest>(peer.give(keyboard_request("joe", "pam,skey")));
  CHECK(request.language_tag == "en-US");
  CHECK(request.submethods == "pam,skey");
  CHECK(peer.sink.empty());
}

TEST_CASE("keyboard-interactive server: the INFO_REQUEST has the texts, the prompts and their echo (RFC 4256 §3.2)") {
  UserauthServerPeer peer(with_keyboard());
  peer.asked(peer.give(keyboard_request("joe")));
  peer.nothing(peer.server.prompt("Sign in", "Two things", two_prompts));
  const auto request = peer.sink.take<UserauthInfoRequest>();
  CHECK(request.form_name == "Sign in");
  CHECK(request.instruction == "Two things");
  CHECK(request.language_tag.empty());
  CHECK(request.num_prompts == 2);
  CHECK(to_vector(request.prompts.bytes) == encoded_prompts(two_prompts));
}

TEST_CASE("keyboard-interactive server: responses come out in order, and success ends it (RFC 4256 §3.4)") {
  Prompted peer;
  const PromptsAnswered event = peer.answered(peer.give(info_response({"secret", ""})));
  REQUIRE(event.responses);
  REQUIRE(event.responses->size() == 2);
  CHECK(as_text((*event.responses)[0].view()) == "secret");
  CHECK((*event.responses)[1].empty());
  peer.succeeded(peer.answer(AuthResult::successful));
  CHECK(peer.server.take_authenticated()->method() == "keyboard-interactive");
}

TEST_CASE(
    "[endless-conversation] keyboard-interactive server: as many rounds as are allowed, with and without prompts (RFC "
    "4256 §3.2)") {
  UserauthServerConfig config = with_keyboard();
  config.prompt_rounds = 3;
  Prompted peer(config);
  CHECK(peer.answered(peer.give(info_response({"1", "2"}))).responses->size() == 2);
  peer.nothing(peer.server.prompt("", "Nearly there", {}));
  CHECK(peer.sink.take<UserauthInfoRequest>().num_prompts == 0);
  CHECK(peer.answered(peer.give(info_response({}))).responses->empty());
  peer.nothing(peer.server.prompt("", "", {{"Once more: ", false}}));
  peer.sink.take<UserauthInfoRequest>();
  peer.answered(peer.give(info_response({"3"})));
  CHECK(peer.code(peer.server.prompt("", "", {{"And again: ", false}})) == Errc::invalid_state);
  peer.nothing(peer.answer(AuthResult::failed));
  peer.sink.take<UserauthFailure>();
  CHECK(peer.server.failed_attempts() == 1);
}

TEST_CASE(
    "keyboard-interactive server: another number of responses fails the request, whatever is answered (RFC 4256 "
    "§3.4)") {
  for (const auto& responses : {std::vector<std::string_view>{}, {"one"}, {"one", "two", "three"}}) {
    Prompted peer;
    CHECK_FALSE(peer.answered(peer.give(info_response(responses))).responses);
    CHECK(peer.code(peer.server.prompt("", "", two_prompts)) == Errc::invalid_state);
    peer.nothing(peer.answer(AuthResult::successful));
    CHECK_FALSE(peer.sink.take<UserauthFailure>().partial_success);
    CHECK_FALSE(peer.server.take_authenticated());
  }
}

TEST_CASE("keyboard-interactive server: another request abandons it, without a failure message (RFC 4252 §5.1)") {
  Prompted peer;
  const AuthRequested next = peer.asked(peer.give(password_request("joe", "secret")));
  CHECK(next.method == "password");
  CHECK(peer.sink.empty());
  CHECK(peer.server.failed_attempts() == 1);
  // The late response belongs to nothing any more.
  CHECK(peer.code(peer.give(info_response({"1", "2"}))) == Errc::unexpected_message);
}

TEST_CASE(
    "[endless-conversation] keyboard-interactive server: rounds that are abandoned are no way around the attempt "
    "limit") {
  UserauthServerConfig config = with_keyboard();
  config.attempt_limit = 3;
  Prompted peer(config);
  for (int i = 0; i != 2; ++i) {
    peer.asked(peer.give(keyboard_request("joe")));
    peer.nothing(peer.server.prompt("", "", two_prompts));
  }
  CHECK(peer.code(peer.give(keyboard_request("joe"))) == Errc::too_many_auth_attempts);
}

TEST_CASE("keyboard-interactive server: a request sent ahead abandons it as soon as it would prompt (RFC 4252 §5.1)") {
  UserauthServerPeer peer(with_keyboard());
  peer.asked(peer.give(keyboard_request("joe")));
  peer.nothing(peer.give(password_request("joe", "secret")));
  CHECK(peer.asked(peer.server.prompt("", "", two_prompts)).method == "password");
  peer.sink.take<UserauthInfoRequest>();
  CHECK(peer.sink.empty());
}

TEST_CASE("keyboard-interactive server: SERVICE_REQUEST in the midst of it changes nothing") {
  Prompted peer;
  peer.nothing(peer.give(wire::encode(transport::ServiceRequest{"ssh-userauth"})));
  peer.sink.take<transport::ServiceAccept>();
  CHECK(peer.answered(peer.give(info_response({"1", "2"}))).responses);
}

TEST_CASE("keyboard-interactive server: prompts are only for who asked for them, and limited") {
  UserauthServerPeer idle(with_keyboard());
  CHECK(idle.code(idle.server.prompt("", "", two_prompts)) == Errc::invalid_state);
  idle.asked(idle.give(password_request("joe", "x")));
  CHECK(idle.code(idle.server.prompt("", "", two_prompts)) == Errc::invalid_state);

  UserauthServerPeer peer(with_keyboard());
  peer.asked(peer.give(keyboard_request("joe")));
  CHECK(peer.code(peer.server.prompt("", "", std::vector<Prompt>(prompt_limit + 1))) == Errc::invalid_argument);
  CHECK(peer.code(peer.server.prompt("", std::string(info_message_limit, 'x'), {})) == Errc::invalid_argument);
  CHECK(peer.sink.empty());
  peer.nothing(peer.server.prompt("", "", std::vector<Prompt>(prompt_limit)));
  CHECK(peer.code(peer.server.prompt("", "", two_prompts)) == Errc::invalid_state);  // it is the client's turn
  CHECK(peer.code(peer.answer(AuthResult::successful)) == Errc::invalid_state);
}

TEST_CASE("keyboard-interactive server: a response count that cannot be true takes no memory and ends the session") {
  for (const std::uint32_t count : {3u, 0x40000000u, 0xffffffffu}) {
    Prompted peer;
    ByteVector message = info_response({"1", "2"});
    wire::store_uint32(message.data() + 1, count);
    CHECK(peer.code(peer.give(message)) == Errc::bad_value);
  }
}

TEST_CASE("keyboard-interactive server: a response cut short, too long or too large ends the session") {
  const ByteVector whole = info_response({"secret", "123456"});
  for (std::size_t size = 1; size != whole.size(); ++size) {
    CAPTURE(size);
    Prompted peer;
    const Errc code = peer.code(peer.give(Bytes(whole).first(size)));
    CHECK((code == Errc::truncated || code == Errc::bad_value));
  }
  Prompted longer;
  ByteVector more = whole;
  more.push_back(0);
  CHECK(longer.code(longer.give(more)) == Errc::trailing_bytes);
  Prompted larger;
  CHECK(larger.code(larger.give(info_response({"1", std::string(info_message_limit, 'x')}))) ==
        Errc::message_too_large);
}

TEST_CASE("keyboard-interactive server: partial success is said like any other (RFC 4252 §5.1)") {
  Prompted peer;
  peer.answered(peer.give(info_response({"1", "2"})));
  peer.nothing(peer.answer(AuthResult::partial, {"publickey"}));
  CHECK(peer.sink.take<UserauthFailure>().partial_success);
  CHECK(peer.asked(peer.give(none_request("joe"))).partial_successes ==
        std::vector<std::string>{"keyboard-interactive"});
}

TEST_CASE("keyboard-interactive client: the request has an empty language tag (RFC 4256 §3.1)") {
  UserauthClientPeer peer;
  REQUIRE(peer.client.request_keyboard_interactive("pam"));
  const auto request = peer.sink.take<UserauthRequest>();
  CHECK(request.method_name == "keyboard-interactive");
  const auto fields = wire::decode<KeyboardInteractiveFields>(request.method_specific.bytes);
  REQUIRE(fields);
  CHECK(fields->language_tag.empty());
  CHECK(fields->submethods == "pam");
}

TEST_CASE("keyboard-interactive client: texts are safe to show, and responses are sent in order (RFC 4256 §3.3)") {
  Requested peer;
  const PromptsReceived event = peer.prompted(info_request(2,
                                                           encoded_prompts({{"Pass\x1b[2Jword: ", false},
                                                                            {"C\xc3\xb6"
                                                                             "de: ",
                                                                             true}}),
                                                           "a\r\nb"));
  CHECK(event.name == "name");
  CHECK(event.instruction == "a\nb");
  REQUIRE(event.prompts.size() == 2);
  CHECK(event.prompts[0].text == "Pass\\x1b[2Jword: ");
  CHECK_FALSE(event.prompts[0].echo);
  CHECK(event.prompts[1].text ==
        "C\xc3\xb6"
        "de: ");
  CHECK(event.prompts[1].echo);

  CHECK(peer.client.answer_prompts({"only one"}).error().code() == Errc::invalid_argument);
  CHECK(peer.client.answer_prompts({"1", std::string(info_message_limit, 'x')}).error().code() ==
        Errc::invalid_argument);
  CHECK(peer.sink.empty());
  REQUIRE(peer.client.answer_prompts({"secret", "123456"}));
  CHECK(peer.sink.take_packet() == info_response({"secret", "123456"}));
  CHECK(peer.client.answer_prompts({"secret", "123456"}).error().code() == Errc::invalid_state);
  peer.expect<ClientAuthenticated>(UserauthSuccess{});
  CHECK(peer.client.take_authenticated()->method() == "keyboard-interactive");
}

TEST_CASE("keyboard-interactive client: a request without prompts is answered with none (RFC 4256 §3.2)") {
  Requested peer;
  CHECK(peer.prompted(info_request(0, {}, "Wait for your phone")).prompts.empty());
  REQUIRE(peer.client.answer_prompts({}));
  CHECK(peer.sink.take_packet() == info_response({}));
}

TEST_CASE("keyboard-interactive client: while it is asked the server can neither let it in nor ask again") {
  for (const bool success : {true, false}) {
    Requested peer;
    peer.prompted(info_request(0, {}));
    const UserauthFailure refusal{wire::NameList("password"), false};
    const Errc code = success ? peer.error(UserauthSuccess{}) : peer.error(refusal);
    CHECK(code == Errc::unexpected_message);
    CHECK_FALSE(peer.client.take_authenticated());
  }
  Requested peer;
  peer.prompted(info_request(0, {}));
  CHECK(peer.code(info_request(0, {})) == Errc::unexpected_message);
}

TEST_CASE("keyboard-interactive client: another request may be made instead of an answer (RFC 4252 §5.1)") {
  Requested peer;
  CHECK(peer.client.request_password("x").error().code() == Errc::invalid_state);
  peer.prompted(info_request(0, {}));
  REQUIRE(peer.client.request_password("x"));
  CHECK(peer.client.answer_prompts({}).error().code() == Errc::invalid_state);
  peer.expect<ClientAuthenticated>(UserauthSuccess{});
  CHECK(peer.client.take_authenticated()->method() == "password");
}

TEST_CASE("keyboard-interactive client: rounds, prompts and bytes of a server are limited") {
  Requested rounds;
  for (std::size_t i = 0; i != info_request_limit; ++i) {
    rounds.prompted(info_request(0, {}));
    REQUIRE(rounds.client.answer_prompts({}));
  }
  CHECK(rounds.code(info_request(0, {})) == Errc::too_many_messages);

  Requested prompts;
  CHECK(prompts.code(info_request(prompt_limit + 1, encoded_prompts(std::vector<Prompt>(prompt_limit + 1)))) ==
        Errc::message_too_large);
  Requested bytes;
  CHECK(bytes.code(info_request(0, {}, std::string(info_message_limit, 'x'))) == Errc::message_too_large);
  for (const std::uint32_t count : {1u, 0x33333333u, 0xffffffffu}) {
    Requested wild;
    CHECK(wild.code(info_request(count, {})) == Errc::bad_value);
  }
}

TEST_CASE("keyboard-interactive client: an INFO_REQUEST cut short or too long ends the session") {
  const ByteVector whole = info_request(2, encoded_prompts(two_prompts));
  for (std::size_t size = 1; size != whole.size(); ++size) {
    CAPTURE(size);
    Requested peer;
    const Errc code = peer.code(Bytes(whole).first(size));
    CHECK((code == Errc::truncated || code == Errc::bad_value));
  }
  Requested peer;
  ByteVector more = whole;
  more.push_back(0);
  CHECK(peer.code(more) == Errc::trailing_bytes);
}

TEST_CASE("keyboard-interactive: two rounds between both sides") {
  UserauthPair pair(with_keyboard());
  pair.client.start();
  REQUIRE(pair.client.request_keyboard_interactive());
  pair.run();
  pair.told<ServiceAccepted>();
  pair.asked();
  REQUIRE(pair.server.prompt("", "", {{"Password: ", false}}));
  pair.run();
  CHECK(pair.told<PromptsReceived>().prompts[0].text == "Password: ");
  REQUIRE(pair.client.answer_prompts({"secret"}));
  pair.run();
  CHECK(as_text((*pair.take<PromptsAnswered>(pair.server_events).responses)[0].view()) == "secret");
  REQUIRE(pair.server.prompt("", "Your password expires soon", {}));
  pair.run();
  CHECK(pair.told<PromptsReceived>().instruction == "Your password expires soon");
  REQUIRE(pair.client.answer_prompts({}));
  pair.run();
  CHECK(pair.take<PromptsAnswered>(pair.server_events).responses->empty());
  pair.answer(AuthResult::successful);
  pair.told<ClientAuthenticated>();
}
