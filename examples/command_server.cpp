// Answers a command over SSH:  command_server ~/.ssh/authorized_keys 2222   then   ssh -p 2222 localhost upper < file
#include <unistd.h>

#include <cstdio>

#include "hawser/server/authenticators.h"
#include "hawser/server/ssh_server_manager.h"
using namespace hawser;
using namespace hawser::server;

struct CommandServer : SSHServer {
  std::shared_ptr<AuthorizedKeys> keys;
  std::vector<std::string> authentication_methods() const override { return {"publickey"}; }
  Awaitable<AuthResult> check_auth_publickey(ServerConnection& client, std::string user, crypto::PublicKey key,
                                             KeyUse) override {
    return keys->check_public_key({user, client.peer_address()}, key);
  }
  Awaitable<bool> check_channel_exec_request(ServerConnection&, const net::Channel&, std::string command) override {
    co_return command == "upper";
  }
  Awaitable<std::uint32_t> handle_exec(ServerConnection&, std::shared_ptr<Process> process, std::string) override {
    Result<void> written;
    while (written) {
      const Result<Payload> piece = co_await process->read();
      if (!piece || piece->empty()) co_return piece ? 0 : 1;  // the end of standard input, or of the connection
      std::string text(as_text(piece->bytes()));
      for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      written = co_await process->write(text);
    }
    co_return 1;
  }
};

int main(int argc, char** argv) {
  const auto keys = AuthorizedKeys::load(argc == 3 ? argv[1] : "");
  if (!keys) return 2;
  const auto server = std::make_shared<CommandServer>();
  server->keys = *keys;
  SSHServerManager manager(
      server, {.port = static_cast<std::uint16_t>(std::atoi(argv[2])), .host_keys = {*ephemeral_host_key()}});
  if (!manager.start()) return 1;
  std::fprintf(stderr, "listening on port %u\n", static_cast<unsigned>(manager.port()));
  pause();  // until a signal ends the program
}
