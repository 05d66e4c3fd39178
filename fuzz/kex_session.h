// A key exchange whose other side is played with all its mathematics, by a peer that changes its packets as an input
// says: what a KEXINIT is changed to enters the exchange hash, so that what follows is still right and reaches the end.
// One claim holds whatever the input: who says that keys were exchanged has the session identifier of the peer, if that
// peer has got as far.
#pragma once

#include <map>

#include "edit_script.h"
#include "support/raw_peer.h"

namespace hawser::fuzz {

struct KexChoice {
  const char* method;
  crypto::KeyType key_type;
};

// Whatever is fast enough; the other methods of a family differ in their tables only.
inline transport::TransportConfig kex_config(std::uint8_t choice) {
  static constexpr KexChoice choices[] = {
      {"curve25519-sha256", crypto::KeyType::ed25519},
      {"ecdh-sha2-nistp256", crypto::KeyType::ecdsa_p256},
      {"diffie-hellman-group14-sha256", crypto::KeyType::rsa},
      {"diffie-hellman-group-exchange-sha256", crypto::KeyType::ed25519},
  };
  const KexChoice& chosen = choices[choice % std::size(choices)];
  transport::TransportConfig config;
  // Keys of this process, made when they are first needed, from the same seed in each.
  static auto& keys = *new std::map<crypto::KeyType, std::shared_ptr<const crypto::Signer>>;
  std::shared_ptr<const crypto::Signer>& key = keys[chosen.key_type];
  if (!key) {
    test::FixedRandom random(1);
    key = std::make_shared<crypto::PrivateKey>(*crypto::PrivateKey::generate(chosen.key_type, random, 2048));
  }
  config.host_keys = {key};
  config.algorithms.kex.insert(config.algorithms.kex.begin(), chosen.method);
  if ((choice & 4) != 0) config.algorithms.cipher = {"aes128-ctr"};
  return config;
}

class EditedPeer final : public test::RawPeer {
 public:
  EditedPeer(Role role, const transport::TransportConfig& config) : RawPeer(role, config, config) {}

  // From the next packet on.
  void follow(EditScript& script) { script_ = &script; }

  void send(Bytes payload) override {
    for (const ByteVector& packet : edited(payload)) RawPeer::send(packet);
  }

  // One exchange, as far as it goes.
  void exchange_edited_keys() {
    const std::vector<ByteVector> kexinits = edited(make_kexinit(key_exchanges == 0));
    EditScript* const script = std::exchange(script_, nullptr);
    for (const ByteVector& packet : kexinits) {
      // The last is what the hash is made over.
      if (&packet == &kexinits.back()) {
        send_kexinit(packet);
      } else {
        send(packet);
      }
    }
    script_ = script;
    if (!kexinits.empty() && agree() && run_method()) {
      const ByteVector newkeys = wire::encode(transport::NewKeys{});
      bool switched = false;
      for (const ByteVector& packet : edited(newkeys)) {
        if (packet == newkeys && !std::exchange(switched, true)) {
          send_newkeys();
        } else {
          RawPeer::send(packet);
        }
      }
    }
    receive_until(transport::NewKeys::number);
    check();
  }
  // Whatever else the input has to say.
  void send_rest(Input& input) {
    script_ = nullptr;
    while (!input.empty() && error() == Errc::ok) {
      send(input.packet());
      while (!receive().empty()) {
      }
    }
    check();
  }

  void check() {
    // A server cannot know whether the client has believed it, before a packet opens with the client's keys.
    const bool disbelieved = subject.role() == Role::server && session_id.empty();
    require(key_exchanges == 0 || disbelieved || equal(subject.session_id().bytes(), session_id));
    require(offers == 0 || subject.role() == Role::client);
  }

 private:
  std::vector<ByteVector> edited(Bytes payload) {
    ByteVector packet = to_vector(payload);
    if (script_ != nullptr) return script_->apply(std::move(packet));
    std::vector<ByteVector> same;
    same.push_back(std::move(packet));
    return same;
  }

  EditScript* script_ = nullptr;
};

// `role` is the peer's.
inline void fuzz_first_exchange(Role role, Bytes bytes) {
  Input input(bytes.data(), bytes.size());
  EditedPeer peer(role, kex_config(input.byte()));
  EditScript script(input);
  peer.follow(script);
  peer.identify();
  peer.exchange_edited_keys();
  require(peer.key_exchanges == 1 || bytes.size() > 1);  // left alone it succeeds
  peer.send_rest(input);
}

}  // namespace hawser::fuzz
