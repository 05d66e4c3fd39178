// What all client commands share: a URL and the options become an SFTP session; failures become messages and exit
// codes.
#pragma once

#include <memory>
#include <string>

#include "exit_code.h"
#include "hawser/client/client.h"
#include "hawser/client/url.h"
#include "options.h"
#include "packet_log.h"

namespace hawser::tools {

struct Session {
  std::shared_ptr<client::Client> client;
  std::shared_ptr<client::SFTPClient> sftp;
};

// Ends a command: thrown where no result could be of use, caught by `run_command`.
struct Failure {
  int exit_code;
  std::string text;
};

// Fills the algorithm lists and the rekey limit; throws Failure for a name that no table knows.
void apply(const AlgorithmOptions& options, std::uint64_t rekey_bytes, transport::TransportConfig& config);

// Throws Failure with usage_error, and says what a URL looks like.
client::Url parse_url(const std::string& text);
bool is_url(const std::string& text);

// `observers` may be null. Throws Failure.
client::Awaitable<Session> connect(const ConnectOptions& options, client::Url url, MakeObserver observers);

// The value, or the end of the command with the server's reason.
template <class T>
T value_or_fail(client::SFTPResult<T> result, const std::string& what) {
  if (!result) {
    const bool lost = !result.error().from_server() && blame(result.error().code()) == Blame::closed;
    throw Failure{lost ? connection_failed : operation_failed, what + ": " + result.error().message()};
  }
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

// The path to name in a request; the directory the server starts in is ".".
std::string remote_path(const client::Url& url);

}  // namespace hawser::tools
