// The bytes that the signature of a publickey request covers, for the side that signs and the side that verifies.
#pragma once

#include "hawser/crypto/keys.h"
#include "hawser/transport/session_id.h"

namespace hawser::auth {

ByteVector publickey_signed_data(const transport::SessionId& session_id, std::string_view user,
                                 std::string_view algorithm, Bytes public_key_blob);

}  // namespace hawser::auth
