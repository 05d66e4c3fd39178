// Which form a private key file has, and the keys in ASN.1. openssh-key-v1 is in openssh_key.cpp.
#include "crypto/der_key.h"
#include "crypto/key_encryption.h"
#include "crypto/pem_block.h"
#include "crypto/private_key_state.h"

namespace hawser::crypto {
namespace {

constexpr std::size_t maximum_text_size = 64 * 1024;
constexpr std::string_view encrypted_label = "ENCRYPTED PRIVATE KEY";

struct DerForm {
  std::string_view label;
  Result<DerKey> (*read)(Bytes);
};
constexpr std::array der_forms{
    DerForm{"PRIVATE KEY", read_pkcs8},
    DerForm{encrypted_label, read_pkcs8},
    DerForm{"RSA PRIVATE KEY", read_pkcs1},
    DerForm{"EC PRIVATE KEY", read_sec1},
};

// What is thrown here, or cannot be read afterwards, may be damage; mostly it is a wrong passphrase, since most of
// these ciphers have no tag.
Result<DerKey> read_decrypted(const DerForm& form, const PemBlock& block, const std::optional<Pbes2>& info,
                              const SecretBytes& passphrase) {
  try {
    const Result<SecretVector> der = info ? Result<SecretVector>(decrypt(*info, passphrase))
                                          : decrypt_pem_body(block.dek_info, passphrase, block.body);
    if (!der) return der.error();
    Result<DerKey> key = form.read(*der);
    if (!key && key.error().code() == Errc::bad_key) return Error(Errc::wrong_passphrase);
    return key;
  } catch (const std::exception&) {
    return Error(Errc::wrong_passphrase);
  }
}

Result<DerKey> read_der(const PemBlock& block, const SecretBytes* passphrase) {
  const auto form = std::ranges::find(der_forms, block.label, &DerForm::label);
  if (form == der_forms.end()) return Error(Errc::unsupported, "not a form of private keys that is known");
  std::optional<Pbes2> info;
  if (form->label == encrypted_label) {
    Result<Pbes2> read = read_pbes2(block.body);
    if (!read) return read.error();
    info = *std::move(read);
  }
  if (!info && block.dek_info.empty()) return form->read(block.body);
  if (passphrase == nullptr) return Error(Errc::passphrase_required, "private key");
  return read_decrypted(*form, block, info, *passphrase);
}

}  // namespace

Result<PrivateKey> PrivateKey::from_text(std::string_view text, const SecretBytes* passphrase) {
  if (text.size() > maximum_text_size) return Error(Errc::bad_key, "private key: too large");
  const Result<PemBlock> block = read_pem(text);
  if (!block) return block.error();
  try {
    auto state = block->label == "OPENSSH PRIVATE KEY" ? State::read_openssh(block->body, passphrase)
                                                       : State::read_der(*block, passphrase);
    if (!state) return state.error();
    return PrivateKey(std::move(*state));
  } catch (const std::exception&) {
    return Error(Errc::bad_key, "private key refused by its arithmetic");
  }
}

Result<std::shared_ptr<const PrivateKey::State>> PrivateKey::State::read_der(const PemBlock& block,
                                                                             const SecretBytes* passphrase) {
  const Result<DerKey> key = crypto::read_der(block, passphrase);
  if (!key) return key.error();
  return without_comment(*key->row, key->fields);
}

}  // namespace hawser::crypto
