#include "client/login_attempts.h"

#include <algorithm>

#include "hawser/auth/method_messages.h"

namespace hawser::client {
namespace {

using auth::Method;
using auth::method_name;

constexpr std::size_t no_end = static_cast<std::size_t>(-1);

std::size_t tries_of(const Credential& credential) {
  if (std::holds_alternative<AskCredential>(credential)) return no_end;  // until it gives nothing
  if (const auto* interactive = std::get_if<KeyboardInteractive>(&credential)) return interactive->tries;
  if (const auto* agent = std::get_if<AgentKeys>(&credential)) return agent->tries;
  return 1;
}

}  // namespace

LoginAttempts::LoginAttempts(std::vector<Credential> credentials, bool password_answers_prompt)
    : password_answers_prompt_(password_answers_prompt) {
  for (Credential& credential : credentials) {
    const std::size_t tries = tries_of(credential);
    entries_.push_back({std::move(credential), tries});
  }
}

std::size_t LoginAttempts::keys() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      entries_, [](const Entry& entry) { return std::holds_alternative<Key>(entry.credential); }));
}

bool LoginAttempts::server_takes(std::string_view method) const {
  return !methods_ || method.empty() || std::ranges::find(*methods_, method) != methods_->end();
}

std::string_view LoginAttempts::method_of(const Credential& credential) const {
  if (std::holds_alternative<Key>(credential)) return method_name(Method::publickey);
  if (std::holds_alternative<AgentKeys>(credential)) return method_name(Method::publickey);
  if (std::holds_alternative<KeyboardInteractive>(credential)) return method_name(Method::keyboard_interactive);
  if (std::holds_alternative<Gssapi>(credential)) return method_name(Method::gssapi_with_mic);
  if (std::holds_alternative<AskCredential>(credential)) return {};
  const bool by_prompt = password_answers_prompt_ && !server_takes(method_name(Method::password));
  return method_name(by_prompt ? Method::keyboard_interactive : Method::password);
}

const Credential* LoginAttempts::next() {
  const auto due = std::ranges::find_if(
      entries_, [&](const Entry& entry) { return entry.tries != 0 && server_takes(method_of(entry.credential)); });
  if (due == entries_.end()) return nullptr;
  current_ = static_cast<std::size_t>(due - entries_.begin());
  asked_with_ = method_of(due->credential);
  return &due->credential;
}

void LoginAttempts::spend() {
  if (entries_[current_].tries != no_end) --entries_[current_].tries;
}

void LoginAttempts::exhaust() { entries_[current_].tries = 0; }

bool LoginAttempts::refused(const std::vector<std::string>& methods, bool partial_success) {
  const bool was_blind = !methods_.has_value();
  methods_ = methods;
  if (entries_.empty()) return false;
  if (partial_success) {
    // Another method is wanted now, and somebody who is asked may have something for it.
    for (Entry& entry : entries_) {
      if (std::holds_alternative<AskCredential>(entry.credential)) entry.tries = no_end;
    }
  } else if (was_blind && !server_takes(asked_with_)) {
    // Sent before the methods were known, and not looked at: its time may come later in a chain.
    entries_[current_].tries = tries_of(entries_[current_].credential);
    return true;
  }
  return false;
}

}  // namespace hawser::client
