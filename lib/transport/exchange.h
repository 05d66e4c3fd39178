// One run of a key exchange method (RFC 4253 §8, RFC 4419 §3, RFC 5656 §4, RFC 8731 §3): from the negotiated algorithms
// to the shared secret K and the exchange hash H, with the server's proof of its host key. No packets, no keys in use:
// only the arithmetic and its checks.
#pragma once

#include <memory>
#include <optional>

#include "hawser/crypto/deferred_work.h"
#include "hawser/crypto/key_agreement.h"
#include "hawser/crypto/keys.h"
#include "transport/negotiation.h"

namespace hawser::transport {

// What both sides have said so far; all of it enters the exchange hash.
struct Transcript {
  std::string client_identification;  // without CR LF
  std::string server_identification;
  ByteVector client_kexinit;  // whole payloads
  ByteVector server_kexinit;
};

// What a group exchange agreed on first (group_exchange.h): all of it enters the exchange hash.
struct AgreedGroup {
  crypto::GroupRequest request;
  crypto::DhGroup group;
};

struct Exchange {
  Transcript transcript;
  Algorithms algorithms;
  std::optional<AgreedGroup> group;  // of a group exchange; the other methods have none
};

struct ExchangeResult {
  crypto::SecretBytes shared_secret;  // K in its wire form
  ByteVector exchange_hash;           // H
};

// The client's first message, and what it needs for the second step.
struct ClientStart {
  ByteVector message;
  std::unique_ptr<crypto::KeyAgreement> agreement;
  ByteVector public_value;
};
Result<ClientStart> start_exchange(const Exchange& exchange, crypto::Random& random);

// Checks the reply: the host key's form against the negotiated algorithm, the public value, the signature over H.
// Errors: bad_key, bad_public_value, bad_signature, and those of decoding.
struct ClientFinish {
  ExchangeResult result;
  crypto::PublicKey host_key;
};
Result<ClientFinish> finish_exchange(const Exchange& exchange, ClientStart& start, Bytes reply);

// The server's whole part: takes the client's message, gives the reply.
struct ServerAnswer {
  ByteVector message;
  ExchangeResult result;
};
Result<ServerAnswer> answer_exchange(const Exchange& exchange, const crypto::Signer& host_key, Bytes init,
                                     crypto::Random& random);

// The same, to be done elsewhere. `answer` is an error until it has been.
class AnswerWork final : public crypto::DeferredWork {
 public:
  AnswerWork(Exchange made, std::shared_ptr<const crypto::Signer> key, Bytes init, crypto::Random& random)
      : exchange(std::move(made)),
        host_key(std::move(key)),
        init_(to_vector(init)),
        random_(crypto::derived_random(random)) {}
  void run() override { answer = answer_exchange(exchange, *host_key, init_, *random_); }

  Exchange exchange;
  const std::shared_ptr<const crypto::Signer> host_key;
  Result<ServerAnswer> answer = Error(Errc::crypto_failure, "the key exchange was not computed");

 private:
  ByteVector init_;
  std::unique_ptr<crypto::Random> random_;
};

}  // namespace hawser::transport
