// Which requests one session serves: the name of each, whether it changes something, and what the options make of that.
#pragma once

#include <bitset>
#include <variant>

#include "hawser/server/sftp_server.h"
#include "hawser/sftp/server_engine.h"

namespace hawser::server {

class RequestPolicy {
 public:
  explicit RequestPolicy(const SFTPServerOptions& options);

  bool allows(const sftp::RequestBody& body) const { return allowed_[body.index()]; }
  // Takes away the extensions that are not allowed.
  sftp::Extensions permitted(sftp::Extensions offered) const;

 private:
  std::bitset<std::variant_size_v<sftp::RequestBody>> allowed_;
};

}  // namespace hawser::server
