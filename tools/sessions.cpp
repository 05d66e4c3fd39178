#include "sessions.h"

#include <fmt/format.h>
#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>

#include <csignal>
#include <cstdio>

#include "hawser/net/spawn.h"

namespace hawser::tools {
namespace {

std::string key_of(const client::Url& url) { return fmt::format("{}@{}:{}", *url.user, url.host, url.port); }

// Output that nobody got is a failure: a full disk behind `> file`.
bool flush_output() { return std::fflush(stdout) == 0 && std::ferror(stdout) == 0; }

}  // namespace

client::Awaitable<Session> Sessions::to(client::Url url) {
  const std::string key = key_of(url);
  if (const auto found = sessions_.find(key); found != sessions_.end()) co_return found->second;
  connecting_ = true;
  if (!observers_) observers_ = packet_log_to(options_.packet_log);
  Session session = co_await connect(options_, url, observers_);
  connecting_ = false;
  sessions_.emplace(key, session);
  co_return session;
}

void Sessions::disconnect() {
  for (const auto& [key, session] : sessions_) session.client->disconnect();
}

void Sessions::interrupt() {
  interrupted_ = true;
  disconnect();
}

bool same_server(const client::Url& a, const client::Url& b) { return key_of(a) == key_of(b); }

int run_command(const char* name, const ConnectOptions& options,
                const std::function<client::Awaitable<void>(Sessions&)>& work) {
  asio::io_context context;
  Sessions sessions(options);
  int result = success;
  int stopped_by = 0;
  std::string text;
  asio::signal_set signals(context, SIGINT, SIGTERM, SIGHUP);
  signals.async_wait([&](const asio::error_code& error, int signal) {
    if (error) return;
    stopped_by = signal;
    signals.clear();  // the next one does what it does to any program
    const bool nothing_to_keep = sessions.nothing_to_keep();
    sessions.interrupt();
    if (nothing_to_keep) context.stop();
  });
  net::spawn(context.get_executor(), work(sessions), [&](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const Failure& failure) {
      text = failure.text;
      result = failure.exit_code;
    } catch (const std::exception& error) {
      text = error.what();
      result = operation_failed;
    }
    sessions.disconnect();
    context.stop();
  });
  context.run();
  context.restart();
  context.poll();  // a signal that came together with the end
  if (stopped_by != 0) {
    result = interrupted - SIGINT + stopped_by;
    text = text.starts_with("interrupted") ? text : "interrupted";
  }
  if (!flush_output() && result == success) {
    result = operation_failed;
    text = "standard output could not be written";
  }
  if (!text.empty()) fmt::print(stderr, "hawser {}: {}\n", name, text);
  return result;
}

}  // namespace hawser::tools
