// The physical limit that throughput is held against: one process reads a file, encrypts 32 KiB packets in place with
// raw Botan and sends them over a loopback TCP connection; another receives, decrypts in place and discards. No SSH, no
// SFTP.
//
//   pipe_limit FILE CIPHER
//
// CIPHER: aes128-gcm, aes256-gcm, chacha20-poly1305, aes256-ctr-etm, none (read and send, no cipher), tcp (send one
// buffer again and again). Prints one JSON line with MB/s and the CPU seconds of both processes.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "raw_botan.h"

namespace {

using hawser::MutableBytes;
using hawser::bench::Direction;
using hawser::bench::RawCipher;

constexpr std::size_t data_size = 32 * 1024;
constexpr std::size_t packets_per_write = 8;

[[noreturn]] void die(const char* what) {
  std::perror(what);
  std::exit(1);
}

// No cipher at all.
class None final : public RawCipher {
 public:
  std::size_t tag_size() const override { return 0; }
  void seal(MutableBytes) override {}
  void open(MutableBytes) override {}
};

std::unique_ptr<RawCipher> make_cipher(const std::string& name, Direction direction) {
  if (name == "none" || name == "tcp") return std::make_unique<None>();
  if (name == "aes128-gcm") return hawser::bench::raw_aes_gcm(16, direction);
  if (name == "aes256-gcm") return hawser::bench::raw_aes_gcm(32, direction);
  if (name == "chacha20-poly1305") return hawser::bench::raw_chacha20_poly1305();
  if (name == "aes256-ctr-etm") return hawser::bench::raw_aes_ctr_hmac(32, "SHA-256");
  std::fprintf(stderr, "pipe_limit: unknown cipher %s\n", name.c_str());
  std::exit(2);
}

double cpu_seconds(int who) {
  rusage usage{};
  getrusage(who, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void receive_all(int socket, const std::string& name) {
  const std::unique_ptr<RawCipher> cipher = make_cipher(name, Direction::open);
  const std::size_t packet = data_size + cipher->tag_size();
  hawser::ByteVector buffer(packet * packets_per_write);
  std::size_t have = 0;
  while (true) {
    const ssize_t got = ::read(socket, buffer.data() + have, buffer.size() - have);
    if (got < 0) die("read");
    if (got == 0) return;
    have += static_cast<std::size_t>(got);
    std::size_t used = 0;
    for (; have - used >= packet; used += packet) cipher->open({buffer.data() + used, packet});
    std::memmove(buffer.data(), buffer.data() + used, have - used);
    have -= used;
  }
}

void send_all(int socket, int file, std::size_t size, const std::string& name) {
  const std::unique_ptr<RawCipher> cipher = make_cipher(name, Direction::seal);
  const std::size_t packet = data_size + cipher->tag_size();
  hawser::ByteVector buffer(packet * packets_per_write);
  for (std::size_t offset = 0; offset < size;) {
    for (std::size_t i = 0; i < packets_per_write; ++i, offset += data_size) {
      std::uint8_t* at = buffer.data() + i * packet;
      if (name == "tcp") continue;
      if (::pread(file, at, data_size, static_cast<off_t>(offset % size)) < 0) die("pread");
      cipher->seal({at, packet});
    }
    for (std::size_t sent = 0; sent < buffer.size();) {
      const ssize_t wrote = ::write(socket, buffer.data() + sent, buffer.size() - sent);
      if (wrote < 0) die("write");
      sent += static_cast<std::size_t>(wrote);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: pipe_limit FILE CIPHER\n");
    return 2;
  }
  const std::string name = argv[2];
  const int file = ::open(argv[1], O_RDONLY | O_CLOEXEC);
  struct stat status {};
  if (file < 0 || ::fstat(file, &status) != 0) die(argv[1]);
  const auto size = static_cast<std::size_t>(status.st_size);

  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  if (::bind(listener, reinterpret_cast<sockaddr*>(&address), length) != 0 || ::listen(listener, 1) != 0) die("listen");
  ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length);

  const pid_t receiver = ::fork();
  if (receiver == 0) {
    const int accepted = ::accept(listener, nullptr, nullptr);
    if (accepted < 0) die("accept");
    receive_all(accepted, name);
    std::_Exit(0);
  }
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  if (::connect(socket, reinterpret_cast<sockaddr*>(&address), length) != 0) die("connect");
  const int one = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  const auto start = std::chrono::steady_clock::now();
  send_all(socket, file, size, name);
  ::close(socket);
  int exit_status = 0;
  ::waitpid(receiver, &exit_status, 0);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (exit_status != 0) return 1;
  std::printf("{\"cipher\": \"%s\", \"mb_per_s\": %.0f, \"sender_cpu\": %.2f, \"receiver_cpu\": %.2f}\n", name.c_str(),
              static_cast<double>(size) / 1e6 / seconds, cpu_seconds(RUSAGE_SELF), cpu_seconds(RUSAGE_CHILDREN));
  return 0;
}
