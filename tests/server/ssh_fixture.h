// An SSHServer whose hooks are set by the test, under a manager on a port of its own, and clients that speak to it over
// TCP with a net::Connection, so that every step is theirs to choose.
#pragma once

#include <doctest/doctest.h>

#include <asio/connect.hpp>
#include <asio/ip/tcp.hpp>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include "hawser/net/spawn.h"
#include "hawser/server/ssh_server_manager.h"
#include "support/run_awaitable.h"
#include "support/test_keys.h"

namespace hawser::test {

using server::AuthResult;
using server::ChannelOpenResult;
using server::KeyUse;
using server::ServerConnection;

// Remembers every hook call as a line; answers as the test has set, else as the base class does.
class ScriptedServer : public server::SSHServer {
 public:
  std::vector<std::string> methods{"password", "publickey"};
  std::vector<std::string> allowed;  // empty: the default
  std::string banner;
  std::string password = "secret";
  std::optional<crypto::PublicKey> key;
  bool key_is_partial = false;  // then a password is needed too
  std::string throwing;         // the hook that throws
  std::map<std::string, ChannelOpenResult> channel_results;
  bool accept_programs = false;
  std::function<server::Awaitable<std::uint32_t>(std::shared_ptr<server::Process>, std::string)> program;
  std::shared_ptr<server::FileSystem> files;

  std::vector<std::string> calls() const {
    const std::lock_guard lock(mutex_);
    return calls_;
  }
  bool called(const std::string& call) const {
    const std::vector<std::string> all = calls();
    return std::find(all.begin(), all.end(), call) != all.end();
  }

  std::vector<std::string> authentication_methods() const override { return methods; }
  server::Awaitable<AuthResult> check_auth_none(ServerConnection&, std::string user) override {
    note("none " + user);
    co_return AuthResult::successful;
  }
  server::Awaitable<AuthResult> check_auth_password(ServerConnection& connection, std::string user,
                                                    const crypto::SecretBytes& given) override {
    note("password " + user);
    if (throwing == "check_auth_password") throw std::runtime_error("broken");
    if (as_text(given.view()) != password) co_return AuthResult::failed;
    if (key_is_partial && connection.partial_successes().empty()) co_return AuthResult::failed;
    co_return AuthResult::successful;
  }
  server::Awaitable<AuthResult> check_auth_publickey(ServerConnection&, std::string user, crypto::PublicKey given,
                                                     KeyUse use) override {
    note((use == KeyUse::query ? "query " : "signature ") + user);
    if (!key || !(given == *key)) co_return AuthResult::failed;
    co_return key_is_partial ? AuthResult::partial : AuthResult::successful;
  }
  server::Awaitable<std::vector<std::string>> get_allowed_auths(ServerConnection& connection,
                                                                std::string user) override {
    note("allowed " + user);
    if (!allowed.empty()) co_return allowed;
    std::vector<std::string> all = co_await SSHServer::get_allowed_auths(connection, user);
    co_return all;
  }
  server::Awaitable<std::string> get_banner(ServerConnection&) override { co_return banner; }
  void on_authentication_successful(ServerConnection& connection, const std::string& user,
                                    const std::string& method) override {
    note("successful " + user + " " + method);
    CHECK_FALSE(connection.authenticated());  // told before the client is
  }
  void on_authentication_failed(ServerConnection&, const std::string& user, const std::string& method) override {
    note("failed " + user + " " + method);
  }

  server::Awaitable<ChannelOpenResult> check_channel_request(ServerConnection& connection,
                                                             const channel::OpenRequested& request) override {
    note("open " + request.type);
    if (throwing == "check_channel_request") throw 42;
    if (const auto set = channel_results.find(request.type); set != channel_results.end()) co_return set->second;
    const ChannelOpenResult result = co_await SSHServer::check_channel_request(connection, request);
    co_return result;
  }
  server::Awaitable<bool> is_channel_authorized(ServerConnection& connection, const net::Channel& channel) override {
    note("authorized " + connection.user());
    const bool result = co_await SSHServer::is_channel_authorized(connection, channel);
    co_return result;
  }
  server::Awaitable<bool> check_channel_exec_request(ServerConnection& connection, const net::Channel& channel,
                                                     std::string command) override {
    note("exec " + command);
    if (accept_programs) co_return true;
    const bool result = co_await SSHServer::check_channel_exec_request(connection, channel, command);
    co_return result;
  }
  server::Awaitable<bool> check_global_request(ServerConnection&, std::string type, Payload) override {
    note("global " + type);
    co_return type == "yes@example.com";
  }
  server::Awaitable<bool> check_port_forward_request(ServerConnection&, std::string address,
                                                     std::uint32_t port) override {
    note("forward " + address + " " + std::to_string(port));
    co_return true;
  }
  void on_channel_opened(ServerConnection&, const net::Channel&) override { note("channel opened"); }
  void on_channel_closed(ServerConnection&, const net::Channel&) override { note("channel closed"); }
  server::Awaitable<std::uint32_t> handle_exec(ServerConnection& connection, std::shared_ptr<server::Process> process,
                                               std::string command) override {
    net::Awaitable<std::uint32_t> running =  // g++ 12: no temporaries in a co_await expression
        program ? program(process, command) : SSHServer::handle_exec(connection, process, command);
    const std::uint32_t status = co_await std::move(running);
    co_return status;
  }
  std::shared_ptr<server::FileSystem> file_system(ServerConnection&) override { return files; }
  void on_connection_opened(ServerConnection&) override { note("connection opened"); }
  void on_connection_closed(ServerConnection&, Error) override { note("connection closed"); }

