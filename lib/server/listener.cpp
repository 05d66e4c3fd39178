#include "listener.h"

#include <fcntl.h>

#include <asio/post.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <cerrno>

#include "accept_pause.h"
#include "hawser/net/spawn.h"

namespace hawser::server {

namespace {

// So many in a row, before the others of this thread have their turn.
constexpr int accept_burst = 64;

Descriptor accept_one(int listening, sockaddr_storage& peer) {
  socklen_t size = sizeof peer;
#ifdef SOCK_NONBLOCK
  return Descriptor(::accept4(listening, reinterpret_cast<sockaddr*>(&peer), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
#else
  Descriptor accepted(::accept(listening, reinterpret_cast<sockaddr*>(&peer), &size));
  if (accepted) {
    ::fcntl(accepted.get(), F_SETFD, FD_CLOEXEC);
    ::fcntl(accepted.get(), F_SETFL, O_NONBLOCK);
  }
  return accepted;
#endif
}

// accept(2): errors of the connection itself, which has gone before it was accepted. Every other error is ours, and may
// last.
bool connection_has_gone(int error) {
  switch (error) {
    case ECONNABORTED:
    case EINTR:
    case EPROTO:
    case ENETDOWN:
    case EHOSTDOWN:
    case EHOSTUNREACH:
    case ENETUNREACH:
    case ENOPROTOOPT:
    case EOPNOTSUPP:
#ifdef ENONET
    case ENONET:
#endif
      return true;
    default: return false;
  }
}

}  // namespace

Result<std::shared_ptr<Listener>> Listener::open(asio::io_context& context, const std::vector<Endpoint>& endpoints,
                                                 Log* log) {
  Result<std::vector<ListeningSocket>> sockets = open_endpoints(endpoints, log);
  if (!sockets) return sockets.error();
  std::shared_ptr<Listener> listener(new Listener(context));
  for (ListeningSocket& socket : *sockets) {
    asio::posix::stream_descriptor descriptor(listener->strand_);
    std::error_code error;
    descriptor.assign(socket.descriptor.get(), error);
    if (error) return Error(Errc::io_error, "cannot wait for connections");
    socket.descriptor.release();
    listener->acceptors_.push_back(
        std::make_unique<Acceptor>(Acceptor{.socket = std::move(socket), .descriptor = std::move(descriptor)}));
  }
  return listener;
}

void Listener::accept(std::shared_ptr<Listener> self, Welcome welcome) {
  for (const std::unique_ptr<Acceptor>& acceptor : self->acceptors_) {
    net::spawn(self->strand_, accept_loop(self, *acceptor, welcome));
  }
}

void Listener::close(std::shared_ptr<Listener> self) {
  asio::post(self->strand_, [self] {
    self->closed_ = true;
    for (const std::unique_ptr<Acceptor>& acceptor : self->acceptors_) {
      acceptor->socket.file = SocketFile();
      std::error_code ignored;
      acceptor->descriptor.close(ignored);  // wakes the loop
    }
  });
}

std::vector<BoundEndpoint> Listener::bound() const {
  std::vector<BoundEndpoint> all;
  for (const std::unique_ptr<Acceptor>& acceptor : acceptors_) all.push_back(acceptor->socket.bound);
  return all;
}

net::Awaitable<void> Listener::accept_loop(std::shared_ptr<Listener> self, Acceptor& acceptor, Welcome welcome) {
  while (!self->closed_) {
    const Next next = self->accept_some(acceptor, welcome);
    std::error_code cancelled;
    auto token = asio::redirect_error(asio::use_awaitable, cancelled);
    if (next == Next::wait) {
      co_await acceptor.descriptor.async_wait(asio::posix::stream_descriptor::wait_read, token);
    } else if (next == Next::go_on) {
      co_await asio::post(self->strand_, asio::use_awaitable);
    } else {
      asio::steady_timer timer(self->strand_, pause_after_failure);
      co_await timer.async_wait(token);
    }
  }
}

Listener::Next Listener::accept_some(Acceptor& acceptor, const Welcome& welcome) {
  for (int i = 0; i != accept_burst; ++i) {
    AcceptedSocket accepted;
    accepted.descriptor = accept_one(acceptor.descriptor.native_handle(), accepted.peer);
    if (accepted.descriptor) {
      try {
        welcome(std::move(accepted), acceptor.socket);
      } catch (const std::exception&) {
        return Next::pause;  // no memory, most likely
      }
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return Next::wait;
    } else if (!connection_has_gone(errno)) {
      return Next::pause;
    }
  }
  return Next::go_on;
}

}  // namespace hawser::server
