// The proof that user authentication has succeeded. Only the two ends of RFC 4252 can make one, and a `Multiplexer`
// needs one: no path leads to the connection protocol around authentication.
#pragma once

#include <string>

namespace hawser::auth {

class Authenticated {
 public:
  const std::string& user() const { return user_; }
  const std::string& method() const { return method_; }

  // For programs and tests that use channels without authentication, over a plain sink.
  static Authenticated without_authentication(std::string user) { return Authenticated(std::move(user), "none"); }

 private:
  friend class UserauthServer;
  friend class UserauthClient;
  Authenticated(std::string user, std::string method) : user_(std::move(user)), method_(std::move(method)) {}
  std::string user_;
  std::string method_;
};

}  // namespace hawser::auth
