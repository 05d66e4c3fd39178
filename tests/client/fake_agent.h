// An agent played by hand: it answers each message with bytes of the test's choice, its length field included, and may
// break every rule. It runs on the client's own thread: a client that blocked it would wait for ever.
#pragma once

#include <asio/local/stream_protocol.hpp>
#include <asio/read.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>

#include <algorithm>
#include <functional>

#include "client/agent_messages.h"
#include "hawser/crypto/keys.h"
#include "hawser/net/spawn.h"
#include "support/temporary_directory.h"

namespace hawser::test {

class FakeAgent {
 public:
  // nullopt: the connection is closed; empty: silence.
  using Answer = std::optional<ByteVector>;

  explicit FakeAgent(asio::io_context& io)
      : state_(std::make_shared<State>(io, asio::local::stream_protocol::endpoint(folder_ / "agent"))) {
    net::spawn(io.get_executor(), serve(state_));
  }
  ~FakeAgent() {
    asio::error_code ignored;
    state_->acceptor.close(ignored);
    state_->on_message = nullptr;
  }
  FakeAgent(const FakeAgent&) = delete;
  FakeAgent& operator=(const FakeAgent&) = delete;

  std::string socket() const { return folder_ / "agent"; }

  // With its length in front.
  static ByteVector framed(Bytes message) {
    ByteVector frame;
    wire::append_string(frame, message);
    return frame;
  }
  static ByteVector identities(const std::vector<const crypto::PrivateKey*>& keys) {
    ByteVector list;
    for (const crypto::PrivateKey* key : keys) {
      wire::append_string(list, key->public_key().blob());
      wire::append_string(list, "a comment");
    }
    return framed(
        wire::encode(client::AgentIdentitiesAnswer{static_cast<std::uint32_t>(keys.size()), wire::Rest{list}}));
  }
  static ByteVector failure() { return framed(wire::encode(client::AgentFailure{})); }

  // A well-behaved agent: what to answer.
  Answer good_answer(Bytes message) const {
    if (wire::decode<client::AgentRequestIdentities>(message)) return identities(keys);
    const auto request = wire::decode<client::AgentSignRequest>(message);
    if (!request) return failure();
    for (const crypto::PrivateKey* key : keys) {
      if (!equal(key->public_key().blob(), request->key_blob)) continue;
      const char* rsa = request->flags == client::agent_rsa_sha2_256 ? "rsa-sha2-256" : "rsa-sha2-512";
      const std::string type(key->public_key().blob_type());
      const auto signature = key->sign(*crypto::find_signature(type == "ssh-rsa" ? rsa : type), request->data);
      return framed(wire::encode(client::AgentSignResponse{*signature}));
    }
    return failure();
  }

  std::vector<const crypto::PrivateKey*> keys;
  // Each message, without its length.
  std::function<Answer(Bytes)>& on_message() { return state_->on_message; }
  std::size_t count(std::uint8_t number) const {
    return static_cast<std::size_t>(std::ranges::count(state_->received, number));
  }
  std::size_t connections() const { return state_->connections; }
  std::size_t open_connections() const { return state_->open; }

 private:
  struct State {
    State(asio::io_context& io, const asio::local::stream_protocol::endpoint& endpoint) : acceptor(io, endpoint) {}
    asio::local::stream_protocol::acceptor acceptor;
    std::function<Answer(Bytes)> on_message;
    std::vector<std::uint8_t> received;  // message numbers
    std::size_t connections = 0;
    std::size_t open = 0;
  };

  static net::Awaitable<void> serve(std::shared_ptr<State> state) {
    while (true) {
      asio::error_code error;
      auto socket = co_await state->acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return;
      ++state->connections;
      net::spawn(state->acceptor.get_executor(), talk(state, std::move(socket)));
    }
  }
  static net::Awaitable<void> talk(std::shared_ptr<State> state, asio::local::stream_protocol::socket socket) {
    ++state->open;
    asio::error_code error;
    while (!error && state->on_message) {
      std::array<std::uint8_t, 4> length{};
      co_await asio::async_read(socket, asio::buffer(length), asio::redirect_error(asio::use_awaitable, error));
      if (error) break;
      ByteVector message(wire::Reader(length).uint32());
      co_await asio::async_read(socket, asio::buffer(message), asio::redirect_error(asio::use_awaitable, error));
      if (error || !state->on_message) break;
      state->received.push_back(message.empty() ? std::uint8_t{0} : message[0]);
      const Answer answer = state->on_message(message);
      if (!answer) break;
      co_await asio::async_write(socket, asio::buffer(*answer), asio::redirect_error(asio::use_awaitable, error));
    }
    --state->open;
  }

  TemporaryDirectory folder_;
  std::shared_ptr<State> state_;
};

}  // namespace hawser::test
