#include "dropbear.h"

#include <sys/stat.h>

#include <stdexcept>

#include "own_home.h"
#include "peers.h"

namespace hawser::test {

Dropbear::Dropbear(const std::string& authorized_keys, const std::vector<std::string>& host_keys) {
  const std::string home = folder_.path() + "/home";
  ::mkdir(home.c_str(), 0700);
  ::mkdir((home + "/.ssh").c_str(), 0700);
  write_file(home + "/.ssh/authorized_keys", authorized_keys);
  port_ = free_port();
  std::vector<std::string> arguments{
      program, "-F", "-E", "-P", folder_.path() + "/pid", "-p", "127.0.0.1:" + std::to_string(port_)};
  for (const std::string& key : host_keys) arguments.insert(arguments.end(), {"-r", key});
  server_ = std::make_unique<Background>(Command{in_own_home(home, arguments), {}, {}, {}}, folder_.path() + "/log");
  if (!wait_for_port(port_, *server_)) throw std::runtime_error("dropbear did not start: " + server_->output());
}

std::string make_dropbear_key(const std::string& path, const std::string& type) {
  const Finished made = run_command({{"/usr/bin/dropbearkey", "-t", type, "-f", path}, {}, {}, {}});
  const std::size_t key = made.output.find("ssh-" + type + " ");
  if (made.exit_code != 0 || key == std::string::npos) throw std::runtime_error("dropbearkey: " + made.output);
  return made.output.substr(key, made.output.find('\n', key) - key);
}

}  // namespace hawser::test
