// HMAC-SHA1 (RFC 2104), for one thing only: the hashed host names of known_hosts files (sshd(8), SSH_KNOWN_HOSTS FILE
// FORMAT). There it hides names and protects nothing, so that SHA-1's weakness does not matter. Not for packets.
#pragma once

#include "hawser/wire/bytes.h"

namespace hawser::crypto {

ByteVector hmac_sha1(Bytes key, Bytes data);

}  // namespace hawser::crypto
