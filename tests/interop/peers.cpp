#include "peers.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace hawser::test {

std::string current_user() {
  const passwd* entry = ::getpwuid(::getuid());
  if (entry == nullptr) throw std::runtime_error("the current user has no name");
  return entry->pw_name;
}

void write_file(const std::string& path, const std::string& content, unsigned mode) {
  std::ofstream file(path, std::ios::binary);
  file << content;
  file.close();
  if (!file || ::chmod(path.c_str(), mode) != 0) throw std::runtime_error("cannot write " + path);
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::stringstream content;
  content << file.rdbuf();
  return content.str();
}

std::string sample_bytes(std::size_t size, unsigned seed) {
  std::string bytes(size, '\0');
  std::uint64_t state = 0x9e3779b97f4a7c15U * (seed + 1);
  for (char& byte : bytes) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    byte = static_cast<char>(state >> 32);
  }
  return bytes;
}

std::size_t large_size() {
  const char* wanted = std::getenv("HAWSER_INTEROP_MIB");
  return (wanted != nullptr ? std::strtoul(wanted, nullptr, 10) : 24) * 1024 * 1024;
}

void make_key(const std::string& path, const std::string& type, const std::string& passphrase) {
  const Finished made =
      run_command({{"ssh-keygen", "-q", "-t", type, "-N", passphrase, "-C", "test", "-f", path}, {}, {}, {}});
  if (made.exit_code != 0) throw std::runtime_error("ssh-keygen: " + made.output);
}

Sshd::Sshd(const std::string& extra_config) {
  const std::string at = folder_.path();
  ::mkdir("/run/sshd", 0755);  // sshd's separation folder, where it runs as root
  make_key(at + "/host_ed25519", "ed25519");
  make_key(at + "/host_ecdsa", "ecdsa");
  make_key(at + "/host_rsa", "rsa");
  make_key(client_key(), "ed25519");
  port_ = free_port();
  const std::string port = std::to_string(port_);
  write_file(at + "/sshd_config",
             "Port " + port + "\nListenAddress 127.0.0.1\nHostKey " + at + "/host_ed25519\nHostKey " + at +
                 "/host_ecdsa\nHostKey " + at + "/host_rsa\nAuthorizedKeysFile " + client_key() +
                 ".pub\nStrictModes no\nUsePAM no\nPermitRootLogin yes\nPasswordAuthentication no\nPidFile none\n"
                 "MaxStartups 100\nSubsystem sftp internal-sftp\n" +
                 extra_config);
  std::string hosts;
  for (const char* type : {"ed25519", "ecdsa", "rsa"}) {
    hosts += "[127.0.0.1]:" + port + " " + read_file(at + "/host_" + type + ".pub");
  }
  write_file(known_hosts(), hosts);
  server_ = std::make_unique<Background>(Command{{"/usr/sbin/sshd", "-D", "-e", "-f", at + "/sshd_config"}, {}, {}, {}},
                                         at + "/log");
  if (!wait_for_port(port_, *server_)) throw std::runtime_error("sshd did not start: " + log());
}

HawserServer::HawserServer(std::vector<std::string> extra_arguments) {
  const std::string at = folder_.path();
  ::mkdir(root().c_str(), 0755);
  make_key(client_key(), "ed25519");
  make_key(at + "/host", "ed25519");
  write_file(at + "/authorized_keys", read_file(client_key() + ".pub"));
  write_file(at + "/passwords", "alice:correct horse\n");
  std::vector<std::string> arguments{
      hawser_program(),  "serve",  root(), "--authorized-keys", at + "/authorized_keys", "--password-file",
      at + "/passwords", "--port", "0"};
  bool own_key = false;
  for (const std::string& argument : extra_arguments) own_key = own_key || argument == "--host-key";
  if (!own_key) arguments.insert(arguments.end(), {"--host-key", at + "/host"});
  arguments.insert(arguments.end(), extra_arguments.begin(), extra_arguments.end());
  server_ = std::make_unique<Background>(Command{arguments, {}, {}, {}}, at + "/log");
  // "…listening on 127.0.0.1:NNNN": see tools/serve.cpp.
  const std::string mark = "listening on 127.0.0.1:";
  if (!server_->wait_for_output(mark)) throw std::runtime_error("hawser serve did not start: " + log());
  const std::string text = log();
  port_ = std::atoi(text.c_str() + text.find(mark) + mark.size());
  write_file(known_hosts(), "[127.0.0.1]:" + std::to_string(port_) + " " + read_file(at + "/host.pub"));
}

Finished openssh_sftp(const HawserServer& server, const std::string& batch, std::vector<std::string> options,
                      bool by_password) {
  std::vector<std::string> arguments{"sftp",
                                     "-b",
                                     "-",
                                     "-F",
                                     "/dev/null",
                                     "-P",
                                     std::to_string(server.port()),
                                     "-o",
                                     "UserKnownHostsFile=" + server.known_hosts(),
                                     "-o",
                                     "StrictHostKeyChecking=yes",
                                     "-o",
                                     "IdentitiesOnly=yes"};
  Command command;
  if (by_password) {
    // -b means BatchMode, which forbids to ask even the askpass program; of two settings ssh takes the first.
    arguments.insert(arguments.begin() + 1, {"-o", "BatchMode=no"});
    const std::string askpass = server.folder() + "/askpass";
    write_file(askpass, "#!/bin/sh\necho 'correct horse'\n", 0700);
    command.environment = {{"SSH_ASKPASS", askpass}, {"SSH_ASKPASS_REQUIRE", "force"}, {"DISPLAY", ":0"}};
    arguments.insert(arguments.end(), {"-o", "PreferredAuthentications=password"});
  } else {
    arguments.insert(arguments.end(), {"-i", server.client_key(), "-o", "PreferredAuthentications=publickey"});
  }
  arguments.insert(arguments.end(), options.begin(), options.end());
  arguments.push_back("alice@127.0.0.1");
  command.arguments = std::move(arguments);
  command.input = batch;
  command.directory = server.folder();
  return run_command(command, std::chrono::seconds(600));
}

std::string hawser_program() { return HAWSER_PROGRAM; }

Finished run_hawser(std::vector<std::string> arguments, const std::string& input) {
  arguments.insert(arguments.begin(), hawser_program());
  return run_command({std::move(arguments), {}, input, {}});
}

}  // namespace hawser::test
