// The makers behind make_sealer and make_opener, one pair per construction. Sizes of keys are already checked; they may
// throw Botan's exceptions.
#pragma once

#include "hawser/crypto/packet_cipher.h"

namespace hawser::crypto {

std::unique_ptr<Sealer> make_gcm_sealer(const CipherRow& cipher, const DirectionKeys& keys);
std::unique_ptr<Opener> make_gcm_opener(const CipherRow& cipher, const DirectionKeys& keys);

std::unique_ptr<Sealer> make_chacha20_poly1305_sealer(const CipherRow& cipher, const DirectionKeys& keys);
std::unique_ptr<Opener> make_chacha20_poly1305_opener(const CipherRow& cipher, const DirectionKeys& keys);

std::unique_ptr<Sealer> make_hmac_sealer(const CipherRow& cipher, const MacRow& mac, const DirectionKeys& keys);
std::unique_ptr<Opener> make_hmac_opener(const CipherRow& cipher, const MacRow& mac, const DirectionKeys& keys);

// packet_length stands in front of every packet.
inline constexpr std::size_t length_field_size = 4;

}  // namespace hawser::crypto
