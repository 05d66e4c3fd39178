#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "client/local_file.h"
#include "hawser/client/host_name.h"
#include "hawser/client/known_hosts.h"

namespace hawser::client {
namespace {

constexpr off_t largest_file = 1024 * 1024;

Result<std::string> content_of(const LocalFile& file) {
  struct stat status {};
  // O_NONBLOCK let us open a fifo or a device without hanging; neither is a list of keys.
  if (::fstat(file.fd(), &status) != 0 || !S_ISREG(status.st_mode))
    return Error(Errc::file_error, "not a regular file");
  if (status.st_size > largest_file) return Error(Errc::file_error, "known_hosts is too large");
  std::string text(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t count = ::read(file.fd(), text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Error(Errc::file_error, "reading known_hosts");
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  text.resize(done);
  return text;
}

void make_parent(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos || slash == 0) return;
  ::mkdir(path.substr(0, slash).c_str(), 0700);  // where it fails, opening the file tells
}

}  // namespace

Result<KnownHosts> KnownHosts::load(const std::string& path) {
  Result<LocalFile> file = LocalFile::open(AT_FDCWD, path.c_str(), O_RDONLY | O_NONBLOCK);
  if (!file && errno == ENOENT) return KnownHosts();
  if (!file) return Error(Errc::file_error, "opening known_hosts");
  const Result<std::string> text = content_of(*file);
  if (!text) return text.error();
  return parse(*text);
}

Result<void> KnownHosts::append(const std::string& path, std::string_view host, std::uint16_t port,
                                const crypto::PublicKey& key) {
  // A blank or a newline in the name would write a line that nobody asked for.
  if (!valid_host_name(host)) return Error(Errc::invalid_argument, "host name");
  make_parent(path);
  Result<LocalFile> file = LocalFile::open(AT_FDCWD, path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_NONBLOCK, 0644);
  if (!file) return Error(Errc::file_error, "opening known_hosts");
  const Result<std::string> before = content_of(*file);
  if (!before) return before.error();
  // Somebody may have left the last line without its end.
  const bool open_line = !before->empty() && before->back() != '\n';
  const std::string text = (open_line ? "\n" : "") + line(host, port, key) + "\n";
  // One write with O_APPEND: two programs that add a line at once do not mix theirs.
  if (::write(file->fd(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    return Error(Errc::file_error, "writing known_hosts");
  }
  return file->close();
}

}  // namespace hawser::client
