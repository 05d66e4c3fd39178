// The exchange of identification strings (RFC 4253 §4.2), which comes before any packet.
#pragma once

#include <optional>
#include <string>

#include "hawser/transport/role.h"
#include "hawser/wire/bytes.h"
#include "hawser/wire/result.h"

namespace hawser::transport {

// "SSH-2.0-software", without CR LF: as it enters the exchange hash. `software` must be printable without space and
// '-'; errors: invalid_argument.
Result<std::string> make_identification(std::string_view software);

// Reads the peer's identification out of the first bytes it sends, line by line.
class IdentificationParser {
 public:
  // `own_role` client: up to `pre_lines` other lines may come before it. A server tolerates none.
  IdentificationParser(Role own_role, std::size_t pre_lines) : own_role_(own_role), pre_lines_left_(pre_lines) {}

  struct Progress {
    std::size_t consumed = 0;                   // bytes that are done with
    std::optional<std::string> identification;  // without line end; packets begin behind it
  };
  // `unread`: all bytes received and not yet consumed. Errors: bad_identification, protocol_version_not_supported.
  Result<Progress> parse(Bytes unread);

 private:
  Result<bool> take_line(std::string_view line);

  Role own_role_;
  std::size_t pre_lines_left_;
};

}  // namespace hawser::transport
