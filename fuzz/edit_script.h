// How an input changes what a well-behaved peer says: a list of instructions, each for one of its packets. What the
// list leaves alone is right, so that a single instruction reaches as far as the packet that it changes.
//
// An instruction is: how many packets pass before (a byte, modulo 32), what to do (a byte), and operands.
#pragma once

#include "hawser/wire/writer.h"
#include "message_mutator.h"
#include "target.h"

namespace hawser::fuzz {

class EditScript {
 public:
  // The input is read as far as the packets need it.
  explicit EditScript(Input& input) : input_(input) { next_instruction(); }

  // What is sent instead of this payload, in this order.
  std::vector<ByteVector> apply(ByteVector packet) {
    std::vector<ByteVector> out;
    bool sent = true;
    while (due_ && sent) {
      if (wait_ != 0) {
        --wait_;
        break;
      }
      sent = edit(packet, out);
      next_instruction();
    }
    if (sent) out.push_back(std::move(packet));
    if (held_ && sent) {
      out.push_back(std::move(*held_));
      held_.reset();
    }
    return out;
  }

 private:
  void next_instruction() {
    due_ = !input_.empty();
    wait_ = input_.byte() % 32;
  }

  // False: the packet is not sent now.
  bool edit(ByteVector& packet, std::vector<ByteVector>& out) {
    switch (input_.byte() % 10) {
      case 0: return false;
      case 1: out.push_back(packet); return true;
      case 2:  // behind the next one
        held_ = packet;
        return false;
      case 3: out.push_back(to_vector(input_.packet())); return true;
      case 4: packet = to_vector(input_.packet()); return true;
      case 5: {
        std::uint8_t* const place = place_in(packet);
        if (place != nullptr) *place ^= input_.byte();
        return true;
      }
      case 6: {
        const std::size_t at = number();
        if (packet.size() < 4) return true;
        Choices choices(input_.byte());
        wire::store_uint32(packet.data() + at % (packet.size() - 3), choices.wild_length(packet.size() - 4));
        return true;
      }
      case 7: packet.resize(packet.empty() ? 0 : number() % packet.size()); return true;
      case 8: {
        const Bytes more = input_.packet();
        packet.insert(packet.end(), more.begin(), more.end());
        return true;
      }
      default: {
        Choices choices(number());
        if (std::optional<ByteVector> changed = mutate_packet(packet, choices)) packet = std::move(*changed);
        return true;
      }
    }
  }

  std::size_t number() {
    const std::size_t high = input_.byte();
    return high << 8 | input_.byte();
  }
  std::uint8_t* place_in(ByteVector& packet) {
    const std::size_t at = number();
    return packet.empty() ? nullptr : packet.data() + at % packet.size();
  }

  Input& input_;
  bool due_ = false;
  std::size_t wait_ = 0;
  std::optional<ByteVector> held_;
};

}  // namespace hawser::fuzz