 protected:
  void note(std::string call) {
    const std::lock_guard lock(mutex_);
    calls_.push_back(std::move(call));
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> calls_;
};

class RecordingLog final : public server::Log {
 public:
  void write(server::LogLevel level, std::string_view text) override {
    const std::lock_guard lock(mutex_);
    if (level == server::LogLevel::error) errors_.emplace_back(text);
  }
  std::vector<std::string> errors() const {
    const std::lock_guard lock(mutex_);
    return errors_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> errors_;
};

inline server::SSHServerOptions test_options() {
  server::SSHServerOptions options;
  options.port = 0;
  options.threads = 1;
  options.stop_time = std::chrono::milliseconds(0);
  options.host_keys = {std::make_shared<crypto::PrivateKey>(ed25519_key())};
  return options;
}

// One client. `wait(coroutine)` runs its io_context until the coroutine has returned.
class TestClient : public net::ConnectionHandler {
 public:
  using Socket = asio::generic::stream_protocol::socket;

  explicit TestClient(std::uint16_t port, std::string user = "user")
      : TestClient(
            [port](asio::io_context& context) {
              asio::ip::tcp::socket socket(context);
              socket.connect({asio::ip::address_v4::loopback(), port});
              return Socket(std::move(socket));
            },
            std::move(user)) {}
  // Over a socket of the test's own making.
  explicit TestClient(const std::function<Socket(asio::io_context&)>& make_socket, std::string user = "user")
      : changed_(io.get_executor()) {
    session::SessionConfig config;
    config.user = std::move(user);
    connection = std::make_shared<net::Connection>(io.get_executor(), net::socket_stream(make_socket(io)), Role::client,
                                                   std::move(config));
    net::spawn(io.get_executor(), follow());
  }
  ~TestClient() {
    connection->abort(Error(Errc::closed));
    settle(io);
  }

  template <class T>
  T wait(net::Awaitable<T> work) {
    return run(io, std::move(work));
  }

  // Until keys are exchanged, and then the ssh-userauth service is asked for. False: the connection has ended.
  bool connect() { return wait(connected(1)); }
  // Until so many key exchanges are over, rekeying included.
  bool wait_for_keys(int exchanges) { return wait(connected(exchanges)); }
  // The next event of authentication; nullopt: the connection has ended.
  std::optional<auth::UserauthClientEvent> next_event() { return wait(event()); }
  bool login(const std::string& password = "secret") {
    if (!connect()) return false;
    CHECK(userauth().request_password(password));
    connection->flush_soon();
    return succeeded();
  }
  // Skips banners.
  bool succeeded() {
    while (const auto one = next_event()) {
      if (std::holds_alternative<auth::ClientAuthenticated>(*one)) return true;
      if (std::holds_alternative<auth::AuthFailed>(*one)) {
        failure = std::get<auth::AuthFailed>(*one);
        return false;
      }
    }
    return false;
  }
  auth::UserauthClient& userauth() { return connection->session().userauth_client(); }
  Error wait_end() { return wait(end()); }

