// How a manager stops: first politely, then within its deadline.
#include <asio/bind_executor.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>

#include "ssh_server_manager_state.h"

namespace hawser::server {

namespace {

// How long connections that were told to end at once may take to do so.
constexpr std::chrono::seconds last_wait{1};

}  // namespace

void SSHServerManager::stop() {
  State& s = *state_;
  const std::lock_guard one_at_a_time(s.stopping);
  State::Running ended;
  {
    const std::lock_guard lock(s.mutex);
    if (!s.running) return;
    ended = std::exchange(s.running, std::nullopt).value();
  }
  Listener::close(ended.listener);
  ended.reception->close();
  State::Told told;
  for (const std::shared_ptr<SSHServerSession>& session : s.registry->sessions()) {
    session->finish();
    told.push_back(session->weak_from_this());
  }
  if (ended.threads) {
    s.end_own_threads(ended, told);
  } else {
    s.end_later(*ended.context, std::move(told));
  }
  s.stopped.notify_all();
}

void SSHServerManager::State::end_own_threads(Running& ended, const Told& told) {
  const auto polite_until = std::chrono::steady_clock::now() + options.stop_time;
  if (!registry->wait_empty(polite_until)) close(told);
  // These hold sockets of the event loop, which may go with its threads.
  ended.listener.reset();
  ended.reception.reset();
  if (!ended.threads->end(std::max(polite_until, std::chrono::steady_clock::now()) + last_wait)) {
    log(LogLevel::warning, "stopped, but something still waits in a hook or a file call");
  }
}

void SSHServerManager::State::end_later(asio::io_context& context, Told told) {
  const auto strand = asio::make_strand(context);
  const auto timer = std::make_shared<asio::steady_timer>(strand, options.stop_time);
  // By then there may have been another start: those who came with it stay.
  timer->async_wait([timer, told = std::move(told)](std::error_code cancelled) {
    if (!cancelled) close(told);
  });
  registry->when_empty([strand, timer] { asio::post(strand, [timer] { timer->cancel(); }); });
}

void SSHServerManager::State::close(const Told& told) {
  for (const std::weak_ptr<SSHServerSession>& weak : told) {
    if (const std::shared_ptr<SSHServerSession> session = weak.lock()) session->close();
  }
}

void SSHServerManager::State::log(LogLevel level, const std::string& text) const {
  if (options.log) options.log->write(level, text);
}

}  // namespace hawser::server
