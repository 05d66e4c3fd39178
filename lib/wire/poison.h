// Memory that must not be touched for now, told to AddressSanitizer where the program is built with it: a pool keeps
// what nobody uses, and a block is larger than what it was taken for. Else nothing happens.
#pragma once

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
#define HAWSER_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAWSER_ADDRESS_SANITIZER 1
#endif
#endif

#ifdef HAWSER_ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#endif

namespace hawser::wire {

inline void poison([[maybe_unused]] const void* memory, [[maybe_unused]] std::size_t size) {
#ifdef HAWSER_ADDRESS_SANITIZER
  __asan_poison_memory_region(memory, size);
#endif
}

inline void unpoison([[maybe_unused]] const void* memory, [[maybe_unused]] std::size_t size) {
#ifdef HAWSER_ADDRESS_SANITIZER
  __asan_unpoison_memory_region(memory, size);
#endif
}

}  // namespace hawser::wire
