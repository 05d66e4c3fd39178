#include "hawser/net/deadline.h"

#include <asio/cancellation_signal.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <optional>
#include <system_error>

#include "hawser/net/signal.h"
#include "hawser/net/spawn.h"

namespace hawser::net {
namespace {

struct Run {
  explicit Run(const asio::any_io_executor& executor) : ended(executor), timer(executor) {}

  void stop() {
    if (over || stopped) return;
    stopped = true;
    cancellation.emit(asio::cancellation_type::terminal);
  }

  Signal ended;
  asio::steady_timer timer;
  asio::cancellation_signal cancellation;
  std::exception_ptr thrown;
  bool over = false;
  bool stopped = false;
};

bool is_cancellation(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::system_error& error) {
    return error.code() == asio::error::operation_aborted;
  } catch (...) {
    return false;
  }
}

}  // namespace

Awaitable<bool> run_with_deadline(std::chrono::milliseconds time, Awaitable<void> work) {
  // Whoever cancels us cancels `work`, and we wait for its end all the same.
  co_await asio::this_coro::throw_if_cancelled(false);
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const auto run = std::make_shared<Run>(executor);
  run->timer.expires_after(time);
  run->timer.async_wait([run](asio::error_code cancelled) {
    if (!cancelled) run->stop();
  });
  auto ended = [run](std::exception_ptr thrown) {
    run->thrown = std::move(thrown);
    run->over = true;
    run->timer.cancel();
    run->ended.notify();
  };
  spawn(executor, std::move(work), std::move(ended), run->cancellation.slot());
  while (!run->over) {
    co_await run->ended.wait();
    const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) run->stop();
  }
  co_await asio::this_coro::throw_if_cancelled(true);
  if (run->thrown && !(run->stopped && is_cancellation(run->thrown))) std::rethrow_exception(run->thrown);
  co_return !run->stopped;
}

}  // namespace hawser::net
