// The server's side of authentication: any sequence of messages, any answers of the policy. It succeeds only when the policy says so.
#include "hawser/auth/userauth_server.h"
#include "support/recording_sink.h"
#include "target.h"

using namespace hawser;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::shared_ptr<BufferPool> pool = BufferPool::create();
  fuzz::Input input(data, size);
  const std::uint8_t policy = input.byte();
  test::RecordingSink sink;
  const transport::SessionId session_id = transport::SessionId::without_key_exchange(ByteVector(32, 7));
  auth::UserauthServer server(sink, session_id, {});
  bool allowed = false;
  int number = 0;
  const auto follow = [&](Result<std::optional<auth::UserauthServerEvent>> event) {
    while (event && *event) {
      if (std::holds_alternative<auth::AuthSucceeded>(**event)) {
        fuzz::require(allowed);
        return true;
      }
      const auto& request = std::get<auth::AuthRequested>(**event);
      const bool query = std::holds_alternative<auth::PublicKeyQuery>(request.request);
      const bool accept = (policy >> (number++ & 7) & 1) != 0;
      allowed = accept && !query;
      event = server.answer(accept ? auth::AuthResult::successful : auth::AuthResult::failed, {"publickey", "password"});
    }
    return event.has_value();
  };
  while (!input.empty()) {
    if (!follow(server.receive(Payload::copy_of(input.packet(), *pool)))) break;
  }
  fuzz::require(!server.take_authenticated() || allowed);
  return 0;
}
