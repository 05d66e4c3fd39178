// The openssh-key-v1 file (OpenSSH PROTOCOL.key), without encryption:
//   "openssh-key-v1" NUL, string ciphername, string kdfname, string kdfoptions, uint32 1, string public key blob,
//   string (uint32 check, uint32 check, string type, fields, string comment, padding 1 2 3 …)
#include <botan/base64.h>

#include <algorithm>

#include "crypto/private_key_state.h"
#include "hawser/crypto/hash.h"
#include "hawser/wire/writer.h"

namespace hawser::crypto {

namespace {

constexpr std::string_view begin_line = "-----BEGIN OPENSSH PRIVATE KEY-----";
constexpr std::string_view end_line = "-----END OPENSSH PRIVATE KEY-----";
constexpr std::string_view magic{"openssh-key-v1", 15};  // its NUL included
constexpr std::size_t block_size = 8;                    // of the cipher "none"
constexpr std::size_t line_size = 70;

using SecretVector = Botan::secure_vector<std::uint8_t>;

Error bad_key(const char* why) { return Error(Errc::bad_key, why); }

// The bytes between the two lines.
Result<SecretVector> remove_armor(std::string_view text) {
  if (!text.starts_with(begin_line)) {
    if (text.starts_with("-----BEGIN ")) return Error(Errc::unsupported, "private key: not an openssh-key-v1 file");
    return bad_key("private key: no BEGIN line");
  }
  const std::size_t end = text.find(end_line);
  if (end == std::string_view::npos) return bad_key("private key: no END line");
  if (text.find_first_not_of(" \t\r\n", end + end_line.size()) != std::string_view::npos) {
    return bad_key("private key: text behind the END line");
  }
  const std::string_view body = text.substr(begin_line.size(), end - begin_line.size());
  try {
    return Botan::base64_decode(body.data(), body.size(), true);
  } catch (const std::exception&) {
    return bad_key("private key: base64");
  }
}

bool is_padding(Bytes padding) {
  if (padding.size() >= block_size) return false;
  for (std::size_t i = 0; i < padding.size(); ++i) {
    if (padding[i] != i + 1) return false;
  }
  return true;
}

}  // namespace

Result<PrivateKey> PrivateKey::from_openssh(std::string_view pem) {
  const Result<SecretVector> file = remove_armor(pem);
  if (!file) return file.error();
  wire::Reader outer(*file);
  if (as_text(outer.raw(magic.size())) != magic) return bad_key("private key: magic");
  const std::string_view cipher = outer.text(), kdf = outer.text(), kdf_options = outer.text();
  const std::uint32_t count = outer.uint32();
  if (!outer.ok()) return bad_key("private key: cut short");
  if (cipher != "none") return Error(Errc::unsupported, "the key is encrypted");
  if (kdf != "none" || !kdf_options.empty() || count != 1) return bad_key("private key: header");
  const Bytes public_blob = outer.string(), section = outer.string();
  if (!outer.finish()) return bad_key("private key: length");

  wire::Reader inner(section);
  if (inner.uint32() != inner.uint32()) return bad_key("private key: check numbers differ");
  const std::string_view type = inner.text();
  if (!inner.ok()) return bad_key("private key: cut short");
  const KeyTypeRow* row = find_key_type(type);
  if (row == nullptr) return Error(Errc::unsupported, "type of the private key");
  try {
    auto state = State::read(*row, inner);
    if (!state) return state.error();
    if (section.size() % block_size != 0 || !is_padding(inner.rest())) return bad_key("private key: padding");
    if (!equal((*state)->public_key.blob(), public_blob)) return bad_key("private key: the public keys differ");
    return PrivateKey(std::move(*state));
  } catch (const std::exception&) {
    return bad_key("private key refused by its arithmetic");
  }
}

std::string PrivateKey::to_openssh(Random& random, std::string_view comment) const {
  if (comment.empty()) comment = state_->comment;
  const Bytes fields = state_->fields.view();
  const std::string_view type = public_key().blob_type();
  std::array<std::uint8_t, 4> check;
  random.fill(check);

  const std::size_t plain_size = 4 + 4 + 4 + type.size() + fields.size() + 4 + comment.size();
  const std::size_t padding_size = (block_size - plain_size % block_size) % block_size;
  const Bytes public_blob = public_key().blob();
  SecretVector file(magic.size() + 4 + 4 + 4 + 4 + 4 + 4 + 4 + public_blob.size() + 4 + plain_size + padding_size);
  wire::Writer writer(file);
  writer.raw(as_bytes(magic));
  for (const std::string_view header : {"none", "none", ""}) writer.string(header);  // cipher, kdf, kdf options
  writer.uint32(1);
  writer.string(public_blob);
  writer.uint32(static_cast<std::uint32_t>(plain_size + padding_size));
  writer.raw(check);
  writer.raw(check);
  writer.string(type);
  writer.raw(fields);
  writer.string(comment);
  for (std::size_t i = 1; i <= padding_size; ++i) writer.byte(static_cast<std::uint8_t>(i));

  std::string base64 = base64_encode(Bytes(file));
  std::string text;
  text.reserve(begin_line.size() + end_line.size() + base64.size() + base64.size() / line_size + 4);
  text.append(begin_line).append("\n");
  for (std::size_t i = 0; i < base64.size(); i += line_size) text.append(base64, i, line_size).append("\n");
  text.append(end_line).append("\n");
  wipe({reinterpret_cast<std::uint8_t*>(base64.data()), base64.size()});
  return text;
}

}  // namespace hawser::crypto
