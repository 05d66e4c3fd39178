#include "hawser/client/remote_process.h"

#include "hawser/channel/request_bodies.h"
#include "hawser/net/spawn.h"

namespace hawser::client {
namespace {

// What three coroutines share: one feeds the program, two listen to it.
struct Conversation {
  Conversation(std::shared_ptr<RemoteProcess> with, ByteVector text, std::size_t limit)
      : process(std::move(with)), input(std::move(text)), left(limit), ended(process->channel()->executor()) {}

  void fail(Error error) {
    if (!failure) failure = error;
    process->channel()->close();
  }
  void end_one() {
    --running;
    ended.notify();
  }

  std::shared_ptr<RemoteProcess> process;
  ByteVector input;
  ProcessOutput said;
  std::size_t left;
  std::optional<Error> failure;
  int running = 3;
  net::Signal ended;
};

using ConversationPointer = std::shared_ptr<Conversation>;

// That a program has ended, or reads no more, before it has taken everything, is its own business.
Awaitable<void> feed(ConversationPointer conversation) {
  const Result<void> written = co_await conversation->process->write(conversation->input);
  if (written) conversation->process->end_input();
  conversation->end_one();
}

Awaitable<void> listen(ConversationPointer conversation, Awaitable<Result<Payload>> (RemoteProcess::*read)(),
                       ByteVector& into) {
  while (true) {
    const Result<Payload> piece = co_await ((*conversation->process).*read)();
    if (!piece) conversation->fail(piece.error());
    if (!piece || piece->empty()) break;
    if (piece->size() > conversation->left) {
      conversation->fail(Error(Errc::message_too_large, "output of the program"));
      break;
    }
    conversation->left -= piece->size();
    const Bytes bytes = piece->bytes();
    into.insert(into.end(), bytes.begin(), bytes.end());
  }
  conversation->end_one();
}

// Cancelled, nobody listens to the program any more.
class Listening {
 public:
  explicit Listening(ConversationPointer conversation) : conversation_(std::move(conversation)) {}
  ~Listening() {
    if (conversation_->running != 0) conversation_->process->channel()->close();
  }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;

 private:
  ConversationPointer conversation_;
};

}  // namespace

RemoteProcess::~RemoteProcess() { channel_->close(); }

Awaitable<Result<Payload>> RemoteProcess::read() {
  Result<Payload> piece = co_await channel_->receive();
  if (piece) channel_->consumed(piece->size());
  co_return piece;
}

Awaitable<Result<Payload>> RemoteProcess::read_error() {
  Result<Payload> piece = co_await channel_->receive_stderr();
  if (piece) channel_->consumed(piece->size());
  co_return piece;
}

void RemoteProcess::send_signal(std::string_view name) {
  channel_->request_without_reply(channel::Signal::type, wire::encode(channel::Signal{name}));
}

void RemoteProcess::resize(const channel::TerminalSize& size) {
  const channel::WindowChange change{size.columns, size.rows, size.width_pixels, size.height_pixels};
  channel_->request_without_reply(change.type, wire::encode(change));
}

Awaitable<Result<bool>> RemoteProcess::send_break(std::chrono::milliseconds length) {
  const channel::Break request{static_cast<std::uint32_t>(length.count())};
  return channel_->request(std::string(request.type), wire::encode(request));
}

Awaitable<Result<ProcessEnd>> RemoteProcess::wait() {
  co_await channel_->wait_closed();
  ProcessEnd end{channel_->exit_status(), channel_->exit_signal()};
  if (!end.status && !end.signal && channel_->lost()) co_return *channel_->lost();
  co_return end;
}

Awaitable<Result<ProcessOutput>> communicate(std::shared_ptr<RemoteProcess> process, ByteVector input,
                                             std::size_t output_limit) {
  const auto conversation = std::make_shared<Conversation>(process, std::move(input), output_limit);
  const asio::any_io_executor executor = process->channel()->executor();
  net::spawn(executor, feed(conversation));
  net::spawn(executor, listen(conversation, &RemoteProcess::read, conversation->said.output));
  net::spawn(executor, listen(conversation, &RemoteProcess::read_error, conversation->said.errors));
  const Listening listening(conversation);
  while (conversation->running != 0) co_await conversation->ended.wait();
  const Result<ProcessEnd> end = co_await process->wait();
  if (conversation->failure) co_return *conversation->failure;
  if (!end) co_return end.error();
  conversation->said.end = *end;
  co_return std::move(conversation->said);
}

}  // namespace hawser::client
