#include "channel/channel_table.h"

#include <algorithm>
#include <array>

#include "hawser/channel/messages.h"

namespace hawser::channel {
namespace {

constexpr Errc ok = Errc::ok;
constexpr Errc unknown = Errc::unknown_channel;
constexpr Errc early = Errc::unexpected_message;
constexpr Errc no_open = Errc::unexpected_reply;

// RFC 4254 §5: which message may speak of a channel when.
constexpr std::array<std::array<Errc, life_count>, 10> meanings{{
    // opening, requested, open, closing
    {ok, unknown, no_open, no_open},  // 91 OPEN_CONFIRMATION
    {ok, unknown, no_open, no_open},  // 92 OPEN_FAILURE
    {early, unknown, ok, ok},         // 93 WINDOW_ADJUST
    {early, unknown, ok, ok},         // 94 DATA
    {early, unknown, ok, ok},         // 95 EXTENDED_DATA
    {early, unknown, ok, ok},         // 96 EOF
    {early, unknown, ok, ok},         // 97 CLOSE
    {early, unknown, ok, ok},         // 98 REQUEST
    {early, unknown, ok, ok},         // 99 SUCCESS
    {early, unknown, ok, ok},         // 100 FAILURE
}};

}  // namespace

Errc check_message(std::uint8_t number, const Channel* channel) {
  if (channel == nullptr) return Errc::unknown_channel;
  return meanings[std::size_t{number} - ChannelOpenConfirmation::number][static_cast<std::size_t>(channel->life)];
}

Channel* ChannelTable::create(Life life, const ChannelLimits& limits) {
  if (full()) return nullptr;
  while (slots_[next_ % slots_.size()] != nullptr) ++next_;
  std::unique_ptr<Channel>& slot = slots_[next_ % slots_.size()];
  slot = std::make_unique<Channel>(next_, life, limits);
  ++next_;
  ++size_;
  return slot.get();
}

void ChannelTable::erase(ChannelId id) {
  if (find(id) == nullptr) return;
  slots_[id % slots_.size()].reset();
  --size_;
}

Channel* ChannelTable::find(ChannelId id) const {
  if (slots_.empty()) return nullptr;
  Channel* channel = slots_[id % slots_.size()].get();
  return channel != nullptr && channel->id == id ? channel : nullptr;
}

bool ChannelTable::peer_uses(std::uint32_t peer_id) const {
  return std::ranges::any_of(slots_, [&](const std::unique_ptr<Channel>& channel) {
    return channel != nullptr && channel->life != Life::opening && channel->peer_id == peer_id;
  });
}

}  // namespace hawser::channel
