// The text forms of public keys: .pub files, authorized_keys, fingerprints.
#include "hawser/crypto/hash.h"
#include "hawser/crypto/keys.h"

namespace hawser::crypto {

namespace {

// Cuts the first word off `line`.
std::string_view take_word(std::string_view& line) {
  constexpr std::string_view blanks = " \t\r\n";
  line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
  const std::string_view word = line.substr(0, line.find_first_of(blanks));
  line.remove_prefix(word.size());
  return word;
}

}  // namespace

Result<PublicKey> PublicKey::from_text(std::string_view line) {
  const std::string_view type = take_word(line);
  const Result<ByteVector> blob = base64_decode(take_word(line));
  if (!blob || blob->empty()) return Error(Errc::bad_key, "public key text");
  Result<PublicKey> key = from_blob(*blob);
  if (key && key->blob_type() != type) return Error(Errc::bad_key, "the key is not of the type its text says");
  return key;
}

std::string PublicKey::text(std::string_view comment) const {
  std::string line(blob_type());
  line += ' ';
  line += base64_encode(blob());
  if (!comment.empty()) {
    line += ' ';
    line += comment;
  }
  return line;
}

std::string PublicKey::fingerprint() const {
  std::string digest = base64_encode(Hash(HashAlgorithm::sha256).update(blob()).finish());
  digest.erase(digest.find('='));
  return "SHA256:" + digest;
}

}  // namespace hawser::crypto
