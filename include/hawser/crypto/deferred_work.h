// Public-key arithmetic that a layer hands out instead of doing it itself, so that its strand can serve others
// meanwhile: on a thread pool, or wherever a key is that takes its time, such as an agent or an HSM.
#pragma once

#include <memory>

namespace hawser::crypto {

class DeferredWork {
 public:
  virtual ~DeferredWork() = default;
  // Once, on any thread. It uses nothing of the layer that handed it out, which may be gone by then. Work that was not
  // run, or that throws, has failed.
  virtual void run() = 0;
};

// What a layer tells: run it, then say `work_done()`. Until then the layer goes no further.
struct WorkDue {
  std::shared_ptr<DeferredWork> work;
};

}  // namespace hawser::crypto
