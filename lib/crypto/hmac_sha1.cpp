#include "hawser/crypto/hmac_sha1.h"

#include <botan/mac.h>

namespace hawser::crypto {

ByteVector hmac_sha1(Bytes key, Bytes data) {
  const auto mac = Botan::MessageAuthenticationCode::create_or_throw("HMAC(SHA-1)");
  mac->set_key(key.data(), key.size());
  mac->update(data.data(), data.size());
  ByteVector tag(mac->output_length());
  mac->final(tag.data());
  return tag;
}

}  // namespace hawser::crypto
