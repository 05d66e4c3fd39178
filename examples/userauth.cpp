// User authentication alone: client and server over plain packets, no transport. The client asks what is possible, then
// signs in with a key made on the spot.
#include <cstdio>
#include <deque>

#include "hawser/auth/userauth_client.h"
#include "hawser/auth/userauth_server.h"

using namespace hawser;
using namespace hawser::auth;

namespace {

const std::shared_ptr<BufferPool> pool = BufferPool::create();

// Where a transport would seal and send, this keeps the packets for the other side.
class Wire final : public PacketSink {
 public:
  PacketBuffer prepare(std::size_t payload_size) override { return PacketBuffer(*pool, payload_size); }
  void send(PacketBuffer&& packet) override {
    packets.push_back(Payload::copy_of(std::as_const(packet).payload(), *pool));
  }
  bool writable() const override { return true; }
  std::optional<Payload> take() {
    if (packets.empty()) return std::nullopt;
    Payload packet = std::move(packets.front());
    packets.pop_front();
    return packet;
  }
  std::deque<Payload> packets;
};

// The server's policy: one user with one key.
AuthResult decide(const AuthRequested& asked, const crypto::PublicKey& authorized) {
  if (asked.user != "joe") return AuthResult::failed;
  if (const auto* query = std::get_if<PublicKeyQuery>(&asked.request)) {
    return query->key == authorized ? AuthResult::successful : AuthResult::failed;
  }
  if (const auto* proved = std::get_if<PublicKeySigned>(&asked.request)) {
    return proved->key == authorized ? AuthResult::successful : AuthResult::failed;
  }
  return AuthResult::failed;
}

}  // namespace

int main() {
  const std::unique_ptr<crypto::Random> random = crypto::system_random();
  const auto key = crypto::PrivateKey::generate(crypto::KeyType::ed25519, *random);
  const crypto::SignatureRow* algorithm = crypto::find_signature("ssh-ed25519");
  if (!key || algorithm == nullptr) return 1;
  const auto session_id = transport::SessionId::without_key_exchange(as_bytes("an example"));
  Wire to_server, to_client;
  UserauthClient client(to_server, session_id, "joe");
  UserauthServer server(to_client, session_id, {});
  server.send_banner("Authorized use only.\r\n");

  client.start();
  if (!client.request_none()) return 1;
  for (bool done = false; !done;) {
    while (const std::optional<Payload> packet = to_server.take()) {
      const auto event = server.receive(*packet);
      if (!event) return 1;
      if (!*event) continue;
      const auto& asked = std::get<AuthRequested>(**event);
      std::printf("server: %s asks for %s\n", asked.user.c_str(), asked.method.c_str());
      if (!server.answer(decide(asked, key->public_key()), {"publickey"})) return 1;
    }
    while (const std::optional<Payload> packet = to_client.take()) {
      const auto event = client.receive(*packet);
      if (!event || !*event) return 1;
      if (const auto* banner = std::get_if<BannerReceived>(&**event)) std::printf("client: %s", banner->text.c_str());
      if (std::holds_alternative<AuthFailed>(**event) && !client.request_public_key(*key, *algorithm)) return 1;
      done = std::holds_alternative<ClientAuthenticated>(**event);
    }
  }
  std::printf("client: signed in as %s\n", client.take_authenticated()->user().c_str());
  return server.take_authenticated() ? 0 : 1;
}
