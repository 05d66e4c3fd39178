// libssh2_peer client FOLDER: see README.md. libssh2 has no server.
#include <libssh2.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace {

int connect_to(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("connect");
  return socket;
}

class Session {
 public:
  explicit Session(int port)
      : session_(libssh2_session_init_ex(nullptr, nullptr, nullptr, nullptr)), socket_(connect_to(port)) {
    libssh2_session_flag(session_, LIBSSH2_FLAG_COMPRESS, 1);
    check(libssh2_session_handshake(session_, socket_), "handshake");
  }
  ~Session() {
    libssh2_session_disconnect(session_, "done");
    libssh2_session_free(session_);
    ::close(socket_);
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void sign_in(const std::string& key_file) {
    const std::string user = "alice";
    check(libssh2_userauth_publickey_fromfile_ex(session_, user.data(), static_cast<unsigned>(user.size()),
                                                 (key_file + ".pub").c_str(), key_file.c_str(), ""),
          "publickey");
  }

  // What `cat` makes of it. It goes and comes by turns: less than the windows hold is never stuck.
  std::string cat(const std::string& content) {
    LIBSSH2_CHANNEL* const channel = libssh2_channel_open_session(session_);
    if (channel == nullptr) check(-1, "channel");
    check(libssh2_channel_exec(channel, "cat"), "exec");
    std::string back;
    for (std::size_t sent = 0; sent != content.size();) {
      const ssize_t count = libssh2_channel_write(channel, content.data() + sent, content.size() - sent);
      check(count, "write");
      sent += static_cast<std::size_t>(count);
    }
    check(libssh2_channel_send_eof(channel), "end of input");
    char buffer[16384];
    ssize_t count = 0;
    while ((count = libssh2_channel_read(channel, buffer, sizeof buffer)) > 0) {
      back.append(buffer, static_cast<std::size_t>(count));
    }
    check(count, "read");
    libssh2_channel_free(channel);
    return back;
  }

 private:
  void check(ssize_t result, const std::string& what) {
    if (result >= 0) return;
    char* text = nullptr;
    libssh2_session_last_error(session_, &text, nullptr, 0);
    throw std::runtime_error(what + ": " + (text != nullptr ? text : ""));
  }

  LIBSSH2_SESSION* session_;
  int socket_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3 || std::strcmp(argv[1], "client") != 0 || libssh2_init(0) != 0) return 2;
  std::ifstream file(std::string(argv[2]) + "/content", std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  int port = 0;
  for (std::string key_file; std::cin >> port >> key_file;) {
    try {
      Session session(port);
      session.sign_in(key_file);
      const bool same = session.cat(content) == content;
      std::cout << "result: " << (same ? "ok" : "other bytes came back") << std::endl;
    } catch (const std::runtime_error& error) {
      std::cout << "result: " << error.what() << std::endl;
    }
  }
}
