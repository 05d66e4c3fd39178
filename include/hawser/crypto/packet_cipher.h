// Sealing and opening of binary packets (RFC 4253 §6): one object per direction holds cipher, MAC and their keys, so
// that the modes differ in one place. All work is done in place, with no allocation per packet.
//
// A sealed packet is `packet_length (4) | padding_length (1) | payload | padding | tag`.
#pragma once

#include <memory>

#include "hawser/crypto/algorithms.h"
#include "hawser/crypto/secret.h"

namespace hawser::crypto {

// What the framing must know about a direction's algorithms.
struct PacketShape {
  std::size_t block_size = 8;     // padded size is a multiple of this
  std::size_t tag_size = 0;       // bytes behind the padded packet
  bool length_is_padded = true;   // packet_length counts towards the multiple (false for AEAD and encrypt-then-mac)
  std::size_t length_prefix = 4;  // bytes that `open_length` needs (a block where the length is encrypted)
  // In CBC, whoever can tell at which length a receiver gives up learns what an encrypted block says (CVE-2008-5161): a
  // bad length must look like a bad MAC, and as late.
  bool hides_bad_length = false;
};

class Sealer {
 public:
  virtual ~Sealer() = default;
  const PacketShape& shape() const { return shape_; }
  // `packet` is the whole packet with room for the tag at its end; packet_length and padding are already written.
  virtual Result<void> seal(std::uint32_t sequence_number, MutableBytes packet) = 0;

 protected:
  PacketShape shape_;
};

class Opener {
 public:
  virtual ~Opener() = default;
  const PacketShape& shape() const { return shape_; }
  // Gives packet_length. Called once per packet, with at least `shape().length_prefix` bytes from the packet's start;
  // may decrypt those in place. The value is unauthenticated: check it against the limit, allocate nothing by it.
  virtual Result<std::uint32_t> open_length(std::uint32_t sequence_number, MutableBytes prefix) = 0;
  // `packet` is the whole packet, tag included. Checks the tag before anything is released, then the bytes behind the
  // length field are plain text. Errors: bad_mac, bad_packet_length (too short for a length, a block and a tag),
  // crypto_failure; each ends the session.
  virtual Result<void> open(std::uint32_t sequence_number, MutableBytes packet) = 0;

 protected:
  PacketShape shape_;
};

struct DirectionKeys {
  SecretBytes key;
  SecretBytes iv;
  SecretBytes mac_key;
};

// `mac` is ignored for ciphers with a tag of their own and must not be null for the others.
// Sizes of `keys` are those of the rows. Errors: crypto_failure.
Result<std::unique_ptr<Sealer>> make_sealer(const CipherRow& cipher, const MacRow* mac, const DirectionKeys& keys);
Result<std::unique_ptr<Opener>> make_opener(const CipherRow& cipher, const MacRow* mac, const DirectionKeys& keys);

// Before the first NEWKEYS: no encryption, no tag.
std::unique_ptr<Sealer> plain_sealer();
std::unique_ptr<Opener> plain_opener();

}  // namespace hawser::crypto
