#include "terminal_command.h"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

namespace hawser::test {
namespace {

constexpr int patience_ms = 20000;

winsize size_of(unsigned columns, unsigned rows) {
  winsize size{};
  size.ws_col = static_cast<unsigned short>(columns);
  size.ws_row = static_cast<unsigned short>(rows);
  return size;
}

}  // namespace

TerminalCommand::TerminalCommand(const Command& command, unsigned columns, unsigned rows) {
  const winsize size = size_of(columns, rows);
  std::vector<char*> arguments;
  for (const std::string& argument : command.arguments) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  pid_ = ::forkpty(&terminal_, nullptr, nullptr, &size);
  if (pid_ < 0) throw std::runtime_error("forkpty");
  if (pid_ == 0) {
    for (const auto& [name, value] : command.environment) ::setenv(name.c_str(), value.c_str(), 1);
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
  }
}

TerminalCommand::~TerminalCommand() {
  ::close(terminal_);
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

bool TerminalCommand::read_some() {
  pollfd waiting{terminal_, POLLIN, 0};
  silent_ = ::poll(&waiting, 1, patience_ms) == 0;
  if (silent_) return false;
  char buffer[4096];
  const ssize_t count = ::read(terminal_, buffer, sizeof buffer);
  if (count <= 0) return false;  // EIO: the other end is closed
  output_.append(buffer, static_cast<std::size_t>(count));
  return true;
}

bool TerminalCommand::wait_for_output(const std::string& text) {
  while (output_.find(text) == output_.npos) {
    if (!read_some()) return false;
  }
  return true;
}

void TerminalCommand::type(const std::string& keys) {
  if (::write(terminal_, keys.data(), keys.size()) != static_cast<ssize_t>(keys.size())) {
    throw std::runtime_error("cannot type");
  }
}

void TerminalCommand::resize(unsigned columns, unsigned rows) {
  const winsize size = size_of(columns, rows);
  ::ioctl(terminal_, TIOCSWINSZ, &size);  // the kernel sends SIGWINCH
}

int TerminalCommand::wait() {
  while (read_some()) {
  }
  // What has closed its terminal is about to end; what is silent for longer than our patience does not.
  if (silent_) ::kill(pid_, SIGKILL);
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace hawser::test
