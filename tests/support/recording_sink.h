// A PacketSink that keeps what is sent, for tests of the layers above the transport.
//
//   RecordingSink sink;
//   multiplexer.close(channel);
//   CHECK(sink.take<ChannelClose>().recipient_channel == 7);
//   CHECK(sink.empty());
//
// What is not as a test expects is thrown, so that this header serves programs without doctest, too.
#pragma once

#include <deque>
#include <stdexcept>

#include "hawser/wire/packet_sink.h"
#include "hawser/wire/payload.h"

namespace hawser::test {

class RecordingSink final : public PacketSink {
 public:
  PacketBuffer prepare(std::size_t payload_size) override { return PacketBuffer(*pool_, payload_size); }
  void send(PacketBuffer&& packet) override { packets_.push_back(to_vector(std::as_const(packet).payload())); }
  bool writable() const override { return writable_; }

  void set_writable(bool writable) { writable_ = writable; }
  bool empty() const { return packets_.empty(); }
  std::size_t size() const { return packets_.size(); }
  void clear() { packets_.clear(); }

  // The oldest packet, which must be there.
  ByteVector take_packet() {
    if (packets_.empty()) throw std::logic_error("no packet was sent");
    ByteVector packet = std::move(packets_.front());
    packets_.pop_front();
    return packet;
  }
  // The same, which must be this message. Its views are valid until the next take.
  template <wire::HasFields M>
  M take() {
    taken_ = take_packet();
    const Result<M> message = wire::decode<M>(taken_);
    if (!message) {
      throw std::logic_error("not " + std::string(M::name) + " but message " + std::to_string(taken_.front()) + ": " +
                             message.error().message());
    }
    return *message;
  }

 private:
  std::shared_ptr<BufferPool> pool_ = BufferPool::create();
  std::deque<ByteVector> packets_;
  ByteVector taken_;
  bool writable_ = true;
};

// Received bytes as a layer gets them: in a pooled block.
class PayloadMaker {
 public:
  Payload operator()(Bytes bytes) { return Payload::copy_of(bytes, *pool_); }
  template <wire::HasFields M>
  Payload operator()(const M& message) {
    return (*this)(Bytes(wire::encode(message)));
  }

 private:
  std::shared_ptr<BufferPool> pool_ = BufferPool::create();
};

}  // namespace hawser::test
