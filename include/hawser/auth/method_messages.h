// The methods of user authentication, and which of the messages 60 to 79 belong to each: a number means what the method
// in progress says it means, and outside of its method it means nothing (RFC 4252 §6).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "hawser/transport/role.h"

namespace hawser::auth {

enum class Method : std::uint8_t { none, password, publickey, keyboard_interactive, gssapi_with_mic };
inline constexpr std::array all_methods{Method::none, Method::password, Method::publickey, Method::keyboard_interactive,
                                        Method::gssapi_with_mic};

// As in a USERAUTH_REQUEST and in the list of methods that can continue.
constexpr std::string_view method_name(Method method) {
  switch (method) {
    case Method::none: return "none";                                  // RFC 4252 §5.2
    case Method::password: return "password";                          // RFC 4252 §8
    case Method::publickey: return "publickey";                        // RFC 4252 §7
    case Method::keyboard_interactive: return "keyboard-interactive";  // RFC 4256
    case Method::gssapi_with_mic: return "gssapi-with-mic";            // RFC 4462 §3
  }
  return {};
}
// OpenSSH PROTOCOL §3.1: another form of publickey's requests, never in a list of methods.
inline constexpr std::string_view publickey_hostbound_name = "publickey-hostbound-v00@openssh.com";

// May `receiver` get this number while the method is in progress?
constexpr bool belongs_to(Method method, std::uint8_t number, Role receiver) {
  const bool client = receiver == Role::client;
  switch (method) {
    case Method::none: return false;
    case Method::password:   // PASSWD_CHANGEREQ
    case Method::publickey:  // PK_OK
      return client && number == 60;
    case Method::keyboard_interactive:  // INFO_REQUEST; INFO_RESPONSE
      return client ? number == 60 : number == 61;
    case Method::gssapi_with_mic:  // RESPONSE, TOKEN, ERROR, ERRTOK; TOKEN, EXCHANGE_COMPLETE, ERRTOK, MIC
      return client ? number == 60 || number == 61 || number == 64 || number == 65
                    : number == 61 || number == 63 || number == 65 || number == 66;
  }
  return false;
}

constexpr bool belongs_to_any_method(std::uint8_t number, Role receiver) {
  for (const Method method : all_methods) {
    if (belongs_to(method, number, receiver)) return true;
  }
  return false;
}

}  // namespace hawser::auth
