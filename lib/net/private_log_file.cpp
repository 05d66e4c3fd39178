#include "hawser/net/private_log_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hawser::net {

Result<std::shared_ptr<PrivateLogFile>> PrivateLogFile::open(const std::string& path) {
  // Without O_NONBLOCK a FIFO would wait for its reader before anything could look at what it is.
  constexpr int flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  const int descriptor = ::open(path.c_str(), flags, S_IRUSR | S_IWUSR);
  if (descriptor < 0) return Error(Errc::file_error, "the log file cannot be opened");
  const std::shared_ptr<PrivateLogFile> file(new PrivateLogFile(descriptor));
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return Error(Errc::file_error, "the log file cannot be looked at");
  if (!S_ISREG(status.st_mode) && ::isatty(descriptor) == 0) {
    return Error(Errc::file_error, "the log file is neither a regular file nor a terminal");
  }
  // Where others may make files, one of theirs could lie there already.
  if (S_ISREG(status.st_mode) && status.st_uid != ::geteuid()) {
    return Error(Errc::file_error, "the log file is somebody else's");
  }
  if (S_ISREG(status.st_mode) && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Error(Errc::file_error, "the log file is open to others than its owner");
  }
  return file;
}

PrivateLogFile::~PrivateLogFile() { ::close(descriptor_); }

void PrivateLogFile::write_line(std::string_view line) {
  std::string whole(line);
  whole += '\n';
  // Of a full disk nobody who only logs can make anything.
  [[maybe_unused]] const ssize_t written = ::write(descriptor_, whole.data(), whole.size());
}

}  // namespace hawser::net
