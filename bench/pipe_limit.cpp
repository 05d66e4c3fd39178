// The physical limit that throughput is held against: one process reads a file, encrypts 32 KiB packets in place with
// raw Botan and sends them over a loopback TCP connection; another receives, decrypts in place and discards. No SSH, no
// SFTP.
//
//   pipe_limit FILE CIPHER
//
// CIPHER: aes128-gcm, aes256-gcm, chacha20-poly1305, aes256-ctr-etm, none (read and send, no cipher), tcp (send one
// buffer again and again). Prints one JSON line with MB/s and the CPU seconds of both processes.
#include <arpa/inet.h>
#include <botan/aead.h>
#include <botan/mac.h>
#include <botan/stream_cipher.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace {

using Bytes = std::span<std::uint8_t>;
constexpr std::size_t data_size = 32 * 1024;
constexpr std::size_t tag_room = 64;
constexpr std::size_t packets_per_write = 8;

[[noreturn]] void die(const char* what) {
  std::perror(what);
  std::exit(1);
}

// One direction of a cipher: `data` is encrypted or decrypted in place, its tag stands behind it.
class Cipher {
 public:
  virtual ~Cipher() = default;
  virtual std::size_t tag_size() const = 0;
  virtual void seal(std::uint8_t* data) = 0;
  virtual void open(std::uint8_t* data) = 0;
};

class None final : public Cipher {
 public:
  std::size_t tag_size() const override { return 0; }
  void seal(std::uint8_t*) override {}
  void open(std::uint8_t*) override {}
};

class Gcm final : public Cipher {
 public:
  Gcm(const char* name, std::size_t key_size, Botan::Cipher_Dir direction)
      : mode_(Botan::AEAD_Mode::create_or_throw(name, direction)), nonce_(12), tail_(16) {
    const std::vector<std::uint8_t> key(key_size, 7);
    mode_->set_key(key.data(), key.size());
  }
  std::size_t tag_size() const override { return 16; }
  void seal(std::uint8_t* data) override {
    next_nonce();
    mode_->process(data, data_size);
    tail_.clear();
    mode_->finish(tail_);
    std::memcpy(data + data_size, tail_.data(), 16);
  }
  void open(std::uint8_t* data) override {
    next_nonce();
    mode_->process(data, data_size);
    tail_.assign(data + data_size, data + data_size + 16);
    mode_->finish(tail_);
  }

 private:
  void next_nonce() {
    ++nonce_.back();
    mode_->start(nonce_.data(), nonce_.size());
  }
  std::unique_ptr<Botan::AEAD_Mode> mode_;
  std::vector<std::uint8_t> nonce_;
  Botan::secure_vector<std::uint8_t> tail_;
};

class StreamAndMac final : public Cipher {
 public:
  StreamAndMac(const char* stream, std::size_t key_size, std::size_t iv_size, const char* mac, std::size_t mac_key,
               std::size_t tag)
      : stream_(Botan::StreamCipher::create_or_throw(stream)),
        iv_(iv_size),
        mac_key_(mac_key, 3),
        tag_(tag),
        per_packet_(std::string(mac) == "Poly1305") {
    mac_ = Botan::MessageAuthenticationCode::create_or_throw(mac);
    const std::vector<std::uint8_t> key(key_size, 7);
    stream_->set_key(key.data(), key.size());
    stream_->set_iv(iv_.data(), iv_.size());
    mac_->set_key(mac_key_.data(), mac_key_.size());
  }
  std::size_t tag_size() const override { return tag_; }
  void seal(std::uint8_t* data) override {
    next();
    stream_->cipher1(data, data_size);
    mac_->update(data, data_size);
    mac_->final(data + data_size);
  }
  void open(std::uint8_t* data) override {
    next();
    std::array<std::uint8_t, tag_room> tag{};
    mac_->update(data, data_size);
    mac_->final(tag.data());
    if (std::memcmp(tag.data(), data + data_size, tag_) != 0) die("tag");
    stream_->cipher1(data, data_size);
  }

 private:
  void next() {
    if (!per_packet_) return;
    ++iv_.back();
    stream_->set_iv(iv_.data(), iv_.size());
    std::memset(mac_key_.data(), 0, mac_key_.size());
    stream_->cipher1(mac_key_.data(), mac_key_.size());
    mac_->set_key(mac_key_.data(), mac_key_.size());
    stream_->seek(64);
  }
  std::unique_ptr<Botan::StreamCipher> stream_;
  std::unique_ptr<Botan::MessageAuthenticationCode> mac_;
  std::vector<std::uint8_t> iv_, mac_key_;
  std::size_t tag_;
  bool per_packet_;
};

std::unique_ptr<Cipher> make_cipher(const std::string& name, Botan::Cipher_Dir direction) {
  if (name == "none" || name == "tcp") return std::make_unique<None>();
  if (name == "aes128-gcm") return std::make_unique<Gcm>("AES-128/GCM", 16, direction);
  if (name == "aes256-gcm") return std::make_unique<Gcm>("AES-256/GCM", 32, direction);
  if (name == "chacha20-poly1305") return std::make_unique<StreamAndMac>("ChaCha(20)", 32, 8, "Poly1305", 32, 16);
  if (name == "aes256-ctr-etm")
    return std::make_unique<StreamAndMac>("CTR-BE(AES-256)", 32, 16, "HMAC(SHA-256)", 32, 32);
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
  const std::unique_ptr<Cipher> cipher = make_cipher(name, Botan::DECRYPTION);
  const std::size_t packet = data_size + cipher->tag_size();
  std::vector<std::uint8_t> buffer(packet * packets_per_write);
  std::size_t have = 0;
  while (true) {
    const ssize_t got = ::read(socket, buffer.data() + have, buffer.size() - have);
    if (got < 0) die("read");
    if (got == 0) return;
    have += static_cast<std::size_t>(got);
    std::size_t used = 0;
    for (; have - used >= packet; used += packet) cipher->open(buffer.data() + used);
    std::memmove(buffer.data(), buffer.data() + used, have - used);
    have -= used;
  }
}

void send_all(int socket, int file, std::size_t size, const std::string& name) {
  const std::unique_ptr<Cipher> cipher = make_cipher(name, Botan::ENCRYPTION);
  const std::size_t packet = data_size + cipher->tag_size();
  std::vector<std::uint8_t> buffer(packet * packets_per_write);
  for (std::size_t offset = 0; offset < size;) {
    for (std::size_t i = 0; i < packets_per_write; ++i, offset += data_size) {
      std::uint8_t* at = buffer.data() + i * packet;
      if (name == "tcp") continue;
      if (::pread(file, at, data_size, static_cast<off_t>(offset % size)) < 0) die("pread");
      cipher->seal(at);
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
