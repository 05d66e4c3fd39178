// An SFTP server that does what a test tells it, sensible or not: each request is handed to the test's function, which
// replies when and how it likes.
#pragma once

#include <functional>

#include "hawser/client/sftp_client.h"
#include "hawser/net/spawn.h"
#include "hawser/sftp/encode.h"
#include "hawser/sftp/message_stream.h"
#include "support/memory_channel.h"
#include "support/run_awaitable.h"

namespace hawser::test {

class FakeSFTPServer {
 public:
  // `message` is the whole request without its length field, valid during the call.
  using Answer = std::function<void(FakeSFTPServer& server, std::uint8_t type, std::uint32_t id, Bytes message)>;

  explicit FakeSFTPServer(asio::io_context& io, Answer answer) : answer_(std::move(answer)) {
    std::tie(client_end, channel) = MemoryChannel::pair(io.get_executor());
    net::spawn(io.get_executor(), serve());
  }

  template <class M>
  void reply(const M& message) {
    PacketChain chain;
    channel->reserve(sftp::framed_size(message), chain);
    sftp::write_message(chain, message);
    channel->send(chain);
  }
  void reply_status(std::uint32_t id, sftp::StatusCode code, std::string_view text = {}) {
    reply(sftp::Status{.id = id, .code = static_cast<std::uint32_t>(code), .message = text, .language = {}});
  }
  void reply_raw(Bytes bytes) {
    PacketChain chain;
    channel->reserve(bytes.size(), chain);
    chain.write(bytes);
    channel->send(chain);
  }
  // NAME with these file names.
  void reply_names(std::uint32_t id, const std::vector<sftp::NameEntry>& entries) {
    ByteVector encoded;
    for (const sftp::NameEntry& entry : entries) {
      const ByteVector one = wire::encode(entry);
      encoded.insert(encoded.end(), one.begin(), one.end());
    }
    const sftp::NameEntries list(encoded, static_cast<std::uint32_t>(entries.size()));
    reply(sftp::Name{.id = id, .entries = list});
  }

  std::vector<sftp::ExtensionPair> extensions;  // set before the client starts
  std::uint32_t version = sftp::protocol_version;
  std::vector<std::uint8_t> requests;  // the message numbers that came
  std::shared_ptr<MemoryChannel> client_end, channel;

 private:
  net::Awaitable<void> serve() {
    sftp::MessageStream stream(*pool_);
    PayloadChain message;
    while (true) {
      Result<Payload> piece = co_await channel->receive();
      if (!piece || piece->empty()) co_return;
      stream.feed(std::move(*piece));
      while (true) {
        const Result<bool> whole = stream.next(message);
        if (!whole || !*whole) break;
        const ByteVector bytes = message.to_vector();
        handle(bytes);
      }
    }
  }

  void handle(Bytes message) {
    if (message[0] == sftp::Init::number) {
      ByteVector encoded;
      for (const sftp::ExtensionPair& pair : extensions) {
        const ByteVector one = wire::encode(pair);
        encoded.insert(encoded.end(), one.begin(), one.end());
      }
      const sftp::ExtensionPairs pairs(encoded, static_cast<std::uint32_t>(extensions.size()));
      reply(sftp::Version{.version = version, .extensions = pairs});
      return;
    }
    requests.push_back(message[0]);
    answer_(*this, message[0], wire::load_uint32(message.data() + 1), message);
  }

  Answer answer_;
  std::shared_ptr<BufferPool> pool_ = BufferPool::create();
};

// A started client of `server`.
inline std::shared_ptr<client::SFTPClient> start_client(asio::io_context& io, FakeSFTPServer& server,
                                                        client::SFTPClientOptions options = {}) {
  auto started = run(io, client::SFTPClient::start(server.client_end, std::move(options)));
  REQUIRE(started);
  return *started;
}

}  // namespace hawser::test
