// The first key exchange of a server, against a client that knows its mathematics and says what the input makes of it.
#include "kex_session.h"

using namespace hawser;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::fuzz_first_exchange(Role::client, Bytes(data, size));
  return 0;
}
