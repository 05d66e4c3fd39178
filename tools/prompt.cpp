#include "prompt.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

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
  void write(const std::string& text) const {
    [[maybe_unused]] const ssize_t written = ::write(fd_, text.data(), text.size());
  }
  std::optional<std::string> read_line() const {
    std::string line;
    char c = 0;
    while (true) {
      const ssize_t count = ::read(fd_, &c, 1);
      if (count <= 0) return std::nullopt;
      if (c == '\n') return line;
      line += c;
    }
  }

 private:
  int fd_;
  termios before_{};
  bool changed_ = false;
};

}  // namespace

bool has_terminal() {
  if (::isatty(STDIN_FILENO) == 0 && ::isatty(STDERR_FILENO) == 0) return false;
  const int fd = ::open("/dev/tty", O_RDWR | O_CLOEXEC);
  if (fd >= 0) ::close(fd);
  return fd >= 0;
}

std::optional<std::string> ask_at_terminal(const std::string& question, bool echo) {
  const Terminal terminal(echo);
  if (!terminal.usable()) return std::nullopt;
  terminal.write(question);
  std::optional<std::string> answer = terminal.read_line();
  if (!echo) terminal.write("\n");
  return answer;
}

void show_at_terminal(const std::string& text) {
  const Terminal terminal(true);
  if (terminal.usable()) terminal.write(text);
}

}  // namespace hawser::tools
