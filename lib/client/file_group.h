// Several files under way at once: the walker of a tree adds them, waits when there are enough, and at its end for all.
#pragma once

#include "client/file_transfer.h"
#include "hawser/net/signal.h"
#include "hawser/net/spawn.h"

namespace hawser::client {

class FileGroup : public std::enable_shared_from_this<FileGroup> {
 public:
  FileGroup(const asio::any_io_executor& executor, std::size_t limit)
      : executor_(executor), limit_(std::max<std::size_t>(limit, 1)), signal_(executor) {}

  // Waits until another file may begin.
  Awaitable<void> wait_for_room() {
    while (running_ >= limit_) co_await signal_.wait();
  }
  Awaitable<void> wait_for_all() {
    while (running_ != 0) co_await signal_.wait();
  }
  void spawn(Awaitable<SFTPResult<std::uint64_t>> file) {
    ++running_;
    net::spawn(executor_, follow(shared_from_this(), std::move(file)));
  }

  void fail(SFTPError error) {
    if (!failure_) failure_ = std::move(error);
  }
  // The first failure; no further file should begin.
  const std::optional<SFTPError>& failure() const { return failure_; }
  TreeSummary summary;

 private:
  static Awaitable<void> follow(std::shared_ptr<FileGroup> group, Awaitable<SFTPResult<std::uint64_t>> file) {
    const SFTPResult<std::uint64_t> moved = co_await std::move(file);
    if (moved) {
      ++group->summary.files;
      group->summary.bytes += *moved;
    } else {
      group->fail(moved.error());
    }
    --group->running_;
    group->signal_.notify();
  }

  asio::any_io_executor executor_;
  std::size_t limit_;
  std::size_t running_ = 0;
  std::optional<SFTPError> failure_;
  net::Signal signal_;
};

}  // namespace hawser::client
