// An open file of a QuotaFileSystem.
#pragma once

#include "server/file_wrapper.h"
#include "server/quota_ledger.h"

namespace hawser::server {

class QuotaFile final : public FileWrapper {
 public:
  QuotaFile(std::unique_ptr<File> inner, std::shared_ptr<QuotaLedger> ledger, std::shared_ptr<QuotaRecord> record,
            OpenMode mode)
      : FileWrapper(std::move(inner)), ledger_(std::move(ledger)), record_(std::move(record)), mode_(mode) {}

  Awaitable<FileResult<void>> write_at(std::uint64_t offset, std::span<const Bytes> areas) override;
  std::optional<FileResult<void>> try_write_at(std::uint64_t offset, std::span<const Bytes> areas) override;
  Awaitable<FileResult<void>> set_attributes(const sftp::Attributes& attributes) override;
  Awaitable<FileResult<sftp::FileSystemStatistics>> statistics() override;
  Awaitable<FileResult<void>> close() override;

 private:
  // Whether anything can change the size through this handle.
  bool resizes() const { return record_ != nullptr && mode_.writes(); }
  // Counts what a write makes the file longer by. False: no space.
  bool reserve(std::uint64_t offset, std::span<const Bytes> areas);
  Awaitable<void> look_up_size();

  const std::shared_ptr<QuotaLedger> ledger_;
  std::shared_ptr<QuotaRecord> record_;  // null for what does not count, and once it is closed
  const OpenMode mode_;
};

}  // namespace hawser::server
