// The suite of tests/support/file_system_suite.h against OpenSSH's sftp-server, over its standard input and output.
// Where it does otherwise than our server, the table below says why (doc/differences.md), and what it does is checked
// instead.
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hawser/net/pipe_channel.h"
#include "missing.h"
#include "peers.h"
#include "support/file_system_suite.h"
#include "support/remote_file_system.h"

using namespace hawser;
using namespace hawser::test;

namespace {

constexpr const char* program = "/usr/lib/openssh/sftp-server";

// sftp-server at the other end of a socket, in a directory of its own that the suite sees as `/`.
class OpensshServer {
 public:
  OpensshServer() {
    int ends[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(ends[1], STDIN_FILENO);
      ::dup2(ends[1], STDOUT_FILENO);
      ::umask(022);
      ::execl(program, program, "-l", "QUIET", static_cast<char*>(nullptr));
      ::_exit(127);
    }
    ::close(ends[1]);
    ::signal(SIGPIPE, SIG_IGN);
    const auto channel = std::make_shared<net::PipeChannel>(io.get_executor(), ends[0], ends[0]);
    const auto started = run(io, client::SFTPClient::start(channel));
    REQUIRE(started);
    sftp = *started;
  }
  ~OpensshServer() {
    sftp->close();
    settle(io);
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  OpensshServer(const OpensshServer&) = delete;
  OpensshServer& operator=(const OpensshServer&) = delete;

  RemoteFileSystem files() { return RemoteFileSystem(io, sftp, root.path()); }

  TemporaryDirectory root;
  asio::io_context io;
  std::shared_ptr<client::SFTPClient> sftp;

 private:
  pid_t pid_ = -1;
};

// What sftp-server does instead of what a case asks for; the reason is in doc/differences.md, under the case's name.
struct Difference {
  const char* name;
  void (*theirs)(const Subject&);
};

const Difference differences[] = {
    {"open: a directory is no file",
     [](const Subject& s) {
       s.make_directory("/d");
       const auto opened = s.open("/d", for_reading);
       s.fails(s.try_read(*opened, 0, 4), FileError::failed);
       s.fails(run(s.fs.open("/d", for_writing, {})), FileError::wrong_type);
     }},
    {"open: with append every write goes to the end, whatever its offset",
     [](const Subject& s) {
       s.put("/f", "0123");
       s.write(*s.open("/f", {.write = true, .append = true}), 0, "ab");
       CHECK(s.get("/f") == "0123ab");
       const auto alone = s.open("/f", {.append = true});
       const Bytes area = as_bytes("cd");
       s.fails(run(alone->write_at(0, std::span(&area, 1))), FileError::not_found);
     }},
    {"open: a path with a NUL is invalid",
     [](const Subject& s) {
       CHECK_FALSE(run(s.fs.stat(std::string("/f\0g", 4))));
       CHECK_FALSE(run(s.fs.stat("/")));  // there is nobody any more
     }},
    {"read: nothing at the end, past it, and of an empty file",
     [](const Subject& s) {
       s.put("/f", "text");
       const auto file = s.open("/f", for_reading);
       CHECK(s.read(*file, 4, 10) == "");
       CHECK(s.read(*file, std::uint64_t{1} << 40, 10) == "");
       s.fails(s.try_read(*file, std::uint64_t{INT64_MAX}, 10), FileError::invalid_path);
     }},
    {"read: a handle that is not for reading refuses",
     [](const Subject& s) {
       s.put("/f", "text");
       s.fails(s.try_read(*s.open("/f", for_writing), 0, 4), FileError::not_found);
     }},
    {"write: a handle that is not for writing refuses",
     [](const Subject& s) {
       s.put("/f", "text");
       const auto file = s.open("/f", for_reading);
       const Bytes area = as_bytes("changed");
       s.fails(run(file->write_at(0, std::span(&area, 1))), FileError::not_found);
       CHECK(s.get("/f") == "text");
     }},
    {"root: cannot be removed, renamed, replaced or made",
     [](const Subject& s) {
       s.make_directory("/d");
       s.fails(run(s.fs.remove_directory("/")), FileError::not_empty);
       s.fails(run(s.fs.rename("/", "/d/x", true)), FileError::invalid_path);
     }},
    {"symlink: absolute targets start at the root, and `..` stops there",
     [](const Subject& s) {
       s.make_directory("/d");
       s.put("/f", "text");
       s.succeeds(run(s.fs.symlink("../f", "/d/link")));
       CHECK(s.get("/d/link") == "text");
       s.succeeds(run(s.fs.symlink("/proc/self/status", "/d/out")));
       CHECK(is_regular(s.stat("/d/out")));
     }},
    {"readlink: the target byte for byte, also a long one",
     [](const Subject& s) {
       s.succeeds(run(s.fs.symlink("../a//b/./\xff", "/link")));
       CHECK(s.value(run(s.fs.read_link("/link"))) == "../a//b/./\xff");
       s.fails(run(s.fs.symlink("", "/empty")), FileError::not_found);
     }},
    {"real path: without links; the last component may be missing",
     [](const Subject& s) {
       s.make_directory("/a");
       s.succeeds(run(s.fs.symlink("a", "/link")));
       CHECK(s.value(run(s.fs.real_path("/link"))) == "/a");
       CHECK(s.value(run(s.fs.real_path("/link/x"))) == "/a/x");
       s.fails(run(s.fs.real_path("/x/y")), FileError::not_found);
     }},
    {"set on a link: the link itself (OpenSSH PROTOCOL §4.8)",
     [](const Subject& s) {
       s.put("/f", "text");
       s.succeeds(run(s.fs.symlink("f", "/link")));
       s.succeeds(run(s.fs.set_link_attributes("/link", with_times(7, 8))));
       CHECK(s.lstat("/link").times == sftp::FileTimes{7, 8});
       s.fails(run(s.fs.set_link_attributes("/link", with_size(1))), FileError::invalid_path);
       s.fails(run(s.fs.set_link_attributes("/link", with_permissions(0600))), FileError::failed);
     }},
    {"by handle: the size needs a handle for writing, the rest does not",
     [](const Subject& s) {
       s.put("/f", "text");
       const auto file = s.open("/f", for_reading);
       s.fails(run(file->set_attributes(with_size(0))), FileError::invalid_path);
       s.succeeds(run(file->set_attributes(with_permissions(0606))));
       CHECK(s.get("/f") == "text");
     }},
};

const Difference* difference_in(const std::string& name) {
  for (const Difference& difference : differences) {
    if (difference.name == name) return &difference;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("file systems over SFTP: OpenSSH's sftp-server passes the suite, but for the differences") {
  if (!program_exists(program)) {
    goes_without(program);
    return;
  }
  for (const FileSystemCase& one : file_system_cases()) {
    CAPTURE(one.name);
    const Difference* difference = difference_in(one.name);
    OpensshServer server;
    RemoteFileSystem files = server.files();
    const Subject subject(files, ErrorsAs::openssh_status);
    if (difference == nullptr) {
      one.run(subject);
    } else {
      difference->theirs(subject);
    }
  }
}

TEST_CASE(
    "file systems over SFTP: each difference to OpenSSH is a case of the suite and explained in the documentation") {
  const std::string text = read_file(HAWSER_SOURCE_ROOT "/doc/differences.md");
  for (const Difference& difference : differences) {
    CAPTURE(difference.name);
    const std::vector<FileSystemCase> cases = file_system_cases();
    CHECK(std::any_of(cases.begin(), cases.end(), [&](const auto& one) { return one.name == difference.name; }));
    CHECK(text.find(difference.name) != std::string::npos);
  }
}

TEST_CASE("OpenSSH's sftp-server copies a file by copy-data") {
  if (!program_exists(program)) {
    goes_without(program);
    return;
  }
  OpensshServer server;
  if (!server.sftp->extensions().copy_data) {
    MESSAGE("skipped: this sftp-server has no copy-data");
    return;
  }
  const std::string content = sample_bytes(300'000);
  write_file(server.root / "f", content);
  const auto copied = run(server.io, server.sftp->copy(server.root / "f", server.root / "g"));
  REQUIRE(copied);
  CHECK(*copied == content.size());
  CHECK(read_file(server.root / "g") == content);
  CHECK_FALSE(run(server.io, server.sftp->copy(server.root / "f", server.root / "g")));
}
