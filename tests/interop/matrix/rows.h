// The rows of the interop matrix: every algorithm of our tables, which of them a peer has, and the policy that makes us
// offer one of them and nothing else of its kind.
#pragma once

#include <string>
#include <vector>

#include "hawser/crypto/algorithms.h"
#include "hawser/transport/messages.h"

namespace hawser::test {

enum class Kind { kex, host_key, cipher, mac, compression, user_key };
std::string_view name_of(Kind kind);

struct MatrixRow {
  Kind kind;
  std::string name;
};

// Those of the kinds that HAWSER_MATRIX_KINDS names ("kex,cipher"), or all.
std::vector<MatrixRow> matrix_rows();

// Everything that the tables have, also what is for request only.
crypto::AlgorithmPolicy every_algorithm();
// One row of its kind; of the other kinds what is offered by default. A MAC is shown with aes128-ctr, which needs one.
crypto::AlgorithmPolicy only(const MatrixRow& row);

// What the user signs in with: a key that fits the row, else ed25519, which every peer knows.
crypto::KeyType user_key_for(const MatrixRow& row);

// What a peer says that it can.
struct PeerOffer {
  std::string software;  // softwareversion of its identification (RFC 4253 §4.2)
  std::vector<std::string> kex, host_key, cipher, mac, compression;  // those that it can in both directions
  std::vector<std::string> user_key;                                 // server-sig-algs (RFC 8308 §3.1), or host_key

  PeerOffer() = default;
  PeerOffer(const std::string& identification, const transport::KexInit& message);
  bool has(const MatrixRow& row) const;
};

}  // namespace hawser::test
