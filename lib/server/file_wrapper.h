// An open file that passes every call on to another; what a wrapping file system does differently, it overrides. What
// comes in goes on as it is: no copies, and no coroutine of its own.
#pragma once

#include "hawser/server/file_system.h"

namespace hawser::server {

class FileWrapper : public File {
 public:
  explicit FileWrapper(std::unique_ptr<File> inner) : inner_(std::move(inner)) {}

  Awaitable<FileResult<std::size_t>> read_at(std::uint64_t offset, std::span<const MutableBytes> areas) override {
    return inner_->read_at(offset, areas);
  }
  Awaitable<FileResult<void>> write_at(std::uint64_t offset, std::span<const Bytes> areas) override {
    return inner_->write_at(offset, areas);
  }
  std::optional<FileResult<std::size_t>> try_read_at(std::uint64_t offset,
                                                     std::span<const MutableBytes> areas) override {
    return inner_->try_read_at(offset, areas);
  }
  std::optional<FileResult<void>> try_write_at(std::uint64_t offset, std::span<const Bytes> areas) override {
    return inner_->try_write_at(offset, areas);
  }
  Awaitable<FileResult<sftp::Attributes>> attributes() override { return inner_->attributes(); }
  Awaitable<FileResult<void>> set_attributes(const sftp::Attributes& attributes) override {
    return inner_->set_attributes(attributes);
  }
  Awaitable<FileResult<FileStatus>> status() override { return inner_->status(); }
  Awaitable<FileResult<void>> sync() override { return inner_->sync(); }
  Awaitable<FileResult<sftp::FileSystemStatistics>> statistics() override { return inner_->statistics(); }
  Awaitable<FileResult<void>> close() override { return inner_->close(); }

 protected:
  File& inner() { return *inner_; }

 private:
  std::unique_ptr<File> inner_;
};

}  // namespace hawser::server
