// diffie-hellman-group14-sha256, -group16-sha512 and -group18-sha512 (RFC 8268), over the groups of RFC 3526. Public
// values are the content of mpints (RFC 4253 §8).
#include <optional>

#include "crypto/botan_compat.h"
#include "crypto/key_agreements.h"
#include "hawser/crypto/hash.h"
#include "hawser/wire/types.h"

namespace hawser::crypto {

namespace {

const char* botan_name(KexFamily family) {
  switch (family) {
    case KexFamily::modp_group16: return "modp/ietf/4096";
    case KexFamily::modp_group18: return "modp/ietf/8192";
    default: return "modp/ietf/2048";
  }
}

class Modp final : public TwoSidedKeyAgreement {
 public:
  Modp(KexFamily family, HashAlgorithm hash, Random& random)
      : family_(family), exponent_size_(2 * hash_size(hash)), random_(random) {}

 private:
  ByteVector generate() override {
    group_ = compat::dl_group(botan_name(family_));
    // The private exponent has twice the bits of the hash: no key longer than the hash is derived from K, and finding a
    // short exponent costs half its bits (RFC 4419 §6.2). A full-sized one would only make the exchange several times
    // slower.
    SecretBytes bytes(exponent_size_);
    random_.fill(bytes.mutable_view());
    bytes.mutable_view()[0] |= 0x80;  // 1 < x (RFC 4253 §8), and the same length each time
    exponent_ = Botan::BigInt(bytes.view().data(), bytes.size());
    return encode(compat::power(*group_, group_->get_g(), exponent_));
  }

  Result<SecretBytes> agree(Bytes peer) override {
    const auto refuse = [](const char* why) { return Error(Errc::bad_public_value, why); };
    const Botan::BigInt& p = group_->get_p();
    if (wire::Mpint{peer}.negative()) return refuse("diffie-hellman: negative");
    if (!peer.empty() && peer[0] == 0 && (peer.size() == 1 || (peer[1] & 0x80) == 0)) {
      return refuse("diffie-hellman: mpint not in its shortest form");  // RFC 4251 §5
    }
    if (peer.size() > p.bytes() + 1) return refuse("diffie-hellman: larger than the group");
    const Botan::BigInt value(peer.data(), peer.size());
    // RFC 8268 §4: 1 < e < p-1, and the same for K. RFC 4253 §8 alone would admit 1 and p-1, whose powers are known.
    if (value <= 1 || value >= p - 1) return refuse("diffie-hellman: out of range");
    const Botan::BigInt shared = compat::power(*group_, value, exponent_);
    if (shared <= 1 || shared >= p - 1) return refuse("diffie-hellman: degenerate secret");
    SecretBytes number(p.bytes());
    compat::store_number(shared, number.mutable_view());
    return mpint_secret(number.view());
  }

  void forget() override { exponent_.clear(); }

  ByteVector encode(const Botan::BigInt& number) const {
    ByteVector bytes(group_->get_p().bytes());
    compat::store_number(number, bytes);
    return wire::mpint_content(bytes);
  }

  KexFamily family_;
  std::size_t exponent_size_;
  Random& random_;
  std::optional<Botan::DL_Group> group_;
  Botan::BigInt exponent_;  // Botan wipes it
};

}  // namespace

std::unique_ptr<KeyAgreement> make_modp(KexFamily family, HashAlgorithm hash, Random& random) {
  return std::make_unique<Modp>(family, hash, random);
}

}  // namespace hawser::crypto
