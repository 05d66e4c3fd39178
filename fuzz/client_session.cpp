// A whole client, without I/O: key exchange, keyboard-interactive and password, a program, then SFTP. The server does
// all of it right, but for what the input changes in its packets.
#include "harness_server.h"
#include "harness_transport.h"
#include "hawser/channel/request_bodies.h"
#include "hawser/sftp/client_engine.h"
#include "support/session_pair.h"

using namespace hawser;

namespace {

class ClientEnd final : public test::SessionEnd {
 public:
  using SessionEnd::SessionEnd;
  bool asked = false;          // for authentication
  bool authenticated = false;  // it was granted
  std::size_t replies = 0;

 private:
  static constexpr std::uint32_t read_length = 100;

  void on_transport(const transport::TransportEvent& event) override {
    if (std::holds_alternative<transport::HostKeyOffered>(event)) session.transport().accept_host_key();
    const auto* exchanged = std::get_if<transport::KeyExchanged>(&event);
    if (exchanged == nullptr || !exchanged->first) return;
    session.userauth_client().start();
    asked = session.userauth_client().request_keyboard_interactive().has_value();
  }

  void on_userauth(const auth::UserauthClientEvent& event) override {
    auth::UserauthClient& userauth = session.userauth_client();
    if (const auto* prompts = std::get_if<auth::PromptsReceived>(&event)) {
      (void)userauth.answer_prompts(std::vector<std::string_view>(prompts->prompts.size(), "answer"));
    } else if (std::holds_alternative<auth::AuthFailed>(event)) {
      (void)userauth.request_password("secret");
    } else if (std::holds_alternative<auth::PasswordChangeRequested>(event)) {
      (void)userauth.request_password_change("secret", "another");
    } else if (std::holds_alternative<auth::ClientAuthenticated>(event)) {
      fuzz::require(asked);
      authenticated = true;
      (void)session.channels().open("session");
      (void)session.channels().open("session");
    }
  }

  void on_channel(const channel::ChannelEvent& event) override {
    channel::Multiplexer& channels = session.channels();
    if (const auto* opened = std::get_if<channel::Opened>(&event)) {
      const bool first = opened->channel == 0;
      const ByteVector specific =
          first ? wire::encode(channel::ExecRequest{"command"}) : wire::encode(channel::SubsystemRequest{"sftp"});
      (void)channels.request(opened->channel, first ? "exec" : "subsystem", true, specific);
    } else if (const auto* answered = std::get_if<channel::RequestAnswered>(&event)) {
      if (answered->channel != 0 && answered->success) send_first_requests(answered->channel);
    } else if (const auto* data = std::get_if<channel::DataReceived>(&event)) {
      if (data->channel != 0 && data->extended_type == 0) on_sftp(data->channel, data->data);
      channels.consumed(data->channel, data->data.size());
    } else if (const auto* request = std::get_if<channel::RequestReceived>(&event)) {
      if (request->want_reply) channels.reply_request(request->channel, false);
    } else if (const auto* global = std::get_if<channel::GlobalRequestReceived>(&event)) {
      if (global->want_reply) channels.reply_global_request(false);
    } else if (const auto* opening = std::get_if<channel::OpenRequested>(&event)) {
      channels.refuse_open(opening->channel, channel::OpenFailure::administratively_prohibited, "a client");
    } else if (const auto* eof = std::get_if<channel::EofReceived>(&event)) {
      channels.close(eof->channel);
    }
  }

  void on_sftp(channel::ChannelId id, const Payload& data) {
    sftp_.feed(data);
    while (!sftp_failed_) {
      Result<std::optional<sftp::Reply>> reply = sftp_.next();
      sftp_failed_ = !reply;
      if (!reply || !*reply) return;
      ++replies;
      fuzz::require((*reply)->data.size() <= read_length);
      if (const auto* handle = std::get_if<sftp::Handle>(&(*reply)->body)) use(id, (*reply)->request_type, *handle);
      sftp_.recycle(*std::move(*reply));
    }
  }

  void send_first_requests(channel::ChannelId id) {
    PacketChain chain;
    session.channels().reserve(id, sftp::framed_size(sftp_.init()), chain);
    sftp::write_message(chain, sftp_.init());
    session.channels().send(id, chain);
    request(id, sftp::ExtendedRequest<sftp::LimitsRequest>{});
    request(id, sftp::Realpath{.path = "."});
    request(id, sftp::Stat{.path = "/file"});
    request(id, sftp::ExtendedRequest<sftp::Statvfs>{.body = {.path = "/"}});
    request(id, sftp::Open{.filename = "/file", .pflags = sftp::open_flags::read | sftp::open_flags::write});
    request(id, sftp::Opendir{.path = "/"});
  }
  void use(channel::ChannelId id, std::uint8_t request_type, sftp::Handle handle) {
    if (request_type == sftp::Opendir::number) {
      request(id, sftp::Readdir{.handle = handle.handle});
    } else {
      request(id, sftp::Read{.handle = handle.handle, .offset = 0, .length = read_length});
      request(id, sftp::Write{.handle = handle.handle, .offset = 0, .data = as_bytes("what is written")});
      request(id, sftp::Fstat{.handle = handle.handle});
    }
    request(id, sftp::Close{.handle = handle.handle});
  }
  template <class M>
  void request(channel::ChannelId id, const M& message) {
    if (sftp_.full() || !session.channels().is_open(id)) return;
    PacketChain chain;
    session.channels().reserve(id, sftp::framed_size(message), chain);
    sftp_.send(chain, message, 0);
    session.channels().send(id, chain);
  }

  std::shared_ptr<BufferPool> pool_ = BufferPool::create();
  sftp::ClientEngine sftp_{*pool_};
  bool sftp_failed_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::uint8_t choice = input.byte();
  session::SessionConfig config;
  config.user = "user";
  config.transport = fuzz::harness_transport((choice & 1) != 0);
  fuzz::EditScript script(input);
  fuzz::HarnessServer server(config.transport, script);
  ClientEnd client(Role::client, config, 1);
  for (bool moved = true; moved;) {
    const ByteVector to_server = client.take_transmit();
    server.receive(to_server);
    const ByteVector to_client = test::take_transmit(server.transport);
    client.receive(to_client);
    moved = !to_server.empty() || !to_client.empty();
  }
  fuzz::require(client.authenticated == client.session.authenticated());
  fuzz::require(size > 1 || client.replies == 13);  // left alone it gets them all
  return 0;
}
