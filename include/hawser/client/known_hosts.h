// known_hosts files (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT): which host keys are known for which hosts. A value; files
// are read and written by the functions that say so, which leave alone every line that is not theirs. Lines that are
// not understood never match.
//
//   const KnownHosts hosts = *KnownHosts::load(path);
//   switch (hosts.match("example.org", 22, key)) ...
//
// Supported: lists of patterns with `*`, `?` and `!`, [host]:port, hashed names, several keys per host, @revoked. A key
// of a type that is not supported still makes its host a known one. Lines with @cert-authority say nothing about plain
// keys; `certificate_authorities` gives theirs.
#pragma once

#include <optional>
#include <span>
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

// How a host stands in a file. Hashed, the file does not tell whom its owner connects to.
enum class HostNameForm { plain, hashed };

class KnownHosts {
 public:
  KnownHosts() = default;
  static KnownHosts parse(std::string_view text);
  // A file that is not there is empty. Errors: file_error (not a regular file, above 1 MiB, cannot be read).
  static Result<KnownHosts> load(const std::string& path);

  // Host names are compared without regard to case; nothing is resolved.
  HostKeyMatch match(std::string_view host, std::uint16_t port, const crypto::PublicKey& key) const;
  std::vector<crypto::PublicKey> keys(std::string_view host, std::uint16_t port) const;
  // The keys whose certificates speak for this host (@cert-authority), less those that are revoked for it.
  std::vector<crypto::PublicKey> certificate_authorities(std::string_view host, std::uint16_t port) const;
  // The signature algorithms of these keys, for TransportConfig::preferred_host_key_algorithms: a server that has
  // several keys is then asked for the one that can be checked.
  std::vector<std::string> algorithms(std::string_view host, std::uint16_t port) const;

  // For as long as this value lives.
  void add(std::string_view host, std::uint16_t port, const crypto::PublicKey& key);
  bool empty() const { return entries_.empty(); }

  // "host" for port 22, else "[host]:port", in lower case.
  static std::string name(std::string_view host, std::uint16_t port);
  // "|1|salt|hash" of a name, with a salt of its own.
  static std::string hashed_name(std::string_view name, crypto::Random& random);
  // The line for a new entry, without the newline.
  static std::string line(std::string_view host, std::uint16_t port, const crypto::PublicKey& key,
                          HostNameForm form = HostNameForm::plain);
  // Adds a line to the file, leaving all others as they are; makes the file (0644) and its directory (0700) where they
  // are not there. Errors: file_error; invalid_argument for a host that would not stand for itself in the file
  // (valid_host_name).
  static Result<void> append(const std::string& path, std::string_view host, std::uint16_t port,
                             const crypto::PublicKey& key, HostNameForm form = HostNameForm::plain);
  // From now on the file knows exactly these keys under the host's name; none: it forgets the host. A line that names
  // other hosts as well goes on naming those; patterns that merely fit the host, and lines with a marker, stay. The
  // file is written anew beside the old one and takes its place as a whole; what another program appends at that very
  // moment is lost. Gives how many lines were changed or left out. Errors: those of `append`.
  static Result<std::size_t> replace(const std::string& path, std::string_view host, std::uint16_t port,
                                     std::span<const crypto::PublicKey> keys, HostNameForm form = HostNameForm::plain);

 private:
  enum class Marker { none, revoked, certificate_authority };
  struct Entry {
    std::string hosts;  // the field as it stands in the file
    ByteVector blob;
    std::optional<crypto::PublicKey> key;  // none for a type that is not supported
    Marker marker = Marker::none;

    bool is(const crypto::PublicKey& other) const { return equal(blob, other.blob()); }
  };
  static std::optional<Entry> parse_line(std::string_view line);
  static bool names(const Entry& entry, std::string_view name);
  static std::optional<std::string> without(std::string_view line, std::string_view name);
  std::vector<crypto::PublicKey> keys_of(std::string_view name, Marker marker) const;
  std::vector<Entry> entries_;
};

}  // namespace hawser::client
