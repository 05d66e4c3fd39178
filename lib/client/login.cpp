#include "client/login.h"

#include <algorithm>

namespace hawser::client {
namespace {

// With few keys it is quicker to sign with each at once than to ask first whether the server would take it (RFC 4252 §7
// allows both). Servers end the session after about six failed requests, and a query that is refused counts too.
constexpr std::size_t keys_signed_at_once = 3;
// A callback may have many answers; a server that refuses all of them must not keep us for ever.
constexpr std::size_t attempt_limit = 20;

}  // namespace

Login::Login(net::Connection& connection, ClientOptions options)
    : connection_(connection), options_(std::move(options)), done_(connection.executor()) {
  failure_.stage = ConnectFailure::Stage::key_exchange;
  for (const Credential& credential : options_.credentials) keys_ += std::holds_alternative<Key>(credential);
}

Awaitable<std::optional<ConnectFailure>> Login::wait() {
  while (!logged_in_ && !over_) co_await done_.wait();
  if (logged_in_) co_return std::nullopt;
  co_return failure_;
}

void Login::ended(Error reason) {
  over_ = true;
  // The first cause stands: what follows from it (our own DISCONNECT) says less.
  if (failure_.error.code() == Errc::ok) failure_.error = reason;
  if (failure_.detail.empty()) failure_.detail = connection_.session().transport().failure_detail();
  done_.notify();
}

Awaitable<void> Login::on_transport_event(transport::TransportEvent event) {
  if (const auto* offered = std::get_if<transport::HostKeyOffered>(&event)) {
    co_await check_host_key(*offered);
  } else if (const auto* exchanged = std::get_if<transport::KeyExchanged>(&event)) {
    if (exchanged->first) {
      begin_authentication();
      if (!waiting_for_service_) co_await try_next();
    }
  } else if (const auto* goodbye = std::get_if<transport::Disconnected>(&event)) {
    failure_.disconnect_reason = goodbye->reason;
    failure_.disconnect_text = goodbye->description;
  }
}

Awaitable<void> Login::check_host_key(const transport::HostKeyOffered& offered) {
  HostKeyQuestion question{options_.host, options_.port, offered.key};
  const Result<void> verdict = co_await options_.host_keys->verify(std::move(question));
  if (verdict) {
    connection_.session().transport().accept_host_key();
    co_return;
  }
  if (!logged_in_) {
    failure_.stage = ConnectFailure::Stage::host_key;
    failure_.error = Error(Errc::host_key_rejected, verdict.error().where());
    failure_.detail = offered.key.text() + " " + offered.key.fingerprint();
  }
  connection_.session().transport().reject_host_key();
}

// The first request follows SERVICE_REQUEST without waiting, which saves a round trip. Not so where the answer is
// needed: an RSA key must know the server's signature algorithms (RFC 8308 §3.1), which come before SERVICE_ACCEPT.
void Login::begin_authentication() {
  failure_.stage = ConnectFailure::Stage::authentication;
  connection_.session().userauth_client().start();
  if (options_.credentials.empty()) return;
  const Key* const key = std::get_if<Key>(&options_.credentials.front());
  waiting_for_service_ = key != nullptr && *key && (*key)->public_key().type() == crypto::KeyType::rsa;
}

Awaitable<void> Login::on_userauth_event(auth::UserauthClientEvent event) {
  if (std::holds_alternative<auth::ServiceAccepted>(event)) {
    if (std::exchange(waiting_for_service_, false)) co_await try_next();
  } else if (const auto* banner = std::get_if<auth::BannerReceived>(&event)) {
    if (options_.on_banner) options_.on_banner(banner->text);
  } else if (const auto* failed = std::get_if<auth::AuthFailed>(&event)) {
    failure_.methods = failed->methods_that_can_continue;
    methods_known_ = true;
    co_await try_next();
  } else if (std::holds_alternative<auth::PublicKeyAccepted>(event)) {
    const Key key = std::exchange(queried_, nullptr);
    const crypto::SignatureRow* const row = key ? signature_for(key->public_key()) : nullptr;
    const bool sent =
        row != nullptr && connection_.session().userauth_client().request_public_key(*key, *row).has_value();
    if (!sent) co_await try_next();
  } else if (std::holds_alternative<auth::PasswordChangeRequested>(event)) {
    failure_.detail = "the server wants the password to be changed";
    co_await try_next();
  } else if (std::holds_alternative<auth::ClientAuthenticated>(event)) {
    logged_in_ = true;
    options_.credentials.clear();  // secrets are not kept longer than needed
    done_.notify();
  }
}

Awaitable<void> Login::try_next() {
  while (attempts_ < attempt_limit) {
    const std::optional<Proof> proof = co_await next_proof();
    if (connection_.over()) co_return;
    if (!proof) break;
    if (ask(*proof)) {
      ++attempts_;
      co_return;
    }
  }
  give_up();
}

Awaitable<std::optional<Login::Proof>> Login::next_proof() {
  while (next_credential_ < options_.credentials.size()) {
    const Credential& credential = options_.credentials[next_credential_];
    if (const auto* callback = std::get_if<AskCredential>(&credential)) {
      const AskCredential ask_someone = *callback;
      std::optional<Proof> proof = co_await ask_someone(failure_.methods);
      if (proof) co_return proof;
      ++next_credential_;
      continue;
    }
    ++next_credential_;
    if (const auto* password = std::get_if<Password>(&credential)) co_return Proof(*password);
    co_return Proof(std::get<Key>(credential));
  }
  co_return std::nullopt;
}

bool Login::ask(const Proof& proof) {
  if (const auto* key = std::get_if<Key>(&proof)) return ask_with_key(*key);
  if (!server_takes("password")) return false;
  return connection_.session().userauth_client().request_password(std::get<Password>(proof).reveal()).has_value();
}

bool Login::ask_with_key(const Key& key) {
  if (!key || !server_takes("publickey")) return false;
  const ByteVector blob = to_vector(key->public_key().blob());
  if (std::ranges::find(tried_keys_, blob) != tried_keys_.end()) return false;
  tried_keys_.push_back(blob);
  const crypto::SignatureRow* const row = signature_for(key->public_key());
  if (row == nullptr) return false;
  auth::UserauthClient& userauth = connection_.session().userauth_client();
  if (keys_ <= keys_signed_at_once) return userauth.request_public_key(*key, *row).has_value();
  queried_ = key;
  return userauth.query_public_key(key->public_key(), *row).has_value();
}

bool Login::server_takes(std::string_view method) const {
  return !methods_known_ || std::ranges::find(failure_.methods, method) != failure_.methods.end();
}

// RFC 8332 §3.3: an RSA key signs with what the server's server-sig-algs names. A server that sends none has our first
// choice.
const crypto::SignatureRow* Login::signature_for(const crypto::PublicKey& key) const {
  const std::vector<std::string>& wanted = connection_.session().transport().peer_signature_algorithms();
  const crypto::SignatureRow* first = nullptr;
  for (const crypto::SignatureRow& row : crypto::signature_rows()) {
    if (!key.can_verify(row)) continue;
    if (first == nullptr) first = &row;
    if (std::ranges::find(wanted, row.name) != wanted.end()) return &row;
  }
  return first;
}

void Login::give_up() {
  failure_.error = Error(Errc::authentication_failed);
  if (failure_.detail.empty() && options_.credentials.empty()) failure_.detail = "no credentials were given";
  connection_.disconnect(transport::DisconnectReason::no_more_auth_methods_available, "no more authentication methods");
}

// A server has no reason to open channels with us: nothing is forwarded.
void Login::on_channel_requested(channel::OpenRequested request) {
  connection_.refuse_channel(request.channel, channel::OpenFailure::administratively_prohibited, "not allowed");
}

// hostkeys-00@openssh.com and the like. The refusal also answers a server's keepalive.
Awaitable<void> Login::on_global_request(channel::GlobalRequestReceived request) {
  if (request.want_reply) connection_.session().channels().reply_global_request(false);
  co_return;
}

}  // namespace hawser::client
