// The forwardings of one connection (RFC 4254 §7): what a client has asked us to listen for, and the connections that
// are being made for it. Decides nothing: it is called once the hooks have said yes. All of it ends with the
// connection.
#pragma once

#include "forward_listener.h"
#include "hawser/net/tcp_connect.h"
#include "hawser/server/connection_protocol_options.h"

namespace hawser::server {

class PortForwarding {
 public:
  PortForwarding(std::shared_ptr<net::Connection> connection, const ConnectionProtocolOptions& options);

  // Listens; gives the port, which is a free one where 0 was asked for. Errors: too_many_requests, io_error.
  Result<std::uint16_t> listen(const std::string& name, const std::vector<asio::ip::address>& addresses,
                               std::uint16_t port);
  Result<void> listen(const std::string& path);
  // False: there is no such forwarding. Connections that came through it go on.
  bool cancel(const std::string& name, std::uint32_t port);
  bool cancel(const std::string& path) { return cancel(path, 0); }

  // Null where the host cannot be reached within the time.
  Awaitable<std::unique_ptr<net::Stream>> connect(std::string host, std::uint16_t port);
  Awaitable<std::unique_ptr<net::Stream>> connect(std::string path);

  void close();

 private:
  Result<void> room() const;
  void keep(std::shared_ptr<ForwardListener> listener);

  std::shared_ptr<net::Connection> connection_;
  const ConnectionProtocolOptions& options_;
  std::shared_ptr<PendingConnections> pending_;
  std::vector<std::shared_ptr<ForwardListener>> listeners_;
  std::shared_ptr<net::LookupLimit> lookups_;
  std::vector<std::shared_ptr<net::TcpAttempt>> attempts_;
  bool closed_ = false;
};

}  // namespace hawser::server
