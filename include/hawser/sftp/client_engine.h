// The protocol side of an SFTP client: numbers and encodes requests, matches replies. Any number of requests may be
// under way.
//
//   write_message(chain, engine.init());                        // then send the chain
//   const Stat stat{.path = "/etc/hosts"};
//   PacketChain chain = reserve(framed_size(stat));
//   engine.send(chain, stat, token);                            // then send the chain
//   engine.feed(payload);                                       // as channel data comes
//   while (auto reply = engine.next(); reply && *reply) ...     // (*reply)->token tells whose it is
#pragma once

#include "hawser/sftp/encode.h"
#include "hawser/sftp/message_stream.h"
#include "hawser/sftp/reply.h"
#include "hawser/sftp/request_table.h"

namespace hawser::sftp {

struct ClientOptions {
  std::size_t outstanding_requests = 4096;
};

class ClientEngine {
 public:
  // The pool must outlive the engine.
  explicit ClientEngine(BufferPool& pool, const ClientOptions& options = {});

  // The first message; its reply comes as a `Reply` with a `Version`.
  Init init() const { return {}; }

  // Numbers the request and writes it. The chain must have `framed_size(message)` bytes of room, and the engine must
  // not be full. `token` comes back with the reply. Gives the id.
  template <wire::HasFields M>
  requires(!std::is_same_v<M, WriteHeader>) std::uint32_t send(PacketChain& chain, M message, std::uint64_t token) {
    RequestTable::Pending pending{.token = token, .expected = M::reply, .type = M::number, .maximum_data = 0};
    if constexpr (std::is_same_v<M, Read>) pending.maximum_data = message.length;
    message.id = requests_.add(pending);
    write_message(chain, message);
    return message.id;
  }

  // WRITE with up to `maximum` bytes that the caller puts into `areas()` of what it gets, and ends with `finish`. The
  // chain must have room for `framed_size(header) + maximum` bytes. `id` is for a `withdraw` where there is no data
  // after all.
  DataTail send_write(PacketChain& chain, WriteHeader header, std::size_t maximum, std::uint64_t token,
                      std::uint32_t* id = nullptr);

  // The request was not sent after all.
  void withdraw(std::uint32_t id) { requests_.take(id); }

  void feed(Payload bytes) { stream_.feed(std::move(bytes)); }

  // The next reply, or nullopt when bytes are missing. An error ends the session: a bad length, a reply without a
  // request, a first message that is not VERSION 3.
  Result<std::optional<Reply>> next();

  // Takes a reply that is no longer needed, to use its memory again. Without it a DATA costs an allocation.
  void recycle(Reply&& reply);

  // Ends all requests, when the session is over; calls `use(const RequestTable::Pending&)` for each.
  template <class Use>
  void drain(Use use) {
    requests_.drain(use);
  }

  bool full() const { return requests_.full(); }
  std::size_t outstanding() const { return requests_.size(); }
  std::size_t buffered() const { return stream_.buffered(); }

  // From VERSION. An extension counts when its version is the one this library speaks.
  bool ready() const { return ready_; }
  const Extensions& extensions() const { return extensions_; }

 private:
  Result<Reply> parse();
  Result<Reply> parse_version();
  void parse_data(Reply&, std::uint32_t maximum);
  static void check_kind(Reply&, const RequestTable::Pending&);

  BufferPool& pool_;
  MessageStream stream_;
  RequestTable requests_;
  PayloadChain message_;
  std::vector<PayloadChain> spare_;
  Extensions extensions_;
  bool ready_ = false;
  Error error_{Errc::ok};
};

}  // namespace hawser::sftp
