// One client of an SSHServer, as every hook gets it.
#pragma once

#include <any>
#include <string>
#include <vector>

#include "hawser/net/connection.h"
#include "hawser/server/sftp_server.h"

namespace hawser::server {

class ServerConnection {
 public:
  virtual ~ServerConnection() = default;

  // "host:port:serial", never used twice by one manager.
  virtual const std::string& id() const = 0;
  // "192.0.2.1:50022", "[2001:db8::1]:50022"
  virtual const std::string& peer_address() const = 0;
  // Empty before authentication has succeeded: what a client merely claims is an argument of the hook that judges it.
  virtual const std::string& user() const = 0;
  virtual bool authenticated() const = 0;
  // The methods answered with AuthResult::partial so far, in order.
  virtual const std::vector<std::string>& partial_successes() const = 0;
  // Once keys have been exchanged, that is in every hook.
  virtual const transport::Negotiated& negotiated() const = 0;
  virtual const std::string& peer_identification() const = 0;

  // DISCONNECT, then the end. From any thread; the connection ends soon after.
  virtual void close() = 0;

  // Told by SSHServer::handle_subsystem when an SFTP session is over, for ServerStats; an override of it that runs a
  // SFTPServer of its own tells the same.
  virtual void served_sftp(const SFTPCounters&) {}

  // Whatever the hooks want to remember of this client. Only on the connection's strand, where all its hooks run.
  std::any user_data;

  // The machinery beneath, for what the hooks do not cover. Only on its executor.
  virtual net::Connection& connection() = 0;
};

}  // namespace hawser::server