  Result<std::shared_ptr<net::Channel>> open(std::string type = "session", ByteVector specific = {}) {
    return wait(connection->open_channel(std::move(type), std::move(specific)));
  }
  bool ask(net::Channel& channel, std::string type, ByteVector specific = {}) {
    const Result<bool> answer = wait(channel.request(std::move(type), std::move(specific)));
    return answer && *answer;
  }
  bool ask_global(std::string type, ByteVector specific = {}) {
    const auto answer = wait(connection->global_request(std::move(type), std::move(specific)));
    REQUIRE(answer);
    return answer->success;
  }
  // The body of REQUEST_SUCCESS; nullopt: REQUEST_FAILURE.
  std::optional<ByteVector> global(std::string type, ByteVector specific = {}) {
    const auto answer = wait(connection->global_request(std::move(type), std::move(specific)));
    REQUIRE(answer);
    if (!answer->success) return std::nullopt;
    return to_vector(answer->specific.bytes());
  }
  // The next channel that the server opens, and the next global request that it sends.
  channel::OpenRequested next_open() { return wait(next_of(opened_)); }
  channel::GlobalRequestReceived next_global() { return wait(next_of(globals_)); }
  std::size_t global_requests_received() const { return globals_.size(); }
  // Up to the end of the stream.
  std::string read_all(net::Channel& channel) { return wait(everything(channel)); }
  void wait_closed(net::Channel& channel) { run(io, channel.wait_closed()); }

  asio::io_context io;
  std::shared_ptr<net::Connection> connection;
  std::optional<Error> ended;
  std::optional<crypto::PublicKey> host_key;  // what the server proved to own
  auth::AuthFailed failure;

 private:
  net::Awaitable<void> on_transport_event(transport::TransportEvent received) override {
    if (const auto* offered = std::get_if<transport::HostKeyOffered>(&received)) {
      host_key = offered->key;
      connection->session().transport().accept_host_key();
    }
    if (std::holds_alternative<transport::KeyExchanged>(received)) {
      if (keys_++ == 0) userauth().start();
      changed_.notify();
    }
    co_return;
  }
  net::Awaitable<void> on_userauth_event(auth::UserauthClientEvent received) override {
    if (!std::holds_alternative<auth::ServiceAccepted>(received)) events_.push_back(std::move(received));
    changed_.notify();
    co_return;
  }
  void on_channel_requested(channel::OpenRequested request) override {
    opened_.push_back(std::move(request));
    changed_.notify();
  }
  net::Awaitable<void> on_global_request(channel::GlobalRequestReceived request) override {
    if (request.want_reply) connection->session().channels().reply_global_request(false);
    globals_.push_back(std::move(request));
    changed_.notify();
    co_return;
  }

  template <class Request>
  net::Awaitable<Request> next_of(std::deque<Request>& requests) {
    while (requests.empty()) co_await changed_.wait();
    Request first = std::move(requests.front());
    requests.pop_front();
    co_return first;
  }
  net::Awaitable<void> follow() {
    ended = co_await connection->run(*this);
    changed_.notify();
  }
  net::Awaitable<bool> connected(int exchanges) {
    while (keys_ < exchanges && !ended) co_await changed_.wait();
    co_return keys_ >= exchanges && !ended;
  }
  net::Awaitable<std::optional<auth::UserauthClientEvent>> event() {
    while (events_.empty() && !ended) co_await changed_.wait();
    if (events_.empty()) co_return std::nullopt;
    auth::UserauthClientEvent first = std::move(events_.front());
    events_.pop_front();
    co_return first;
  }
  net::Awaitable<Error> end() {
    while (!ended) co_await changed_.wait();
    co_return *ended;
  }
  static net::Awaitable<std::string> everything(net::Channel& channel) {
    std::string all;
    while (true) {
      const Result<Payload> piece = co_await channel.receive();
      if (!piece || piece->empty()) co_return all;
      all += as_text(piece->bytes());
      channel.consumed(piece->size());
    }
  }

  net::Signal changed_;
  std::deque<auth::UserauthClientEvent> events_;
  std::deque<channel::OpenRequested> opened_;
  std::deque<channel::GlobalRequestReceived> globals_;
  int keys_ = 0;
};

// The server, running.
struct ServerFixture {
  std::shared_ptr<ScriptedServer> server = std::make_shared<ScriptedServer>();
  std::shared_ptr<RecordingLog> log = std::make_shared<RecordingLog>();
  server::SSHServerOptions options = test_options();
  std::unique_ptr<server::SSHServerManager> manager;

  // After the test has set what it wants.
  std::uint16_t start() {
    options.log = log;
    manager = std::make_unique<server::SSHServerManager>(server, options);
    REQUIRE(manager->start());
    return manager->port();
  }
  // Until it is so; what happens on the server's thread takes its time.
  template <class Condition>
  bool eventually(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::yield();
    }
    return true;
  }
};

}  // namespace hawser::test
