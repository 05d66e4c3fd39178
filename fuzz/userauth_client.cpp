// The client's side of authentication against any server: success only as the answer to a request.
#include "hawser/auth/userauth_client.h"
#include "input_mutator.h"
#include "support/recording_sink.h"
#include "support/test_gss.h"
#include "support/test_keys.h"
#include "target.h"

using namespace hawser;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::shared_ptr<BufferPool> pool = BufferPool::create();
  const crypto::PrivateKey& key = test::ed25519_key();
  fuzz::Input input(data, size);
  test::RecordingSink sink;
  const transport::SessionId session_id = transport::SessionId::without_key_exchange(ByteVector(32, 7));
  auth::UserauthClient client(sink, session_id, "user");
  client.start();
  const auto gss = std::make_shared<test::TestGssClient>();
  bool asked = false;
  while (!input.empty()) {
    const std::uint8_t step = input.byte();
    if (step < 64) {
      Result<void> sent;
      switch (step % 9) {
        case 0: sent = client.request_none(); break;
        case 1: sent = client.request_password("secret"); break;
        case 2: sent = client.request_keyboard_interactive(); break;
        case 3: sent = client.request_gssapi_with_mic(gss); break;
        case 4: sent = client.answer_prompts(std::vector<std::string_view>(step / 8u, "x")); break;
        case 5: sent = client.query_public_key(key.public_key(), test::ed25519()); break;
        case 6: sent = client.request_public_key(key, test::ed25519()); break;
        case 7: sent = client.request_password_change("secret", "other"); break;
        default: client.bind_to_host_key(test::other_ed25519_key().public_key().blob()); continue;
      }
      asked = asked || sent.has_value();
      continue;
    }
    const auto event = client.receive(Payload::copy_of(input.packet(), *pool));
    if (!event) break;
    if (*event && std::holds_alternative<auth::ClientAuthenticated>(**event)) fuzz::require(asked);
  }
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed) {
  return fuzz::mutate_input(fuzz::steps_after(0, 1, 64), data, size, max_size, seed);
}
