#include "crypto/signature_form.h"

#include <algorithm>
#include <array>

#include "crypto/hash_name.h"
#include "crypto/key_types.h"
#include "hawser/wire/reader.h"
#include "hawser/wire/writer.h"

namespace hawser::crypto {

namespace {

// RFC 5656 §3.1.2: mpint r, mpint s.
Result<ByteVector> ecdsa_numbers(Bytes wire_form, std::size_t number_size) {
  wire::Reader reader(wire_form);
  const wire::Mpint r = reader.mpint(), s = reader.mpint();
  if (!reader.finish()) return Error(Errc::bad_signature, "ecdsa signature blob");
  ByteVector numbers(2 * number_size);
  auto end = numbers.begin();
  for (const wire::Mpint& number : {r, s}) {
    const Bytes digits = !number.bytes.empty() && number.bytes[0] == 0 ? number.bytes.subspan(1) : number.bytes;
    if (number.negative() || digits.empty() || digits.size() > number_size) {
      return Error(Errc::bad_signature, "ecdsa: r or s out of range");
    }
    end += static_cast<std::ptrdiff_t>(number_size);
    std::ranges::copy_backward(digits, end);
  }
  return numbers;
}

// RFC 8332 §3: the signature is as long as the modulus. Some signers drop leading zeros, which OpenSSH accepts too.
Result<ByteVector> rsa_number(Bytes wire_form, std::size_t key_size) {
  if (wire_form.empty() || wire_form.size() > key_size) return Error(Errc::bad_signature, "rsa: length");
  ByteVector number(key_size);
  std::ranges::copy_backward(wire_form, number.end());
  return number;
}

// RFC 8032 §5.1.7: S is below the order L of the group. Botan 2 does not check it, and then every signature has a
// second form.
Result<ByteVector> ed25519_values(Bytes wire_form) {
  if (wire_form.size() != ed25519_signature_size) return Error(Errc::bad_signature, "ed25519: not 64 bytes");
  // 2^252 + 27742317777372353535851937790883648493, little endian.
  constexpr std::array<std::uint8_t, 32> order{0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                               0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
                                               0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};
  const Bytes s = wire_form.subspan(32);
  if (!std::lexicographical_compare(s.rbegin(), s.rend(), order.rbegin(), order.rend())) {
    return Error(Errc::bad_signature, "ed25519: S is not reduced");
  }
  return to_vector(wire_form);
}

}  // namespace

std::string botan_scheme(const SignatureRow& row) {
  switch (row.key_type) {
    case KeyType::ed25519: return "Pure";
    case KeyType::rsa: return "EMSA_PKCS1(" + hash_name(row.hash) + ")";
    default: return "EMSA1(" + hash_name(row.hash) + ")";
  }
}

Result<ByteVector> to_botan_form(const SignatureRow& row, Bytes wire_form, std::size_t key_size) {
  switch (row.key_type) {
    case KeyType::ed25519: return ed25519_values(wire_form);
    case KeyType::rsa: return rsa_number(wire_form, key_size);
    default: return ecdsa_numbers(wire_form, key_type_row(row.key_type).coordinate_size);
  }
}

ByteVector to_wire_form(const SignatureRow& row, Bytes botan_form) {
  if (row.key_type == KeyType::ed25519 || row.key_type == KeyType::rsa) return to_vector(botan_form);
  ByteVector numbers;
  wire::append_mpint(numbers, botan_form.first(botan_form.size() / 2));
  wire::append_mpint(numbers, botan_form.subspan(botan_form.size() / 2));
  return numbers;
}

}  // namespace hawser::crypto
