// libFuzzer's custom mutator for inputs that hold messages: it changes fields, copies, drops and moves whole messages,
// and makes new ones; every fourth time libFuzzer does as it likes. A target says where its messages are:
//
//   extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
//                                                  unsigned int seed) {
//     return fuzz::mutate_input(fuzz::packets_after(1), data, size, max_size, seed);
//   }
#pragma once

#include <functional>
#include <vector>

#include "message_mutator.h"

namespace hawser::fuzz {

// One message in an input: what the target reads before it (its step, its length), and its bytes.
struct Place {
  std::size_t start = 0;  // of all that belongs to it
  std::size_t message = 0;
  std::size_t end = 0;
  std::size_t length_size = 0;  // bytes right before the message: 0, 2 (of which 12 bits count) or 4
};

struct Layout {
  std::function<std::vector<Place>(Bytes input)> places;
  std::optional<ByteVector> (*mutate)(Bytes message, Choices& choices) = &mutate_packet;
  ByteVector (*make)(Choices& choices) = &make_packet;
};

// The whole input is one message.
Layout one_message();
// `Input::packet`s one behind the other, after so many bytes.
Layout packets_after(std::size_t offset);
// Steps of `operands` bytes, with a packet where the first of them is at least `first_packet_step`.
Layout steps_after(std::size_t offset, std::size_t operands, std::uint8_t first_packet_step);
// SFTP messages as they stand in their stream.
Layout sftp_after(std::size_t offset);

std::size_t mutate_input(const Layout& layout, std::uint8_t* data, std::size_t size, std::size_t max_size,
                         unsigned int seed);

}  // namespace hawser::fuzz
