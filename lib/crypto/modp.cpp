// diffie-hellman-group14-sha256, -group16-sha512 and -group18-sha512 (RFC 8268), over the groups of RFC 3526, and the
// group exchanges (RFC 4419) over the group that was agreed on. Public values are the content of mpints (RFC 4253 §8).
#include <optional>

#include "crypto/botan_compat.h"
#include "crypto/key_agreements.h"
#include "hawser/crypto/hash.h"
#include "hawser/wire/types.h"

namespace hawser::crypto {

namespace {

std::size_t bits_of(KexFamily family) {
  switch (family) {
    case KexFamily::modp_group16: return 4096;
    case KexFamily::modp_group18: return 8192;
    default: return 2048;
  }
}

class Modp final : public TwoSidedKeyAgreement {
 public:
  Modp(DhGroup group, HashAlgorithm hash, Random& random)
      : numbers_(std::move(group)), exponent_size_(2 * hash_size(hash)), random_(random) {}

 private:
  ByteVector generate() override {
    group_.emplace(Botan::BigInt(numbers_.p.data(), numbers_.p.size()),
                   Botan::BigInt(numbers_.g.data(), numbers_.g.size()));
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
    const std::optional<Bytes> digits = wire::Mpint{peer}.digits();
    if (!digits) return refuse("diffie-hellman: negative, or not in the shortest form of an mpint");
    if (digits->size() > p.bytes()) return refuse("diffie-hellman: larger than the group");
    const Botan::BigInt value(digits->data(), digits->size());
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

  DhGroup numbers_;
  std::size_t exponent_size_;
  Random& random_;
  std::optional<Botan::DL_Group> group_;
  Botan::BigInt exponent_;  // Botan wipes it
};

}  // namespace

std::unique_ptr<KeyAgreement> make_modp(KexFamily family, HashAlgorithm hash, Random& random) {
  return make_group_agreement(*rfc3526_group(bits_of(family)), hash, random);
}

std::unique_ptr<KeyAgreement> make_group_agreement(const DhGroup& group, HashAlgorithm hash, Random& random) {
  return std::make_unique<Modp>(group, hash, random);
}

}  // namespace hawser::crypto
