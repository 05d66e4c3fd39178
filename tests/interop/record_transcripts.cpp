// record_transcripts DATA [KEX]: records the sessions of tests/data/transcripts, DATA being tests/data, with the
// OpenSSH that is installed, in both roles, for each key exchange (or the one that is named) and host key algorithm
// that both have, with all ciphers and MACs in turn. Run by hand, when a row of crypto/algorithms.cpp is new or what we
// send has changed on purpose.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <set>

#include "peers.h"
#include "support/golden_session.h"

using namespace hawser;
using namespace hawser::test;

namespace {

using Notes = std::map<std::string, std::string>;

std::set<std::string> openssh_has(const char* query) {
  std::istringstream names(run_command({{"ssh", "-Q", query}, {}, {}, {}}).output);
  std::set<std::string> all;
  for (std::string name; names >> name;) all.insert(name);
  return all;
}

// Each cipher with each MAC that it can have; a cipher with a tag of its own once.
std::vector<Notes> protections() {
  std::vector<Notes> all;
  for (const crypto::CipherRow& cipher : crypto::cipher_rows()) {
    for (const crypto::MacRow& mac : crypto::mac_rows()) {
      if (cipher.tag_size != 0 && &mac != &crypto::mac_rows().front()) continue;
      all.push_back({{"cipher", std::string(cipher.name)}, {"mac", std::string(mac.name)}});
    }
  }
  return all;
}

// A group exchange is asked for no larger a group than its cipher needs: those of 3072 bits keep the tests fast.
bool fits(const std::string& kex, const Notes& protection) {
  return kex.find("group-exchange") == std::string::npos || protection.at("cipher").starts_with("aes128");
}

std::vector<Notes> sessions(const std::string& only) {
  const std::set<std::string> methods = openssh_has("kex"), signatures = openssh_has("HostKeyAlgorithms");
  const std::vector<Notes> protected_by = protections();
  std::size_t next = 0;
  std::vector<Notes> all;
  for (const crypto::KexRow& kex : crypto::kex_rows()) {
    if (!methods.contains(std::string(kex.name)) || (!only.empty() && kex.name != only)) continue;
    for (const crypto::SignatureRow& signature : crypto::signature_rows()) {
      if (!signatures.contains(std::string(signature.name))) continue;
      Notes notes{{"kex", std::string(kex.name)}, {"host_key", std::string(signature.name)}};
      do next = (next + 1) % protected_by.size();
      while (!fits(notes["kex"], protected_by[next]));
      notes.insert(protected_by[next].begin(), protected_by[next].end());
      all.push_back(notes);
    }
  }
  return all;
}

// A program of OpenSSH in a process of its own, and our end of what it speaks over.
class Peer {
 public:
  // sshd: its standard input and output are the other end of a socket.
  explicit Peer(std::vector<std::string> arguments) {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) throw std::runtime_error("socketpair");
    start(std::move(arguments), ends[1]);
    ::close(ends[1]);
    socket_ = ends[0];
  }
  // ssh: connects to this port of 127.0.0.1, where we wait for it.
  Peer(std::vector<std::string> arguments, int port) {
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener, 1) != 0) {
      ::close(listener);
      throw std::runtime_error("cannot listen");
    }
    start(std::move(arguments), -1);
    socket_ = ::accept(listener, nullptr, nullptr);
    ::close(listener);
  }
  ~Peer() {
    ::close(socket_);
    ::waitpid(pid_, nullptr, 0);
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  int socket() const { return socket_; }

 private:
  void start(std::vector<std::string> arguments, int standard_io) {
    std::vector<char*> pointers;
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ != 0) return;
    if (standard_io >= 0) {
      ::dup2(standard_io, 0);
      ::dup2(standard_io, 1);
    }
    ::execv(pointers[0], pointers.data());
    ::_exit(127);
  }

  int socket_ = -1;
  pid_t pid_ = -1;
};

