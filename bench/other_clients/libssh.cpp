// Gets or puts one file with libssh, and prints the cipher that was used.
//
//   libssh PORT USER KEY CIPHERS DIRECTION LOCAL REMOTE
//
// CIPHERS are names, comma separated, best first. Requests are kept under way where libssh can do that: reads since
// 0.6, writes since 0.11, which also asks for the server's limits. The server is our own: its host key is not looked
// at.
#include <fcntl.h>
#include <libssh/libssh.h>
#include <libssh/sftp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <string>
#include <vector>

namespace {

constexpr std::size_t under_way = 64;

void need(bool done, ssh_session session, const char* what) {
  if (done) return;
  std::fprintf(stderr, "%s: %s\n", what, ssh_get_error(session));
  std::exit(1);
}

ssh_session sign_in(char** arguments) {
  const auto port = static_cast<unsigned>(std::stoul(arguments[0]));
  ssh_session session = ssh_new();
  const int no = 0;
  const int yes = 1;
  ssh_options_set(session, SSH_OPTIONS_PROCESS_CONFIG, &no);
  ssh_options_set(session, SSH_OPTIONS_NODELAY, &yes);  // else every write waits for a delayed acknowledgement
  ssh_options_set(session, SSH_OPTIONS_HOST, "127.0.0.1");
  ssh_options_set(session, SSH_OPTIONS_PORT, &port);
  ssh_options_set(session, SSH_OPTIONS_USER, arguments[1]);
  need(ssh_options_set(session, SSH_OPTIONS_CIPHERS_C_S, arguments[3]) == SSH_OK, session, "ciphers");
  need(ssh_options_set(session, SSH_OPTIONS_CIPHERS_S_C, arguments[3]) == SSH_OK, session, "ciphers");
  need(ssh_connect(session) == SSH_OK, session, "connect");
  ssh_key key = nullptr;
  need(ssh_pki_import_privkey_file(arguments[2], nullptr, nullptr, nullptr, &key) == SSH_OK, session, "key");
  need(ssh_userauth_publickey(session, nullptr, key) == SSH_AUTH_SUCCESS, session, "login");
  ssh_key_free(key);
  return session;
}

void write_all(int file, const char* data, std::size_t size) {
  while (size != 0) {
    const ssize_t written = ::write(file, data, size);
    if (written <= 0) {
      std::perror("write");
      std::exit(1);
    }
    data += written;
    size -= static_cast<std::size_t>(written);
  }
}

#if LIBSSH_VERSION_INT >= SSH_VERSION_INT(0, 11, 0)

void get(ssh_session session, sftp_session sftp, sftp_file remote, int local, std::size_t size) {
  sftp_limits_t limits = sftp_limits(sftp);
  need(limits != nullptr, session, "limits");
  const std::size_t request = limits->max_read_length;
  std::vector<char> buffer(request);
  std::deque<sftp_aio> asked;
  for (std::size_t next = 0, done = 0; done < size;) {
    for (; next < size && asked.size() < under_way; next += request) {
      sftp_aio& one = asked.emplace_back();
      need(sftp_aio_begin_read(remote, request, &one) != SSH_ERROR, session, "read");
    }
    const ssize_t count = sftp_aio_wait_read(&asked.front(), buffer.data(), buffer.size());
    need(count > 0, session, "read");
    asked.pop_front();
    write_all(local, buffer.data(), static_cast<std::size_t>(count));
    done += static_cast<std::size_t>(count);
  }
  sftp_limits_free(limits);
}

void put(ssh_session session, sftp_session sftp, sftp_file remote, int local) {
  sftp_limits_t limits = sftp_limits(sftp);
  need(limits != nullptr, session, "limits");
  std::vector<char> buffer(limits->max_write_length);
  std::deque<sftp_aio> sent;
  while (true) {
    const ssize_t count = ::read(local, buffer.data(), buffer.size());
    while (!sent.empty() && (count <= 0 || sent.size() == under_way)) {
      need(sftp_aio_wait_write(&sent.front()) != SSH_ERROR, session, "write");
      sent.pop_front();
    }
    if (count <= 0) break;
    sftp_aio& one = sent.emplace_back();
    need(sftp_aio_begin_write(remote, buffer.data(), static_cast<std::size_t>(count), &one) == count, session, "write");
  }
  sftp_limits_free(limits);
}

#else

// What it is fastest with: it copies what has arrived to the front of a buffer for every read, but waits for every
// write.
constexpr std::uint32_t read_size = 32 * 1024;
constexpr std::uint32_t write_size = 255 * 1024;

void get(ssh_session session, sftp_session, sftp_file remote, int local, std::size_t size) {
  std::vector<char> buffer(read_size);
  std::deque<std::uint32_t> asked;
  for (std::size_t next = 0, done = 0; done < size;) {
    for (; next < size && asked.size() < under_way; next += read_size) {
      const int id = sftp_async_read_begin(remote, read_size);
      need(id >= 0, session, "read");
      asked.push_back(static_cast<std::uint32_t>(id));
    }
    const int count = sftp_async_read(remote, buffer.data(), read_size, asked.front());
    need(count > 0, session, "read");
    asked.pop_front();
    write_all(local, buffer.data(), static_cast<std::size_t>(count));
    done += static_cast<std::size_t>(count);
  }
}

void put(ssh_session session, sftp_session, sftp_file remote, int local) {
  std::vector<char> buffer(write_size);
  while (true) {
    const ssize_t count = ::read(local, buffer.data(), buffer.size());
    if (count <= 0) return;
    need(sftp_write(remote, buffer.data(), static_cast<std::size_t>(count)) == count, session, "write");
  }
}

#endif

}  // namespace

int main(int argc, char** argv) {
  if (argc != 8) {
    std::fprintf(stderr, "usage: libssh PORT USER KEY CIPHERS get|put LOCAL REMOTE\n");
    return 2;
  }
  const bool getting = std::string(argv[5]) == "get";
  const ssh_session session = sign_in(argv + 1);
  const sftp_session sftp = sftp_new(session);
  need(sftp != nullptr && sftp_init(sftp) == SSH_OK, session, "sftp");
  const sftp_file remote = sftp_open(sftp, argv[7], getting ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC, 0644);
  need(remote != nullptr, session, "remote file");
  const int local = ::open(argv[6], getting ? O_WRONLY | O_CREAT | O_TRUNC : O_RDONLY, 0644);
  if (local < 0) {
    std::perror(argv[6]);
    return 1;
  }
  if (getting) {
    const sftp_attributes attributes = sftp_fstat(remote);
    need(attributes != nullptr, session, "size");
    get(session, sftp, remote, local, attributes->size);
    sftp_attributes_free(attributes);
  } else {
    put(session, sftp, remote, local);
  }
  need(sftp_close(remote) == SSH_OK, session, "close");
  std::printf("%s\n", ssh_get_cipher_out(session));
  ::close(local);
  sftp_free(sftp);
  ssh_disconnect(session);
  ssh_free(session);
  return 0;
}
