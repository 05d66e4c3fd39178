// What stands in the `method_specific` part of a USERAUTH_REQUEST, and what signatures and MICs over one cover. Where a
// method has two forms, the leading boolean says which it is, and must be read first.
#pragma once

#include "hawser/auth/messages.h"

namespace hawser::auth {

struct PasswordFields {
  bool change = false;
  std::string_view password;
  static constexpr auto fields =
      std::tuple{wire::field("change", &PasswordFields::change), wire::field("password", &PasswordFields::password)};
};

struct PasswordChangeFields {
  bool change = true;
  std::string_view old_password;
  std::string_view new_password;
  static constexpr auto fields = std::tuple{wire::field("change", &PasswordChangeFields::change),
                                            wire::field("old_password", &PasswordChangeFields::old_password),
                                            wire::field("new_password", &PasswordChangeFields::new_password)};
};

struct PublicKeyQueryFields {
  bool has_signature = false;
  std::string_view algorithm_name;
  Bytes public_key_blob;
  static constexpr auto fields = std::tuple{wire::field("has_signature", &PublicKeyQueryFields::has_signature),
                                            wire::field("algorithm_name", &PublicKeyQueryFields::algorithm_name),
                                            wire::field("public_key_blob", &PublicKeyQueryFields::public_key_blob)};
};

struct PublicKeySignedFields {
  bool has_signature = true;
  std::string_view algorithm_name;
  Bytes public_key_blob;
  Bytes signature;
  static constexpr auto fields = std::tuple{wire::field("has_signature", &PublicKeySignedFields::has_signature),
                                            wire::field("algorithm_name", &PublicKeySignedFields::algorithm_name),
                                            wire::field("public_key_blob", &PublicKeySignedFields::public_key_blob),
                                            wire::field("signature", &PublicKeySignedFields::signature)};
};

// What the signature of a publickey request covers (RFC 4252 §7): the session, so that it cannot be replayed in another
// one, and the whole request, so that it speaks for no other user, service or key.
struct PublicKeySignedData {
  Bytes session_identifier;
  std::uint8_t message_number = UserauthRequest::number;
  std::string_view user_name;
  std::string_view service_name;
  std::string_view method_name;
  bool has_signature = true;
  std::string_view algorithm_name;
  Bytes public_key_blob;
  static constexpr auto fields = std::tuple{wire::field("session_identifier", &PublicKeySignedData::session_identifier),
                                            wire::field("message_number", &PublicKeySignedData::message_number),
                                            wire::field("user_name", &PublicKeySignedData::user_name),
                                            wire::field("service_name", &PublicKeySignedData::service_name),
                                            wire::field("method_name", &PublicKeySignedData::method_name),
                                            wire::field("has_signature", &PublicKeySignedData::has_signature),
                                            wire::field("algorithm_name", &PublicKeySignedData::algorithm_name),
                                            wire::field("public_key_blob", &PublicKeySignedData::public_key_blob)};
};

// OpenSSH PROTOCOL §3.1, "publickey-hostbound-v00@openssh.com": a publickey request that also names the host key which
// the client has seen.
struct HostboundQueryFields {
  bool has_signature = false;
  std::string_view algorithm_name;
  Bytes public_key_blob;
  Bytes server_host_key;
  static constexpr auto fields = std::tuple{wire::field("has_signature", &HostboundQueryFields::has_signature),
                                            wire::field("algorithm_name", &HostboundQueryFields::algorithm_name),
                                            wire::field("public_key_blob", &HostboundQueryFields::public_key_blob),
                                            wire::field("server_host_key", &HostboundQueryFields::server_host_key)};
};

struct HostboundSignedFields {
  bool has_signature = true;
  std::string_view algorithm_name;
  Bytes public_key_blob;
  Bytes server_host_key;
  Bytes signature;
  static constexpr auto fields = std::tuple{wire::field("has_signature", &HostboundSignedFields::has_signature),
                                            wire::field("algorithm_name", &HostboundSignedFields::algorithm_name),
                                            wire::field("public_key_blob", &HostboundSignedFields::public_key_blob),
                                            wire::field("server_host_key", &HostboundSignedFields::server_host_key),
                                            wire::field("signature", &HostboundSignedFields::signature)};
};

struct HostboundSignedData {
  PublicKeySignedData request;
  Bytes server_host_key;
  static constexpr auto fields = std::tuple{wire::field("request", &HostboundSignedData::request),
                                            wire::field("server_host_key", &HostboundSignedData::server_host_key)};
};

// RFC 4256 §3.1
struct KeyboardInteractiveFields {
  std::string_view language_tag;
  std::string_view submethods;
  static constexpr auto fields = std::tuple{wire::field("language_tag", &KeyboardInteractiveFields::language_tag),
                                            wire::field("submethods", &KeyboardInteractiveFields::submethods)};
};

// RFC 4462 §3.2: `mechanism_count` MechanismFields follow.
struct GssapiFields {
  std::uint32_t mechanism_count = 0;
  wire::Rest mechanisms;
  static constexpr auto fields = std::tuple{wire::field("mechanism_count", &GssapiFields::mechanism_count),
                                            wire::field("mechanisms", &GssapiFields::mechanisms)};
};

struct MechanismFields {
  Bytes object_identifier;
  static constexpr auto fields = std::tuple{wire::field("object_identifier", &MechanismFields::object_identifier)};
};

// What the MIC of gssapi-with-mic covers (RFC 4462 §3.5): the session and the request, as a publickey signature does.
struct GssapiMicData {
  Bytes session_identifier;
  std::uint8_t message_number = UserauthRequest::number;
  std::string_view user_name;
  std::string_view service_name;
  std::string_view method_name;
  static constexpr auto fields = std::tuple{wire::field("session_identifier", &GssapiMicData::session_identifier),
                                            wire::field("message_number", &GssapiMicData::message_number),
                                            wire::field("user_name", &GssapiMicData::user_name),
                                            wire::field("service_name", &GssapiMicData::service_name),
                                            wire::field("method_name", &GssapiMicData::method_name)};
};

using UserauthParts =
    std::tuple<PasswordFields, PasswordChangeFields, PublicKeyQueryFields, PublicKeySignedFields, PublicKeySignedData,
               HostboundQueryFields, HostboundSignedFields, HostboundSignedData, PromptFields, ResponseFields,
               KeyboardInteractiveFields, GssapiFields, MechanismFields, GssapiMicData>;

}  // namespace hawser::auth
