// The messages between a client and an agent that are used here (draft-ietf-sshm-ssh-agent §3 and §6.1). Each travels
// behind a uint32 with its length.
#pragma once

#include "hawser/wire/codec.h"
#include "hawser/wire/types.h"

namespace hawser::client {

struct AgentFailure {
  static constexpr std::uint8_t number = 5;
  static constexpr const char* name = "SSH_AGENT_FAILURE";
  static constexpr auto fields = std::tuple<>{};
};

struct AgentRequestIdentities {
  static constexpr std::uint8_t number = 11;
  static constexpr const char* name = "SSH_AGENTC_REQUEST_IDENTITIES";
  static constexpr auto fields = std::tuple<>{};
};

// `nkeys` AgentIdentityFields follow.
struct AgentIdentitiesAnswer {
  static constexpr std::uint8_t number = 12;
  static constexpr const char* name = "SSH_AGENT_IDENTITIES_ANSWER";
  std::uint32_t nkeys = 0;
  wire::Rest keys;
  static constexpr auto fields = std::tuple{wire::field("nkeys", &AgentIdentitiesAnswer::nkeys),
                                            wire::field("keys", &AgentIdentitiesAnswer::keys)};
};

struct AgentIdentityFields {
  Bytes key_blob;
  std::string_view comment;
  static constexpr auto fields = std::tuple{wire::field("key_blob", &AgentIdentityFields::key_blob),
                                            wire::field("comment", &AgentIdentityFields::comment)};
};

struct AgentSignRequest {
  static constexpr std::uint8_t number = 13;
  static constexpr const char* name = "SSH_AGENTC_SIGN_REQUEST";
  Bytes key_blob;
  Bytes data;
  std::uint32_t flags = 0;
  static constexpr auto fields =
      std::tuple{wire::field("key_blob", &AgentSignRequest::key_blob), wire::field("data", &AgentSignRequest::data),
                 wire::field("flags", &AgentSignRequest::flags)};
};
// What an ssh-rsa key signs with instead of SHA-1.
inline constexpr std::uint32_t agent_rsa_sha2_256 = 2;  // SSH_AGENT_RSA_SHA2_256
inline constexpr std::uint32_t agent_rsa_sha2_512 = 4;  // SSH_AGENT_RSA_SHA2_512

struct AgentSignResponse {
  static constexpr std::uint8_t number = 14;
  static constexpr const char* name = "SSH_AGENT_SIGN_RESPONSE";
  Bytes signature;
  static constexpr auto fields = std::tuple{wire::field("signature", &AgentSignResponse::signature)};
};

}  // namespace hawser::client
