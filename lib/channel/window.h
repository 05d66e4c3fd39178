// Flow control of one channel (RFC 4254 §5.2), one class per direction. All sums stay within 2^32 - 1.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "hawser/wire/result.h"

namespace hawser::channel {

// What the peer may send to us.
class ReceiveWindow {
 public:
  ReceiveWindow(std::uint32_t initial, std::uint32_t maximum_packet)
      : size_(initial), maximum_packet_(maximum_packet), open_(initial) {}

  // Data of this size has arrived.
  Result<void> take(std::size_t size) {
    if (size > maximum_packet_) return Error(Errc::packet_size_exceeded, "data longer than our maximum packet size");
    if (size > open_) return Error(Errc::window_exceeded, "data beyond our window");
    open_ -= static_cast<std::uint32_t>(size);
    unconsumed_ += static_cast<std::uint32_t>(size);
    return {};
  }

  // The owner is done with this much. Gives the WINDOW_ADJUST that is due, or 0: not before half of the window is used,
  // and a sixteenth at a time, so that the adjustments stay few; never later, so that the peer need not stop. What is
  // given may be more than was done: the window may grow by `growth_left`.
  std::uint32_t give_back(std::size_t count, std::uint32_t growth_left) {
    const auto done = static_cast<std::uint32_t>(std::min<std::size_t>(count, unconsumed_));
    unconsumed_ -= done;
    consumed_ += done;
    if (consumed_ == 0 || open_ > size_ / 2 || consumed_ < size_ / 16) return 0;
    grow(consumed_, growth_left);
    open_ += consumed_;
    return std::exchange(consumed_, 0);
  }

  std::uint32_t size() const { return size_; }

 private:
  // Quadruples once half of it has been used since it grew last, by a reader that leaves little behind: over a long
  // line the peer has sent all that the window allows then, or soon will have, and its next adjustment is a round trip
  // away.
  void grow(std::uint32_t done, std::uint32_t growth_left) {
    since_growth_ += done;
    if (since_growth_ < size_ / 2 || unconsumed_ > size_ / 4) return;
    constexpr std::uint64_t largest = std::numeric_limits<std::uint32_t>::max();
    const auto growth =
        static_cast<std::uint32_t>(std::min<std::uint64_t>({3ull * size_, growth_left, largest - size_}));
    size_ += growth;
    consumed_ += growth;
    since_growth_ = 0;
  }

  // open_ + unconsumed_ + consumed_ == size_, always.
  std::uint32_t size_;
  std::uint32_t maximum_packet_;
  std::uint32_t open_;
  std::uint32_t unconsumed_ = 0;
  std::uint32_t consumed_ = 0;
  std::uint64_t since_growth_ = 0;
};

// What we may send to the peer.
class SendWindow {
 public:
  SendWindow() = default;
  SendWindow(std::uint32_t initial, std::uint32_t maximum_packet) : open_(initial), maximum_packet_(maximum_packet) {}

  // RFC 4254 §5.2: a window must not be increased above 2^32 - 1.
  Result<void> add(std::uint32_t count) {
    if (count > std::numeric_limits<std::uint32_t>::max() - open_) {
      return Error(Errc::window_exceeded, "bytes_to_add takes the window past 2^32 - 1");
    }
    open_ += count;
    return {};
  }

  void use(std::size_t count) { open_ -= static_cast<std::uint32_t>(count); }
  // The most data that one packet may carry now.
  std::size_t room() const { return std::min(open_, maximum_packet_); }
  std::uint32_t maximum_packet() const { return maximum_packet_; }

 private:
  std::uint32_t open_ = 0;
  std::uint32_t maximum_packet_ = 0;
};

}  // namespace hawser::channel
