// The connection protocol: any messages from the peer, between opens, writes, requests and closes of ours.
#include "hawser/channel/multiplexer.h"
#include "input_mutator.h"
#include "support/recording_sink.h"
#include "target.h"

using namespace hawser;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::shared_ptr<BufferPool> pool = BufferPool::create();
  fuzz::Input input(data, size);
  test::RecordingSink sink;
  channel::ChannelLimits limits;
  limits.initial_window = 4096;
  limits.channels = 8;
  channel::Multiplexer channels(sink, auth::Authenticated::without_authentication("user"), limits);
  const ByteVector text(1500, 'x');
  while (!input.empty()) {
    const std::uint8_t step = input.byte();
    const channel::ChannelId id = input.byte();
    if (step < 8) {
      (void)channels.open("session");
    } else if (step < 16 && channels.is_open(id)) {
      if (channels.writable(id)) channels.send_data(id, text);
    } else if (step < 24 && channels.is_open(id)) {
      (void)channels.request(id, "env", true, text);
    } else if (step < 32 && channels.is_open(id)) {
      channels.send_eof(id);
    } else if (step < 40 && channels.is_open(id)) {
      channels.close(id);
    } else if (step < 44) {
      sink.set_writable(!sink.writable());
      if (sink.writable()) channels.resume();
    } else {
      const auto event = channels.receive(Payload::copy_of(input.packet(), *pool));
      if (!event) break;
      if (!*event) continue;
      if (const auto* open = std::get_if<channel::OpenRequested>(&**event)) {
        if ((step & 1) != 0) {
          channels.accept_open(open->channel);
        } else {
          channels.refuse_open(open->channel, channel::OpenFailure::administratively_prohibited, "no");
        }
      } else if (const auto* received = std::get_if<channel::DataReceived>(&**event)) {
        channels.consumed(received->channel, received->data.size());
      } else if (const auto* request = std::get_if<channel::RequestReceived>(&**event)) {
        if (request->want_reply) channels.reply_request(request->channel, (step & 2) != 0);
      } else if (const auto* global = std::get_if<channel::GlobalRequestReceived>(&**event)) {
        if (global->want_reply) channels.reply_global_request(false);
      }
    }
    fuzz::require(channels.channel_count() <= 16);
  }
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed) {
  return fuzz::mutate_input(fuzz::steps_after(0, 2, 44), data, size, max_size, seed);
}
