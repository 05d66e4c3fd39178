#include "client/file_group.h"

#include <asio/this_coro.hpp>

#include "hawser/net/spawn.h"

namespace hawser::client {

Awaitable<SFTPResult<TreeSummary>> FileGroup::run(Awaitable<void> walker) {
  const std::shared_ptr<FileGroup> self = shared_from_this();
  std::exception_ptr thrown;
  try {
    co_await std::move(walker);
  } catch (...) {
    thrown = std::current_exception();
    stop();
  }
  co_await wait_for_all();
  if (thrown) std::rethrow_exception(thrown);
  if (thrown_) std::rethrow_exception(thrown_);
  if (failure_) co_return *failure_;
  co_return summary;
}

Awaitable<void> FileGroup::wait_for_room() {
  while (running_.size() >= limit_) co_await signal_.wait();
}

void FileGroup::spawn(Awaitable<SFTPResult<std::uint64_t>> file) {
  const auto running = running_.emplace(running_.end());
  auto ended = [group = shared_from_this(), running](std::exception_ptr thrown) {
    group->running_.erase(running);
    if (thrown && !group->thrown_) group->thrown_ = thrown;
    if (thrown) group->fail(Error(Errc::cancelled));
    group->signal_.notify();
  };
  net::spawn(executor_, follow(shared_from_this(), std::move(file)), std::move(ended), running->slot());
}

Awaitable<void> FileGroup::follow(std::shared_ptr<FileGroup> group, Awaitable<SFTPResult<std::uint64_t>> file) {
  const SFTPResult<std::uint64_t> moved = co_await std::move(file);
  if (!moved) co_return group->fail(moved.error());
  ++group->summary.files;
  group->summary.bytes += *moved;
}

Awaitable<void> FileGroup::wait_for_all() {
  // Whoever cancels us cancels the files, and we wait for their end all the same.
  co_await asio::this_coro::throw_if_cancelled(false);
  while (!running_.empty()) {
    const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) stop();
    co_await signal_.wait();
  }
  co_await asio::this_coro::throw_if_cancelled(true);
}

void FileGroup::stop() {
  if (std::exchange(stopped_, true)) return;
  for (asio::cancellation_signal& file : running_) file.emit(asio::cancellation_type::terminal);
}

}  // namespace hawser::client
