// What a test says that cannot do all it would, for want of a peer. Where every peer must be there, as after
// `./bootstrap test` has installed them (HAWSER_PEERS=required in the environment), that is a failure.
#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>
#include <string_view>

namespace hawser::test {

inline void goes_without(const std::string& peer) {
  const char* const peers = std::getenv("HAWSER_PEERS");
  if (peers != nullptr && std::string_view(peers) == "required") {
    FAIL_CHECK("missing: " << peer);
  } else {
    MESSAGE("skipped: there is no " << peer);
  }
}

}  // namespace hawser::test
