#include "hawser/net/pipe_channel.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/post.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <cerrno>

#include "hawser/net/signal.h"

namespace hawser::net {

namespace {

constexpr std::size_t part_size = 64 * 1024;      // of one buffer in a chain
constexpr std::size_t read_size = 64 * 1024;      // what a pipe holds; a slab with less room left is given up
constexpr std::size_t queue_limit = 1024 * 1024;  // writable() is false above it
constexpr std::size_t flush_size = 256 * 1024;    // written without waiting for the end of the turn
constexpr std::size_t pieces_per_write = 64;

// A descriptor that is non-blocking while this lives. One that cannot be never blocks for long (regular files).
class Descriptor {
 public:
  Descriptor(const asio::any_io_executor& executor, int fd, int flags) : flags_(flags), stream_(executor, fd) {
    std::error_code ignored;
    stream_.native_non_blocking(true, ignored);
  }
  ~Descriptor() { close(); }

  void close() {
    if (!stream_.is_open()) return;
    if (flags_ != -1) ::fcntl(fd(), F_SETFL, flags_);
    std::error_code ignored;
    stream_.close(ignored);
  }
  int fd() { return stream_.native_handle(); }
  asio::posix::stream_descriptor& stream() { return stream_; }

 private:
  int flags_;
  asio::posix::stream_descriptor stream_;
};

// Whether two descriptors are one socket or terminal: then they have their flags in common, and one must not lose them
// before the other is done.
bool same_file(int a, int b) {
  struct stat of_a {
  }, of_b{};
  return ::fstat(a, &of_a) == 0 && ::fstat(b, &of_b) == 0 && of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
}

// Both descriptors with the flags they had before either was changed.
struct Ends {
  Ends(int in, int out)
      : input(in),
        output(in == out ? ::dup(out) : out),
        input_flags(::fcntl(in, F_GETFL)),
        output_flags(::fcntl(out, F_GETFL)) {}
  int input, output;
  int input_flags, output_flags;
};

bool is_socket(int fd) {
  struct stat of_fd {};
  return ::fstat(fd, &of_fd) == 0 && S_ISSOCK(of_fd.st_mode);
}

// Keeps SIGPIPE from this thread while it lives. One that came meanwhile is taken back, unless one was pending before.
class SigpipeBlocked {
 public:
  SigpipeBlocked() {
    sigset_t pending;
    ::sigpending(&pending);
    was_pending_ = ::sigismember(&pending, SIGPIPE) == 1;
    ::sigemptyset(&sigpipe_);
    ::sigaddset(&sigpipe_, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &sigpipe_, &before_);
  }
  SigpipeBlocked(const SigpipeBlocked&) = delete;
  SigpipeBlocked& operator=(const SigpipeBlocked&) = delete;
  ~SigpipeBlocked() {
    const int error = errno;
    if (raised_ && !was_pending_) {
      const timespec at_once{};
      while (::sigtimedwait(&sigpipe_, nullptr, &at_once) < 0 && errno == EINTR) {
      }
    }
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    errno = error;
  }
  void raised() { raised_ = true; }

 private:
  sigset_t sigpipe_{}, before_{};
  bool was_pending_ = false;
  bool raised_ = false;
};

// A socket can be asked not to raise SIGPIPE. For a pipe the signal is kept from the program, which may have left its
// default: to be killed.
ssize_t write_pieces(int fd, bool socket, std::span<iovec> pieces) {
  if (!socket) {
    SigpipeBlocked blocked;
    const ssize_t written = ::writev(fd, pieces.data(), static_cast<int>(pieces.size()));
    if (written < 0 && errno == EPIPE) blocked.raised();
    return written;
  }
  msghdr message{};
  message.msg_iov = pieces.data();
  message.msg_iovlen = pieces.size();
  return ::sendmsg(fd, &message, MSG_NOSIGNAL);
}

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK; }

}  // namespace

struct PipeChannel::State : std::enable_shared_from_this<State> {
  State(asio::any_io_executor executor_, const Ends& ends, std::shared_ptr<BufferPool> pool_)
      : executor(std::move(executor_)),
        pool(pool_ ? std::move(pool_) : BufferPool::create()),
        input(executor, ends.input, ends.input_flags),
        output(executor, ends.output, ends.output_flags),
        same(same_file(ends.input, ends.output)),
        socket(is_socket(ends.output)),
        written(executor) {}

  // nullopt: would block.
  std::optional<Result<Payload>> read();
  MutableBytes receive_space();
  void flush_soon();
  void flush();
  bool write_some();
  void wait_output();
  void broken();
  void close_output();

  asio::any_io_executor executor;
  std::shared_ptr<BufferPool> pool;
  Descriptor input;
  Descriptor output;
  const bool same;    // input and output are one file
  const bool socket;  // the output is one
  bool input_open = true;
  bool output_open = true;
  Signal written;  // the queue got shorter, or the output is gone

  BlockRef slab;
  std::size_t slab_used = 0;

  std::vector<PacketBuffer> queue;
  std::size_t first = 0;  // of `queue`, not yet written
  std::size_t queued = 0;
  bool flush_posted = false;
  bool waiting_output = false;
  bool eof_due = false;
};

PipeChannel::PipeChannel(asio::any_io_executor executor, int input, int output, std::shared_ptr<BufferPool> pool)
    : state_(std::make_shared<State>(std::move(executor), Ends(input, output), std::move(pool))) {}

PipeChannel::~PipeChannel() {
  close();
  state_->close_output();
}

