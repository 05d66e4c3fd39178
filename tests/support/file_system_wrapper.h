// A file system that passes every call on to another; a test overrides what is to go differently.
#pragma once

#include "hawser/server/file_system.h"

namespace hawser::test {

class FileSystemWrapper : public server::FileSystem {
 public:
  explicit FileSystemWrapper(std::shared_ptr<server::FileSystem> wrapped) : inner(std::move(wrapped)) {}

  template <class T>
  using Outcome = server::Awaitable<server::FileResult<T>>;

  Outcome<sftp::Attributes> stat(std::string path) override { return inner->stat(path); }
  Outcome<sftp::Attributes> lstat(std::string path) override { return inner->lstat(path); }
  Outcome<std::unique_ptr<server::File>> open(std::string path, server::OpenMode mode,
                                              sftp::Attributes create) override {
    return inner->open(path, mode, create);
  }
  Outcome<std::unique_ptr<server::Directory>> open_directory(std::string path) override {
    return inner->open_directory(path);
  }
  Outcome<void> make_directory(std::string path, sftp::Attributes attributes) override {
    return inner->make_directory(path, attributes);
  }
  Outcome<void> remove_directory(std::string path) override { return inner->remove_directory(path); }
  Outcome<void> remove(std::string path) override { return inner->remove(path); }
  Outcome<void> rename(std::string from, std::string to, bool replace) override {
    return inner->rename(from, to, replace);
  }
  Outcome<void> set_attributes(std::string path, sftp::Attributes attributes) override {
    return inner->set_attributes(path, attributes);
  }
  Outcome<void> set_link_attributes(std::string path, sftp::Attributes attributes) override {
    return inner->set_link_attributes(path, attributes);
  }
  Outcome<std::string> read_link(std::string path) override { return inner->read_link(path); }
  Outcome<void> symlink(std::string target, std::string link_path) override {
    return inner->symlink(target, link_path);
  }
  Outcome<void> hard_link(std::string existing, std::string link_path) override {
    return inner->hard_link(existing, link_path);
  }
  Outcome<std::string> real_path(std::string path) override { return inner->real_path(path); }
  Outcome<sftp::FileSystemStatistics> statistics(std::string path) override { return inner->statistics(path); }
  Outcome<server::FileStatus> status(std::string path) override { return inner->status(path); }
  Outcome<std::shared_ptr<server::FileSystem>> subdirectory(std::string path) override {
    return inner->subdirectory(path);
  }
  server::Features features() const override { return inner->features(); }

  const std::shared_ptr<server::FileSystem> inner;
};

}  // namespace hawser::test
