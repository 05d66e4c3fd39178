// What every Backend must do, as a table of cases; each wants a backend of its own whose root does not exist yet.
//
//   for (const BackendCase& one : backend_cases()) {
//     CAPTURE(one.name);
//     client::SFTPBackend backend(options_with_a_new_base_path());
//     one.run(BackendSubject(backend));
//   }
#pragma once

#include "support/backend_suite/atomic_cases.h"
#include "support/backend_suite/delete_cases.h"
#include "support/backend_suite/identity_cases.h"
#include "support/backend_suite/list_cases.h"
#include "support/backend_suite/move_cases.h"
#include "support/backend_suite/read_cases.h"
#include "support/backend_suite/root_cases.h"
#include "support/backend_suite/write_cases.h"

namespace hawser::test {

inline std::vector<BackendCase> backend_cases() {
  std::vector<BackendCase> all;
  for (const auto* cases : {&identity_cases(), &root_cases(), &read_cases(), &write_cases(), &atomic_cases(),
                            &delete_cases(), &list_cases(), &move_cases()}) {
    all.insert(all.end(), cases->begin(), cases->end());
  }
  return all;
}

}  // namespace hawser::test
