#include "hawser/client/client.h"

#include "client/login.h"
#include "hawser/channel/request_bodies.h"
#include "hawser/net/spawn.h"
#include "hawser/net/tcp_connect.h"

namespace hawser::client {
namespace {

// Keeps the connection and its handler for as long as it runs, whatever becomes of the Client.
Awaitable<void> drive(std::shared_ptr<net::Connection> connection, std::shared_ptr<Login> login) {
  const Error reason = co_await connection->run(*login);
  login->ended(reason);
}

ConnectFailure failure(ConnectFailure::Stage stage, Error error, std::string detail = {}) {
  ConnectFailure failed;
  failed.stage = stage;
  failed.error = error;
  failed.detail = std::move(detail);
  return failed;
}

// Checked before anything is sent. There is no default verifier: a client must say whom it trusts.
std::optional<ConnectFailure> misuse(const ClientOptions& options) {
  if (options.host.empty()) return failure(ConnectFailure::Stage::lookup, Error(Errc::invalid_argument, "host"));
  if (options.host_keys) return std::nullopt;
  return failure(ConnectFailure::Stage::host_key, Error(Errc::invalid_argument, "no HostKeyVerifier"));
}

ByteVector pty_request(const channel::Terminal& terminal) {
  const ByteVector modes = channel::encode_pty_modes(terminal.modes);
  return wire::encode(channel::PtyRequest{terminal.term, terminal.size.columns, terminal.size.rows,
                                          terminal.size.width_pixels, terminal.size.height_pixels, modes});
}

}  // namespace

session::SessionConfig ClientOptions::default_session() {
  session::SessionConfig config;
  // Enough for 1 Gbit/s over a round trip of 100 ms. It does not fill up by itself: an SFTP server sends what was asked
  // for, and the transfers ask for no more than the line carries.
  config.channels.initial_window = 32 * 1024 * 1024;
  config.channels.window_growth = 0;
  config.keepalive_interval = std::chrono::seconds(60);
  return config;
}

Awaitable<ConnectResult> Client::connect(ClientOptions options) {
  if (std::optional<ConnectFailure> wrong = misuse(options)) co_return std::move(*wrong);
  const auto begin = std::chrono::steady_clock::now();
  net::TcpConnected connected = co_await net::tcp_connect(options.host, options.port, options.timeout);
  if (!connected.stream) {
    const auto stage = connected.looked_up ? ConnectFailure::Stage::connect : ConnectFailure::Stage::lookup;
    co_return failure(stage, connected.error, std::move(connected.detail));
  }
  const auto spent = std::chrono::steady_clock::now() - begin;
  options.timeout -= std::chrono::duration_cast<std::chrono::milliseconds>(spent);
  ConnectResult client = co_await connect_over(std::move(connected.stream), std::move(options));
  co_return client;
}

Awaitable<ConnectResult> Client::connect_over(std::unique_ptr<net::Stream> stream, ClientOptions options) {
  if (std::optional<ConnectFailure> wrong = misuse(options)) co_return std::move(*wrong);
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  session::SessionConfig config = options.session;
  config.user = options.user;
  config.transport.preferred_host_key_algorithms = options.host_keys->preferred_algorithms(options.host, options.port);
  config.login_time = std::max(std::chrono::ceil<std::chrono::seconds>(options.timeout), std::chrono::seconds(1));
  const SFTPClientOptions sftp = options.sftp;

  const auto connection =
      std::make_shared<net::Connection>(executor, std::move(stream), Role::client, std::move(config));
  const auto login = std::make_shared<Login>(*connection, std::move(options));
  net::spawn(executor, drive(connection, login));
  std::optional<ConnectFailure> failed = co_await login->wait();
  if (failed) co_return std::move(*failed);
  co_return std::make_shared<Client>(Private(), connection, sftp);
}

Client::Client(Private, std::shared_ptr<net::Connection> connection, SFTPClientOptions sftp)
    : connection_(std::move(connection)), sftp_options_(std::move(sftp)) {
  if (!sftp_options_.pool) {
    // One pool for packets and messages.
    sftp_options_.pool = connection_->session().transport().pool().shared_from_this();
  }
}

Client::~Client() { disconnect(); }

void Client::disconnect() { connection_->disconnect(transport::DisconnectReason::by_application, "done"); }
bool Client::alive() const { return !connection_->over(); }
Error Client::reason() const { return connection_->reason(); }
asio::any_io_executor Client::executor() const { return connection_->executor(); }
const transport::Negotiated& Client::negotiated() const { return connection_->session().transport().negotiated(); }

// A session channel on which this has been started. Everything leaves together.
Awaitable<Result<std::shared_ptr<net::Channel>>> Client::start(std::string_view type, ByteVector specific,
                                                               ProcessOptions options) {
  Result<std::shared_ptr<net::Channel>> opened = co_await connection_->open_channel("session", {});
  if (!opened) co_return opened;
  net::Channel& session = **opened;
  for (const auto& [name, value] : options.environment) {
    session.request_without_reply(channel::EnvRequest::type, wire::encode(channel::EnvRequest{name, value}));
  }
  std::optional<std::uint64_t> terminal;
  if (options.terminal) {
    const Result<std::uint64_t> asked = session.ask(channel::PtyRequest::type, pty_request(*options.terminal));
    if (!asked) co_return asked.error();
    terminal = *asked;
  }
  const Result<std::uint64_t> asked = session.ask(type, specific);
  if (!asked) co_return asked.error();
  if (terminal) {
    const Result<bool> made = co_await session.answer(*terminal);
    if (!made || !*made) {
      session.close();
      co_return made ? Error(Errc::request_refused, "terminal") : made.error();
    }
  }
  const Result<bool> started = co_await session.answer(*asked);
  if (started && *started) co_return opened;
  session.close();
  co_return started ? Error(Errc::request_refused, "program") : started.error();
}

// A coroutine's arguments have names: g++ 12 destroys temporaries in a co_await expression twice.
Awaitable<Result<std::shared_ptr<RemoteProcess>>> Client::exec(std::string command, ProcessOptions options) {
  ByteVector specific = wire::encode(channel::ExecRequest{command});
  Awaitable<Result<std::shared_ptr<net::Channel>>> starting =
      start(channel::ExecRequest::type, std::move(specific), std::move(options));
  Result<std::shared_ptr<net::Channel>> channel = co_await std::move(starting);
  if (!channel) co_return channel.error();
  co_return std::make_shared<RemoteProcess>(*std::move(channel));
}

Awaitable<Result<std::shared_ptr<RemoteProcess>>> Client::shell(ProcessOptions options) {
  ByteVector specific;
  Awaitable<Result<std::shared_ptr<net::Channel>>> starting =
      start(channel::ShellRequest::type, std::move(specific), std::move(options));
  Result<std::shared_ptr<net::Channel>> channel = co_await std::move(starting);
  if (!channel) co_return channel.error();
  co_return std::make_shared<RemoteProcess>(*std::move(channel));
}

Awaitable<Result<ProcessOutput>> Client::run(std::string command, ByteVector input, std::size_t output_limit) {
  Awaitable<Result<std::shared_ptr<RemoteProcess>>> starting = exec(std::move(command));
  const Result<std::shared_ptr<RemoteProcess>> process = co_await std::move(starting);
  if (!process) co_return process.error();
  Awaitable<Result<ProcessOutput>> talking = communicate(*process, std::move(input), output_limit);
  Result<ProcessOutput> output = co_await std::move(talking);
  co_return output;
}

Awaitable<Result<std::shared_ptr<net::Channel>>> Client::subsystem(std::string name) {
  ByteVector specific = wire::encode(channel::SubsystemRequest{name});
  ProcessOptions none;
  return start(channel::SubsystemRequest::type, std::move(specific), std::move(none));
}

Awaitable<Result<std::shared_ptr<net::Channel>>> Client::open_direct_tcpip(std::string host, std::uint16_t port,
                                                                           Originator originator) {
  const channel::DirectTcpipOpen open{host, port, originator.address, originator.port};
  Result<std::shared_ptr<net::Channel>> channel =
      co_await connection_->open_channel(std::string(open.type), wire::encode(open));
  co_return channel;
}

Awaitable<SFTPResult<std::shared_ptr<SFTPClient>>> Client::open_sftp() {
  const std::shared_ptr<Client> self = shared_from_this();
  const Result<std::shared_ptr<net::Channel>> channel = co_await connection_->open_channel("session", {});
  if (!channel) co_return SFTPError(channel.error(), connection_->open_failure());
  ByteVector specific;
  wire::append_string(specific, "sftp");
  const Result<std::uint64_t> asked = (*channel)->ask("subsystem", specific);
  if (!asked) co_return asked.error();
  SFTPClientOptions options = sftp_options_;
  options.symlink_order = sftp::symlink_order_of(connection_->session().transport().peer_identification());
  std::shared_ptr<SFTPClient> sftp = SFTPClient::begin(*channel, std::move(options));
  const Result<bool> started = co_await (*channel)->answer(*asked);
  if (!started) co_return started.error();
  if (!*started) co_return Error(Errc::request_refused, "subsystem sftp");
  const SFTPResult<void> ready = co_await sftp->ready();
  if (!ready) co_return ready.error();
  co_return sftp;
}

}  // namespace hawser::client
