#include "process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace hawser::test {
namespace {

using Clock = std::chrono::steady_clock;

// In the child, between fork and exec.
[[noreturn]] void become(const Command& command) {
  if (!command.directory.empty() && ::chdir(command.directory.c_str()) != 0) ::_exit(126);
  for (const auto& [name, value] : command.environment) ::setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> arguments;
  for (const std::string& argument : command.arguments) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  ::execvp(arguments[0], arguments.data());
  ::_exit(127);
}

int exit_code_of(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

struct Pipe {
  int read = -1, write = -1;
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
    read = ends[0];
    write = ends[1];
  }
  ~Pipe() {
    close_read();
    close_write();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void close_read() { close_one(read); }
  void close_write() { close_one(write); }
  static void close_one(int& fd) {
    if (fd >= 0) ::close(fd);
    fd = -1;
  }
};

}  // namespace

Finished run_command(const Command& command, std::chrono::seconds limit) {
  Pipe input, output;
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::setpgid(0, 0);
    ::dup2(input.read, 0);
    ::dup2(output.write, 1);
    ::dup2(output.write, 2);
    become(command);
  }
  ::setpgid(pid, pid);  // also here: whoever kills the group must find it
  input.close_read();
  output.close_write();
  ::signal(SIGPIPE, SIG_IGN);
  ::fcntl(input.write, F_SETFL, O_NONBLOCK);

  Finished finished;
  std::size_t sent = 0;
  if (command.input.empty()) input.close_write();
  const Clock::time_point end = Clock::now() + limit;
  bool killed = false;
  while (true) {
    pollfd waiting[2] = {{output.read, POLLIN, 0}, {input.write, POLLOUT, 0}};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
    if (left <= 0 && !killed) {
      ::kill(-pid, SIGKILL);
      killed = true;
    }
    ::poll(waiting, input.write >= 0 ? 2 : 1, killed ? 1000 : static_cast<int>(left));
    if (input.write >= 0 && (waiting[1].revents & (POLLOUT | POLLERR | POLLHUP)) != 0) {
      const ssize_t count = ::write(input.write, command.input.data() + sent, command.input.size() - sent);
      if (count > 0) sent += static_cast<std::size_t>(count);
      if (count < 0 || sent == command.input.size()) input.close_write();
    }
    if ((waiting[0].revents & (POLLIN | POLLHUP)) != 0) {
      char buffer[16384];
      const ssize_t count = ::read(output.read, buffer, sizeof buffer);
      if (count <= 0) break;
      finished.output.append(buffer, static_cast<std::size_t>(count));
    } else if (killed) {
      break;
    }
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  finished.exit_code = exit_code_of(status);
  if (killed) finished.output += "\n[killed: no end within the time limit]";
  return finished;
}

Background::Background(const Command& command, std::string output_file) : output_file_(std::move(output_file)) {
  pid_ = ::fork();
  if (pid_ == 0) {
    ::setpgid(0, 0);
    const int null = ::open("/dev/null", O_RDONLY);
    const int out = ::open(output_file_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::dup2(null, 0);
    ::dup2(out, 1);
    ::dup2(out, 2);
    become(command);
  }
  ::setpgid(pid_, pid_);  // also here: whoever kills the group must find it
}

Background::~Background() {
  if (!running()) return;
  ::kill(-pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

bool Background::running() {
  if (pid_ < 0) return false;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) == 0) return true;
  exit_code_ = exit_code_of(status);
  pid_ = -1;
  return false;
}

int Background::terminate() {
  if (running()) {
    ::kill(pid_, SIGTERM);
    int status = 0;
    ::waitpid(pid_, &status, 0);
    exit_code_ = exit_code_of(status);
    pid_ = -1;
  }
  return exit_code_;
}

std::string Background::output() const {
  std::ifstream file(output_file_);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

bool Background::wait_for_output(const std::string& text) {
  const auto has_text = [&] { return output().find(text) != std::string::npos; };
  wait_until([&] { return !running() || has_text(); });
  return has_text();
}

bool wait_until(const std::function<bool()>& holds) {
  const Clock::time_point end = Clock::now() + std::chrono::seconds(20);
  while (!holds()) {
    if (Clock::now() >= end) return false;
    ::poll(nullptr, 0, 10);
  }
  return true;
}

namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

// Whether `call` works with a socket and this port.
template <class Call>
bool works(Call call, int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  const bool done = call(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(socket);
  return done;
}

}  // namespace

int free_port() {
  // Below those that the system gives to clients, so that no connection takes it meanwhile; each process has its own to
  // begin with, and none twice.
  constexpr int first = 10'000, count = 20'000, of_a_process = 100;
  static std::atomic<int> next = static_cast<int>(::getpid() % (count / of_a_process)) * of_a_process;
  for (int tried = 0; tried != count; ++tried) {
    const int port = first + next++ % count;
    if (works(::bind, port)) return port;
  }
  throw std::runtime_error("no port is free");
}

bool wait_for_port(int port, Background& server) {
  bool taken = false;
  wait_until([&] {
    const bool running = server.running();
    taken = running && works(::connect, port);
    return taken || !running;
  });
  return taken;
}

bool program_exists(const std::string& path) { return ::access(path.c_str(), X_OK) == 0; }

}  // namespace hawser::test
