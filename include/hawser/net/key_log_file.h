// The shared secrets of sessions in a file, in the form that Wireshark's preference ssh.keylog_file reads: with it, and
// a capture that begins with the key exchange, it shows the packets decrypted. How many of the algorithms it can follow
// depends on its version: 4.0 knows only an older form of the file, 4.4 reads this one and follows curve25519-sha256
// with AES-GCM, later ones also the modp groups.
//
//   const auto log = net::KeyLogFile::open("keys.log");
//   config.transport.disclose_session_secrets = (*log)->writer();
//
// Whoever has the file and the traffic, recorded at any time, has all that was said in these sessions, passwords
// included: only for debugging, only where somebody has asked for it, and not to be kept. It does not help to
// impersonate anyone later: neither host keys nor users' keys are in it.
//
// A line is "<cookie> SHARED_SECRET <K>", both in hexadecimal: the cookie of our KEXINIT (RFC 4253 §7.1), and K as the
// content of the mpint (RFC 4253 §8) or string (hybrid methods) that enters the exchange hash, without its length. Each
// rekey adds one.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "hawser/net/private_log_file.h"
#include "hawser/wire/bytes.h"

namespace hawser::net {

std::string key_log_line(Bytes cookie, Bytes shared_secret);

class KeyLogFile {
 public:
  // As PrivateLogFile::open. Errors: file_error.
  static Result<std::shared_ptr<KeyLogFile>> open(const std::string& path);

  // For TransportConfig::disclose_session_secrets of any number of sessions; holds the file open.
  std::function<void(Bytes cookie, Bytes shared_secret)> writer() const;

 private:
  explicit KeyLogFile(std::shared_ptr<PrivateLogFile> file) : file_(std::move(file)) {}
  std::shared_ptr<PrivateLogFile> file_;
};

}  // namespace hawser::net
