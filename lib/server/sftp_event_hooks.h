// Asks SFTPServer::before and tells SFTPServer::after around what the file system does.
#pragma once

#include "hawser/server/sftp_server.h"
#include "hook_caller.h"

namespace hawser::server {

class SFTPEventHooks {
 public:
  SFTPEventHooks(SFTPServer& server, std::shared_ptr<Log> log) : server_(server), caller_(std::move(log), "sftp") {}

  // `work()` gives an Awaitable of a FileResult<void>. It is not begun where `before` says no; an exception from it is
  // `failed`, and is logged.
  template <class Work>
  Awaitable<FileResult<void>> perform(const SFTPEvent& event, Work work) {
    FileResult<void> result = co_await before(event);
    if (result) result = co_await caller_.ask(name_of(event.operation).data(), failure(), work);
    co_await after(event, result);
    co_return result;
  }
  // The same for what must be done whatever `before` says. Where the work succeeds, the veto is the result.
  template <class Work>
  Awaitable<FileResult<void>> perform_always(const SFTPEvent& event, Work work) {
    const FileResult<void> allowed = co_await before(event);
    FileResult<void> result = co_await caller_.ask(name_of(event.operation).data(), failure(), work);
    if (result) result = allowed;
    co_await after(event, result);
    co_return result;
  }

 private:
  static FileResult<void> failure() { return FileError::failed; }
  Awaitable<FileResult<void>> before(const SFTPEvent& event);
  Awaitable<void> after(const SFTPEvent& event, const FileResult<void>& result);

  SFTPServer& server_;
  HookCaller caller_;
};

// Puts aside what a file system gives, and says only whether it gave it.
template <class T>
Awaitable<FileResult<void>> keep_in(FileResult<T>& place, Awaitable<FileResult<T>> given) {
  place = co_await std::move(given);
  if (!place) co_return place.error();
  co_return FileResult<void>();
}

}  // namespace hawser::server
