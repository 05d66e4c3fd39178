// What every FileSystem must do, as a table of cases; each wants a file system of its own, empty and writable.
//
//   for (const FileSystemCase& one : file_system_cases()) {
//     CAPTURE(one.name);
//     MemoryFileSystem files;
//     one.run(Subject(files));
//   }
#pragma once

#include "support/file_system_suite/attribute_cases.h"
#include "support/file_system_suite/data_cases.h"
#include "support/file_system_suite/link_cases.h"
#include "support/file_system_suite/name_cases.h"
#include "support/file_system_suite/open_cases.h"
#include "support/file_system_suite/subject.h"

namespace hawser::test {

inline std::vector<FileSystemCase> file_system_cases() {
  std::vector<FileSystemCase> all;
  for (const auto* cases : {&open_cases(), &data_cases(), &name_cases(), &link_cases(), &attribute_cases()}) {
    all.insert(all.end(), cases->begin(), cases->end());
  }
  return all;
}

}  // namespace hawser::test
