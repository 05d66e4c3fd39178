#include "host_key_proof.h"

#include <algorithm>

#include "hawser/wire/reader.h"
#include "hawser/wire/writer.h"

namespace hawser::server {
namespace {

const crypto::SignatureRow* row_for(const crypto::PublicKey& key, std::string_view negotiated) {
  const crypto::SignatureRow* wanted = crypto::find_signature(negotiated);
  if (wanted != nullptr && key.can_verify(*wanted)) return wanted;
  const auto rows = crypto::signature_rows();
  const auto first = std::ranges::find_if(rows, [&](const crypto::SignatureRow& row) { return key.can_verify(row); });
  return first == rows.end() ? nullptr : &*first;
}

}  // namespace

ByteVector announce_host_keys(HostKeyView keys) {
  ByteVector body;
  for (const auto& key : keys) wire::append_string(body, key->public_key().blob());
  return body;
}

Result<ByteVector> prove_host_keys(HostKeyView keys, Bytes asked, const transport::SessionId& session,
                                   std::string_view negotiated) {
  ByteVector body;
  wire::Reader reader(asked);
  std::vector<const crypto::Signer*> proved;
  while (reader.remaining() != 0) {
    const Bytes blob = reader.string();
    if (Result<void> status = reader.status(); !status) return status.error();
    const auto key =
        std::ranges::find_if(keys, [&](const auto& own) { return std::ranges::equal(own->public_key().blob(), blob); });
    if (key == keys.end()) return Error(Errc::not_found, "a host key");
    if (std::ranges::find(proved, key->get()) != proved.end()) return Error(Errc::bad_value, "a host key named twice");
    proved.push_back(key->get());
    const crypto::SignatureRow* row = row_for((*key)->public_key(), negotiated);
    if (row == nullptr) return Error(Errc::unsupported, "a host key");

    ByteVector data;
    wire::append_string(data, as_bytes(host_keys_proof));
    wire::append_string(data, session.bytes());
    wire::append_string(data, blob);
    const Result<ByteVector> signature = (*key)->sign(*row, data);
    if (!signature) return signature.error();
    wire::append_string(body, *signature);
  }
  return body;
}

}  // namespace hawser::server
