// How the matrix runs what is there: a command for each login, or a program of peers/ for all of them.
#pragma once

#include <memory>

#include "../process.h"
#include "matrix.h"

namespace hawser::test {

// False, with a message, where one of the programs is not on the PATH.
bool have_programs(const std::vector<std::string>& names);

// The client is a command, whose input is what goes to `cat`, and which prints what comes back.
LogIn one_by_one(std::function<Command(const Login&)> command);

// A program of peers/: how it is run, up to its role.
struct PeerProgram {
  std::string name;
  std::vector<std::string> command;
  std::vector<std::string> probe;           // succeeds where the library is there; none: it is
  bool of_debian = true;                    // one of its packages, which are there where peers are required
  bool wants_lists = false;                 // of our algorithms
  std::vector<std::string> servers = {""};  // one with each of these as its last argument, if any; none: only a client

  bool installed() const;  // says so where it is not
  std::vector<std::string> arguments(const std::string& role, const MatrixKeys& keys) const;
};

// A port, and what stops the server that listens there.
struct Running {
  int port = 0;
  std::shared_ptr<Background> program;
};
// A program that prints "listening PORT"; its output goes to the file.
Running start_listening(std::vector<std::string> command, const std::string& output_file);
LogIn all_at_once(const PeerProgram& program, const MatrixKeys& keys);

}  // namespace hawser::test
