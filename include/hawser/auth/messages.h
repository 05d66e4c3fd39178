// The messages of user authentication (RFC 4252 §6) and what some of them carry inside.
#pragma once

#include "hawser/wire/codec.h"

namespace hawser::auth {

inline constexpr std::string_view userauth_service = "ssh-userauth";      // RFC 4252 §4
inline constexpr std::string_view connection_service = "ssh-connection";  // RFC 4254 §1

struct UserauthRequest {
  static constexpr std::uint8_t number = 50;
  static constexpr const char* name = "SSH_MSG_USERAUTH_REQUEST";
  std::string_view user_name;
  std::string_view service_name;
  std::string_view method_name;
  wire::Rest method_specific;
  static constexpr auto fields = std::tuple{wire::field("user_name", &UserauthRequest::user_name),
                                            wire::field("service_name", &UserauthRequest::service_name),
                                            wire::field("method_name", &UserauthRequest::method_name),
                                            wire::field("method_specific", &UserauthRequest::method_specific)};
};

struct UserauthFailure {
  static constexpr std::uint8_t number = 51;
  static constexpr const char* name = "SSH_MSG_USERAUTH_FAILURE";
  wire::NameList methods_that_can_continue;
  bool partial_success = false;
  static constexpr auto fields =
      std::tuple{wire::field("methods_that_can_continue", &UserauthFailure::methods_that_can_continue),
                 wire::field("partial_success", &UserauthFailure::partial_success)};
};

struct UserauthSuccess {
  static constexpr std::uint8_t number = 52;
  static constexpr const char* name = "SSH_MSG_USERAUTH_SUCCESS";
  static constexpr auto fields = std::tuple<>{};
};

struct UserauthBanner {
  static constexpr std::uint8_t number = 53;
  static constexpr const char* name = "SSH_MSG_USERAUTH_BANNER";
  std::string_view message;
  std::string_view language_tag;
  static constexpr auto fields = std::tuple{wire::field("message", &UserauthBanner::message),
                                            wire::field("language_tag", &UserauthBanner::language_tag)};
};

// Number 60 means what the method of the outstanding request says it means (RFC 4252 §6).

// RFC 4252 §7
struct UserauthPkOk {
  static constexpr std::uint8_t number = 60;
  static constexpr const char* name = "SSH_MSG_USERAUTH_PK_OK";
  std::string_view algorithm_name;
  Bytes public_key_blob;
  static constexpr auto fields = std::tuple{wire::field("algorithm_name", &UserauthPkOk::algorithm_name),
                                            wire::field("public_key_blob", &UserauthPkOk::public_key_blob)};
};

// RFC 4252 §8
struct UserauthPasswdChangereq {
  static constexpr std::uint8_t number = 60;
  static constexpr const char* name = "SSH_MSG_USERAUTH_PASSWD_CHANGEREQ";
  std::string_view prompt;
  std::string_view language_tag;
  static constexpr auto fields = std::tuple{wire::field("prompt", &UserauthPasswdChangereq::prompt),
                                            wire::field("language_tag", &UserauthPasswdChangereq::language_tag)};
};

using UserauthMessages = std::tuple<UserauthRequest, UserauthFailure, UserauthSuccess, UserauthBanner, UserauthPkOk,
                                    UserauthPasswdChangereq>;

// What stands in `method_specific`. The leading boolean says which of a method's two forms it is, and must be read
// first.

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

using UserauthParts =
    std::tuple<PasswordFields, PasswordChangeFields, PublicKeyQueryFields, PublicKeySignedFields, PublicKeySignedData>;

}  // namespace hawser::auth
