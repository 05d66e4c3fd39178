// Two net::Connections over a socket pair, one in each role, on one io_context: the whole stack but for name lookup.
// The server accepts any password that is "secret" and answers `exec` requests through a function of the test.
#pragma once

#include <asio/io_context.hpp>
#include <asio/local/connect_pair.hpp>
#include <asio/local/stream_protocol.hpp>
#include <functional>

#include "hawser/crypto/keys.h"
#include "hawser/net/connection.h"
#include "hawser/net/spawn.h"

namespace hawser::test {

inline std::pair<std::unique_ptr<net::Stream>, std::unique_ptr<net::Stream>> stream_pair(asio::io_context& context) {
  asio::local::stream_protocol::socket one(context), two(context);
  asio::local::connect_pair(one, two);
  return {net::socket_stream(asio::generic::stream_protocol::socket(std::move(one))),
          net::socket_stream(asio::generic::stream_protocol::socket(std::move(two)))};
}

class ServerSide : public net::ConnectionHandler {
 public:
  using Exec = std::function<net::Awaitable<void>(std::shared_ptr<net::Channel>, std::string)>;

  net::Awaitable<void> on_transport_event(transport::TransportEvent) override { co_return; }
  net::Awaitable<void> on_userauth_request(auth::UserauthServerEvent event) override {
    if (const auto* asked = std::get_if<auth::AuthRequested>(&event)) {
      const auto* password = std::get_if<auth::PasswordRequest>(&asked->request);
      const bool right = password != nullptr && as_text(password->password.view()) == "secret";
      connection->session().answer(right ? auth::AuthResult::successful : auth::AuthResult::failed, {"password"});
    }
    co_return;
  }
  void on_channel_requested(channel::OpenRequested request) override {
    if (request.type != "session") {
      const std::string why = name_the_type ? "no " + request.type : "only session channels";
      connection->refuse_channel(request.channel, channel::OpenFailure::unknown_channel_type, why);
      return;
    }
    net::spawn(connection->executor(), serve(connection->accept_channel(request.channel), exec));
  }
  net::Awaitable<void> on_global_request(channel::GlobalRequestReceived request) override {
    if (request.want_reply) connection->session().channels().reply_global_request(request.type == "yes");
    co_return;
  }

  std::shared_ptr<net::Connection> connection;
  Exec exec;
  bool name_the_type = false;  // where a channel is refused

 private:
  static net::Awaitable<void> serve(std::shared_ptr<net::Channel> channel, Exec exec) {
    while (true) {
      const Result<channel::RequestReceived> request = co_await channel->next_request();
      if (!request) co_return;
      const bool known = request->type == "exec";
      if (request->want_reply) channel->reply(known);
      if (!known) continue;
      wire::Reader reader(request->specific.bytes());
      std::string command(reader.text());
      co_await exec(channel, std::move(command));
      co_return;
    }
  }
};

class ClientSide : public net::ConnectionHandler {
 public:
  explicit ClientSide(const asio::any_io_executor& executor) : changed(executor) {}

  net::Awaitable<void> on_transport_event(transport::TransportEvent event) override {
    if (std::holds_alternative<transport::HostKeyOffered>(event)) connection->session().transport().accept_host_key();
    if (const auto* exchanged = std::get_if<transport::KeyExchanged>(&event)) {
      ++key_exchanges;
      if (exchanged->first) {
        connection->session().userauth_client().start();
        (void)connection->session().userauth_client().request_password(password);
      }
    }
    co_return;
  }
  net::Awaitable<void> on_userauth_event(auth::UserauthClientEvent event) override {
    if (std::holds_alternative<auth::ClientAuthenticated>(event)) authenticated = true;
    if (std::holds_alternative<auth::AuthFailed>(event)) refused = true;
    changed.notify();
    co_return;
  }
  void on_channel_requested(channel::OpenRequested request) override {
    connection->refuse_channel(request.channel, channel::OpenFailure::administratively_prohibited, "a client");
  }
  net::Awaitable<void> on_global_request(channel::GlobalRequestReceived request) override {
    while (deaf && !connection->over()) co_await changed.wait();
    if (request.want_reply) connection->session().channels().reply_global_request(false);
  }
  void on_end() override { changed.notify(); }
  net::Awaitable<bool> login() {
    while (!authenticated && !refused && !connection->over()) co_await changed.wait();
    co_return authenticated;
  }

  std::shared_ptr<net::Connection> connection;
  std::string password = "secret";
  net::Signal changed;
  bool authenticated = false;
  bool refused = false;
  bool deaf = false;  // reads nothing behind a global request
  int key_exchanges = 0;
};

// Made, connected and running; `run` drives both until the client's function returns.
class LinkedConnections {
 public:
  explicit LinkedConnections(session::SessionConfig client_config = {}, session::SessionConfig server_config = {})
      : client_handler(context.get_executor()) {
    const std::unique_ptr<crypto::Random> random = crypto::system_random();
    server_config.transport.host_keys = {
        std::make_shared<crypto::PrivateKey>(*crypto::PrivateKey::generate(crypto::KeyType::ed25519, *random))};
    client_config.user = "user";
    auto [one, two] = stream_pair(context);
    client_stream = one.get();
    client = std::make_shared<net::Connection>(context.get_executor(), std::move(one), Role::client,
                                               std::move(client_config));
    server = std::make_shared<net::Connection>(context.get_executor(), std::move(two), Role::server,
                                               std::move(server_config));
    client_handler.connection = client;
    server_handler.connection = server;
  }
  ~LinkedConnections() {
    client->abort(Error(Errc::closed));
    server->abort(Error(Errc::closed));
    context.restart();
    context.run();
  }

  void start() {
    net::spawn(context.get_executor(), follow(server, server_handler, server_ended));
    net::spawn(context.get_executor(), follow(client, client_handler, client_ended));
  }
  // Runs `work` to its end, then ends the client's connection and waits for both.
  void run(net::Awaitable<void> work) {
    start();
    net::spawn(context.get_executor(), std::move(work), [this](std::exception_ptr thrown) {
      failure = thrown;
      client->disconnect(transport::DisconnectReason::by_application, "done");
      client_handler.changed.notify();
    });
    context.run();
    if (failure) std::rethrow_exception(failure);
  }

  asio::io_context context;
  ServerSide server_handler;
  ClientSide client_handler;
  std::shared_ptr<net::Connection> client, server;
  net::Stream* client_stream = nullptr;
  Error client_ended{Errc::ok}, server_ended{Errc::ok};
  std::exception_ptr failure;

 private:
  static net::Awaitable<void> follow(std::shared_ptr<net::Connection> connection, net::ConnectionHandler& handler,
                                     Error& ended) {
    ended = co_await connection->run(handler);
  }
};

}  // namespace hawser::test
