#include "hawser/net/key_log_file.h"

#include "hawser/wire/dump.h"

namespace hawser::net {

std::string key_log_line(Bytes cookie, Bytes shared_secret) {
  return wire::hex(cookie, cookie.size()) + " SHARED_SECRET " + wire::hex(shared_secret, shared_secret.size());
}

Result<std::shared_ptr<KeyLogFile>> KeyLogFile::open(const std::string& path) {
  Result<std::shared_ptr<PrivateLogFile>> file = PrivateLogFile::open(path);
  if (!file) return file.error();
  return std::shared_ptr<KeyLogFile>(new KeyLogFile(*std::move(file)));
}

std::function<void(Bytes cookie, Bytes shared_secret)> KeyLogFile::writer() const {
  return [file = file_](Bytes cookie, Bytes shared_secret) { file->write_line(key_log_line(cookie, shared_secret)); };
}

}  // namespace hawser::net
