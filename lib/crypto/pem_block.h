// The armor of private key files: `-----BEGIN label-----`, headers where there are any (RFC 1421 §4.6), a blank line
// behind them, base64, `-----END label-----`.
#pragma once

#include <botan/secmem.h>

#include <string_view>

#include "hawser/wire/bytes.h"
#include "hawser/wire/result.h"

namespace hawser::crypto {

using SecretVector = Botan::secure_vector<std::uint8_t>;

inline Error bad_key(const char* what) { return Error(Errc::bad_key, what); }

struct PemBlock {
  std::string_view label;     // these point into the text
  std::string_view dek_info;  // the header's value, empty where there is none
  SecretVector body;
};

// The one block of the text. `openssl ecparam -genkey` writes the curve's parameters in front of the key; they are
// passed over, since the key repeats them. Errors: bad_key, unsupported (encapsulated in another way).
Result<PemBlock> read_pem(std::string_view text);

}  // namespace hawser::crypto
