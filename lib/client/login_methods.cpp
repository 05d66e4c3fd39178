// What a client does to be let in: one request after the other, and the answers to each.
#include <algorithm>

#include "client/login.h"
#include "hawser/auth/method_messages.h"

namespace hawser::client {
namespace {

// With few keys it is quicker to sign with each at once than to ask first whether the server would take it (RFC 4252 §7
// allows both). Servers end the session after about six failed requests, and a query that is refused counts too.
constexpr std::size_t keys_signed_at_once = 3;
// A callback may have many answers; a server that refuses all of them must not keep us for ever.
constexpr std::size_t request_limit = 20;

}  // namespace

Awaitable<void> Login::on_userauth_event(auth::UserauthClientEvent event) {
  if (std::holds_alternative<auth::ServiceAccepted>(event)) {
    if (std::exchange(waiting_for_service_, false)) co_await try_next();
  } else if (const auto* banner = std::get_if<auth::BannerReceived>(&event)) {
    if (options_.on_banner) options_.on_banner(banner->text);
  } else if (const auto* failed = std::get_if<auth::AuthFailed>(&event)) {
    failure_.methods = failed->methods_that_can_continue;
    if (attempts_.refused(failed->methods_that_can_continue, failed->partial_success)) tried_keys_.clear();
    co_await try_next();
  } else if (std::holds_alternative<auth::PublicKeyAccepted>(event)) {
    co_await sign_with_queried_key();
  } else if (std::holds_alternative<auth::PasswordChangeRequested>(event)) {
    failure_.detail = "the server wants the password to be changed";
    co_await try_next();
  } else if (auto* prompts = std::get_if<auth::PromptsReceived>(&event)) {
    co_await answer_prompts(std::move(*prompts));
  } else if (const auto* told = std::get_if<auth::GssapiErrorReceived>(&event)) {
    failure_.detail = told->message;
  } else if (const auto* given_up = std::get_if<auth::GssapiGivenUp>(&event)) {
    failure_.detail = "gssapi-with-mic: " + given_up->message;
    co_await try_next();
  } else if (std::holds_alternative<auth::ClientAuthenticated>(event)) {
    logged_in_ = true;
    attempts_.clear();
    for_a_prompt_.reset();
    answer_ = nullptr;
    close_agents();
    done_.notify();
  }
}

Awaitable<void> Login::try_next() {
  while (requests_ < request_limit) {
    const Credential* const due = attempts_.next();
    if (due == nullptr) break;
    bool sent = false;
    if (const auto* callback = std::get_if<AskCredential>(due)) {
      const AskCredential someone = *callback;
      co_await ask_someone(someone);
      if (connection_.over()) co_return;
      sent = std::exchange(request_sent_, false);
    } else if (const auto* agent = std::get_if<AgentKeys>(due)) {
      co_await ask_with_agent(*agent);
      if (connection_.over()) co_return;
      sent = std::exchange(request_sent_, false);
    } else {
      attempts_.spend();
      sent = ask(*due);
    }
    if (!sent) continue;
    ++requests_;
    co_return;
  }
  give_up();
}

Awaitable<void> Login::ask_someone(AskCredential callback) {
  // Whoever is asked wants to know what for (RFC 4252 §5.2).
  if (!attempts_.methods_known()) {
    request_sent_ = userauth().request_none().has_value();
    co_return;
  }
  const std::optional<std::variant<Password, Key>> proof = co_await callback(failure_.methods);
  if (connection_.over()) co_return;
  if (!proof) {
    attempts_.exhaust();
  } else if (const auto* password = std::get_if<Password>(&*proof)) {
    request_sent_ = ask_with_password(*password);
  } else {
    request_sent_ = ask_with_key(std::get<Key>(*proof));
  }
  if (proof && !request_sent_) ++requests_;  // an answer of no use is one, too
}

bool Login::ask(const Credential& credential) {
  if (const auto* password = std::get_if<Password>(&credential)) return ask_with_password(*password);
  if (const auto* key = std::get_if<Key>(&credential)) return ask_with_key(*key);
  if (const auto* gssapi = std::get_if<Gssapi>(&credential)) {
    return userauth().request_gssapi_with_mic(*gssapi).has_value();
  }
  const auto& interactive = std::get<KeyboardInteractive>(credential);
  if (!interactive.answer) return false;
  for_a_prompt_.reset();
  answer_ = interactive.answer;
  return userauth().request_keyboard_interactive(interactive.submethods).has_value();
}

bool Login::ask_with_password(const Password& password) {
  if (attempts_.server_takes(method_name(auth::Method::password))) {
    return userauth().request_password(password.reveal()).has_value();
  }
  if (!options_.password_answers_prompt) return false;
  if (!attempts_.server_takes(method_name(auth::Method::keyboard_interactive))) return false;
  answer_ = nullptr;
  for_a_prompt_ = password;
  return userauth().request_keyboard_interactive().has_value();
}

bool Login::ask_with_key(const Key& key) {
  if (!key || !attempts_.server_takes(method_name(auth::Method::publickey))) return false;
  if (keys_ > keys_signed_at_once) return ask_about_key({key->public_key(), key, nullptr});
  if (!first_try_of(key->public_key())) return false;
  const crypto::SignatureRow* const row = signature_for(key->public_key());
  return row != nullptr && userauth().request_public_key(*key, *row).has_value();
}

bool Login::ask_about_key(QueriedKey key) {
  if (!first_try_of(key.key)) return false;
  const crypto::SignatureRow* const row = signature_for(key.key);
  if (row == nullptr || !userauth().query_public_key(key.key, *row)) return false;
  queried_ = std::move(key);
  return true;
}

bool Login::first_try_of(const crypto::PublicKey& key) {
  const ByteVector blob = to_vector(key.blob());
  if (std::ranges::find(tried_keys_, blob) != tried_keys_.end()) return false;
  tried_keys_.push_back(blob);
  return true;
}

Awaitable<void> Login::sign_with_queried_key() {
  const std::optional<QueriedKey> queried = std::exchange(queried_, std::nullopt);
  const crypto::SignatureRow* const row = queried ? signature_for(queried->key) : nullptr;
  if (row != nullptr && queried->agent) {
    co_await sign_with_agent(*queried, *row);
    co_return;
  }
  const bool sent = row != nullptr && userauth().request_public_key(*queried->signer, *row).has_value();
  if (!sent) co_await try_next();
}

// RFC 8332 §3.3: an RSA key signs with what the server's server-sig-algs names, and not at all where it names neither.
// A server that sends none has our first choice. A key with one algorithm is worth its try: OpenSSH 7.2 to 7.4 list
// nothing but those of RSA.
const crypto::SignatureRow* Login::signature_for(const crypto::PublicKey& key) const {
  const std::vector<std::string>& wanted = connection_.session().transport().peer_signature_algorithms();
  const crypto::SignatureRow* first = nullptr;
  std::size_t possible = 0;
  for (const std::string& name : options_.session.transport.algorithms.user_signature) {
    const crypto::SignatureRow* const row = crypto::find_signature(name);
    if (row == nullptr || !key.can_verify(*row)) continue;
    if (++possible == 1) first = row;
    if (std::ranges::find(wanted, name) != wanted.end()) return row;
  }
  return wanted.empty() || possible == 1 ? first : nullptr;
}

Awaitable<void> Login::answer_prompts(auth::PromptsReceived asked) {
  const std::size_t count = asked.prompts.size();
  std::optional<std::vector<Password>> answers = co_await answers_to(std::move(asked));
  if (connection_.over()) co_return;
  if (count == 0) answers.emplace();  // it was there to be shown (RFC 4256 §3.2)
  std::vector<std::string_view> responses;
  if (answers) {
    for (const Password& answer : *answers) responses.push_back(answer.reveal());
  }
  if (answers && userauth().answer_prompts(responses)) co_return;
  // The next request ends the conversation (RFC 4252 §5.1).
  attempts_.exhaust();
  co_await try_next();
}

Awaitable<std::optional<std::vector<Password>>> Login::answers_to(auth::PromptsReceived asked) {
  if (answer_) {
    const AnswerPrompts someone = answer_;
    std::optional<std::vector<Password>> answers = co_await someone(std::move(asked));
    co_return answers;
  }
  // A password is what a single question without echo asks for; anything else is none of our guesses. Once: the same
  // question again says that it was wrong.
  if (asked.prompts.size() != 1 || asked.prompts.front().echo || !for_a_prompt_) co_return std::nullopt;
  std::vector<Password> answers{*for_a_prompt_};
  for_a_prompt_.reset();
  co_return answers;
}

}  // namespace hawser::client
