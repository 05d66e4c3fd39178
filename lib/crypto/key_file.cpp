#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "hawser/crypto/keys.h"
#include "hawser/crypto/secret.h"

namespace hawser::crypto {

namespace {

constexpr std::size_t maximum_file_size = 64 * 1024;

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { close(); }

  bool is_open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }
  bool close() { return descriptor_ < 0 || ::close(std::exchange(descriptor_, -1)) == 0; }

  // Fills `buffer` up to the end of the file. Gives the size read, or -1.
  ssize_t read_all(MutableBytes buffer) const {
    std::size_t done = 0;
    while (done < buffer.size()) {
      const ssize_t n = ::read(descriptor_, buffer.data() + done, buffer.size() - done);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return -1;
      if (n == 0) break;
      done += static_cast<std::size_t>(n);
    }
    return static_cast<ssize_t>(done);
  }

  bool write_all(Bytes bytes) const {
    while (!bytes.empty()) {
      const ssize_t n = ::write(descriptor_, bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return false;
      bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return true;
  }

 private:
  int descriptor_;
};

Error file_error(const char* why) { return Error(Errc::file_error, why); }

}  // namespace

Result<PrivateKey> load_private_key(const std::string& path, const AskPassphrase& ask) {
  // O_NONBLOCK: opening a named pipe must not wait for its other end; it is refused right after.
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.is_open()) {
    return file_error(errno == ENOENT ? "private key: no such file" : "private key: the file cannot be opened");
  }
  struct stat status {};
  if (::fstat(file.descriptor(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return file_error("private key: not a regular file");
  }
  if (status.st_size < 0 || static_cast<std::size_t>(status.st_size) > maximum_file_size) {
    return file_error("private key: the file is too large");
  }
  SecretBytes text(maximum_file_size + 1);
  const ssize_t size = file.read_all(text.mutable_view());
  if (size < 0) return file_error("private key: the file cannot be read");
  if (static_cast<std::size_t>(size) > maximum_file_size) return file_error("private key: the file is too large");
  const std::string_view key_text = as_text(text.view().first(static_cast<std::size_t>(size)));
  Result<PrivateKey> key = PrivateKey::from_text(key_text);
  if (key || key.error().code() != Errc::passphrase_required || !ask) return key;
  const std::optional<SecretBytes> passphrase = ask(path);
  if (!passphrase) return key;
  return PrivateKey::from_text(key_text, &*passphrase);
}

Result<void> save_private_key(const std::string& path, const PrivateKey& key, Random& random, std::string_view comment,
                              const SecretBytes* passphrase) {
  Result<std::string> made = passphrase == nullptr ? Result<std::string>(key.to_openssh(random, comment))
                                                   : key.to_openssh_encrypted(random, *passphrase, comment);
  if (!made) return made.error();
  std::string text = *std::move(made);
  const MutableBytes secret(reinterpret_cast<std::uint8_t*>(text.data()), text.size());
  File file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, S_IRUSR | S_IWUSR));
  if (!file.is_open()) {
    const Error error = file_error(errno == EEXIST ? "private key: the file exists" : "private key: cannot be created");
    wipe(secret);
    return error;
  }
  const bool written = file.write_all(secret) && ::fsync(file.descriptor()) == 0;
  wipe(secret);
  if (file.close() && written) return {};
  ::unlink(path.c_str());
  return file_error("private key: the file cannot be written");
}

Result<PrivateKey> load_or_create_private_key(const std::string& path, KeyType type, Random& random) {
  if (::access(path.c_str(), F_OK) == 0) return load_private_key(path);
  Result<PrivateKey> key = PrivateKey::generate(type, random);
  if (!key) return key;
  if (const auto saved = save_private_key(path, *key, random); !saved) {
    if (::access(path.c_str(), F_OK) == 0) return load_private_key(path);  // another process was faster
    return saved.error();
  }
  return key;
}

}  // namespace hawser::crypto
