// Every row of the matrix with one peer in one role: each is a login and some bytes to `cat` and back. Rows that the
// peer does not have are left out; one that it has and that does not work fails the test.
//
// With HAWSER_MATRIX_FILE=path a line is added there for each row: peer|version|role|kind|row|result, where the role is
// ours, and the result "ok", "absent", or why it failed. `scripts/interop-table` makes the tables of doc/interop.md of
// it.
#pragma once

#include <functional>
#include <optional>

#include "keys.h"
#include "rows.h"

namespace hawser::test {

// What goes to `cat` and back.
const std::string& matrix_content();

// A server of theirs on 127.0.0.1 where `user` signs in with each of the users' keys.
struct TheirServer {
  std::string name;
  std::string user;
  std::vector<int> ports;  // several where one cannot have all host keys: each row is for the first that has it
};
void check_their_server(const TheirServer& peer, const MatrixKeys& keys);

// A login to a server of ours, as user alice.
struct Login {
  int port = 0;
  crypto::KeyType key{};
};
// Makes each of the logins, sends matrix_content() to the command `cat` and compares what comes back. For each login:
// empty where it went well, else what the client says.
using LogIn = std::function<std::vector<std::string>(const std::vector<Login>&)>;
void check_their_client(const std::string& name, const LogIn& log_in, const MatrixKeys& keys);

}  // namespace hawser::test
