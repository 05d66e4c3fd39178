// What the commands prove themselves with: the keys of the agent ($SSH_AUTH_SOCK), key files, the password.
#pragma once

#include "hawser/client/credentials.h"
#include "hawser/client/url.h"
#include "options.h"

namespace hawser::tools {

// Files that are named by --identity must be readable, and take the place of the user's usual keys and the agent's. A
// passphrase is asked for at the terminal, when the key's turn comes. Throws Failure.
std::vector<client::Credential> make_credentials(const ConnectOptions& options, const client::Url& url);

}  // namespace hawser::tools
