// Lists a directory through an SFTP server that runs as a child process, with nothing but the wire and sftp layers: no
// SSH and no I/O library. SFTP asks only for a reliable byte stream, here a socket pair.
//
//   sftp_over_stdio [path of sftp-server]
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "hawser/sftp/client_engine.h"
#include "hawser/wire/dump.h"

using namespace hawser;

[[noreturn]] static void fail(const std::string& text) {
  std::fprintf(stderr, "sftp_over_stdio: %s\n", text.c_str());
  std::exit(1);
}

struct Session {
  // Sends one request and waits for its reply.
  template <class M>
  sftp::Reply call(const M& message) {
    PacketChain chain;
    chain.append(PacketBuffer(*pool, sftp::framed_size(message)), 0);
    if constexpr (std::is_same_v<M, sftp::Init>)
      sftp::write_message(chain, message);
    else
      engine.send(chain, message, 0);
    const Bytes bytes = chain.parts().front().buffer.payload();
    if (::send(stream, bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0) fail("the server has gone");
    for (;;) {
      Result<std::optional<sftp::Reply>> reply = engine.next();
      if (!reply) fail(reply.error().message());
      if (*reply) return std::move(**reply);
      std::array<std::uint8_t, 32768> buffer;
      const ssize_t count = ::read(stream, buffer.data(), buffer.size());
      if (count <= 0) fail("the server has gone");
      engine.feed(Payload::copy_of(Bytes(buffer).first(static_cast<std::size_t>(count)), *pool));
    }
  }

  int stream;
  std::shared_ptr<BufferPool> pool = BufferPool::create();
  sftp::ClientEngine engine{*pool};
};

int main(int argc, char** argv) {
  const char* server = argc > 1 ? argv[1] : "/usr/lib/openssh/sftp-server";
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) fail("no socket pair");
  const pid_t child = fork();
  if (child == 0) {
    if (dup2(ends[1], STDIN_FILENO) >= 0 && dup2(ends[1], STDOUT_FILENO) >= 0 && close(ends[0]) == 0)
      execl(server, server, nullptr);
    _exit(127);
  }
  close(ends[1]);

  Session session{.stream = ends[0]};
  session.call(sftp::Init());
  const sftp::Reply here = session.call(sftp::Realpath{.id = 0, .path = "."});
  const auto* path = std::get_if<sftp::Name>(&here.body);
  if (path == nullptr || path->entries.empty()) fail("REALPATH failed");
  const sftp::Reply opened = session.call(sftp::Opendir{.id = 0, .path = path->entries.begin()->filename});
  const auto* directory = std::get_if<sftp::Handle>(&opened.body);
  if (directory == nullptr) fail("OPENDIR failed");
  for (;;) {
    const sftp::Reply reply = session.call(sftp::Readdir{.id = 0, .handle = directory->handle});
    const auto* names = std::get_if<sftp::Name>(&reply.body);
    if (names == nullptr) break;  // STATUS EOF
    for (const sftp::NameEntry& entry : names->entries) std::puts(wire::escaped(entry.longname).c_str());
  }
  session.call(sftp::Close{.id = 0, .handle = directory->handle});
  close(session.stream);
  waitpid(child, nullptr, 0);
}
