// The connection protocol alone: two multiplexers, packets carried by hand, no transport, no encryption. A session
// channel is opened, "exec" asked for, some data echoed, the channel closed.
#include <cstdio>
#include <deque>

#include "hawser/channel/messages.h"
#include "hawser/channel/multiplexer.h"

using namespace hawser;
using namespace hawser::channel;

namespace {

const std::shared_ptr<BufferPool> pool = BufferPool::create();

// Where a transport would seal and send, this keeps the packets for the other side.
class Wire final : public PacketSink {
 public:
  PacketBuffer prepare(std::size_t payload_size) override { return PacketBuffer(*pool, payload_size); }
  void send(PacketBuffer&& packet) override {
    packets.push_back(Payload::copy_of(std::as_const(packet).payload(), *pool));
  }
  bool writable() const override { return true; }
  std::deque<Payload> packets;
};

void serve(Multiplexer& server, const ChannelEvent& event) {
  if (const auto* asked = std::get_if<OpenRequested>(&event)) {
    std::printf("server: a channel of type %s\n", asked->type.c_str());
    server.accept_open(asked->channel);
  } else if (const auto* request = std::get_if<RequestReceived>(&event)) {
    const Result<ExecRequest> exec = wire::decode<ExecRequest>(request->specific.bytes());
    std::printf("server: %s %s\n", request->type.c_str(), exec ? std::string(exec->command).c_str() : "?");
    if (request->want_reply) server.reply_request(request->channel, exec.has_value());
  } else if (const auto* data = std::get_if<DataReceived>(&event)) {
    server.send_data(data->channel, data->data.bytes());
    server.consumed(data->channel, data->data.size());
  } else if (const auto* eof = std::get_if<EofReceived>(&event)) {
    (void)server.request(eof->channel, ExitStatus::type, false, wire::encode(ExitStatus{0}));
    server.close(eof->channel);
  }
}

void use(Multiplexer& client, const ChannelEvent& event) {
  if (const auto* opened = std::get_if<Opened>(&event)) {
    (void)client.request(opened->channel, ExecRequest::type, true, wire::encode(ExecRequest{"echo"}));
  } else if (const auto* answered = std::get_if<RequestAnswered>(&event)) {
    client.send_data(answered->channel, as_bytes("hello, channel"));
    client.send_eof(answered->channel);
  } else if (const auto* data = std::get_if<DataReceived>(&event)) {
    std::printf("client: \"%s\"\n", to_string(data->data.bytes()).c_str());
    client.consumed(data->channel, data->data.size());
  } else if (std::holds_alternative<Closed>(event)) {
    std::printf("client: closed\n");
  }
}

// Takes one packet off the wire; false where there is none, or it broke the protocol.
bool step(Wire& from, Multiplexer& to, void (*handle)(Multiplexer&, const ChannelEvent&)) {
  if (from.packets.empty()) return false;
  const Payload packet = std::move(from.packets.front());
  from.packets.pop_front();
  const auto event = to.receive(packet);
  if (event && *event) handle(to, **event);
  return event.has_value();
}

}  // namespace

int main() {
  Wire to_server, to_client;
  Multiplexer client(to_server, auth::Authenticated::without_authentication("user"));
  Multiplexer server(to_client, auth::Authenticated::without_authentication("user"));
  if (!client.open(SessionOpen::type)) return 1;
  while (step(to_server, server, serve) || step(to_client, client, use)) {
  }
  return client.channel_count() == 0 && server.channel_count() == 0 ? 0 : 1;
}
