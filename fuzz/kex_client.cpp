// The first key exchange of a client, against a server that knows its mathematics and says what the input makes of it.
#include "kex_session.h"

using namespace hawser;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::fuzz_first_exchange(Role::server, Bytes(data, size));
  return 0;
}
