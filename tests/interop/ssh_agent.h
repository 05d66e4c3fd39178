// OpenSSH's ssh-agent, with keys of its own.
#pragma once

#include <doctest/doctest.h>

#include "peers.h"

namespace hawser::test {

// ssh-agent in the foreground.
class SshAgent {
 public:
  SshAgent() : agent_({{"ssh-agent", "-D", "-a", socket()}, {}, {}, {}}, folder_ / "log") {
    const int no_agent = 2;  // ssh-add(1)
    REQUIRE(wait_until([&] { return !agent_.running() || ssh_add({"ssh-add", "-l"}).exit_code != no_agent; }));
    REQUIRE(agent_.running());
  }
  std::string socket() const { return folder_ / "socket"; }
  std::string key_of(const std::string& type) {
    const std::string path = folder_ / type;
    make_key(path, type);
    return path;
  }
  void add(const std::string& key) { succeed({"ssh-add", "-q", key}); }
  void forget_all() { succeed({"ssh-add", "-q", "-D"}); }

 private:
  Finished ssh_add(std::vector<std::string> arguments) {
    return run_command({std::move(arguments), {{"SSH_AUTH_SOCK", socket()}}, {}, {}});
  }
  void succeed(std::vector<std::string> arguments) {
    const Finished finished = ssh_add(std::move(arguments));
    INFO(finished.output);
    REQUIRE(finished.exit_code == 0);
  }

  TemporaryDirectory folder_;
  Background agent_;
};

}  // namespace hawser::test
