// A client that shows the events of its session in the order they come, over a blocking socket: what one message of the
// server follows another is what it is for.
#pragma once

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hawser/session/session.h"
#include "support/transport_configs.h"

namespace hawser::test {

class EventClient {
 public:
  explicit EventClient(std::uint16_t port, const std::string& password = "secret")
      : random_(7), session_(Role::client, config(), random_, TimePoint()) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval patience{30, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    REQUIRE(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    login(password);
  }
  ~EventClient() { ::close(socket_); }
  EventClient(const EventClient&) = delete;
  EventClient& operator=(const EventClient&) = delete;

  channel::Multiplexer& channels() { return session_.channels(); }
  Result<void> global_request(std::string_view type) { return session_.global_request(type, true); }

  // The next event of a channel, or of a global request; announcements of the server's are skipped.
  channel::ChannelEvent next() {
    while (true) {
      session::SessionEvent event = next_of_session();
      auto* of_channel = std::get_if<channel::ChannelEvent>(&event);
      if (of_channel == nullptr || std::holds_alternative<channel::GlobalRequestReceived>(*of_channel)) continue;
      return std::move(*of_channel);
    }
  }
  template <class E>
  E expect() {
    channel::ChannelEvent event = next();
    REQUIRE(std::holds_alternative<E>(event));
    return std::get<E>(std::move(event));
  }
  channel::ChannelId open_session() {
    const Result<channel::ChannelId> id = channels().open("session");
    REQUIRE(id);
    expect<channel::Opened>();
    return *id;
  }

 private:
  static session::SessionConfig config() {
    session::SessionConfig config;
    config.user = "user";
    return config;
  }

  void login(const std::string& password) {
    while (!session_.authenticated()) {
      session::SessionEvent event = next_of_session();
      const auto* of_transport = std::get_if<transport::TransportEvent>(&event);
      if (of_transport == nullptr) continue;
      if (std::holds_alternative<transport::HostKeyOffered>(*of_transport)) session_.transport().accept_host_key();
      if (std::holds_alternative<transport::KeyExchanged>(*of_transport)) {
        session_.userauth_client().start();
        REQUIRE(session_.userauth_client().request_password(password));
      }
    }
  }

  session::SessionEvent next_of_session() {
    while (true) {
      Result<std::optional<session::SessionEvent>> event = session_.next();
      REQUIRE_MESSAGE(event, (event ? std::string() : event.error().message()));
      if (*event) return std::move(**event);
      write();
      const MutableBytes space = session_.receive_space();
      const ssize_t count = ::recv(socket_, space.data(), space.size(), 0);
      REQUIRE(count > 0);
      session_.received(static_cast<std::size_t>(count));
    }
  }

  void write() {
    while (true) {
      const auto pieces = session_.transmit();
      if (pieces.empty()) return;
      const ssize_t count = ::send(socket_, pieces.front().data(), pieces.front().size(), MSG_NOSIGNAL);
      REQUIRE(count > 0);
      session_.transmitted(static_cast<std::size_t>(count));
    }
  }

  FixedRandom random_;
  session::Session session_;
  int socket_ = -1;
};

}  // namespace hawser::test
