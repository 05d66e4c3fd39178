// A value that many may hold and nobody changes: made from the value itself, or from a pointer to one that others hold
// already. A thousand sessions of one server have one configuration.
#pragma once

#include <memory>
#include <utility>

namespace hawser {

template <class T>
class SharedValue {
 public:
  SharedValue(T value) : pointer_(std::make_shared<const T>(std::move(value))) {}  // NOLINT: implicit on purpose
  SharedValue(std::shared_ptr<const T> pointer) : pointer_(std::move(pointer)) {}  // NOLINT; not null

  const T& operator*() const { return *pointer_; }
  const T* operator->() const { return pointer_.get(); }

  // Keeps the whole alive.
  template <class Part>
  SharedValue<Part> part(Part T::*member) const {
    return std::shared_ptr<const Part>(pointer_, &(pointer_.get()->*member));
  }

 private:
  std::shared_ptr<const T> pointer_;
};

}  // namespace hawser
