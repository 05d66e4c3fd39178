// An SSH client: connects, checks the host key, authenticates, opens channels.
//
//   ClientOptions options{.host = "example.org", .user = "me"};
//   options.credentials = {Key(key)};
//   options.host_keys = std::make_shared<KnownHostsVerifier>(*KnownHosts::load(path));
//   ConnectResult client = co_await Client::connect(std::move(options));
//   if (!client) co_return print(client.error().message());
//   auto sftp = co_await (*client)->open_sftp();
//
// Everything runs on the executor of the coroutine that calls `connect`: a strand, or an io_context with one thread.
// Not thread-safe. The connection ends with the client; what is still held of it then, a channel or an SFTPClient,
// fails with the reason.
#pragma once

#include <chrono>

#include "hawser/client/credentials.h"
#include "hawser/client/host_key_verifier.h"
#include "hawser/client/remote_process.h"
#include "hawser/client/sftp_client.h"
#include "hawser/net/connection.h"

namespace hawser::client {

struct ClientOptions {
  std::string host;
  std::uint16_t port = 22;
  std::string user;
  std::vector<Credential> credentials;
  std::shared_ptr<HostKeyVerifier> host_keys;  // required
  // Many servers ask for the password by keyboard-interactive only. True: a Password may answer one such request, where
  // it asks a single question without echo and the server does not take the method password.
  bool password_answers_prompt = false;

  // From the first name lookup to the end of authentication.
  std::chrono::milliseconds timeout = std::chrono::seconds(30);
  // Algorithms, rekeying, limits, keepalive. `user`, `login_time` and the preferred host key algorithms are filled in
  // by `connect`.
  session::SessionConfig session = default_session();
  SFTPClientOptions sftp;
  // What the server shows before authentication (RFC 4252 §5.4). Safe to print.
  std::function<void(std::string_view text)> on_banner;

  static session::SessionConfig default_session();
};

// Why there is no connection, for programs and for people.
struct ConnectFailure {
  enum class Stage { lookup, connect, key_exchange, host_key, authentication };

  Stage stage = Stage::connect;
  Error error{Errc::ok};
  std::string
      detail;  // what is known beyond the error: both lists of a negotiation, the system's reason, the verifier's
  // What the server said in its DISCONNECT, if it did (RFC 4253 §11.1).
  std::optional<std::uint32_t> disconnect_reason;
  std::string disconnect_text;
  std::vector<std::string> methods;  // what the server would still take (authentication)

  // Another attempt may do better. Not so for a refused host key or login, an unknown host, and algorithms that do not
  // meet.
  bool transient() const;
  std::string message() const;  // never empty, safe to print
};

// What needs a connection to be made: what came of it, or why there was none.
template <class T>
class [[nodiscard]] Connected {
 public:
  Connected(T value) : state_(std::move(value)) {}
  Connected(ConnectFailure failure) : state_(std::move(failure)) {}

  explicit operator bool() const { return state_.index() == 0; }
  const T& operator*() const { return std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }
  const ConnectFailure& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, ConnectFailure> state_;
};

using ConnectResult = Connected<std::shared_ptr<class Client>>;

struct Originator {
  std::string address = "127.0.0.1";
  std::uint32_t port = 0;
};

class Client : public std::enable_shared_from_this<Client> {
 public:
  static Awaitable<ConnectResult> connect(ClientOptions options);
  // The same over a stream that exists: a proxy's socket, a socketpair. `options.host` is for the verifier.
  static Awaitable<ConnectResult> connect_over(std::unique_ptr<net::Stream> stream, ClientOptions options);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // A program of the server. Errors: channel_open_refused, request_refused.
  Awaitable<Result<std::shared_ptr<RemoteProcess>>> exec(std::string command, ProcessOptions options = {});
  Awaitable<Result<std::shared_ptr<RemoteProcess>>> shell(ProcessOptions options = {});
  // All at once, for commands that say little: see `communicate`.
  Awaitable<Result<ProcessOutput>> run(std::string command, ByteVector input = {},
                                       std::size_t output_limit = 16 * 1024 * 1024);
  Awaitable<Result<std::shared_ptr<net::Channel>>> subsystem(std::string name);
  // A byte stream to a host that the server reaches, as the server names it (RFC 4254 §7.2). `originator` is for the
  // server's log: where the connection comes from that is being forwarded. Errors: channel_open_refused
  // (connection().open_failure() tells).
  Awaitable<Result<std::shared_ptr<net::Channel>>> open_direct_tcpip(std::string host, std::uint16_t port,
                                                                     Originator originator = {});
  // The subsystem's request and SFTP's first message leave together.
  Awaitable<SFTPResult<std::shared_ptr<SFTPClient>>> open_sftp();

  void disconnect();
  bool alive() const;
  // Why the connection is over.
  Error reason() const;
  net::Connection& connection() { return *connection_; }
  const transport::Negotiated& negotiated() const;
  asio::any_io_executor executor() const;

 private:
  struct Private {};

 public:
  Client(Private, std::shared_ptr<net::Connection> connection, SFTPClientOptions sftp);

 private:
  Awaitable<Result<std::shared_ptr<net::Channel>>> start(std::string_view type, ByteVector specific,
                                                         ProcessOptions options);

  std::shared_ptr<net::Connection> connection_;
  SFTPClientOptions sftp_options_;
};

}  // namespace hawser::client
