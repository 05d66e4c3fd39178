// A server for a client under test: the library's own engines say what is right, and an EditScript changes each packet
// before it is sealed. Lets in whoever has the password, and answers every SFTP request by a reply of its kind.
#pragma once

#include "edit_script.h"
#include "hawser/auth/userauth_server.h"
#include "hawser/channel/multiplexer.h"
#include "hawser/channel/request_bodies.h"
#include "hawser/sftp/encode.h"
#include "hawser/sftp/server_engine.h"
#include "support/transport_configs.h"

namespace hawser::fuzz {

// The way of a packet from the engines to the transport that seals it.
class EditedSink final : public PacketSink {
 public:
  EditedSink(transport::Transport& transport, EditScript& script) : transport_(transport), script_(script) {}

  PacketBuffer prepare(std::size_t payload_size) override { return {transport_.pool(), payload_size}; }
  void send(PacketBuffer&& packet) override {
    for (const ByteVector& payload : script_.apply(to_vector(std::as_const(packet).payload()))) {
      if (!transport_.closed()) test::send_payload(transport_, payload);
    }
  }
  bool writable() const override { return true; }

 private:
  transport::Transport& transport_;
  EditScript& script_;
};

class HarnessServer {
 public:
  HarnessServer(const transport::TransportConfig& config, EditScript& script)
      : transport(Role::server, transport::TransportConfig(config), random_, TimePoint()), sink_(transport, script) {}

  void receive(Bytes bytes) {
    test::deliver(transport, bytes, [this] {
      while (true) {
        const Result<std::optional<transport::TransportEvent>> event = transport.next();
        if (!event || !*event) return;
        if (!userauth_ && std::holds_alternative<transport::KeyExchanged>(**event)) {
          userauth_.emplace(sink_, transport.session_id(), userauth_config());
        }
        if (const auto* packet = std::get_if<transport::Packet>(&**event)) on_packet(*packet);
      }
    });
  }

 private:
  test::FixedRandom random_{8};

 public:
  transport::Transport transport;

 private:
  static auth::UserauthServerConfig userauth_config() {
    auth::UserauthServerConfig config;
    config.initial_methods = {"keyboard-interactive", "password"};
    return config;
  }

  void on_packet(const transport::Packet& packet) {
    if (!channels_) {
      on_userauth(userauth_->receive(packet.payload));
      return;
    }
    const Result<std::optional<channel::ChannelEvent>> event = channels_->receive(packet.payload);
    if (event && *event) on_channel(**event);
  }

  void on_userauth(auth::UserauthServer::Event event) {
    while (event && *event) {
      if (std::holds_alternative<auth::AuthSucceeded>(**event)) {
        channels_.emplace(sink_, *userauth_->take_authenticated());
        (void)channels_->global_request("keepalive@openssh.com", true);
        return;
      }
      if (const auto* request = std::get_if<auth::AuthRequested>(&**event)) {
        if (std::holds_alternative<auth::KeyboardInteractiveRequest>(request->request)) {
          userauth_->send_banner("Welcome\n");
          event = userauth_->prompt("name", "instruction", {{"Password: ", false}, {"Token: ", true}});
          continue;
        }
        const bool password = std::holds_alternative<auth::PasswordRequest>(request->request);
        event = userauth_->answer(password ? auth::AuthResult::successful : auth::AuthResult::failed, {"password"});
        continue;
      }
      event = userauth_->answer(auth::AuthResult::partial, {"password"});
    }
  }

  void on_channel(const channel::ChannelEvent& event) {
    if (const auto* opened = std::get_if<channel::OpenRequested>(&event)) channels_->accept_open(opened->channel);
    if (const auto* request = std::get_if<channel::RequestReceived>(&event)) {
      if (request->want_reply) channels_->reply_request(request->channel, true);
      if (request->type == "exec") finish_program(request->channel);
    }
    if (const auto* request = std::get_if<channel::GlobalRequestReceived>(&event)) {
      if (request->want_reply) channels_->reply_global_request(true);
    }
    if (const auto* data = std::get_if<channel::DataReceived>(&event)) {
      channels_->consumed(data->channel, data->data.size());
      sftp_.feed(data->data);
      while (true) {
        Result<std::optional<sftp::Request>> request = sftp_.next();
        if (!request || !*request) break;
        answer(data->channel, **request);
        sftp_.release(*std::move(*request));
      }
    }
    if (const auto* eof = std::get_if<channel::EofReceived>(&event)) channels_->close(eof->channel);
  }

  // RFC 4254 §6.10
  void finish_program(channel::ChannelId id) {
    channels_->send_data(id, as_bytes("standard output"));
    channels_->send_extended(id, 1, as_bytes("standard error"));
    (void)channels_->request(id, "exit-status", false, wire::encode(channel::ExitStatus{3}));
    channels_->send_eof(id);
    channels_->close(id);
  }

  void answer(channel::ChannelId id, const sftp::Request& request) {
    const auto* init = std::get_if<sftp::Init>(&request.body);
    if (init != nullptr) return reply(id, sftp_.version());
    if (std::holds_alternative<sftp::LimitsRequest>(request.body)) {
      return reply(id, sftp::ExtendedReplyWith<sftp::Limits>{request.id, sftp_.limits()});
    }
    if (std::holds_alternative<sftp::Statvfs>(request.body)) {
      return reply(id, sftp::ExtendedReplyWith<sftp::StatvfsReply>{request.id, {}});
    }
    if (std::holds_alternative<sftp::Open>(request.body) || std::holds_alternative<sftp::Opendir>(request.body)) {
      return reply(id, sftp::Handle{request.id, std::string_view("handle")});
    }
    if (std::holds_alternative<sftp::Read>(request.body)) {
      return reply(id, sftp::Data{request.id, as_bytes("what is read")});
    }
    if (std::holds_alternative<sftp::Stat>(request.body) || std::holds_alternative<sftp::Fstat>(request.body)) {
      return reply(id, sftp::Attrs{request.id, attributes()});
    }
    if (std::holds_alternative<sftp::Readdir>(request.body) || std::holds_alternative<sftp::Realpath>(request.body)) {
      const ByteVector entries = wire::encode(sftp::NameEntry{"name", "-rw-r--r-- name", attributes()});
      return reply(id, sftp::Name{request.id, sftp::NameEntries(entries, 1)});
    }
    reply(id, sftp::Status{request.id, 0, "", ""});
  }

  static sftp::Attributes attributes() {
    sftp::Attributes out;
    out.size = 12;
    out.permissions = sftp::file_mode::regular | 0644;
    out.times = sftp::FileTimes{1, 2};
    return out;
  }

  template <wire::HasFields M>
  void reply(channel::ChannelId id, const M& message) {
    ByteVector bytes(sftp::framed_size(message));
    sftp::encode_framed(message, bytes);
    channels_->send_data(id, bytes);
  }

  EditedSink sink_;
  std::optional<auth::UserauthServer> userauth_;
  std::optional<channel::Multiplexer> channels_;
  sftp::ServerEngine sftp_{transport.pool()};
};

}  // namespace hawser::fuzz
