#include "hawser/client/host_name.h"

#include <algorithm>

namespace hawser::client {
namespace {

constexpr std::size_t longest_name = 255;  // RFC 1035 §2.3.4 for hosts; for users it is ours

bool alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

// A `-` in front would be an option for a program that gets the name as an argument.
bool valid_form(std::string_view name) { return !name.empty() && name.size() <= longest_name && name.front() != '-'; }

}  // namespace

bool valid_host_name(std::string_view host) {
  constexpr std::string_view punctuation = ".-_:%";
  return valid_form(host) && std::ranges::all_of(host, [&](char c) {
           return alphanumeric(c) || punctuation.find(c) != std::string_view::npos;
         });
}

bool valid_user_name(std::string_view user) {
  constexpr std::string_view shell = "$;&|<>()[]{}`'\"\\*?~!#=";
  return valid_form(user) && std::ranges::all_of(user, [&](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return byte > 0x20 && byte != 0x7f && shell.find(c) == std::string_view::npos;
         });
}

}  // namespace hawser::client