// Pieces share a slab; the next one goes behind the last.
MutableBytes PipeChannel::State::receive_space() {
  if (slab && slab.unique()) slab_used = 0;
  if (!slab || slab->capacity() - slab_used < read_size) {
    slab = pool->acquire(BufferPool::slab_size);
    slab_used = 0;
  }
  return {slab->data() + slab_used, slab->capacity() - slab_used};
}

std::optional<Result<Payload>> PipeChannel::State::read() {
  if (!input_open) return Result<Payload>(Error(Errc::closed, "a pipe"));
  const MutableBytes space = receive_space();
  ssize_t count = 0;
  do {
    count = ::read(input.fd(), space.data(), space.size());
  } while (count < 0 && errno == EINTR);
  if (count < 0) {
    if (would_block(errno)) return std::nullopt;
    return Result<Payload>(Error(Errc::io_error, "reading from a pipe"));
  }
  slab_used += static_cast<std::size_t>(count);
  return Result<Payload>(Payload(space.first(static_cast<std::size_t>(count)), slab));
}

std::optional<Payload> PipeChannel::try_receive() {
  std::optional<Result<Payload>> piece = state_->read();
  // The end and errors are for `receive` to tell: reading meets them again.
  if (!piece || !*piece || (*piece)->empty()) return std::nullopt;
  return std::move(**piece);
}

Awaitable<Result<Payload>> PipeChannel::receive() {
  const std::shared_ptr<State> state = state_;
  while (true) {
    if (std::optional<Result<Payload>> piece = state->read()) co_return std::move(*piece);
    state->slab.reset();  // an idle pipe holds no memory
    std::error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    co_await state->input.stream().async_wait(asio::posix::stream_descriptor::wait_read, token);
    if (error) co_return Error(error == asio::error::operation_aborted ? Errc::closed : Errc::io_error, "a pipe");
  }
}

void PipeChannel::reserve(std::size_t size, PacketChain& out) {
  while (size != 0) {
    const std::size_t count = std::min(size, part_size);
    out.append(PacketBuffer(*state_->pool, count), 0);
    size -= count;
  }
}

void PipeChannel::send(PacketChain& chain) {
  State& s = *state_;
  if (s.output_open && !s.eof_due) {
    for (PacketChain::Part& part : chain.parts()) {
      s.queued += part.buffer.size();
      s.queue.push_back(std::move(part.buffer));
    }
    if (s.queued >= flush_size && !s.waiting_output) {
      s.flush();
    } else {
      s.flush_soon();
    }
  }
  chain.clear();
}

bool PipeChannel::writable() const { return state_->queued <= queue_limit; }

Awaitable<Result<void>> PipeChannel::wait_writable() {
  const std::shared_ptr<State> state = state_;
  while (state->output_open && state->queued > queue_limit) co_await state->written.wait();
  if (!state->output_open) co_return Error(Errc::closed, "a pipe");
  co_return Result<void>();
}

void PipeChannel::send_eof() {
  state_->eof_due = true;
  state_->flush_soon();
}

void PipeChannel::close() {
  std::error_code ignored;
  state_->input_open = false;
  state_->input.stream().cancel(ignored);
  send_eof();
}

asio::any_io_executor PipeChannel::executor() const { return state_->executor; }

Awaitable<void> PipeChannel::wait_closed() {
  const std::shared_ptr<State> state = state_;
  while (state->output_open) co_await state->written.wait();
}

void PipeChannel::State::flush_soon() {
  if (flush_posted || waiting_output || !output_open) return;
  flush_posted = true;
  asio::post(executor, [self = shared_from_this()] {
    self->flush_posted = false;
    if (!self->waiting_output) self->flush();
  });
}

void PipeChannel::State::flush() {
  const bool was_full = queued > queue_limit;
  while (queued != 0 && output_open) {
    if (!write_some()) break;
  }
  if (output_open && queued == 0 && eof_due) close_output();
  if (was_full && queued <= queue_limit) written.notify();
}

// False where the descriptor takes no more now.
bool PipeChannel::State::write_some() {
  std::array<iovec, pieces_per_write> pieces;
  std::size_t count = 0;
  for (std::size_t i = first; i != queue.size() && count != pieces.size(); ++i) {
    const MutableBytes bytes = queue[i].payload();
    pieces[count++] = {bytes.data(), bytes.size()};
  }
  const ssize_t written_now = write_pieces(output.fd(), socket, std::span(pieces).first(count));
  if (written_now < 0) {
    if (errno == EINTR) return true;
    if (would_block(errno)) {
      wait_output();
    } else {
      broken();
    }
    return false;
  }
  auto left = static_cast<std::size_t>(written_now);
  queued -= left;
  while (left != 0 && left >= queue[first].size()) {
    left -= queue[first].size();
    queue[first++] = PacketBuffer();
  }
  if (left != 0) queue[first].remove_prefix(left);
  if (queued == 0) {
    queue.clear();
    first = 0;
  }
  return true;
}

void PipeChannel::State::wait_output() {
  waiting_output = true;
  output.stream().async_wait(asio::posix::stream_descriptor::wait_write,
                             [self = shared_from_this()](const std::error_code& error) {
                               self->waiting_output = false;
                               if (error) return self->broken();
                               self->flush();
                             });
}

// Nobody reads any more: what waits is dropped, and writers are told.
void PipeChannel::State::broken() {
  queue.clear();
  first = 0;
  queued = 0;
  close_output();
}

void PipeChannel::State::close_output() {
  if (!output_open) return;
  output_open = false;
  if (same) {
    ::shutdown(output.fd(), SHUT_WR);
    std::error_code ignored;
    output.stream().cancel(ignored);
  } else {
    output.close();
  }
  written.notify();
}

}  // namespace hawser::net
