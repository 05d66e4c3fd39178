// Gets or puts one file with libssh2, and prints the cipher that was used.
//
//   libssh2 PORT USER KEY CIPHERS DIRECTION LOCAL REMOTE
//
// CIPHERS are names, comma separated, best first; those that it does not know are left out. It keeps as much under way
// as the buffer of a call holds, and a large one is what it does best with. The server is our own: its host key is not
// looked at.
#include <arpa/inet.h>
#include <fcntl.h>
#include <libssh2.h>
#include <libssh2_sftp.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

constexpr std::size_t buffer_size = 4 * 1024 * 1024;

void need(bool done, LIBSSH2_SESSION* session, const char* what) {
  if (done) return;
  char* message = nullptr;
  libssh2_session_last_error(session, &message, nullptr, 0);
  std::fprintf(stderr, "%s: %s\n", what, message);
  std::exit(1);
}

void need(bool done, const char* what) {
  if (done) return;
  std::perror(what);
  std::exit(1);
}

int connect_to(const char* port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoul(port)));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  need(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0, "connect");
  const int one = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  return socket;
}

LIBSSH2_SESSION* sign_in(char** arguments) {
  const int socket = connect_to(arguments[0]);
  LIBSSH2_SESSION* session = libssh2_session_init_ex(nullptr, nullptr, nullptr, nullptr);
  for (const int method : {LIBSSH2_METHOD_CRYPT_CS, LIBSSH2_METHOD_CRYPT_SC}) {
    need(libssh2_session_method_pref(session, method, arguments[3]) == 0, session, "ciphers");
  }
  need(libssh2_session_handshake(session, socket) == 0, session, "key exchange");
  const auto user_length = static_cast<unsigned>(std::strlen(arguments[1]));
  need(libssh2_userauth_publickey_fromfile_ex(session, arguments[1], user_length, nullptr, arguments[2], nullptr) == 0,
       session, "login");
  return session;
}

void get(LIBSSH2_SESSION* session, LIBSSH2_SFTP_HANDLE* remote, int local) {
  std::vector<char> buffer(buffer_size);
  while (true) {
    const ssize_t count = libssh2_sftp_read(remote, buffer.data(), buffer.size());
    need(count >= 0, session, "read");
    if (count == 0) return;
    need(::write(local, buffer.data(), static_cast<std::size_t>(count)) == count, "write");
  }
}

void put(LIBSSH2_SESSION* session, LIBSSH2_SFTP_HANDLE* remote, int local) {
  std::vector<char> buffer(buffer_size);
  while (true) {
    const ssize_t count = ::read(local, buffer.data(), buffer.size());
    need(count >= 0, "read");
    if (count == 0) return;
    for (ssize_t done = 0; done < count;) {
      const ssize_t written = libssh2_sftp_write(remote, buffer.data() + done, static_cast<std::size_t>(count - done));
      need(written > 0, session, "write");
      done += written;
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 8) {
    std::fprintf(stderr, "usage: libssh2 PORT USER KEY CIPHERS get|put LOCAL REMOTE\n");
    return 2;
  }
  const bool getting = std::string(argv[5]) == "get";
  need(libssh2_init(0) == 0, "libssh2");
  LIBSSH2_SESSION* session = sign_in(argv + 1);
  LIBSSH2_SFTP* sftp = libssh2_sftp_init(session);
  need(sftp != nullptr, session, "sftp");
  const unsigned long flags = getting ? LIBSSH2_FXF_READ : LIBSSH2_FXF_WRITE | LIBSSH2_FXF_CREAT | LIBSSH2_FXF_TRUNC;
  LIBSSH2_SFTP_HANDLE* remote = libssh2_sftp_open_ex(sftp, argv[7], static_cast<unsigned>(std::strlen(argv[7])), flags,
                                                     0644, LIBSSH2_SFTP_OPENFILE);
  need(remote != nullptr, session, "remote file");
  const int local = ::open(argv[6], getting ? O_WRONLY | O_CREAT | O_TRUNC : O_RDONLY, 0644);
  need(local >= 0, argv[6]);
  if (getting) {
    get(session, remote, local);
  } else {
    put(session, remote, local);
  }
  need(libssh2_sftp_close_handle(remote) == 0, session, "close");
  std::printf("%s\n", libssh2_session_methods(session, LIBSSH2_METHOD_CRYPT_CS));
  ::close(local);
  libssh2_sftp_shutdown(sftp);
  libssh2_session_disconnect(session, "done");
  libssh2_session_free(session);
  return 0;
}
