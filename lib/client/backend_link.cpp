#include "client/backend_link.h"

#include <array>

#include "client/host_key_sources.h"
#include "hawser/client/pem.h"
#include "hawser/client/user_defaults.h"
#include "hawser/wire/dump.h"

namespace hawser::client {
namespace {

struct Attempt {
  std::shared_ptr<Client> client;
  std::shared_ptr<SFTPClient> sftp;  // null: it failed
  std::string message;
  Errc reason = Errc::ok;
  bool transient = false;
};

// `Client::connect` keeps its own deadline; the opening of the SFTP channel gets the same time once more.
Awaitable<Attempt> attempt_to_connect(ClientOptions options) {
  const std::chrono::milliseconds timeout = options.timeout;
  Attempt attempt;
  const ConnectResult connected = co_await Client::connect(std::move(options));
  if (!connected) {
    attempt.message = connected.error().message();
    attempt.reason = connected.error().error.code();
    attempt.transient = connected.error().transient();
    co_return attempt;
  }
  attempt.client = *connected;
  asio::steady_timer deadline(attempt.client->executor());
  deadline.expires_after(timeout);
  const auto late = std::make_shared<bool>(false);
  deadline.async_wait([late, client = std::weak_ptr<Client>(attempt.client)](const asio::error_code& cancelled) {
    if (cancelled) return;
    *late = true;
    if (const std::shared_ptr<Client> slow = client.lock()) slow->disconnect();
  });
  SFTPResult<std::shared_ptr<SFTPClient>> opened = co_await attempt.client->open_sftp();
  deadline.cancel();
  if (opened) {
    attempt.sftp = std::move(*opened);
    co_return attempt;
  }
  attempt.reason = *late ? Errc::timed_out : opened.error().code();
  attempt.message = *late ? "opening SFTP took too long" : "opening SFTP: " + opened.error().message();
  attempt.client->disconnect();
  attempt.client.reset();
  co_return attempt;
}

// Null: there is none. A text that is no key as it stands may have lost its newlines.
Key configured_key(const SFTPBackendOptions& options) {
  if (!options.private_key || !*options.private_key) return nullptr;
  const std::string_view text = options.private_key->reveal();
  std::optional<crypto::SecretBytes> passphrase;
  if (options.private_key_passphrase) passphrase.emplace(as_bytes(options.private_key_passphrase->reveal()));
  Result<crypto::PrivateKey> key = crypto::PrivateKey::from_text(text, passphrase ? &*passphrase : nullptr);
  if (!key && key.error().code() == Errc::bad_key) {
    key = crypto::PrivateKey::from_text(sanitize_pem(text), passphrase ? &*passphrase : nullptr);
  }
  if (!key) throw std::invalid_argument("SFTPBackend: private key: " + key.error().message());
  return std::make_shared<const crypto::PrivateKey>(*std::move(key));
}

double random_fraction() {
  std::array<std::uint8_t, 2> bytes{};
  crypto::system_random()->fill(bytes);
  return (bytes[0] * 256 + bytes[1]) / 65535.0;
}

}  // namespace

LiveLink::~LiveLink() {
  disconnect();
  thread->release(std::pair(std::move(sftp), std::move(client)));
}

bool LiveLink::alive() const {
  return thread->ask([this] { return sftp->alive() && client->alive(); });
}

void LiveLink::disconnect() {
  thread->ask([this] {
    sftp->close();
    client->disconnect();
  });
}

BackendLink::BackendLink(const SFTPBackendOptions& options)
    : options_(options), key_(configured_key(options)), retry_(options.retry.value_or(RetryPolicy::usual())) {}

BackendLink::Acquired BackendLink::acquire() {
  if (const std::shared_ptr<LiveLink> link = current()) return {link, false};
  const std::lock_guard lock(connecting_);
  // Somebody else may have connected while we waited.
  if (const std::shared_ptr<LiveLink> link = current()) return {link, false};
  const std::shared_ptr<LiveLink> made = connect();
  const std::lock_guard state(mutex_);
  link_ = made;
  return {made, true};
}

std::shared_ptr<LiveLink> BackendLink::current() {
  std::shared_ptr<LiveLink> link;
  {
    const std::lock_guard lock(mutex_);
    link = link_;
  }
  if (!link || link->alive()) return link;
  drop(link);
  return nullptr;
}

void BackendLink::drop(const std::shared_ptr<LiveLink>& link) {
  {
    const std::lock_guard lock(mutex_);
    if (link_ == link) link_.reset();
  }
  link->disconnect();
}

void BackendLink::close() noexcept {
  std::shared_ptr<LiveLink> link;
  std::shared_ptr<EventThread> thread;
  {
    const std::lock_guard lock(mutex_);
    link = std::exchange(link_, nullptr);
    thread = std::exchange(thread_, nullptr);
  }
  if (link) link->disconnect();
}

std::shared_ptr<EventThread> BackendLink::thread() {
  const std::lock_guard lock(mutex_);
  if (!thread_) thread_ = std::make_shared<EventThread>();
  return thread_;
}

std::shared_ptr<LiveLink> BackendLink::connect() {
  const auto begin = std::chrono::steady_clock::now();
  std::chrono::milliseconds waited{0};  // counted apart: a replaced `wait` does not take its time
  if (!verifier_) verifier_ = host_key_verifier(options_);
  for (unsigned failed = 1;; ++failed) {
    const std::shared_ptr<EventThread> on = thread();
    Attempt attempt = on->run([options = client_options()] { return attempt_to_connect(options); });
    if (attempt.sftp) return std::make_shared<LiveLink>(on, std::move(attempt.client), std::move(attempt.sftp));
    const auto spent = std::chrono::duration_cast<RetryPolicy::Duration>(std::chrono::steady_clock::now() - begin);
    const std::optional<RetryPolicy::Duration> wait =
        attempt.transient ? retry_.wait_after(failed, std::max(spent, waited), random_fraction()) : std::nullopt;
    if (!wait) {
      throw BackendUnavailable(wire::escaped(options_.host) + ": " + attempt.message, attempt.reason,
                               {.path = {}, .backend = "sftp"});
    }
    waited += *wait;
    if (options_.wait) {
      options_.wait(*wait);
    } else {
      std::this_thread::sleep_for(*wait);
    }
  }
}

ClientOptions BackendLink::client_options() {
  ClientOptions client;
  client.host = options_.host;
  client.port = options_.port;
  client.user = options_.username.value_or(user_name());
  client.credentials = options_.credentials;
  if (key_) client.credentials.emplace_back(key_);
  if (options_.password) client.credentials.emplace_back(Password(options_.password->reveal()));
  client.password_answers_prompt = options_.password_answers_prompt;
  client.host_keys = verifier_;
  client.timeout = options_.timeout;
  client.session = options_.session;
  client.sftp = options_.sftp;
  client.sftp.io_timeout = options_.io_timeout.value_or(std::chrono::milliseconds(0));
  return client;
}

}  // namespace hawser::client
