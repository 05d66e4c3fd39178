// Where an SFTPBackend gets the host keys that it trusts.
#pragma once

#include "hawser/client/sftp_backend.h"

namespace hawser::client {

// Looks at the sources in the order that SFTPBackendOptions tells. Throws BackendUnavailable where no key can ever be
// accepted: a strict policy and nothing known, a file that cannot be read.
std::shared_ptr<HostKeyVerifier> host_key_verifier(const SFTPBackendOptions& options);

}  // namespace hawser::client
