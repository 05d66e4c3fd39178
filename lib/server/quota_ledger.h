// What a QuotaFileSystem has counted, and the files whose size is changing.
//
// Locks: `names` is held while a name is made, removed or changed, so that what a name stands for does not change
// between the look at it and the deed; `QuotaRecord::turn` while the size of that file may change. Who needs both takes
// `names` first.
#pragma once

#include <map>
#include <mutex>

#include "hawser/server/quota_file_system.h"
#include "server/allowance.h"
#include "server/async_lock.h"

namespace hawser::server {

class QuotaLedger;

// A file that is open, or being resized; all its handles share it.
class QuotaRecord {
 public:
  QuotaRecord(std::shared_ptr<QuotaLedger> ledger, FileIdentity identity)
      : ledger_(std::move(ledger)), identity_(identity) {}
  ~QuotaRecord();
  QuotaRecord(const QuotaRecord&) = delete;
  QuotaRecord& operator=(const QuotaRecord&) = delete;

  AsyncLock turn;

  // Once, before anybody else has the record: the size that has been counted already.
  void begin(std::uint64_t size) { size_ = size; }

  // These under `turn`.
  std::uint64_t size() const { return size_; }
  // Counts growth before it happens. False: there is no space for it.
  bool reserve(std::uint64_t end);
  void settle(std::uint64_t actual_size);
  // Something has begun and may fail half way, or throw: unless it succeeds (`keep`), the size must be looked up before
  // it is relied on.
  void lose() { lost_ = true; }
  void keep() { lost_ = false; }
  bool lost() const { return lost_; }

  // The file has no name any more: it counts until nobody has the record.
  void mark_removed() { removed_ = true; }

 private:
  const std::shared_ptr<QuotaLedger> ledger_;
  const FileIdentity identity_;
  std::uint64_t size_ = 0;
  bool lost_ = false;
  std::atomic<bool> removed_{false};
};

class QuotaLedger : public std::enable_shared_from_this<QuotaLedger> {
 public:
  explicit QuotaLedger(QuotaOptions options) : bytes(options.bytes), files(options.files) {}

  Allowance bytes, files;
  AsyncLock names;

  struct Acquired {
    std::shared_ptr<QuotaRecord> record;
    bool fresh;  // the caller must look up the size now, when nobody can change it unseen any more, and `begin`
  };
  // Needs `names`.
  Acquired acquire(const FileIdentity& identity);
  // The record of a file that has just been made, and is empty. Somebody may still have that of a removed one whose
  // identity it got. Needs `names`.
  std::shared_ptr<QuotaRecord> begin_new(const FileIdentity& identity);
  // Makes the statistics of a file system those of the quota.
  sftp::FileSystemStatistics limited(sftp::FileSystemStatistics statistics) const;

 private:
  friend class QuotaRecord;
  void forget(const FileIdentity& identity);

  std::mutex mutex_;
  std::map<FileIdentity, std::weak_ptr<QuotaRecord>> records_;
};

// What a file counts for.
std::uint64_t counted_size(const sftp::Attributes& attributes);

// Everything below the root.
struct QuotaCount {
  std::uint64_t bytes = 0;
  std::uint64_t files = 0;
};
Awaitable<FileResult<QuotaCount>> count_all(std::shared_ptr<FileSystem> files);

}  // namespace hawser::server
