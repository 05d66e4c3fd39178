#include "input_mutator.h"

#include <algorithm>

#include "hawser/wire/writer.h"

namespace hawser::fuzz {

namespace {

constexpr std::size_t packet_limit = 0x0fff;  // of Input::packet

std::vector<Place> find_packets(Bytes input, std::size_t at, std::size_t operands, std::uint8_t first_packet_step) {
  std::vector<Place> places;
  const std::size_t head = operands;  // the step and what belongs to it
  while (at + head + 2 <= input.size()) {
    if (head != 0 && input[at] < first_packet_step) {
      at += head;
      continue;
    }
    Place place{.start = at, .message = at + head + 2, .end = 0, .length_size = 2};
    const std::size_t length = (std::size_t{input[at + head]} << 8 | input[at + head + 1]) & packet_limit;
    place.end = std::min(place.message + length, input.size());
    places.push_back(place);
    at = place.end;
  }
  return places;
}

std::vector<Place> find_sftp(Bytes input, std::size_t at) {
  std::vector<Place> places;
  while (at + 4 <= input.size()) {
    const std::size_t length = wire::load_uint32(input.data() + at);
    Place place{.start = at, .message = at + 4, .end = 0, .length_size = 4};
    place.end = place.message + std::min(length, input.size() - place.message);
    places.push_back(place);
    at = place.end;
  }
  return places;
}

ByteVector joined(std::initializer_list<Bytes> parts) {
  ByteVector out;
  for (const Bytes part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

// What stands before the message, with the length of another one, and that one.
ByteVector with_message(Bytes whole, const Place& place, Bytes message) {
  ByteVector head = to_vector(whole.subspan(place.start, place.message - place.start));
  std::uint8_t* const length = head.data() + head.size() - place.length_size;
  if (place.length_size == 2) {
    message = message.first(std::min(message.size(), packet_limit));
    length[0] = static_cast<std::uint8_t>(message.size() >> 8);
    length[1] = static_cast<std::uint8_t>(message.size());
  } else if (place.length_size == 4) {
    wire::store_uint32(length, static_cast<std::uint32_t>(message.size()));
  }
  return joined({head, message});
}

ByteVector mutated(const Layout& layout, Bytes input, const std::vector<Place>& places, Choices& choices) {
  const Place& place = places[choices.below(places.size())];
  const Bytes before = input.first(place.start);
  const Bytes self = input.subspan(place.start, place.end - place.start);
  const Bytes after = input.subspan(place.end);
  const Bytes message = input.subspan(place.message, place.end - place.message);
  switch (choices.below(10)) {
    case 0: return joined({before, self, self, after});
    case 1: return joined({before, after});
    case 2: {  // a copy of another one behind it
      const Place& other = places[choices.below(places.size())];
      return joined({before, self, input.subspan(other.start, other.end - other.start), after});
    }
    case 3: return joined({before, with_message(input, place, layout.make(choices)), self, after});
    case 4: return joined({before, self});  // nothing more
    default: break;
  }
  const std::optional<ByteVector> changed = layout.mutate(message, choices);
  return joined({before, with_message(input, place, changed ? *changed : changed_content(message, choices)), after});
}

}  // namespace

Layout one_message() {
  return {.places =
              [](Bytes input) {
                return std::vector<Place>{{.start = 0, .message = 0, .end = input.size(), .length_size = 0}};
              },
          .mutate = &mutate_any_message};
}
Layout packets_after(std::size_t offset) { return steps_after(offset, 0, 0); }
Layout steps_after(std::size_t offset, std::size_t operands, std::uint8_t first_packet_step) {
  return {.places = [=](Bytes input) { return find_packets(input, offset, operands, first_packet_step); }};
}
Layout sftp_after(std::size_t offset) {
  return {.places = [=](Bytes input) { return find_sftp(input, offset); },
          .mutate = &mutate_sftp_message,
          .make = &make_sftp_message};
}

std::size_t mutate_input(const Layout& layout, std::uint8_t* data, std::size_t size, std::size_t max_size,
                         unsigned int seed) {
  Choices choices(seed);
  const std::vector<Place> places = layout.places(Bytes(data, size));
  if (LLVMFuzzerMutate != nullptr && (places.empty() || choices.one_in(4))) {
    return LLVMFuzzerMutate(data, size, max_size);
  }
  if (places.empty()) return size;
  ByteVector out = mutated(layout, Bytes(data, size), places, choices);
  out.resize(std::min(out.size(), max_size));
  std::copy(out.begin(), out.end(), data);
  return out.size();
}

}  // namespace hawser::fuzz
