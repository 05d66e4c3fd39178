// Where accepted sockets become sessions: admission, the PROXY header where one is due, and then an SSHServerSession.
#pragma once

#include <asio/generic/stream_protocol.hpp>
#include <map>

#include "client_address.h"
#include "connection_registry.h"
#include "listener.h"
#include "rejection_log.h"
#include "ssh_server_session.h"

namespace hawser::server {

class Reception : public std::enable_shared_from_this<Reception> {
 public:
  using Config = std::shared_ptr<const session::SessionConfig>;

  Reception(asio::io_context& context, SSHServerSession::Settings settings, Config config)
      : context_(context), settings_(std::move(settings)), config_(std::move(config)), rejections_(settings_.log) {}

  void welcome(AcceptedSocket accepted, const ListeningSocket& from);
  // Of the connections that come from now on.
  void use(Config config);
  // Nobody comes in any more. Sessions that exist go on; they are the registry's to end.
  void close();

 private:
  using Socket = asio::generic::stream_protocol::socket;
  using Self = std::shared_ptr<Reception>;

  // A connection on its way from accept to its session.
  struct Arrival {
    Arrival(asio::io_context& context) : strand(asio::make_strand(context)), socket(strand) {}
    asio::any_io_executor strand;
    Socket socket;
    ClientAddress address;
    ConnectionPlace place;
    bool proxied = false;
  };
  using ArrivalPointer = std::shared_ptr<Arrival>;

  static net::Awaitable<void> serve(Self self, ArrivalPointer arrival);
  net::Awaitable<bool> read_proxy_header(ArrivalPointer arrival, std::chrono::milliseconds time);
  std::shared_ptr<SSHServerSession> begin(Arrival& arrival, Config config);
  void log_failure(const Arrival& arrival, const char* what);
  Config config() const;
  bool closed() const;

  asio::io_context& context_;
  const SSHServerSession::Settings settings_;
  mutable std::mutex mutex_;  // of the three below
  Config config_;
  std::map<const Arrival*, std::weak_ptr<Arrival>> waiting_;  // for their PROXY header
  bool closed_ = false;
  RejectionLog rejections_;
};

}  // namespace hawser::server
