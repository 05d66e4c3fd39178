// An open file of a LocalFileSystem.
#pragma once

#include <atomic>

#include "server/local_context.h"

namespace hawser::server {

class LocalFile final : public File {
 public:
  LocalFile(std::shared_ptr<LocalContext> context, Descriptor descriptor, OpenMode mode)
      : context_(std::move(context)),
        descriptor_(std::move(descriptor)),
        mode_(mode),
        policy_(context_->options.blocking) {}

  Awaitable<FileResult<std::size_t>> read_at(std::uint64_t offset, std::span<const MutableBytes> areas) override;
  Awaitable<FileResult<void>> write_at(std::uint64_t offset, std::span<const Bytes> areas) override;
  std::optional<FileResult<std::size_t>> try_read_at(std::uint64_t offset,
                                                     std::span<const MutableBytes> areas) override;
  std::optional<FileResult<void>> try_write_at(std::uint64_t offset, std::span<const Bytes> areas) override;
  Awaitable<FileResult<sftp::Attributes>> attributes() override;
  Awaitable<FileResult<void>> set_attributes(const sftp::Attributes& attributes) override;
  Awaitable<FileResult<FileStatus>> status() override;
  Awaitable<FileResult<void>> sync() override;
  Awaitable<FileResult<sftp::FileSystemStatistics>> statistics() override;
  Awaitable<FileResult<void>> close() override;

 private:
  FileResult<void> write_now(std::uint64_t offset, std::span<const Bytes> areas) const;
  FileThreads& threads() const { return *context_->options.threads; }

  std::shared_ptr<LocalContext> context_;
  Descriptor descriptor_;
  const OpenMode mode_;
  BlockingPolicy policy_;
  // False once the file system of this file has refused RWF_NOWAIT (tmpfs does): then reads follow `policy_` as writes
  // do.
  std::atomic<bool> has_nowait_{true};
};

}  // namespace hawser::server
