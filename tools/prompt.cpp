#include "prompt.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/redirect_error.hpp>
#include <asio/signal_set.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <csignal>

#include "hawser/net/spawn.h"

namespace hawser::tools {
namespace {

// The terminal itself, so that a redirected standard input does not hide it; echo is as asked for while this lives.
class Terminal {
 public:
  explicit Terminal(bool echo) : fd_(::open("/dev/tty", O_RDWR | O_CLOEXEC)) {
    if (fd_ < 0 || ::tcgetattr(fd_, &before_) != 0) return;
    termios wanted = before_;
    if (!echo) wanted.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    changed_ = ::tcsetattr(fd_, TCSAFLUSH, &wanted) == 0;
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal() {
    if (changed_) ::tcsetattr(fd_, TCSAFLUSH, &before_);
    if (fd_ >= 0) ::close(fd_);
  }
  bool usable() const { return changed_; }
  int another_descriptor() const { return ::fcntl(fd_, F_DUPFD_CLOEXEC, 0); }
  void write(const std::string& text) const {
    [[maybe_unused]] const ssize_t written = ::write(fd_, text.data(), text.size());
  }

 private:
  int fd_;
  termios before_{};
  bool changed_ = false;
};

// The terminal gives whole lines, or parts of long ones.
net::Awaitable<std::optional<std::string>> read_line(asio::posix::stream_descriptor& input) {
  std::string line;
  std::array<char, 1024> part{};
  while (true) {
    asio::error_code ended;
    const std::size_t count =
        co_await input.async_read_some(asio::buffer(part), asio::redirect_error(asio::use_awaitable, ended));
    if (ended) co_return std::nullopt;
    line.append(part.data(), count);
    if (line.back() != '\n') continue;
    line.pop_back();
    co_return line;
  }
}

net::Awaitable<void> ask_into(std::string question, std::optional<std::string>& answer) {
  answer = co_await ask_at_terminal(std::move(question));
}

}  // namespace

bool has_terminal() {
  if (::isatty(STDIN_FILENO) == 0 && ::isatty(STDERR_FILENO) == 0) return false;
  const int fd = ::open("/dev/tty", O_RDWR | O_CLOEXEC);
  if (fd >= 0) ::close(fd);
  return fd >= 0;
}

net::Awaitable<std::optional<std::string>> ask_at_terminal(std::string question, bool echo) {
  const Terminal terminal(echo);
  if (!terminal.usable()) co_return std::nullopt;
  asio::posix::stream_descriptor input(co_await asio::this_coro::executor, terminal.another_descriptor());
  terminal.write(question);
  std::optional<std::string> answer = co_await read_line(input);
  if (!echo) terminal.write("\n");
  co_return answer;
}

std::optional<std::string> ask_and_wait(const std::string& question) {
  std::optional<std::string> answer;
  int stopped_by = 0;
  {
    asio::io_context context;
    asio::signal_set signals(context, SIGINT, SIGTERM, SIGHUP);
    signals.async_wait([&](const asio::error_code& error, int signal) {
      if (!error) stopped_by = signal;
      context.stop();
    });
    net::spawn(context.get_executor(), ask_into(question, answer), [&](std::exception_ptr) { context.stop(); });
    context.run();
  }
  if (stopped_by != 0) ::raise(stopped_by);
  return answer;
}

void show_at_terminal(const std::string& text) {
  const int fd = ::open("/dev/tty", O_WRONLY | O_CLOEXEC);
  if (fd < 0) return;
  [[maybe_unused]] const ssize_t written = ::write(fd, text.data(), text.size());
  ::close(fd);
}

}  // namespace hawser::tools
