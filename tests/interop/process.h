// Runs other programs: with an argument list, never through a shell; with a time limit, so that a peer that hangs fails
// the test instead of stopping it; ended with the object, so that no server outlives its test.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace hawser::test {

struct Command {
  std::vector<std::string> arguments;              // the program first
  std::map<std::string, std::string> environment;  // added to ours
  std::string input;                               // for standard input
  std::string directory;                           // to run in
};

struct Finished {
  int exit_code = -1;  // 128 + signal where one ended it
  std::string output;  // standard output and standard error together
};

// Runs to the end. After `limit` it is killed, and the output says so.
Finished run_command(const Command& command, std::chrono::seconds limit = std::chrono::seconds(120));

// A program in the background, killed by the destructor.
class Background {
 public:
  // Its output goes to `output_file`.
  Background(const Command& command, std::string output_file);
  ~Background();
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  bool running();
  pid_t pid() const { return pid_; }  // -1 once it has ended
  // SIGTERM, and the exit code it ends with.
  int terminate();
  std::string output() const;
  // Waits until the output holds `text` (true) or the program ends or 20 s pass (false).
  bool wait_for_output(const std::string& text);

 private:
  pid_t pid_ = -1;
  int exit_code_ = -1;
  std::string output_file_;
};

// For what another program does, which no event of ours tells: asks until it holds (true) or 20 s have passed (false).
bool wait_until(const std::function<bool()>& holds);

// A TCP port on 127.0.0.1 that was free a moment ago, for peers that cannot choose one themselves. Another at each
// call.
int free_port();
// Until the program takes connections there (true), or has ended, or 20 s have passed (false).
bool wait_for_port(int port, Background& server);
bool program_exists(const std::string& path);

}  // namespace hawser::test
