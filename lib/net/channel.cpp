#include "hawser/net/channel.h"

#include "hawser/channel/request_bodies.h"
#include "hawser/net/connection.h"
#include "hawser/wire/dump.h"

namespace hawser::net {
namespace {

// A peer that sends more than either of these before they are looked at is cut off; one request may be of any size.
constexpr std::size_t waiting_requests = 64;
constexpr std::size_t waiting_request_bytes = 64 * 1024;
// Of data that waits. Data comes in bulk, stderr does not.
constexpr std::size_t waiting_slabs = 4;

}  // namespace

Channel::Channel(std::shared_ptr<Connection> connection, channel::ChannelId id)
    : connection_(std::move(connection)),
      id_(id),
      received_(connection_->executor(), waiting_slabs),
      received_stderr_(connection_->executor(), 0),
      answers_(connection_->executor()),
      write_signal_(connection_->executor()),
      request_signal_(connection_->executor()),
      state_signal_(connection_->executor()) {}

Channel::~Channel() = default;

asio::any_io_executor Channel::executor() const { return connection_->executor(); }

bool Channel::open() const { return opened_ && !closed_; }

Result<void> Channel::status() const {
  if (lost_.code() != Errc::ok) return lost_;
  if (closed_) return Error(Errc::end_of_file);
  return {};
}

Result<void> Channel::write_status() const {
  if (Result<void> usable = status(); !usable) return usable;
  if (unread_) return Error(Errc::closed, "the peer reads no more");
  if (send_ended_) return Error(Errc::invalid_state, "EOF has been sent");
  return {};
}

std::optional<Payload> Channel::try_receive() { return received_.take(); }

Awaitable<Result<Payload>> Channel::receive() { return receive_from(received_); }
Awaitable<Result<Payload>> Channel::receive_stderr() { return receive_from(received_stderr_); }

Awaitable<Result<Payload>> Channel::receive_from(ReceiveQueue& queue) {
  while (true) {
    if (std::optional<Payload> piece = queue.take()) co_return std::move(*piece);
    if (lost_.code() != Errc::ok) co_return lost_;
    if (eof_ || closed_ || close_said_) co_return Payload();
    co_await queue.wait();
  }
}

void Channel::consumed(std::size_t count) {
  if (!open()) return;
  connection_->session().channels().consumed(id_, count);
  connection_->flush_soon();
}

void Channel::reserve(std::size_t size, PacketChain& out) {
  if (open()) {
    connection_->session().channels().reserve(id_, size, out);
    return;
  }
  // The stream is gone; the writer need not know before it looks.
  const std::size_t largest = 32 * 1024;
  for (std::size_t left = size; left != 0; left -= std::min(left, largest)) {
    out.append(connection_->session().transport().prepare(std::min(left, largest)), 0);
  }
}

void Channel::send(PacketChain& chain) {
  if (open() && !unread_) {
    connection_->session().channels().send(id_, chain);
    connection_->queue_grew();
  }
  chain.clear();
}

bool Channel::writable() const { return write_status() && connection_->session().channels().writable(id_); }

Awaitable<Result<void>> Channel::wait_writable() {
  while (!writable()) {
    const Result<void> usable = write_status();
    if (!usable) co_return usable;
    co_await write_signal_.wait();
  }
  co_return Result<void>();
}

template <class Send>
Awaitable<Result<void>> Channel::write_with(Bytes data, Send send) {
  constexpr std::size_t step = 32 * 1024;
  while (!data.empty()) {
    const Result<void> ready = co_await wait_writable();
    if (!ready) co_return ready;
    const Bytes piece = data.first(std::min(data.size(), step));
    send(connection_->session().channels(), id_, piece);
    connection_->queue_grew();
    data = data.subspan(piece.size());
  }
  co_return Result<void>();
}

Awaitable<Result<void>> Channel::write(Bytes data) {
  return write_with(
      data, [](channel::Multiplexer& channels, channel::ChannelId id, Bytes piece) { channels.send_data(id, piece); });
}

Awaitable<Result<void>> Channel::write_stderr(Bytes data) {
  return write_with(data, [](channel::Multiplexer& channels, channel::ChannelId id, Bytes piece) {
    channels.send_extended(id, 1, piece);
  });
}

void Channel::send_eof() {
  if (!open()) return;
  send_ended_ = true;
  write_signal_.notify();
  connection_->session().channels().send_eof(id_);
  connection_->flush_soon();
}

void Channel::close() {
  if (!open()) return;
  send_ended_ = true;
  close_said_ = true;
  write_signal_.notify();
  notify_readers();
  connection_->session().channels().close(id_);
  connection_->flush_soon();
}

Result<std::uint64_t> Channel::ask(std::string_view type, Bytes specific) {
  if (!open()) return lost_.code() != Errc::ok ? lost_ : Error(Errc::end_of_file);
  const Result<void> sent = connection_->session().channels().request(id_, type, true, specific);
  if (!sent) return sent.error();
  connection_->flush_soon();
  return answers_.issue();
}

Awaitable<Result<bool>> Channel::answer(std::uint64_t ticket) {
  const std::optional<bool> success = co_await answers_.wait(ticket);
  if (success) co_return *success;
  co_return lost_.code() != Errc::ok ? lost_ : Error(Errc::end_of_file);
}

Awaitable<Result<bool>> Channel::request(std::string type, ByteVector specific) {
  const Result<std::uint64_t> ticket = ask(type, specific);
  if (!ticket) co_return ticket.error();
  Result<bool> success = co_await answer(*ticket);
  co_return success;
}

void Channel::request_without_reply(std::string_view type, Bytes specific) {
  if (!open()) return;
  if (connection_->session().channels().request(id_, type, false, specific)) connection_->flush_soon();
}

Awaitable<Result<channel::RequestReceived>> Channel::next_request() {
  while (requests_.empty()) {
    const Result<void> usable = status();
    if (!usable) co_return usable.error();
    co_await request_signal_.wait();
  }
  channel::RequestReceived request = std::move(requests_.front());
  requests_.pop_front();
  request_bytes_ -= request.specific.size();
  co_return request;
}

void Channel::reply(bool success) {
  if (!open()) return;
  connection_->session().channels().reply_request(id_, success);
  connection_->flush_soon();
}

void Channel::exit(std::uint32_t status) {
  end_with(channel::ExitStatus::type, wire::encode(channel::ExitStatus{status}));
}

void Channel::exit(const ExitSignal& signal) {
  end_with(channel::ExitSignal::type,
           wire::encode(channel::ExitSignal{signal.name, signal.core_dumped, signal.message, {}}));
}

void Channel::end_with(std::string_view request, Bytes specific) {
  if (!open()) return;
  channel::Multiplexer& channels = connection_->session().channels();
  // Refused only for a channel that is closing: then nobody wants to know.
  if (channels.request(id_, request, false, specific)) channels.send_eof(id_);
  close();
}

Awaitable<void> Channel::wait_closed() {
  while (!closed_) co_await state_signal_.wait();
}

void Channel::deliver(channel::ChannelEvent&& event) {
  if (auto* data = std::get_if<channel::DataReceived>(&event)) {
    ReceiveQueue& queue = data->extended_type == 0 ? received_ : received_stderr_;
    queue.append(std::move(data->data), connection_->session().transport().pool());
  } else if (std::holds_alternative<channel::WindowOpened>(event)) {
    write_signal_.notify();
  } else if (auto* request = std::get_if<channel::RequestReceived>(&event)) {
    on_request(std::move(*request));
  } else if (const auto* answered = std::get_if<channel::RequestAnswered>(&event)) {
    answers_.deliver(answered->success);
  } else if (std::holds_alternative<channel::EofReceived>(event)) {
    eof_ = true;
    notify_readers();
  } else if (std::holds_alternative<channel::Opened>(event)) {
    opened_ = true;
    state_signal_.notify();
  } else {
    if (auto* refused = std::get_if<channel::OpenRefused>(&event)) refusal_ = std::move(refused->description);
    finish();  // Closed, OpenRefused
  }
}

void Channel::on_request(channel::RequestReceived&& request) {
  if (request.type == channel::EndOfWrite::type) {
    unread_ = true;
    write_signal_.notify();
    if (request.want_reply) reply(true);
  } else if (connection_->session().role() == Role::client) {
    // What it does not know is refused: sshd's keepalive asks for no more than an answer.
    const bool known = answer_client_request(request);
    if (request.want_reply) reply(known);
  } else if (requests_.size() == waiting_requests ||
             (!requests_.empty() && request_bytes_ + request.specific.size() > waiting_request_bytes)) {
    connection_->disconnect(transport::DisconnectReason::protocol_error, "too many channel requests are waiting");
  } else {
    // A request waits for its turn: it must not hold a slab.
    request.specific = Payload::copy_of(request.specific.bytes(), connection_->session().transport().pool());
    request_bytes_ += request.specific.size();
    requests_.push_back(std::move(request));
    request_signal_.notify();
  }
}

// What a server tells of its program. Malformed or unknown: false, and nothing is remembered.
bool Channel::answer_client_request(const channel::RequestReceived& request) {
  const Bytes specific = request.specific.bytes();
  if (request.type == channel::ExitStatus::type) {
    const auto exit = wire::decode<channel::ExitStatus>(specific);
    if (exit) exit_status_ = exit->exit_status;
    return exit.has_value();
  }
  if (request.type == channel::ExitSignal::type) {
    const auto exit = wire::decode<channel::ExitSignal>(specific);
    if (!exit) return false;
    exit_signal_ = {wire::escaped(exit->signal_name), exit->core_dumped, wire::escaped(exit->error_message)};
    return true;
  }
  if (request.type == channel::XonXoff::type) {
    const auto flow = wire::decode<channel::XonXoff>(specific);
    if (flow) flow_control_ = flow->client_can_do;
    return flow.has_value();
  }
  return false;
}

void Channel::connection_lost(Error error) {
  lost_ = error;
  requests_.clear();  // nobody is there for the answers
  request_bytes_ = 0;
  finish();
}

void Channel::finish() {
  closed_ = true;
  answers_.close();
  notify_readers();
  write_signal_.notify();
  request_signal_.notify();
  state_signal_.notify();
}

void Channel::notify_readers() {
  received_.notify();
  received_stderr_.notify();
}

Awaitable<void> refuse_requests(std::shared_ptr<Channel> channel) {
  while (true) {
    const Result<channel::RequestReceived> request = co_await channel->next_request();
    if (!request) co_return;
    if (request->want_reply) channel->reply(false);
  }
}

}  // namespace hawser::net
