// A client and a server, as far as they are without I/O, joined in memory: key exchange, authentication and channels.
// The server lets in whoever has the password, accepts every channel and request, and echoes data; the client asks for
// that in this order. `pump` goes on from wherever it was, also after an exception.
#pragma once

#include <optional>

#include "hawser/session/session.h"
#include "support/transport_configs.h"

namespace hawser::test {

class SessionEnd {
 public:
  SessionEnd(Role role, session::SessionConfig config, std::uint64_t seed)
      : random_(seed), session(role, std::move(config), random_, TimePoint()) {}
  virtual ~SessionEnd() = default;

  void receive(Bytes bytes) {
    while (!bytes.empty() && !error) {
      const MutableBytes space = session.receive_space();
      const std::size_t count = std::min(space.size(), bytes.size());
      if (count == 0) return;
      std::copy_n(bytes.begin(), count, space.begin());
      session.received(count);
      bytes = bytes.subspan(count);
      drain();
    }
  }
  void drain() {
    while (!error) {
      Result<std::optional<session::SessionEvent>> event = session.next();
      if (!event) error = event.error();
      if (!event || !*event) return;
      if (auto* of_transport = std::get_if<transport::TransportEvent>(&**event)) on_transport(*of_transport);
      if (auto* of_server = std::get_if<auth::UserauthServerEvent>(&**event)) on_userauth(*of_server);
      if (auto* of_client = std::get_if<auth::UserauthClientEvent>(&**event)) on_userauth(*of_client);
      if (auto* of_channel = std::get_if<channel::ChannelEvent>(&**event)) on_channel(*of_channel);
      if (auto* due = std::get_if<crypto::WorkDue>(&**event)) on_work(std::move(*due));
    }
  }
  ByteVector take_transmit() {
    ByteVector all;
    for (std::span<const Bytes> pieces = session.transmit(); !pieces.empty(); pieces = session.transmit()) {
      std::size_t count = 0;
      for (const Bytes piece : pieces) {
        all.insert(all.end(), piece.begin(), piece.end());
        count += piece.size();
      }
      session.transmitted(count);
    }
    return all;
  }

 private:
  FixedRandom random_;

 public:
  session::Session session;
  std::optional<Error> error;

 protected:
  virtual void on_transport(const transport::TransportEvent&) {}
  virtual void on_userauth(const auth::UserauthServerEvent&) {}
  virtual void on_userauth(const auth::UserauthClientEvent&) {}
  virtual void on_channel(const channel::ChannelEvent&) {}
  virtual void on_work(crypto::WorkDue) {}
};

// Hands what each has to say to the other, until neither has. What they said is added to the texts.
inline void pump(SessionEnd& client, SessionEnd& server, std::string& said_by_client, std::string& said_by_server) {
  for (bool moved = true; moved;) {
    const ByteVector up = client.take_transmit();
    said_by_client += as_text(up);
    server.receive(up);
    const ByteVector down = server.take_transmit();
    said_by_server += as_text(down);
    client.receive(down);
    moved = !up.empty() || !down.empty();
  }
}
inline void pump(SessionEnd& client, SessionEnd& server) {
  std::string up, down;
  pump(client, server, up, down);
}

class EchoServerEnd : public SessionEnd {
 public:
  using SessionEnd::SessionEnd;
  std::size_t successes = 0;

 protected:
  void on_userauth(const auth::UserauthServerEvent& event) override {
    if (std::holds_alternative<auth::AuthSucceeded>(event)) ++successes;
    const auto* asked = std::get_if<auth::AuthRequested>(&event);
    if (asked == nullptr) return;
    const auto* password = std::get_if<auth::PasswordRequest>(&asked->request);
    const bool right = password != nullptr && as_text(password->password.view()) == "secret";
    session.answer(right ? auth::AuthResult::successful : auth::AuthResult::failed, {"password"});
  }
  void on_channel(const channel::ChannelEvent& event) override {
    channel::Multiplexer& channels = session.channels();
    if (const auto* opened = std::get_if<channel::OpenRequested>(&event)) channels.accept_open(opened->channel);
    if (const auto* request = std::get_if<channel::RequestReceived>(&event)) {
      channels.reply_request(request->channel, true);
    }
    if (const auto* data = std::get_if<channel::DataReceived>(&event)) {
      channels.send_data(data->channel, data->data.bytes());
      channels.consumed(data->channel, data->data.size());
    }
    if (const auto* eof = std::get_if<channel::EofReceived>(&event)) {
      channels.send_eof(eof->channel);
      channels.close(eof->channel);
    }
  }
};

class EchoClientEnd final : public SessionEnd {
 public:
  using SessionEnd::SessionEnd;
  std::string password = "secret";
  std::string text;  // to be echoed
  std::string echoed;
  bool authenticated = false;
  bool closed = false;  // the channel, by both sides

 private:
  void on_transport(const transport::TransportEvent& event) override {
    if (std::holds_alternative<transport::HostKeyOffered>(event)) session.transport().accept_host_key();
    const auto* exchanged = std::get_if<transport::KeyExchanged>(&event);
    if (exchanged == nullptr || !exchanged->first) return;
    session.userauth_client().start();
    (void)session.userauth_client().request_password(password);
  }
  void on_userauth(const auth::UserauthClientEvent& event) override {
    if (!std::holds_alternative<auth::ClientAuthenticated>(event)) return;
    authenticated = true;
    (void)session.channels().open("session");
  }
  void on_channel(const channel::ChannelEvent& event) override {
    channel::Multiplexer& channels = session.channels();
    if (const auto* opened = std::get_if<channel::Opened>(&event)) {
      (void)channels.request(opened->channel, "shell", true);
    }
    if (const auto* answered = std::get_if<channel::RequestAnswered>(&event)) {
      channels.send_data(answered->channel, as_bytes(text));
      channels.send_eof(answered->channel);
    }
    if (const auto* data = std::get_if<channel::DataReceived>(&event)) {
      echoed += as_text(data->data.bytes());
      channels.consumed(data->channel, data->data.size());
    }
    if (const auto* eof = std::get_if<channel::EofReceived>(&event)) channels.close(eof->channel);
    if (std::holds_alternative<channel::Closed>(event)) closed = true;
  }
};

struct SessionPair {
  explicit SessionPair(const std::shared_ptr<BufferPool>& pool,
                       const transport::TransportConfig& client_transport = client_config(),
                       const transport::TransportConfig& server_transport = server_config())
      : client(Role::client, config_of(client_transport, pool), 1),
        server(Role::server, config_of(server_transport, pool), 2) {}

  // Until nothing moves.
  void pump() { test::pump(client, server, sent_by_client, sent_by_server); }

  EchoClientEnd client;
  EchoServerEnd server;
  std::string sent_by_client, sent_by_server;  // all that an eavesdropper sees

 private:
  static session::SessionConfig config_of(transport::TransportConfig transport, std::shared_ptr<BufferPool> pool) {
    session::SessionConfig config;
    config.transport = std::move(transport);
    config.transport.pool = std::move(pool);
    config.user = "joe";
    config.userauth.initial_methods = {"password"};
    return config;
  }
};

}  // namespace hawser::test
