// An SSH server whose SFTP sessions a test listens in on, and disturbs: each message between a client and a real
// SFTPServer goes through the test's function, which may change it, swallow it, answer it itself, or end the
// connection.
#pragma once

#include <map>
#include <mutex>

#include "client/client_fixture.h"
#include "hawser/client/sftp_backend.h"
#include "hawser/sftp/encode.h"
#include "hawser/sftp/message_stream.h"
#include "hawser/sftp/requests.h"
#include "support/memory_channel.h"

namespace hawser::test {

// A message with its length field in front.
inline ByteVector framed(Bytes message) {
  ByteVector bytes(4 + message.size());
  wire::store_uint32(bytes.data(), static_cast<std::uint32_t>(message.size()));
  std::ranges::copy(message, bytes.begin() + 4);
  return bytes;
}

template <class M>
ByteVector framed_message(const M& message) {
  ByteVector bytes(sftp::framed_size(message));
  sftp::encode_framed(message, bytes);
  return bytes;
}

// What passes the tap. INIT and VERSION do not, nor the request for the server's limits.
struct TappedMessage {
  bool request = false;
  std::uint8_t type = 0;
  std::uint8_t asked = 0;  // of a reply: the type of its request
  std::uint32_t id = 0;
  Bytes message;      // without the length field
  ByteVector onward;  // what takes its way, framed; preset to the message
  ByteVector back;    // for the one who sent it: nothing
  bool cut = false;   // instead of both
};

class TappedSSHServer final : public ScriptedServer {
 public:
  using Tap = std::function<void(TappedMessage&)>;

  // Called on the server's thread. Null: everything passes.
  void set_tap(Tap tap) {
    const std::lock_guard lock(tap_mutex_);
    tap_ = std::move(tap);
  }

  server::SFTPServerOptions sftp;

  server::Awaitable<std::uint32_t> handle_subsystem(ServerConnection& connection,
                                                    std::shared_ptr<server::Process> process, std::string) override {
    const std::shared_ptr<net::ByteChannel> outside = process->channel();
    const auto [inside, served] = MemoryChannel::pair(outside->executor());
    const auto asked = std::make_shared<std::map<std::uint32_t, std::uint8_t>>();
    net::spawn(outside->executor(), serve(std::make_shared<server::SFTPServer>(served, files, sftp)));
    net::spawn(outside->executor(), relay(inside, outside, false, asked));
    net::Awaitable<void> requests = relay(outside, inside, true, asked);
    co_await std::move(requests);
    inside->close();
    connection.close();
    co_return 0;
  }

 private:
  using Asked = std::shared_ptr<std::map<std::uint32_t, std::uint8_t>>;

  static net::Awaitable<void> serve(std::shared_ptr<server::SFTPServer> server) {
    const Result<void> ended = co_await server->run();
    static_cast<void>(ended);
  }

  net::Awaitable<void> relay(std::shared_ptr<net::ByteChannel> from, std::shared_ptr<net::ByteChannel> to,
                             bool requests, Asked asked) {
    const auto pool = BufferPool::create();
    sftp::MessageStream stream(*pool);
    PayloadChain message;
    while (true) {
      Result<Payload> piece = co_await from->receive();
      if (!piece || piece->empty()) break;
      from->consumed(piece->size());
      stream.feed(std::move(*piece));
      while (true) {
        const Result<bool> whole = stream.next(message);
        if (!whole || !*whole) break;
        const ByteVector bytes = message.to_vector();
        const TappedMessage tapped = tap(bytes, requests, *asked);
        if (tapped.cut) {
          from->close();
          to->close();
          co_return;
        }
        send(*to, tapped.onward);
        send(*from, tapped.back);
      }
    }
    to->close();
  }

  TappedMessage tap(Bytes bytes, bool requests, std::map<std::uint32_t, std::uint8_t>& asked) {
    TappedMessage tapped;
    tapped.request = requests;
    tapped.type = bytes[0];
    tapped.message = bytes;
    tapped.onward = framed(bytes);
    if (tapped.type == sftp::Init::number || tapped.type == sftp::Version::number) return tapped;
    tapped.id = wire::load_uint32(bytes.data() + 1);
    if (requests) asked[tapped.id] = tapped.type;
    tapped.asked = asked[tapped.id];
    const bool limits = as_text(bytes).find("limits@openssh.com") != std::string_view::npos;
    if (limits) asked[tapped.id] = sftp::Init::number;
    if (limits || tapped.asked == sftp::Init::number) return tapped;
    const std::lock_guard lock(tap_mutex_);
    if (tap_) tap_(tapped);
    return tapped;
  }

  static void send(net::ByteChannel& channel, Bytes bytes) {
    if (bytes.empty()) return;
    PacketChain chain;
    channel.reserve(bytes.size(), chain);
    chain.write(bytes);
    channel.send(chain);
  }

  std::mutex tap_mutex_;
  Tap tap_;
};

// The server, and options for backends that reach it.
class TappedRig {
 public:
  explicit TappedRig(std::vector<std::string> denied_requests = {}) {
    ssh->files = std::make_shared<server::MemoryFileSystem>();
    ssh->sftp.denied_requests = std::move(denied_requests);
    manager = std::make_unique<server::SSHServerManager>(ssh, test_options());
    REQUIRE(manager->start());
  }
  client::SFTPBackendOptions options() const {
    client::SFTPBackendOptions options;
    options.host = "127.0.0.1";
    options.port = manager->port();
    options.username = "user";
    options.password = client::Secret("secret");
    options.host_key_verifier = client::pinned_host_keys({ed25519_key().public_key()});
    options.retry = client::RetryPolicy::disabled();
    return options;
  }
  std::size_t connections_so_far() const { return manager->get_connection_stats().total_connections; }

  std::shared_ptr<TappedSSHServer> ssh = std::make_shared<TappedSSHServer>();
  std::unique_ptr<server::SSHServerManager> manager;
};

}  // namespace hawser::test
