// What a private key is made of; shared by its signing half (private_key.cpp) and its file half (openssh_key.cpp).
#pragma once

#include <string>

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
};

}  // namespace hawser::crypto
