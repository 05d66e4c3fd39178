// Which credential of a login is due: the first in the given order that has tries left and whose method the server
// takes.
#pragma once

#include "hawser/client/credentials.h"

namespace hawser::client {

class LoginAttempts {
 public:
  LoginAttempts(std::vector<Credential> credentials, bool password_answers_prompt);

  // False before the server has named its methods: then every method is worth a request.
  bool methods_known() const { return methods_.has_value(); }
  bool server_takes(std::string_view method) const;

  // The credential that is due, without spending a try of it; null: none.
  const Credential* next();
  // Of the credential that `next` gave last.
  void spend();
  void exhaust();

  // The server's answer to a request of the credential that `next` gave last: what it takes now. True: the request was
  // sent blind and in vain, and its try is given back.
  bool refused(const std::vector<std::string>& methods, bool partial_success);
  void clear() { entries_.clear(); }  // secrets are not kept longer than needed

  bool empty() const { return entries_.empty(); }
  std::size_t keys() const;
  const Credential* first() const { return entries_.empty() ? nullptr : &entries_.front().credential; }
  bool password_answers_prompt() const { return password_answers_prompt_; }

 private:
  struct Entry {
    Credential credential;
    std::size_t tries;
  };
  // What it would be used as; empty: whatever the server takes.
  std::string_view method_of(const Credential& credential) const;

  std::vector<Entry> entries_;
  std::size_t current_ = 0;
  std::string_view asked_with_;  // the method of the last request
  bool password_answers_prompt_;
  std::optional<std::vector<std::string>> methods_;
};

}  // namespace hawser::client
