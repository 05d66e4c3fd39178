#include "server/quota_ledger.h"

#include <algorithm>

namespace hawser::server {

std::uint64_t counted_size(const sftp::Attributes& attributes) {
  return sftp::is_regular(attributes) ? attributes.size.value_or(0) : 0;
}

QuotaRecord::~QuotaRecord() {
  ledger_->forget(identity_);
  if (!removed_) return;
  ledger_->bytes.give_back(size_);
  ledger_->files.give_back(1);
}

bool QuotaRecord::reserve(std::uint64_t end) {
  if (end <= size_) return true;
  if (!ledger_->bytes.take(end - size_)) return false;
  size_ = end;
  return true;
}

void QuotaRecord::settle(std::uint64_t actual_size) {
  if (actual_size > size_) {
    ledger_->bytes.take_anyway(actual_size - size_);
  } else {
    ledger_->bytes.give_back(size_ - actual_size);
  }
  size_ = actual_size;
  lost_ = false;
}

QuotaLedger::Acquired QuotaLedger::acquire(const FileIdentity& identity) {
  const std::lock_guard guard(mutex_);
  std::weak_ptr<QuotaRecord>& known = records_[identity];
  std::shared_ptr<QuotaRecord> record = known.lock();
  const bool fresh = !record;
  if (fresh) {
    record = std::make_shared<QuotaRecord>(shared_from_this(), identity);
    known = record;
  }
  return {std::move(record), fresh};
}

std::shared_ptr<QuotaRecord> QuotaLedger::begin_new(const FileIdentity& identity) {
  const std::lock_guard guard(mutex_);
  auto record = std::make_shared<QuotaRecord>(shared_from_this(), identity);
  records_[identity] = record;
  return record;
}

void QuotaLedger::forget(const FileIdentity& identity) {
  const std::lock_guard guard(mutex_);
  const auto known = records_.find(identity);
  // There may be a new one by now.
  if (known != records_.end() && known->second.expired()) records_.erase(known);
}

sftp::FileSystemStatistics QuotaLedger::limited(sftp::FileSystemStatistics statistics) const {
  if (statistics.f_frsize == 0) statistics.f_frsize = 4096;
  if (bytes.limit() != 0) {
    statistics.f_blocks = bytes.limit() / statistics.f_frsize;
    const std::uint64_t left = bytes.left() / statistics.f_frsize;
    statistics.f_bfree = std::min(statistics.f_bfree, left);
    statistics.f_bavail = std::min(statistics.f_bavail, left);
  }
  if (files.limit() != 0) {
    statistics.f_files = files.limit();
    statistics.f_ffree = std::min(statistics.f_ffree, files.left());
    statistics.f_favail = std::min(statistics.f_favail, files.left());
  }
  return statistics;
}

}  // namespace hawser::server
