// Calls the hooks of one connection: an exception from a hook is a denial, and is logged.
#pragma once

#include <exception>
#include <memory>
#include <string>

#include "hawser/net/byte_channel.h"
#include "hawser/server/log.h"

namespace hawser::server {

using net::Awaitable;

class HookCaller {
 public:
  // `log` may be null. `id` names the connection in every line.
  HookCaller(std::shared_ptr<Log> log, std::string id) : log_(std::move(log)), id_(std::move(id)) {}

  // Asks a hook; an exception from it is the answer `denial`.
  template <class Answer, class Call>
  Awaitable<Answer> ask(const char* hook, Answer denial, Call call) {
    try {
      Awaitable<Answer> asked = call();
      Answer answer = co_await std::move(asked);
      co_return answer;
    } catch (const std::exception& e) {
      log_exception(hook, e.what());
    } catch (...) {
      log_exception(hook, "not a std::exception");
    }
    co_return denial;
  }
  // Runs what an accepted request asked for.
  template <class Call>
  Awaitable<void> run_hook(const char* hook, Call call) {
    try {
      Awaitable<void> running = call();
      co_await std::move(running);
    } catch (const std::exception& e) {
      log_exception(hook, e.what());
    } catch (...) {
      log_exception(hook, "not a std::exception");
    }
  }
  // Tells a hook.
  template <class Call>
  void tell(const char* hook, Call call) {
    try {
      call();
    } catch (const std::exception& e) {
      log_exception(hook, e.what());
    } catch (...) {
      log_exception(hook, "not a std::exception");
    }
  }

  void log(LogLevel level, const std::string& text) {
    if (log_) log_->write(level, id_ + ": " + text);
  }
  void log_exception(const char* hook, const char* what) {
    log(LogLevel::error, std::string("exception in ") + hook + ": " + escaped(what));
  }

 protected:
  const std::string& caller_id() const { return id_; }

 private:
  std::shared_ptr<Log> log_;
  std::string id_;
};

}  // namespace hawser::server
