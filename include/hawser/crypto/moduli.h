// The groups that a server may choose from in a group exchange (RFC 4419): those of RFC 3526, and those of a file in
// the format of moduli(5), such as OpenSSH's /etc/ssh/moduli. A value; made once and shared by all connections.
//
//   auto moduli = crypto::Moduli::from_text(text);
//   for (const std::string& warning : moduli->warnings()) ...
//   config.moduli = std::make_shared<const crypto::Moduli>(*std::move(moduli));
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hawser/crypto/dh_group.h"

namespace hawser::crypto {

class Moduli {
 public:
  // The groups of RFC 3526.
  static Moduli built_in();
  // Those, and the ones of a file. Used are safe primes (type 2) of 2048 to 8192 bits that were tested for primality;
  // other well-formed lines count for nothing. That the tests were made is believed; a line that contradicts itself is
  // skipped with a warning. Errors: bad_value, where no line can be used.
  static Result<Moduli> from_text(std::string_view text);

  // RFC 4419 §3: the smallest size that is not below `asked.n`, else the largest, within `asked`; of those of that size
  // one at random. Null: there is none.
  const DhGroup* choose(const GroupRequest& asked, Random& random) const;

  std::size_t size() const { return groups_.size(); }
  // "line 12 is skipped: …", for a log.
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  std::vector<DhGroup> groups_;
  std::vector<std::string> warnings_;
};

}  // namespace hawser::crypto
