// known_hosts files (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT): which host keys are known for which hosts. A value; files
// are read and appended to by the two functions that say so. Lines that are not understood are kept and never match.
//
//   const KnownHosts hosts = *KnownHosts::load(path);
//   switch (hosts.match("example.org", 22, key)) ...
//
// Supported: lists of patterns with `*`, `?` and `!`, [host]:port, hashed names, several keys per host, @revoked. A key
// of a type that is not supported still makes its host a known one. Lines with @cert-authority are skipped: they say
// nothing about plain keys, and host certificates are not supported.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hawser/crypto/keys.h"

namespace hawser::client {

enum class HostKeyMatch {
  known,
  unknown,  // nothing is known about the host
  changed,  // other keys are known for the host, of whatever type, and not this one
  revoked,
};

class KnownHosts {
 public:
  KnownHosts() = default;
  static KnownHosts parse(std::string_view text);
  // A file that is not there is empty. Errors: file_error (not a regular file, above 1 MiB, cannot be read).
  static Result<KnownHosts> load(const std::string& path);

  // Host names are compared without regard to case; nothing is resolved.
  HostKeyMatch match(std::string_view host, std::uint16_t port, const crypto::PublicKey& key) const;
  std::vector<crypto::PublicKey> keys(std::string_view host, std::uint16_t port) const;
  // The signature algorithms of these keys, for TransportConfig::preferred_host_key_algorithms: a server that has
  // several keys is then asked for the one that can be checked.
  std::vector<std::string> algorithms(std::string_view host, std::uint16_t port) const;

  // For as long as this value lives.
  void add(std::string_view host, std::uint16_t port, const crypto::PublicKey& key);
  bool empty() const { return entries_.empty(); }

  // "host" for port 22, else "[host]:port", in lower case.
  static std::string name(std::string_view host, std::uint16_t port);
  // The line for a new entry, without the newline.
  static std::string line(std::string_view host, std::uint16_t port, const crypto::PublicKey& key);
  // Adds a line to the file, leaving all others as they are; makes the file (0644) and its directory (0700) where they
  // are not there. Errors: file_error; invalid_argument for a host that would not stand for itself in the file
  // (valid_host_name).
  static Result<void> append(const std::string& path, std::string_view host, std::uint16_t port,
                             const crypto::PublicKey& key);

 private:
  struct Entry {
    std::string hosts;  // the field as it stands in the file
    ByteVector blob;
    std::optional<crypto::PublicKey> key;  // none for a type that is not supported
    bool revoked = false;

    bool is(const crypto::PublicKey& other) const { return equal(blob, other.blob()); }
  };
  static std::optional<Entry> parse_line(std::string_view line);
  static bool names(const Entry& entry, std::string_view name);
  std::vector<Entry> entries_;
};

}  // namespace hawser::client
