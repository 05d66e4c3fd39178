#include "hawser/client/known_hosts.h"

#include <algorithm>

#include "hawser/crypto/hash.h"
#include "hawser/crypto/hmac_sha1.h"
#include "hawser/crypto/secret.h"
#include "hawser/wire/reader.h"
#include "hawser/wire/wildcard.h"

namespace hawser::client {
namespace {

constexpr std::uint16_t default_port = 22;
constexpr std::size_t salt_size = 20;  // as long as the hash

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string_view take_until(std::string_view& text, std::string_view separators) {
  const std::size_t end = text.find_first_of(separators);
  const std::string_view word = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view() : text.substr(end);
  text.remove_prefix(std::min(text.find_first_not_of(separators), text.size()));
  return word;
}

// "|1|salt|hash", both in base64: the hash is HMAC-SHA1 of the name with the salt as its key.
bool hashed_match(std::string_view field, std::string_view name) {
  const std::string_view body = field.substr(3);
  const std::size_t bar = body.find('|');
  if (bar == std::string_view::npos) return false;
  const Result<ByteVector> salt = crypto::base64_decode(body.substr(0, bar));
  const Result<ByteVector> hash = crypto::base64_decode(body.substr(bar + 1));
  if (!salt || !hash || salt->empty()) return false;
  return crypto::constant_time_equal(crypto::hmac_sha1(*salt, as_bytes(name)), *hash);
}

// RFC 4253 §6.6: every key blob begins with the name of its type.
bool is_of_type(Bytes blob, std::string_view type) {
  wire::Reader reader(blob);
  const Bytes name = reader.string();
  return reader.ok() && !type.empty() && as_text(name) == type;
}

}  // namespace

KnownHosts KnownHosts::parse(std::string_view text) {
  KnownHosts hosts;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (std::optional<Entry> entry = parse_line(text.substr(0, end))) hosts.entries_.push_back(std::move(*entry));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return hosts;
}

std::optional<KnownHosts::Entry> KnownHosts::parse_line(std::string_view line) {
  constexpr std::string_view blanks = " \t\r";
  if (line.find('\0') != std::string_view::npos) return std::nullopt;
  line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
  while (!line.empty() && blanks.find(line.back()) != std::string_view::npos) line.remove_suffix(1);
  if (line.empty() || line.front() == '#') return std::nullopt;
  Marker marker = Marker::none;
  if (line.front() == '@') {
    const std::string_view word = take_until(line, blanks);
    if (word != "@revoked" && word != "@cert-authority") return std::nullopt;
    marker = word == "@revoked" ? Marker::revoked : Marker::certificate_authority;
  }
  const std::string_view hosts = take_until(line, blanks);
  const std::string_view type = take_until(line, blanks);
  Result<ByteVector> blob = crypto::base64_decode(take_until(line, blanks));
  if (hosts.empty() || !blob || !is_of_type(*blob, type)) return std::nullopt;
  Result<crypto::PublicKey> key = crypto::PublicKey::from_blob(*blob);
  std::optional<crypto::PublicKey> supported;
  if (key) supported = *std::move(key);
  return Entry{std::string(hosts), *std::move(blob), std::move(supported), marker};
}

// A negated pattern that fits excludes the line, whatever the others say.
bool KnownHosts::names(const Entry& entry, std::string_view name) {
  if (entry.hosts.starts_with("|1|")) return hashed_match(entry.hosts, name);
  bool found = false;
  std::string_view rest = entry.hosts;
  while (!rest.empty()) {
    std::string_view pattern = take_until(rest, ",");
    const bool negated = pattern.starts_with('!');
    if (negated) pattern.remove_prefix(1);
    if (!wire::wildcard_match(lower(pattern), name)) continue;
    if (negated) return false;
    found = true;
  }
  return found;
}

HostKeyMatch KnownHosts::match(std::string_view host, std::uint16_t port, const crypto::PublicKey& key) const {
  const std::string wanted = name(host, port);
  HostKeyMatch result = HostKeyMatch::unknown;
  for (const Entry& entry : entries_) {
    if (entry.marker == Marker::certificate_authority || !names(entry, wanted)) continue;
    if (entry.marker == Marker::revoked) {
      if (entry.is(key)) return HostKeyMatch::revoked;
    } else if (entry.is(key)) {
      result = HostKeyMatch::known;
    } else if (result == HostKeyMatch::unknown) {
      result = HostKeyMatch::changed;
    }
  }
  return result;
}

std::vector<crypto::PublicKey> KnownHosts::keys_of(std::string_view name, Marker marker) const {
  std::vector<crypto::PublicKey> found;
  for (const Entry& entry : entries_) {
    if (entry.marker == marker && entry.key && names(entry, name)) found.push_back(*entry.key);
  }
  return found;
}

std::vector<crypto::PublicKey> KnownHosts::keys(std::string_view host, std::uint16_t port) const {
  return keys_of(name(host, port), Marker::none);
}

std::vector<crypto::PublicKey> KnownHosts::certificate_authorities(std::string_view host, std::uint16_t port) const {
  const std::vector<crypto::PublicKey> revoked = keys_of(name(host, port), Marker::revoked);
  std::vector<crypto::PublicKey> found = keys_of(name(host, port), Marker::certificate_authority);
  std::erase_if(found, [&](const crypto::PublicKey& key) { return std::ranges::find(revoked, key) != revoked.end(); });
  return found;
}

std::vector<std::string> KnownHosts::algorithms(std::string_view host, std::uint16_t port) const {
  std::vector<std::string> found;
  const std::vector<crypto::PublicKey> known = keys(host, port);
  for (const crypto::SignatureRow& row : crypto::signature_rows()) {
    const bool fits = std::ranges::any_of(known, [&](const crypto::PublicKey& key) { return key.can_verify(row); });
    if (fits) found.emplace_back(row.name);
  }
  return found;
}

void KnownHosts::add(std::string_view host, std::uint16_t port, const crypto::PublicKey& key) {
  entries_.push_back({name(host, port), to_vector(key.blob()), key, Marker::none});
}

std::string KnownHosts::name(std::string_view host, std::uint16_t port) {
  const std::string low = lower(host);
  return port == default_port ? low : "[" + low + "]:" + std::to_string(port);
}

std::string KnownHosts::hashed_name(std::string_view name, crypto::Random& random) {
  ByteVector salt(salt_size);
  random.fill(salt);
  return "|1|" + crypto::base64_encode(salt) + "|" + crypto::base64_encode(crypto::hmac_sha1(salt, as_bytes(name)));
}

std::string KnownHosts::line(std::string_view host, std::uint16_t port, const crypto::PublicKey& key,
                             HostNameForm form) {
  const std::string plain = name(host, port);
  return (form == HostNameForm::hashed ? hashed_name(plain, *crypto::system_random()) : plain) + " " + key.text();
}

// The line as it is to stand when `name` is forgotten; nothing where nothing is left of it.
std::optional<std::string> KnownHosts::without(std::string_view line, std::string_view name) {
  const std::optional<Entry> entry = parse_line(line);
  if (!entry || entry->marker != Marker::none) return std::string(line);
  if (entry->hosts.starts_with("|1|") && hashed_match(entry->hosts, name)) return std::nullopt;
  std::string left;
  for (std::string_view rest = entry->hosts; !rest.empty();) {
    const std::string_view pattern = take_until(rest, ",");
    if (lower(pattern) == name) continue;
    left += (left.empty() ? "" : ",") + std::string(pattern);
  }
  if (left.empty()) return std::nullopt;
  const std::size_t begin = line.find(entry->hosts);
  return std::string(line.substr(0, begin)) + left + std::string(line.substr(begin + entry->hosts.size()));
}

}  // namespace hawser::client
