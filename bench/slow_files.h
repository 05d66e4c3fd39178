// A directory that is partly on a slow disk: the file system of the server that bench/slow_disk measures.
#pragma once

#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <memory>
#include <string>
#include <thread>

#include "hawser/server/local_file_system.h"
#include "load_generator.h"

namespace hawser::bench {

using server::FileResult;

// What a read of a slow file takes.
inline constexpr auto read_time = std::chrono::milliseconds(100);

enum class Waiting {
  suspended,   // the read is awaited and occupies nothing, as with a store over a network
  on_threads,  // each read blocks one of the file threads, which the fast files share
  measured,    // each read blocks where the policy of a local file says: at first in place, then on the file threads
};

// A file on a slow disk.
class SlowFile final : public server::File {
 public:
  SlowFile(Waiting waiting, server::FileThreads& threads) : waiting_(waiting), threads_(threads) {}

  Awaitable<FileResult<std::size_t>> read_at(std::uint64_t, std::span<const MutableBytes> areas) override {
    if (waiting_ == Waiting::suspended) {
      const asio::any_io_executor executor = co_await asio::this_coro::executor;
      asio::steady_timer timer(executor, read_time);
      co_await timer.async_wait(asio::use_awaitable);
      co_return size_of(areas);
    }
    auto read = [this, areas] { return policy_.measured([areas] { return blocking_read(areas); }); };
    if (waiting_ == Waiting::measured && policy_.inline_now()) co_return read();
    co_return co_await threads_.run(read);
  }
  Awaitable<FileResult<void>> write_at(std::uint64_t, std::span<const Bytes>) override {
    co_return server::FileError::read_only;
  }
  Awaitable<FileResult<sftp::Attributes>> attributes() override { co_return sftp::Attributes{}; }
  Awaitable<FileResult<void>> close() override { co_return FileResult<void>(); }

 private:
  static std::size_t size_of(std::span<const MutableBytes> areas) {
    std::size_t size = 0;
    for (const MutableBytes area : areas) size += area.size();
    return size;
  }
  static FileResult<std::size_t> blocking_read(std::span<const MutableBytes> areas) {
    std::this_thread::sleep_for(read_time);
    return size_of(areas);
  }

  const Waiting waiting_;
  server::FileThreads& threads_;
  server::BlockingPolicy policy_;
};

// A local directory, in which there seem to be the files /suspended, /on_threads and /measured.
class PartlySlow final : public server::FileSystem {
 public:
  explicit PartlySlow(const std::string& directory)
      : threads_(std::make_shared<server::FileThreads>()),
        local_(need(server::LocalFileSystem::open(directory, {.threads = threads_}))) {}

  Awaitable<FileResult<sftp::Attributes>> stat(std::string path) override { return local_->stat(std::move(path)); }
  Awaitable<FileResult<std::unique_ptr<server::Directory>>> open_directory(std::string path) override {
    return local_->open_directory(std::move(path));
  }
  Awaitable<FileResult<std::unique_ptr<server::File>>> open(std::string path, server::OpenMode mode,
                                                            sftp::Attributes create) override {
    if (path == "/suspended") return open_slow(Waiting::suspended);
    if (path == "/on_threads") return open_slow(Waiting::on_threads);
    if (path == "/measured") return open_slow(Waiting::measured);
    return local_->open(std::move(path), mode, create);
  }

 private:
  Awaitable<FileResult<std::unique_ptr<server::File>>> open_slow(Waiting waiting) {
    co_return std::make_unique<SlowFile>(waiting, *threads_);
  }

  std::shared_ptr<server::FileThreads> threads_;
  std::shared_ptr<server::LocalFileSystem> local_;
};

}  // namespace hawser::bench
