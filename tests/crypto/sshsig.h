// Reads the signatures that `ssh-keygen -Y sign` makes (OpenSSH PROTOCOL.sshsig), as a third party's signatures of
// known data.
#pragma once

#include <algorithm>
#include <stdexcept>

#include "hawser/crypto/hash.h"
#include "hawser/wire/reader.h"
#include "hawser/wire/writer.h"
#include "vectors.h"

namespace hawser::test {

struct SshSig {
  ByteVector public_key;
  ByteVector signature;  // in its wire form
  ByteVector signed_data;
};

inline ByteVector remove_armor(const std::string& text) {
  const std::size_t begin = text.find('\n'), end = text.rfind("-----END");
  std::string base64 = text.substr(begin, end - begin);
  std::erase(base64, '\n');
  const auto bytes = crypto::base64_decode(base64);
  if (!bytes) throw std::invalid_argument("armor");
  return *bytes;
}

inline SshSig read_sshsig(const std::string& key_name) {
  const ByteVector blob = remove_armor(vector_text("keys/" + key_name + ".sshsig"));
  wire::Reader reader(blob);
  reader.raw(6);  // "SSHSIG"
  reader.uint32();
  SshSig result;
  result.public_key = to_vector(reader.string());
  const Bytes name_space = reader.string(), reserved = reader.string(), hash = reader.string();
  result.signature = to_vector(reader.string());
  if (!reader.finish() || as_text(hash) != "sha512") throw std::invalid_argument("sshsig");
  result.signed_data = to_vector(as_bytes("SSHSIG"));
  for (const Bytes field : {name_space, reserved, hash}) wire::append_string(result.signed_data, field);
  wire::append_string(result.signed_data,
                      crypto::Hash(crypto::HashAlgorithm::sha512).update(as_bytes("hawser signature test")).finish());
  return result;
}

}  // namespace hawser::test
