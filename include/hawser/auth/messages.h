// The messages of user authentication (RFC 4252 §6). What a request carries for its method: request_fields.h.
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

// Numbers from 60 on mean what the method in progress says they mean (RFC 4252 §6): method_messages.h.

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

// RFC 4256 §3.2: `num_prompts` PromptFields follow.
struct UserauthInfoRequest {
  static constexpr std::uint8_t number = 60;
  static constexpr const char* name = "SSH_MSG_USERAUTH_INFO_REQUEST";
  std::string_view form_name;
  std::string_view instruction;
  std::string_view language_tag;
  std::uint32_t num_prompts = 0;
  wire::Rest prompts;
  static constexpr auto fields = std::tuple{wire::field("form_name", &UserauthInfoRequest::form_name),
                                            wire::field("instruction", &UserauthInfoRequest::instruction),
                                            wire::field("language_tag", &UserauthInfoRequest::language_tag),
                                            wire::field("num_prompts", &UserauthInfoRequest::num_prompts),
                                            wire::field("prompts", &UserauthInfoRequest::prompts)};
};

struct PromptFields {
  std::string_view prompt;
  bool echo = false;
  static constexpr auto fields =
      std::tuple{wire::field("prompt", &PromptFields::prompt), wire::field("echo", &PromptFields::echo)};
};

// RFC 4256 §3.4: `num_responses` ResponseFields follow.
struct UserauthInfoResponse {
  static constexpr std::uint8_t number = 61;
  static constexpr const char* name = "SSH_MSG_USERAUTH_INFO_RESPONSE";
  std::uint32_t num_responses = 0;
  wire::Rest responses;
  static constexpr auto fields = std::tuple{wire::field("num_responses", &UserauthInfoResponse::num_responses),
                                            wire::field("responses", &UserauthInfoResponse::responses)};
};

struct ResponseFields {
  std::string_view response;
  static constexpr auto fields = std::tuple{wire::field("response", &ResponseFields::response)};
};

// RFC 4462 §3.3: the mechanism that the server has chosen, an object identifier in DER.
struct UserauthGssapiResponse {
  static constexpr std::uint8_t number = 60;
  static constexpr const char* name = "SSH_MSG_USERAUTH_GSSAPI_RESPONSE";
  Bytes mechanism;
  static constexpr auto fields = std::tuple{wire::field("mechanism", &UserauthGssapiResponse::mechanism)};
};

// RFC 4462 §3.4
struct UserauthGssapiToken {
  static constexpr std::uint8_t number = 61;
  static constexpr const char* name = "SSH_MSG_USERAUTH_GSSAPI_TOKEN";
  Bytes token;
  static constexpr auto fields = std::tuple{wire::field("token", &UserauthGssapiToken::token)};
};

// RFC 4462 §3.5
struct UserauthGssapiExchangeComplete {
  static constexpr std::uint8_t number = 63;
  static constexpr const char* name = "SSH_MSG_USERAUTH_GSSAPI_EXCHANGE_COMPLETE";
  static constexpr auto fields = std::tuple<>{};
};

// RFC 4462 §3.8
struct UserauthGssapiError {
  static constexpr std::uint8_t number = 64;
  static constexpr const char* name = "SSH_MSG_USERAUTH_GSSAPI_ERROR";
  std::uint32_t major_status = 0;
  std::uint32_t minor_status = 0;
  std::string_view message;
  std::string_view language_tag;
  static constexpr auto fields = std::tuple{wire::field("major_status", &UserauthGssapiError::major_status),
                                            wire::field("minor_status", &UserauthGssapiError::minor_status),
                                            wire::field("message", &UserauthGssapiError::message),
                                            wire::field("language_tag", &UserauthGssapiError::language_tag)};
};

// RFC 4462 §3.9
struct UserauthGssapiErrtok {
  static constexpr std::uint8_t number = 65;
  static constexpr const char* name = "SSH_MSG_USERAUTH_GSSAPI_ERRTOK";
  Bytes error_token;
  static constexpr auto fields = std::tuple{wire::field("error_token", &UserauthGssapiErrtok::error_token)};
};

// RFC 4462 §3.5
struct UserauthGssapiMic {
  static constexpr std::uint8_t number = 66;
  static constexpr const char* name = "SSH_MSG_USERAUTH_GSSAPI_MIC";
  Bytes mic;
  static constexpr auto fields = std::tuple{wire::field("mic", &UserauthGssapiMic::mic)};
};

using UserauthMessages =
    std::tuple<UserauthRequest, UserauthFailure, UserauthSuccess, UserauthBanner, UserauthPkOk, UserauthPasswdChangereq,
               UserauthInfoRequest, UserauthInfoResponse, UserauthGssapiResponse, UserauthGssapiToken,
               UserauthGssapiExchangeComplete, UserauthGssapiError, UserauthGssapiErrtok, UserauthGssapiMic>;

}  // namespace hawser::auth
