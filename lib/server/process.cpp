#include "hawser/server/process.h"

#include <algorithm>

#include "hawser/channel/request_bodies.h"

namespace hawser::server {
namespace {

constexpr std::size_t waiting_events = 32;

// Whether `one` waiting makes `other` superfluous, but for what it says last: like signals of a POSIX process, which
// are pending or not, but not counted.
bool same_occasion(const ProcessEvent& one, const ProcessEvent& other) {
  if (one.index() != other.index()) return false;
  const auto* signal = std::get_if<SignalReceived>(&one);
  return signal == nullptr || signal->name == std::get<SignalReceived>(other).name;
}

}  // namespace

Process::Process(std::shared_ptr<net::Channel> channel, ProcessSettings settings)
    : channel_(std::move(channel)), settings_(std::move(settings)), changed_(channel_->executor()) {}

Process::~Process() = default;

Awaitable<Result<Payload>> Process::read() {
  Result<Payload> piece = co_await channel_->receive();
  if (piece) channel_->consumed(piece->size());
  co_return piece;
}

Awaitable<Result<ProcessEvent>> Process::next_event() {
  while (events_.empty()) {
    if (closed_) co_return Error(Errc::end_of_file);
    co_await changed_.wait();
  }
  ProcessEvent event = std::move(events_.front());
  events_.pop_front();
  co_return event;
}

void Process::set_flow_control(bool client_can_do) {
  channel_->request_without_reply(channel::XonXoff::type, wire::encode(channel::XonXoff{client_can_do}));
}

void Process::deliver(ProcessEvent event) {
  if (const auto* change = std::get_if<WindowChanged>(&event); change != nullptr && settings_.terminal) {
    settings_.terminal->size = change->size;
  }
  const auto waiting =
      std::ranges::find_if(events_, [&](const ProcessEvent& other) { return same_occasion(other, event); });
  if (waiting != events_.end()) {
    *waiting = std::move(event);
  } else if (events_.size() < waiting_events) {
    events_.push_back(std::move(event));
  }
  changed_.notify();
}

void Process::channel_closed() {
  closed_ = true;
  changed_.notify();
}

}  // namespace hawser::server
