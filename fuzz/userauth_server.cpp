// The server's side of authentication: any sequence of messages, any answers of the policy. It succeeds only when the
// policy says so.
#include "hawser/auth/userauth_server.h"
#include "input_mutator.h"
#include "support/recording_sink.h"
#include "support/test_gss.h"
#include "target.h"

using namespace hawser;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::shared_ptr<BufferPool> pool = BufferPool::create();
  fuzz::Input input(data, size);
  const std::uint8_t policy = input.byte();
  test::RecordingSink sink;
  const transport::SessionId session_id = transport::SessionId::without_key_exchange(ByteVector(32, 7));
  auth::UserauthServerConfig config;
  config.initial_methods = {"publickey", "password", "keyboard-interactive", "gssapi-with-mic"};
  config.gss = std::make_shared<test::TestGssServer>();
  config.host_key = ByteVector(51, 9);
  auth::UserauthServer server(sink, session_id, config);
  bool allowed = false;
  int number = 0;
  bool keyboard = false;
  const auto follow = [&](Result<std::optional<auth::UserauthServerEvent>> event) {
    while (event && *event) {
      if (std::holds_alternative<auth::AuthSucceeded>(**event)) {
        fuzz::require(allowed);
        return true;
      }
      const auto* request = std::get_if<auth::AuthRequested>(&**event);
      const auto* answered = std::get_if<auth::PromptsAnswered>(&**event);
      if (answered != nullptr) fuzz::require(keyboard);
      if (request != nullptr) {
        keyboard = std::holds_alternative<auth::KeyboardInteractiveRequest>(request->request);
        if (keyboard && number++ % 4 != 3) {
          event = server.prompt("name", "instruction", {{"Password: ", false}});
          continue;
        }
      }
      const bool hopeless = request != nullptr ? std::holds_alternative<auth::PublicKeyQuery>(request->request) ||
                                                     std::holds_alternative<auth::RefusedRequest>(request->request)
                                               : !answered->responses;
      const bool accept = (policy >> (number++ & 7) & 1) != 0;
      allowed = accept && !hopeless;
      event = server.answer(accept ? auth::AuthResult::successful : auth::AuthResult::failed, config.initial_methods);
    }
    return event.has_value();
  };
  while (!input.empty()) {
    if (!follow(server.receive(Payload::copy_of(input.packet(), *pool)))) break;
  }
  fuzz::require(!server.take_authenticated() || allowed);
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed) {
  return fuzz::mutate_input(fuzz::packets_after(1), data, size, max_size, seed);
}
