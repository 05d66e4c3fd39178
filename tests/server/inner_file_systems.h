// File systems for tests of those that stand on another.
#pragma once

#include "hawser/server/memory_file_system.h"
#include "support/file_system_wrapper.h"

namespace hawser::test {

using Files = std::shared_ptr<server::FileSystem>;

inline Files memory() { return std::make_shared<server::MemoryFileSystem>(); }

// Leaves views of its directories to others.
class WithoutViews final : public FileSystemWrapper {
 public:
  using FileSystemWrapper::FileSystemWrapper;
  Outcome<Files> subdirectory(std::string) override { co_return server::FileError::unsupported; }
};

}  // namespace hawser::test
