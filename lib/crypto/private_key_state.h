// What a private key is made of; shared by its signing half (private_key.cpp) and its file half
// (private_key_text.cpp, openssh_key.cpp).
#pragma once

#include <string>

#include "crypto/pem_block.h"
#include "crypto/private_fields.h"
#include "hawser/crypto/keys.h"

namespace hawser::crypto {

struct PrivateKey::State {
  PublicKey public_key;
  std::unique_ptr<Botan::Private_Key> key;
  SecretBytes fields;  // as private_fields.h lays them out, for writing the key to a file
  std::string comment;

  // Parses `reader` up to the comment and checks that the pair signs what it verifies. Errors: bad_key, and those of
  // PublicKey::from_blob.
  static Result<std::shared_ptr<const State>> read(const KeyTypeRow& row, wire::Reader& reader);
  static Result<std::shared_ptr<const State>> without_comment(const KeyTypeRow& row, const SecretBytes& fields);

  // The errors of PrivateKey::from_text. May throw Botan's exceptions, which mean bad_key.
  static Result<std::shared_ptr<const State>> read_openssh(Bytes file, const SecretBytes* passphrase);
  static Result<std::shared_ptr<const State>> read_der(const PemBlock& block, const SecretBytes* passphrase);
};

}  // namespace hawser::crypto