void send_all(transport::Transport& transport, int socket) {
  for (ByteVector bytes = take_transmit(transport); !bytes.empty();) {
    const ssize_t count = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) throw std::runtime_error("the peer has gone");
    bytes.erase(bytes.begin(), bytes.begin() + count);
  }
}

void run(GoldenEnd& end, int socket) {
  std::array<std::uint8_t, 32 * 1024> block{};
  send_all(end.transport, socket);
  while (!end.done) {
    const ssize_t count = ::read(socket, block.data(), block.size());
    if (count <= 0) throw std::runtime_error("the peer has gone");
    end.receive(Bytes(block.data(), static_cast<std::size_t>(count)));
    send_all(end.transport, socket);
    if (end.error) throw std::runtime_error(end.error->message() + " " + end.transport.failure_detail());
  }
}

std::vector<std::string> sshd(const Notes& notes, const std::string& data, const std::string& scratch) {
  // sshd wants to be the owner of its key, with nobody else to read it.
  const std::string key = scratch + "/key";
  write_file(key, read_file(GoldenEnd::host_key_file(data, notes.at("host_key"))));
  const std::string config = scratch + "/sshd_config";
  write_file(config, "HostKey " + key + "\nKexAlgorithms " + notes.at("kex") + "\nHostKeyAlgorithms " +
                         notes.at("host_key") + "\nCiphers " + notes.at("cipher") + "\nMACs " + notes.at("mac") +
                         "\nCompression no\nUsePAM no\nLogLevel QUIET\n");
  return {"/usr/sbin/sshd", "-i", "-f", config};
}

std::vector<std::string> ssh(const Notes& notes, int port) {
  return {"/usr/bin/ssh",
          "-F",
          "/dev/null",
          "-p",
          std::to_string(port),
          "-o",
          "KexAlgorithms=" + notes.at("kex"),
          "-o",
          "HostKeyAlgorithms=" + notes.at("host_key"),
          "-c",
          notes.at("cipher"),
          "-m",
          notes.at("mac"),
          "-o",
          "Compression=no",
          "-o",
          "StrictHostKeyChecking=no",
          "-o",
          "UserKnownHostsFile=/dev/null",
          "-o",
          "LogLevel=QUIET",
          "-o",
          "BatchMode=yes",
          "golden@127.0.0.1",
          "true"};
}

void record(Role role, const Notes& notes, std::uint64_t seed, const std::string& data) {
  const TemporaryDirectory scratch;
  const auto recorder = std::make_shared<TranscriptRecorder>(role, seed);
  for (const auto& [word, value] : notes) recorder->note(word, value);
  GoldenEnd end(recorder->transcript(), data, recorder);
  if (role == Role::client) {
    const Peer peer(sshd(notes, data, scratch.path()));
    run(end, peer.socket());
  } else {
    const int port = free_port();
    const Peer peer(ssh(notes, port), port);
    run(end, peer.socket());
  }
  const std::string name = std::string(role == Role::client ? "client" : "server") + "_" + notes.at("kex") + "_" +
                           notes.at("host_key") + ".txt";
  write_file(data + "/transcripts/" + name, recorder->transcript().text(), 0644);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 && argc != 3) {
    std::fprintf(stderr, "usage: record_transcripts DATA [KEX]\n");
    return 2;
  }
  const std::string data = argv[1], only = argc == 3 ? argv[2] : "";
  int failed = 0;
  try {
    std::uint64_t seed = 0;
    for (const Notes& notes : sessions(only)) {
      for (const Role role : {Role::client, Role::server}) {
        const std::string what = std::string(role == Role::client ? "client " : "server ") + notes.at("kex") + " " +
                                 notes.at("host_key") + " " + notes.at("cipher") + " " + notes.at("mac");
        try {
          record(role, notes, ++seed, data);
          std::printf("%s\n", what.c_str());
        } catch (const std::exception& error) {
          std::printf("%s: NOT RECORDED: %s\n", what.c_str(), error.what());
          ++failed;
        }
      }
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "record_transcripts: %s\n", error.what());
    return 1;
  }
  return failed == 0 ? 0 : 1;
}
