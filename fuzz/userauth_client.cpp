// The client's side of authentication against any server: success only as the answer to a request.
#include "hawser/auth/userauth_client.h"
#include "support/recording_sink.h"
#include "target.h"

using namespace hawser;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::shared_ptr<BufferPool> pool = BufferPool::create();
  fuzz::Input input(data, size);
  test::RecordingSink sink;
  const transport::SessionId session_id = transport::SessionId::without_key_exchange(ByteVector(32, 7));
  auth::UserauthClient client(sink, session_id, "user");
  client.start();
  bool asked = false;
  while (!input.empty()) {
    const std::uint8_t step = input.byte();
    if (step < 64) {
      const Result<void> sent = step % 2 == 0 ? client.request_none() : client.request_password("secret");
      asked = asked || sent.has_value();
      continue;
    }
    const auto event = client.receive(Payload::copy_of(input.packet(), *pool));
    if (!event) break;
    if (*event && std::holds_alternative<auth::ClientAuthenticated>(**event)) fuzz::require(asked);
  }
  return 0;
}
