#include "ssh_peer.h"

#include "hawser/net/spawn.h"

namespace hawser::test {
namespace {

using server::Process;
using server::ServerConnection;
using Answer = server::Awaitable<bool>;
using Status = server::Awaitable<std::uint32_t>;

Status cat(std::shared_ptr<Process> process) {
  while (true) {
    const Result<Payload> piece = co_await process->read();
    if (!piece || piece->empty()) co_return piece ? 0 : 1;
    const Result<void> written = co_await process->write(piece->bytes());
    if (!written) co_return 1;
  }
}

Status both(std::shared_ptr<Process> process) {
  const Result<void> out = co_await process->write("to standard output\n");
  const Result<void> err = co_await process->write_error("to standard error\n");
  const bool written = out && err;
  co_return written ? 3 : 1;
}

Status zeros(std::shared_ptr<Process> process, std::size_t count) {
  const ByteVector piece(100'000);
  while (count != 0) {
    const std::size_t part = std::min(count, piece.size());
    const Result<void> written = co_await process->write(Bytes(piece).first(part));
    if (!written) co_return 1;
    count -= part;
  }
  co_return 0;
}

Status environment(std::shared_ptr<Process> process) {
  std::string all;
  for (const auto& [name, value] : process->environment()) all += name + "=" + value + "\n";
  const Result<void> written = co_await process->write(all);
  co_return written ? 0 : 1;
}

std::string size_text(const server::TerminalSize& size) {
  return std::to_string(size.columns) + "x" + std::to_string(size.rows);
}

server::Awaitable<void> tell_changes(std::shared_ptr<Process> process) {
  while (true) {
    const Result<server::ProcessEvent> event = co_await process->next_event();
    if (!event) co_return;
    const auto* change = std::get_if<server::WindowChanged>(&*event);
    const std::string line = change == nullptr ? "another event\r\n" : "now " + size_text(change->size) + "\r\n";
    const Result<void> written = co_await process->write(line);
    if (!written) co_return;
  }
}

Status terminal(std::shared_ptr<Process> process) {
  if (!process->terminal()) co_return 1;
  net::spawn(process->channel()->executor(), tell_changes(process));
  const server::Terminal& its = *process->terminal();
  std::string line = its.term + " " + size_text(its.size);
  for (const channel::PtyMode& mode : its.modes) {
    if (mode.opcode == channel::PtyOpcode::vintr) line += " interrupt " + std::to_string(mode.value);
  }
  line += "\r\n";
  const Result<void> written = co_await process->write(line);
  if (!written) co_return 1;
  while (true) {
    const Result<Payload> keys = co_await process->read();
    if (!keys || keys->empty()) co_return 1;
    if (as_text(keys->bytes()).find('q') != std::string_view::npos) co_return 9;
  }
}

class PeerServer : public server::SSHServer {
 public:
  explicit PeerServer(std::shared_ptr<server::AuthorizedKeys> keys) : keys_(std::move(keys)) {}

  std::vector<std::string> authentication_methods() const override { return {"publickey"}; }
  server::Awaitable<server::AuthResult> check_auth_publickey(ServerConnection& client, std::string user,
                                                             crypto::PublicKey key, server::KeyUse) override {
    return keys_->check_public_key({user, client.peer_address()}, key);
  }
  Answer check_channel_exec_request(ServerConnection&, const net::Channel&, std::string) override { co_return true; }
  Answer check_channel_env_request(ServerConnection&, const net::Channel&, std::string name, std::string) override {
    co_return name.starts_with("HAWSER_");
  }
  Answer check_direct_tcpip_request(ServerConnection&, std::string, std::uint32_t) override { co_return true; }
  Answer check_direct_streamlocal_request(ServerConnection&, std::string) override { co_return true; }
  Answer check_port_forward_request(ServerConnection&, std::string, std::uint32_t) override { co_return true; }
  Answer check_streamlocal_forward_request(ServerConnection&, std::string) override { co_return true; }

  Status handle_exec(ServerConnection&, std::shared_ptr<Process> process, std::string command) override {
    if (command == "cat") return cat(process);
    if (command == "both") return both(process);
    if (command == "env") return environment(process);
    if (command == "terminal") return terminal(process);
    if (command.starts_with("zeros ")) return zeros(process, std::stoul(command.substr(6)));
    if (command == "killed") process->exit(server::ExitSignal{"TERM", false, "enough"});
    return not_found();
  }

 private:
  static Status not_found() { co_return 127; }
  std::shared_ptr<server::AuthorizedKeys> keys_;
};

}  // namespace

std::shared_ptr<server::SSHServer> command_server(std::shared_ptr<server::AuthorizedKeys> keys) {
  return std::make_shared<PeerServer>(std::move(keys));
}

SshPeer::SshPeer(std::vector<std::shared_ptr<const crypto::Signer>> more_host_keys,
                 const transport::TransportConfig& transport) {
  make_key(client_key(), "ed25519");
  const auto keys = server::AuthorizedKeys::load(client_key() + ".pub");
  const auto host_key = server::ephemeral_host_key();
  server::SSHServerOptions options;
  options.host_keys = {*host_key};
  options.host_keys.insert(options.host_keys.end(), more_host_keys.begin(), more_host_keys.end());
  options.session.transport = transport;
  options.port = 0;
  options.stop_time = std::chrono::milliseconds(0);
  manager_ = std::make_unique<server::SSHServerManager>(command_server(*keys), std::move(options));
  if (const Result<void> started = manager_->start(); !started) throw std::runtime_error(started.error().message());
  port_ = manager_->port();
  write_file(known_hosts(),
             "[127.0.0.1]:" + std::to_string(port_) + " " + (*host_key)->public_key().text("host") + "\n");
}

SshPeer::~SshPeer() { manager_->stop(); }

std::vector<std::string> SshPeer::ssh(std::vector<std::string> options, std::vector<std::string> remote) const {
  std::vector<std::string> all{"ssh",
                               "-F",
                               "/dev/null",
                               "-p",
                               std::to_string(port_),
                               "-i",
                               client_key(),
                               "-o",
                               "IdentitiesOnly=yes",
                               "-o",
                               "BatchMode=yes",
                               "-o",
                               "StrictHostKeyChecking=yes",
                               "-o",
                               "UserKnownHostsFile=" + known_hosts(),
                               "-o",
                               "ExitOnForwardFailure=yes"};
  all.insert(all.end(), options.begin(), options.end());
  all.push_back("alice@127.0.0.1");
  all.insert(all.end(), remote.begin(), remote.end());
  return all;
}

}  // namespace hawser::test
