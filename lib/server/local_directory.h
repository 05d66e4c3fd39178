// A cursor over a directory of a LocalFileSystem.
#pragma once

#include <dirent.h>

#include "server/local_context.h"

namespace hawser::server {

class LocalDirectory final : public Directory {
 public:
  static FileResult<std::unique_ptr<Directory>> open(std::shared_ptr<LocalContext> context, Descriptor descriptor);

  Awaitable<FileResult<std::vector<DirectoryEntry>>> next(std::size_t count) override;
  Awaitable<FileResult<sftp::Attributes>> attributes() override;
  Awaitable<FileResult<void>> set_attributes(const sftp::Attributes& attributes) override;

 private:
  struct Close {
    void operator()(DIR* stream) const { ::closedir(stream); }
  };
  using Stream = std::unique_ptr<DIR, Close>;

  LocalDirectory(std::shared_ptr<LocalContext> context, Stream stream)
      : context_(std::move(context)), stream_(std::move(stream)) {}
  FileResult<std::vector<DirectoryEntry>> next_now(std::size_t count);
  int descriptor() const { return ::dirfd(stream_.get()); }

  std::shared_ptr<LocalContext> context_;
  Stream stream_;
  bool at_end_ = false;
};

}  // namespace hawser::server
