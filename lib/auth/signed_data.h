// The bytes that prove a request: what the signature of a publickey request and the MIC of gssapi-with-mic cover, for
// the side that makes them and the side that verifies.
#pragma once

#include <optional>

#include "hawser/crypto/keys.h"
#include "hawser/transport/session_id.h"

namespace hawser::auth {

// `server_host_key`: of a host-bound request (OpenSSH PROTOCOL §3.1).
ByteVector publickey_signed_data(const transport::SessionId& session_id, std::string_view user,
                                 std::string_view algorithm, Bytes public_key_blob,
                                 std::optional<Bytes> server_host_key);

ByteVector gssapi_mic_data(const transport::SessionId& session_id, std::string_view user);

}  // namespace hawser::auth
