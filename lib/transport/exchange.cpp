#include "transport/exchange.h"

#include "hawser/crypto/hash.h"

namespace hawser::transport {
namespace {

// In the modp methods public values are mpints, in the others strings. Both are a length and bytes, and only an mpint
// can be ill-formed, which the arithmetic checks.
enum class Form { ecdh, kexdh, group_exchange };
Form form_of(const Algorithms& algorithms) {
  switch (algorithms.kex->family) {
    case crypto::KexFamily::modp_group14:
    case crypto::KexFamily::modp_group16:
    case crypto::KexFamily::modp_group18: return Form::kexdh;
    case crypto::KexFamily::modp_exchange: return Form::group_exchange;
    default: return Form::ecdh;
  }
}

template <class Init>
Result<Bytes> decode_e(Bytes payload) {
  const Result<Init> init = wire::decode<Init>(payload);
  if (!init) return init.error();
  return init->e.bytes;
}

Result<Bytes> decode_init(const Algorithms& algorithms, Bytes payload) {
  switch (form_of(algorithms)) {
    case Form::kexdh: return decode_e<KexdhInit>(payload);
    case Form::group_exchange: return decode_e<KexDhGexInit>(payload);
    case Form::ecdh: break;
  }
  const Result<KexEcdhInit> init = wire::decode<KexEcdhInit>(payload);
  if (!init) return init.error();
  return init->q_c;
}

template <class Reply>
Result<KexEcdhReply> decode_f(Bytes payload) {
  const Result<Reply> reply = wire::decode<Reply>(payload);
  if (!reply) return reply.error();
  return KexEcdhReply{reply->host_key, reply->f.bytes, reply->signature};
}

Result<KexEcdhReply> decode_reply(const Algorithms& algorithms, Bytes payload) {
  switch (form_of(algorithms)) {
    case Form::kexdh: return decode_f<KexdhReply>(payload);
    case Form::group_exchange: return decode_f<KexDhGexReply>(payload);
    case Form::ecdh: break;
  }
  return wire::decode<KexEcdhReply>(payload);
}

ByteVector encode_init(const Algorithms& algorithms, Bytes value) {
  if (form_of(algorithms) == Form::group_exchange) return wire::encode(KexDhGexInit{{value}});
  return wire::encode(KexEcdhInit{value});
}

ByteVector encode_reply(const Algorithms& algorithms, Bytes host_key, Bytes value, Bytes signature) {
  if (form_of(algorithms) == Form::group_exchange) return wire::encode(KexDhGexReply{host_key, {value}, signature});
  return wire::encode(KexEcdhReply{host_key, value, signature});
}

std::unique_ptr<crypto::KeyAgreement> make_agreement(const Exchange& exchange, crypto::Random& random) {
  const crypto::KexRow& row = *exchange.algorithms.kex;
  if (exchange.group) return crypto::make_group_agreement(exchange.group->group, row.hash, random);
  return crypto::make_key_agreement(row, random);
}

// RFC 4419 §3: min || n || max || p || g.
void hash_group(crypto::Hash& hash, const AgreedGroup& agreed) {
  hash.update_uint32(agreed.request.min).update_uint32(agreed.request.n).update_uint32(agreed.request.max);
  hash.update_string(wire::mpint_content(agreed.group.p)).update_string(wire::mpint_content(agreed.group.g));
}

// H = HASH(V_C || V_S || I_C || I_S || K_S || client's value || server's value || K), RFC 4253 §8, RFC 5656 §4; a group
// exchange has its group in front of the values.
ByteVector exchange_hash(const Exchange& exchange, Bytes host_key, Bytes client_value, Bytes server_value,
                         Bytes shared_secret) {
  const Transcript& said = exchange.transcript;
  crypto::Hash hash(exchange.algorithms.kex->hash);
  hash.update_string(as_bytes(said.client_identification)).update_string(as_bytes(said.server_identification));
  hash.update_string(said.client_kexinit).update_string(said.server_kexinit).update_string(host_key);
  if (exchange.group) hash_group(hash, *exchange.group);
  hash.update_string(client_value).update_string(server_value).update(shared_secret);
  return hash.finish();
}

// The negotiated name fixes the form of the key exactly: for ECDSA the curve is part of both names.
Result<crypto::PublicKey> parse_host_key(const crypto::SignatureRow& row, Bytes blob) {
  Result<crypto::PublicKey> key = crypto::PublicKey::from_blob(blob);
  const bool unknown = !key && key.error().code() == Errc::unsupported;  // of a type that nobody has negotiated
  if (!key && !unknown) return key;
  if (unknown || key->blob_type() != row.key_blob_type || !key->can_verify(row)) {
    return Error(Errc::bad_key, "the host key is not of the negotiated type");
  }
  return key;
}

}  // namespace

Result<ClientStart> start_exchange(const Exchange& exchange, crypto::Random& random) {
  ClientStart start;
  start.agreement = make_agreement(exchange, random);
  Result<ByteVector> value = start.agreement->client_start();
  if (!value) return value.error();
  start.public_value = std::move(*value);
  start.message = encode_init(exchange.algorithms, start.public_value);
  return start;
}

Result<ClientFinish> finish_exchange(const Exchange& exchange, ClientStart& start, Bytes payload) {
  const Result<KexEcdhReply> reply = decode_reply(exchange.algorithms, payload);
  if (!reply) return reply.error();
  const crypto::SignatureRow& row = *exchange.algorithms.host_key;
  Result<crypto::PublicKey> host_key = parse_host_key(row, reply->host_key);
  if (!host_key) return host_key.error();
  Result<crypto::SecretBytes> secret = start.agreement->client_finish(reply->q_s);
  if (!secret) return secret.error();

  ByteVector hash = exchange_hash(exchange, reply->host_key, start.public_value, reply->q_s, secret->view());
  if (Result<void> proof = host_key->verify(row, hash, reply->signature); !proof) return proof.error();
  return ClientFinish{{std::move(*secret), std::move(hash)}, std::move(*host_key)};
}

Result<ServerAnswer> answer_exchange(const Exchange& exchange, const crypto::Signer& host_key, Bytes init,
                                     crypto::Random& random) {
  const Result<Bytes> client_value = decode_init(exchange.algorithms, init);
  if (!client_value) return client_value.error();
  Result<crypto::AgreedSecret> agreed = make_agreement(exchange, random)->server_respond(*client_value);
  if (!agreed) return agreed.error();

  const Bytes blob = host_key.public_key().blob();
  const Bytes secret = agreed->shared_secret.view();
  ByteVector hash = exchange_hash(exchange, blob, *client_value, agreed->public_value, secret);
  const Result<ByteVector> signature = host_key.sign(*exchange.algorithms.host_key, hash);
  if (!signature) return signature.error();
  ByteVector message = encode_reply(exchange.algorithms, blob, agreed->public_value, *signature);
  return ServerAnswer{std::move(message), {std::move(agreed->shared_secret), std::move(hash)}};
}

}  // namespace hawser::transport
