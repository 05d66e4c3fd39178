// Name lookup and TCP connect under one deadline.
#pragma once

#include "hawser/client/client.h"

namespace hawser::client {

struct TcpConnected {
  std::unique_ptr<net::Stream> stream;  // null: `failure` says why
  ConnectFailure failure;
};

Awaitable<TcpConnected> tcp_connect(std::string host, std::uint16_t port, std::chrono::milliseconds timeout);

}  // namespace hawser::client
