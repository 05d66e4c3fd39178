// A file of lines that only its owner may read: for logs of packets and of keys.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "hawser/wire/result.h"

namespace hawser::net {

class PrivateLogFile {
 public:
  // Made with mode 0600 where it is not there; lines are appended to one that is. Errors: file_error, also for a file
  // that others than its owner may read or write, and for what is neither a regular file nor a terminal.
  static Result<std::shared_ptr<PrivateLogFile>> open(const std::string& path);
  ~PrivateLogFile();
  PrivateLogFile(const PrivateLogFile&) = delete;
  PrivateLogFile& operator=(const PrivateLogFile&) = delete;

  // Safe to call from all threads at once. Each line is written by one call of the system, so that those of several
  // sessions or programs do not mix. A line that cannot be written is lost: logging ends no session.
  void write_line(std::string_view line);

 private:
  explicit PrivateLogFile(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace hawser::net
