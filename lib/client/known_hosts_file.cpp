#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

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

// Where the file really is: a link to it stays a link.
std::string resolved(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr), &std::free);
  return real ? std::string(real.get()) : path;
}

// Beside `path`, so that it can take its place; gone with this object unless it did.
class Successor {
 public:
  explicit Successor(std::string path) : path_(std::move(path)), name_(path_ + ".new-XXXXXX") {
    file_.emplace(Descriptor(::mkostemp(name_.data(), O_CLOEXEC)));
  }
  ~Successor() {
    if (file_->fd() >= 0) ::unlink(name_.c_str());
  }
  Successor(const Successor&) = delete;
  Successor& operator=(const Successor&) = delete;

  // `old`: the file that is there, whose mode and owner stay; null: there is none.
  Result<void> publish(std::string_view text, const struct stat* old) {
    const Bytes bytes = as_bytes(text);
    if (file_->fd() < 0) return Error(Errc::file_error, "making a file beside known_hosts");
    if (const Result<void> written = file_->write_at(0, {&bytes, 1}); !written) return written;
    const mode_t mode = old == nullptr ? 0644 : old->st_mode & 0777;
    const bool keeps_owner = old == nullptr || ::fchown(file_->fd(), old->st_uid, old->st_gid) == 0;
    if (!keeps_owner || ::fchmod(file_->fd(), mode) != 0 || ::fsync(file_->fd()) != 0 ||
        ::rename(name_.c_str(), path_.c_str()) != 0) {
      return Error(Errc::file_error, "replacing known_hosts");
    }
    return file_->close();
  }

 private:
  std::string path_;
  std::string name_;
  std::optional<LocalFile> file_;
};

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
                                const crypto::PublicKey& key, HostNameForm form) {
  // A blank or a newline in the name would write a line that nobody asked for.
  if (!valid_host_name(host)) return Error(Errc::invalid_argument, "host name");
  make_parent(path);
  Result<LocalFile> file = LocalFile::open(AT_FDCWD, path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_NONBLOCK, 0644);
  if (!file) return Error(Errc::file_error, "opening known_hosts");
  const Result<std::string> before = content_of(*file);
  if (!before) return before.error();
  // Somebody may have left the last line without its end.
  const bool open_line = !before->empty() && before->back() != '\n';
  const std::string text = (open_line ? "\n" : "") + line(host, port, key, form) + "\n";
  // One write with O_APPEND: two programs that add a line at once do not mix theirs.
  if (::write(file->fd(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    return Error(Errc::file_error, "writing known_hosts");
  }
  return file->close();
}

Result<std::size_t> KnownHosts::replace(const std::string& path, std::string_view host, std::uint16_t port,
                                        std::span<const crypto::PublicKey> keys, HostNameForm form) {
  if (!valid_host_name(host)) return Error(Errc::invalid_argument, "host name");
  make_parent(path);
  const std::string where = resolved(path);
  std::string before;
  std::optional<struct stat> old;
  if (Result<LocalFile> file = LocalFile::open(AT_FDCWD, where.c_str(), O_RDONLY | O_NONBLOCK); file) {
    const Result<std::string> text = content_of(*file);
    if (!text) return text.error();
    before = *text;
    if (::fstat(file->fd(), &old.emplace()) != 0) return Error(Errc::file_error, "opening known_hosts");
  } else if (errno != ENOENT) {
    return Error(Errc::file_error, "opening known_hosts");
  }

  const std::string wanted = name(host, port);
  std::string after;
  std::size_t changed = 0;
  for (std::string_view rest = before; !rest.empty();) {
    const std::string_view present = rest.substr(0, rest.find('\n'));
    const bool ended = present.size() < rest.size();
    rest.remove_prefix(present.size() + (ended ? 1 : 0));
    const std::optional<std::string> kept = without(present, wanted);
    if (!kept || *kept != present) ++changed;
    if (kept) after += *kept + "\n";
  }
  for (const crypto::PublicKey& key : keys) after += line(host, port, key, form) + "\n";
  if (const Result<void> done = Successor(where).publish(after, old ? &*old : nullptr); !done) return done.error();
  return changed;
}

}  // namespace hawser::client
