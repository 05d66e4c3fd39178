// A whole server: SSHServer, its channels and its SFTP over files in memory. The input is a list of packets, which a
// client seals that has exchanged keys; the server's hooks let in who knows the password, and run what is asked for.
#include <asio/ip/tcp.hpp>

#include "hawser/net/spawn.h"
#include "hawser/server/memory_file_system.h"
#include "input_mutator.h"
#include "server/ssh_server_session.h"
#include "session_harness.h"

using namespace hawser;
using server::AuthResult;
using server::Awaitable;

namespace {

class FuzzServer final : public server::SSHServer {
 public:
  explicit FuzzServer(std::uint8_t choice) : choice_(choice) {}

  std::vector<std::string> authentication_methods() const override {
    return {"publickey", "password", "keyboard-interactive"};
  }
  Awaitable<AuthResult> check_auth_password(server::ServerConnection&, std::string,
                                            const crypto::SecretBytes& password) override {
    co_return judge(as_text(password.view()) == "secret");
  }
  Awaitable<AuthResult> check_auth_password_change(server::ServerConnection&, std::string,
                                                   const crypto::SecretBytes& old_password,
                                                   const crypto::SecretBytes&) override {
    co_return judge(as_text(old_password.view()) == "secret");
  }
  Awaitable<std::string> get_password_change_prompt(server::ServerConnection&, std::string user) override {
    co_return user == "old" ? "Choose another password" : "";
  }
  Awaitable<AuthResult> check_auth_publickey(server::ServerConnection&, std::string, crypto::PublicKey,
                                             server::KeyUse) override {
    co_return AuthResult::successful;
  }
  Awaitable<AuthResult> check_auth_keyboard_interactive(server::ServerConnection&, std::string, std::string,
                                                        server::KeyboardInteractive& client) override {
    const std::vector<auth::Prompt> prompts{{"Password: ", false}, {"Token: ", true}};
    const auto answers = co_await client.prompt("name", "instruction", prompts);
    if (!answers) co_return AuthResult::failed;
    require(answers->size() == prompts.size());
    co_return judge(as_text(answers->front().view()) == "secret");
  }
  Awaitable<std::string> get_banner(server::ServerConnection&) override { co_return "Welcome\n"; }

  Awaitable<bool> check_channel_exec_request(server::ServerConnection&, const net::Channel&, std::string) override {
    co_return true;
  }
  Awaitable<bool> check_channel_shell_request(server::ServerConnection&, const net::Channel&) override {
    co_return true;
  }
  Awaitable<bool> check_channel_env_request(server::ServerConnection&, const net::Channel&, std::string,
                                            std::string) override {
    co_return true;
  }
  Awaitable<bool> check_channel_x11_request(server::ServerConnection&, const net::Channel&,
                                            channel::X11Request) override {
    co_return true;
  }
  Awaitable<bool> check_channel_break_request(server::ServerConnection&, const net::Channel&, std::uint32_t) override {
    co_return true;
  }
  // Echoes, and says on standard error what it was.
  Awaitable<std::uint32_t> handle_exec(server::ServerConnection&, std::shared_ptr<server::Process> process,
                                       std::string command) override {
    const Result<void> said = co_await process->write_error(command);
    while (said) {
      const Result<Payload> piece = co_await process->read();
      if (!piece || piece->empty()) break;
      const Result<void> written = co_await process->write(piece->bytes());
      if (!written) break;
    }
    co_return 3;
  }
  Awaitable<std::uint32_t> handle_shell(server::ServerConnection&, std::shared_ptr<server::Process> process) override {
    const Result<server::ProcessEvent> event = co_await process->next_event();
    co_return event ? 0u : 1u;
  }
  std::shared_ptr<server::FileSystem> file_system(server::ServerConnection& connection) override {
    require(connection.authenticated() && allowed_);
    server::MemoryOptions options;
    options.quota = 4 * 1024 * 1024;
    options.now = [] { return std::int64_t{1'700'000'000}; };
    if (!files_) files_ = std::make_shared<server::MemoryFileSystem>(options);
    return files_;
  }

 private:
  static void require(bool holds) { fuzz::require(holds); }
  AuthResult judge(bool right) {
    if (!right) return AuthResult::failed;
    if ((choice_ & 2) != 0 && !std::exchange(partly_, true)) return AuthResult::partial;
    allowed_ = true;
    return AuthResult::successful;
  }

  std::uint8_t choice_;
  bool partly_ = false;
  bool allowed_ = false;
  std::shared_ptr<server::FileSystem> files_;
};

std::shared_ptr<server::SSHServerSession> make_session(const std::shared_ptr<server::SSHServer>& server,
                                                       const fuzz::SessionPeer& peer,
                                                       const transport::TransportConfig& transport) {
  session::SessionConfig config;
  config.transport = transport;
  config.channels.initial_window = 64 * 1024;
  server::SSHServerSession::Settings settings;
  settings.server = server;
  settings.registry = std::make_shared<server::ConnectionRegistry>(server::ConnectionLimits{});
  settings.host_keys = transport.host_keys;
  auto place = settings.registry->take_place();
  auto connection =
      std::make_shared<net::Connection>(peer.io.get_executor(), std::make_unique<fuzz::MemoryStream>(peer.wire),
                                        Role::server, SharedValue<session::SessionConfig>(std::move(config)));
  return server::SSHServerSession::create(std::move(settings), std::move(connection),
                                          std::move(std::get<server::ConnectionPlace>(place)),
                                          std::make_shared<server::Traffic>());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::uint8_t choice = input.byte();
  const transport::TransportConfig config = fuzz::harness_transport((choice & 1) != 0);
  asio::io_context io(1);
  fuzz::SessionPeer client(Role::client, config, io);
  bool ended = false;
  net::spawn(io.get_executor(),
             server::SSHServerSession::run(make_session(std::make_shared<FuzzServer>(choice), client, config)),
             [&ended](std::exception_ptr thrown) { ended = thrown == nullptr; });
  client.pump();
  fuzz::require(client.transport.stats().key_exchanges == 1);
  while (!input.empty() && !ended) {
    client.send(input.packet());
    // Now and then the server finds several at once.
    if ((choice & 4) == 0) client.pump();
  }
  client.pump();
  client.hang_up();
  fuzz::require(ended);
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed) {
  return fuzz::mutate_input(fuzz::packets_after(1), data, size, max_size, seed);
}
