// Listening sockets and their accept loops.
#pragma once

#include <sys/socket.h>

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/strand.hpp>
#include <functional>
#include <memory>
#include <vector>

#include "hawser/net/byte_channel.h"
#include "listening_socket.h"

namespace hawser::server {

// What accept(2) gave. The socket is non-blocking.
struct AcceptedSocket {
  Descriptor descriptor;
  sockaddr_storage peer{};
};

class Listener {
 public:
  // Takes the socket. Called on the listener's strand, so one call at a time.
  using Welcome = std::function<void(AcceptedSocket, const ListeningSocket& from)>;

  // Errors: those of open_endpoints.
  static Result<std::shared_ptr<Listener>> open(asio::io_context& context, const std::vector<Endpoint>& endpoints,
                                                Log* log);
  static void accept(std::shared_ptr<Listener> self, Welcome welcome);
  // Soon, on the strand. No `welcome` is called after that.
  static void close(std::shared_ptr<Listener> self);

  std::vector<BoundEndpoint> bound() const;

 private:
  struct Acceptor {
    ListeningSocket socket;                     // all but its descriptor,
    asio::posix::stream_descriptor descriptor;  // which is here
  };
  enum class Next { wait, go_on, pause };

  explicit Listener(asio::io_context& context) : strand_(asio::make_strand(context)) {}
  static net::Awaitable<void> accept_loop(std::shared_ptr<Listener> self, Acceptor& acceptor, Welcome welcome);
  Next accept_some(Acceptor& acceptor, const Welcome& welcome);

  asio::strand<asio::io_context::executor_type> strand_;
  std::vector<std::unique_ptr<Acceptor>> acceptors_;
  bool closed_ = false;
};

}  // namespace hawser::server
