// Several files under way at once: a walker of a tree adds them, and waits when there are enough.
#pragma once

#include <asio/cancellation_signal.hpp>
#include <cerrno>
#include <exception>
#include <list>

#include "client/file_transfer.h"
#include "hawser/net/signal.h"

namespace hawser::client {

// What errno says of `name`.
inline SFTPError error_of_errno(const char* what, std::string_view name) {
  return {Error(Errc::file_error, what), std::string(name) + ": " + std::generic_category().message(errno)};
}

class FileGroup : public std::enable_shared_from_this<FileGroup> {
 public:
  FileGroup(const asio::any_io_executor& executor, std::size_t limit)
      : executor_(executor), limit_(std::max<std::size_t>(limit, 1)), signal_(executor) {}

  // Runs the walker, and ends when all files have ended. Cancelled, it cancels those that are under way. Throws on what
  // the walker or a file throws.
  Awaitable<SFTPResult<TreeSummary>> run(Awaitable<void> walker);

  // For the walker. Waits until another file may begin.
  Awaitable<void> wait_for_room();
  void spawn(Awaitable<SFTPResult<std::uint64_t>> file);
  void fail(SFTPError error) {
    if (!failure_) failure_ = std::move(error);
  }
  // No further file should begin.
  bool failed() const { return failure_.has_value(); }
  TreeSummary summary;

 private:
  Awaitable<void> wait_for_all();
  static Awaitable<void> follow(std::shared_ptr<FileGroup> group, Awaitable<SFTPResult<std::uint64_t>> file);
  void stop();

  asio::any_io_executor executor_;
  std::size_t limit_;
  std::list<asio::cancellation_signal> running_;  // one for each file
  bool stopped_ = false;
  std::optional<SFTPError> failure_;
  std::exception_ptr thrown_;
  net::Signal signal_;
};

}  // namespace hawser::client
