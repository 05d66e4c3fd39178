// A program on a terminal of its own, as OpenSSH's client wants it for window changes and escape characters.
#pragma once

#include <sys/types.h>

#include "process.h"

namespace hawser::test {

class TerminalCommand {
 public:
  TerminalCommand(const Command& command, unsigned columns, unsigned rows);
  ~TerminalCommand();  // killed
  TerminalCommand(const TerminalCommand&) = delete;
  TerminalCommand& operator=(const TerminalCommand&) = delete;

  // Reads until the output has `text`; false: it has ended, or 20 s have passed.
  bool wait_for_output(const std::string& text);
  void type(const std::string& keys);
  void resize(unsigned columns, unsigned rows);
  // Reads to the end; the exit code. What is silent for 20 s is killed (137).
  int wait();
  const std::string& output() const { return output_; }

 private:
  bool read_some();
  pid_t pid_ = -1;
  int terminal_ = -1;
  bool silent_ = false;
  std::string output_;
};

}  // namespace hawser::test
