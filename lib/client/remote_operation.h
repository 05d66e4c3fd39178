// One operation of an SFTPBackend on one connection: the single requests it is made of, as calls that wait for their
// answer.
#pragma once

#include "client/backend_link.h"
#include "client/sftp_failure.h"

namespace hawser::client {

// An open file. Its requests need the connection, its end the connection's thread.
class RemoteFile {
 public:
  RemoteFile(std::shared_ptr<LiveLink> link, File file)
      : link_(std::move(link)), file_(std::make_shared<File>(std::move(file))) {}
  RemoteFile(RemoteFile&&) noexcept = default;
  RemoteFile& operator=(RemoteFile&& other) noexcept;
  ~RemoteFile();

  // The buffer is kept until the answer has come, whatever becomes of the future.
  std::future<SFTPResult<std::size_t>> start_read(std::uint64_t offset, std::shared_ptr<ByteVector> into);
  std::future<SFTPResult<void>> start_write(std::uint64_t offset, std::shared_ptr<const ByteVector> data);
  SFTPResult<sftp::Attributes> stat();
  SFTPResult<std::uint64_t> download(DataSink& sink);
  SFTPResult<void> copy_to(const RemoteFile& target);  // copy-data, all of it
  SFTPResult<sftp::Attributes> stat_and_close();
  SFTPResult<void> close();

  const std::shared_ptr<LiveLink>& link() const { return link_; }

 private:
  std::shared_ptr<LiveLink> link_;
  std::shared_ptr<File> file_;
};

class RemoteOperation {
 public:
  RemoteOperation(std::shared_ptr<LiveLink> link, ErrorSubject subject)
      : link_(std::move(link)), subject_(std::move(subject)) {}

  // Nothing where there is nothing of this name; throws for everything else.
  std::optional<sftp::Attributes> find(const std::string& path);       // follows links
  std::optional<sftp::Attributes> find_link(const std::string& path);  // does not
  std::vector<std::optional<sftp::Attributes>> find_all(const std::vector<std::string>& paths);
  // Nothing where there is no such directory.
  std::optional<std::vector<DirectoryEntry>> list(const std::string& path);

  SFTPResult<RemoteFile> open(const std::string& path, std::uint32_t flags);
  SFTPResult<void> make_directory(const std::string& path);
  SFTPResult<void> remove_directory(const std::string& path);
  SFTPResult<void> remove(const std::string& path);
  // The first that fails for another reason than that the file has gone already.
  SFTPResult<void> remove_all(const std::vector<std::string>& paths);
  SFTPResult<void> rename(const std::string& from, const std::string& to);
  SFTPResult<void> posix_rename(const std::string& from, const std::string& to);

  // Whether something was asked for that may have changed the storage: then the operation must not be started over.
  bool changed() const { return changed_; }
  const ErrorSubject& subject() const { return subject_; }
  const std::shared_ptr<LiveLink>& link() const { return link_; }

  // The value, or the failure as an exception.
  template <class T>
  T need(SFTPResult<T> result) const {
    if (!result) raise(result.error(), subject_);
    return std::move(*result);
  }
  void need(const SFTPResult<void>& result) const {
    if (!result) raise(result.error(), subject_);
  }

 private:
  template <class Make>
  auto run(Make make) {
    return link_->thread->run(std::move(make));
  }
  std::optional<sftp::Attributes> found(SFTPResult<sftp::Attributes> result) const;

  std::shared_ptr<LiveLink> link_;
  ErrorSubject subject_;
  bool changed_ = false;
};

}  // namespace hawser::client
