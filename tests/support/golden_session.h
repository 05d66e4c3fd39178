// Our side of a session with another implementation, up to the first answer of authentication: what is recorded against
// a real peer and replayed without one. Its algorithms are the transcript's notes `kex`, `host_key`, `cipher` and
// `mac`, one of each; its random is a SizedRandom of the transcript's seed; the server's host key is one of
// tests/data/vectors/keys. `data` is tests/data.
//
// Our client asks for ssh-userauth and then for method "none", which is refused; our server refuses whatever is asked
// for first.
#pragma once

#include <optional>

#include "hawser/auth/messages.h"
#include "support/sized_random.h"
#include "support/transcript.h"
#include "support/transport_configs.h"

namespace hawser::test {

class GoldenEnd {
 public:
  GoldenEnd(const Transcript& about, const std::string& data, std::shared_ptr<transport::Observer> observer = nullptr)
      : random_(about.seed), transport(about.role, config(about, data, std::move(observer)), random_, TimePoint()) {}

  void receive(Bytes bytes) {
    deliver(transport, bytes, [this] { drain(); });
  }

  // The file of a host key that signs with this algorithm.
  static std::string host_key_file(const std::string& data, std::string_view algorithm) {
    std::string name = "ed25519";
    if (algorithm == "ssh-rsa" || algorithm.starts_with("rsa-")) name = "rsa_2048";
    if (algorithm.starts_with("ecdsa-")) name = "ecdsa_" + std::string(algorithm.substr(algorithm.size() - 3));
    return data + "/vectors/keys/" + name;
  }

 private:
  static transport::TransportConfig config(const Transcript& about, const std::string& data,
                                           std::shared_ptr<transport::Observer> observer) {
    transport::TransportConfig config;
    config.software = "Hawser_golden";
    config.algorithms.kex = {about.notes.at("kex")};
    config.algorithms.host_key = {about.notes.at("host_key")};
    config.algorithms.cipher = {about.notes.at("cipher")};
    config.algorithms.mac = {about.notes.at("mac")};
    config.algorithms.compression = {"none"};
    config.algorithms.user_signature = {"ssh-ed25519"};
    if (about.role == Role::server) {
      Result<crypto::PrivateKey> key = crypto::load_private_key(host_key_file(data, about.notes.at("host_key")));
      if (!key) throw std::runtime_error(key.error().message());
      config.host_keys = {std::make_shared<crypto::PrivateKey>(*std::move(key))};
    }
    if (observer) config.make_observer = [observer](Role) { return observer; };
    return config;
  }

  void drain() {
    while (true) {
      Result<std::optional<transport::TransportEvent>> event = transport.next();
      if (!event) {
        error = event.error();
        return;
      }
      if (!*event) return;
      handle(**event);
    }
  }

  void handle(const transport::TransportEvent& event) {
    if (std::holds_alternative<transport::HostKeyOffered>(event)) transport.accept_host_key();
    if (std::holds_alternative<transport::KeyExchanged>(event)) {
      exchanged = true;
      if (transport.role() == Role::client) send(transport::ServiceRequest{auth::userauth_service});
    }
    const auto* packet = std::get_if<transport::Packet>(&event);
    if (packet == nullptr) return;
    switch (packet->number) {
      case transport::ServiceRequest::number: return send(transport::ServiceAccept{auth::userauth_service});
      case transport::ServiceAccept::number:
        return send(auth::UserauthRequest{"golden", auth::connection_service, "none", {}});
      case auth::UserauthRequest::number:
        send(auth::UserauthFailure{wire::NameList("publickey"), false});
        done = true;
        return;
      case auth::UserauthFailure::number: done = true; return;
      default: return;
    }
  }

  template <class M>
  void send(const M& message) {
    send_payload(transport, wire::encode(message));
  }

  SizedRandom random_;

 public:
  transport::Transport transport;
  bool exchanged = false;
  bool done = false;  // the answer to the first request for authentication has come, or is on its way
  std::optional<Error> error;
};

}  // namespace hawser::test
