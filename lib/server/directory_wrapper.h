// A cursor that passes every call on to another; what a wrapping file system does differently, it overrides.
#pragma once

#include "hawser/server/file_system.h"

namespace hawser::server {

class DirectoryWrapper : public Directory {
 public:
  explicit DirectoryWrapper(std::unique_ptr<Directory> inner) : inner_(std::move(inner)) {}

  Awaitable<FileResult<std::vector<DirectoryEntry>>> next(std::size_t count) override { return inner_->next(count); }
  Awaitable<FileResult<sftp::Attributes>> attributes() override { return inner_->attributes(); }
  Awaitable<FileResult<void>> set_attributes(const sftp::Attributes& attributes) override {
    return inner_->set_attributes(attributes);
  }

 protected:
  Directory& inner() { return *inner_; }

 private:
  std::unique_ptr<Directory> inner_;
};

}  // namespace hawser::server
