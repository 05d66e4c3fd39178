#include "support/counting_allocator.h"

#include <dlfcn.h>
#include <malloc.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#include "hawser/crypto/secret.h"
#include "support/freed_memory.h"

namespace {

constinit thread_local std::size_t thread_count = 0;
constinit thread_local std::size_t thread_bytes = 0;
constinit thread_local bool failure_planned = false;
constinit thread_local std::size_t successes_left = 0;

// What freed memory is searched for; nothing of it may take memory itself.
struct Search {
  static constexpr std::size_t needle_size = hawser::test::FreedMemorySearch::needle_size;
  std::array<std::array<std::uint8_t, needle_size>, 64> needles;
  std::size_t count = 0;
  std::size_t found = 0;
};
constinit thread_local Search* search = nullptr;

void release(void* memory) noexcept {
  if (search != nullptr && memory != nullptr) {
    const std::size_t size = malloc_usable_size(memory);
    for (std::size_t i = 0; i != search->count; ++i) {
      if (memmem(memory, size, search->needles[i].data(), Search::needle_size) != nullptr) ++search->found;
    }
  }
  std::free(memory);
}

// Whether this is the call that is meant to fail.
bool fails_now() noexcept {
  if (!failure_planned) return false;
  if (successes_left != 0) {
    --successes_left;
    return false;
  }
  failure_planned = false;
  return true;
}

// Every form forwards to malloc and free, so that the sanitizers still see each block, and no form is left to a library
// that would pair it with another allocator.
void* allocate(std::size_t size) noexcept {
  if (fails_now()) return nullptr;
  ++thread_count;
  thread_bytes += size;
  return std::malloc(size == 0 ? 1 : size);
}

void* allocate(std::size_t size, std::align_val_t alignment) noexcept {
  if (fails_now()) return nullptr;
  ++thread_count;
  thread_bytes += size;
  void* memory = nullptr;
  // posix_memalign asks for a multiple of the pointer size; aligned_alloc would ask for one in `size`.
  const std::size_t wanted = static_cast<std::size_t>(alignment);
  const std::size_t allowed = wanted < sizeof(void*) ? sizeof(void*) : wanted;
  return posix_memalign(&memory, allowed, size == 0 ? 1 : size) == 0 ? memory : nullptr;
}

void* checked(void* memory) {
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void* operator new(std::size_t n) { return checked(allocate(n)); }
void* operator new[](std::size_t n) { return checked(allocate(n)); }
void* operator new(std::size_t n, const std::nothrow_t&) noexcept { return allocate(n); }
void* operator new[](std::size_t n, const std::nothrow_t&) noexcept { return allocate(n); }
void* operator new(std::size_t n, std::align_val_t a) { return checked(allocate(n, a)); }
void* operator new[](std::size_t n, std::align_val_t a) { return checked(allocate(n, a)); }
void* operator new(std::size_t n, std::align_val_t a, const std::nothrow_t&) noexcept { return allocate(n, a); }
void* operator new[](std::size_t n, std::align_val_t a, const std::nothrow_t&) noexcept { return allocate(n, a); }

void operator delete(void* p) noexcept { release(p); }
void operator delete[](void* p) noexcept { release(p); }
void operator delete(void* p, std::size_t) noexcept { release(p); }
void operator delete[](void* p, std::size_t) noexcept { release(p); }
void operator delete(void* p, const std::nothrow_t&) noexcept { release(p); }
void operator delete[](void* p, const std::nothrow_t&) noexcept { release(p); }
void operator delete(void* p, std::align_val_t) noexcept { release(p); }
void operator delete[](void* p, std::align_val_t) noexcept { release(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { release(p); }
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { release(p); }
void operator delete(void* p, std::align_val_t, const std::nothrow_t&) noexcept { release(p); }
void operator delete[](void* p, std::align_val_t, const std::nothrow_t&) noexcept { release(p); }

// Botan's pool of locked memory allocates in order to free, inside destructors, and ends the program where that fails
// (Memory_Pool::deallocate, 2.19 and 3.7). So nothing fails while it frees.
namespace Botan {

void deallocate_memory(void* memory, std::size_t count, std::size_t size) {
  using Deallocate = void(void*, std::size_t, std::size_t);
  static Deallocate* const real =
      reinterpret_cast<Deallocate*>(::dlsym(RTLD_NEXT, "_ZN5Botan17deallocate_memoryEPvmm"));
  const bool planned = std::exchange(failure_planned, false);
  real(memory, count, size);
  failure_planned = planned;
}

}  // namespace Botan

namespace hawser::test {

AllocationCounter::AllocationCounter() : count_at_start_(thread_count), bytes_at_start_(thread_bytes) {}

std::size_t AllocationCounter::count() const { return thread_count - count_at_start_; }
std::size_t AllocationCounter::bytes() const { return thread_bytes - bytes_at_start_; }

AllocationFailure::AllocationFailure(std::size_t successes) {
  successes_left = successes;
  failure_planned = true;
}
AllocationFailure::~AllocationFailure() { failure_planned = false; }

bool AllocationFailure::happened() const { return !failure_planned; }

FreedMemorySearch::FreedMemorySearch() { search = new Search(); }
FreedMemorySearch::~FreedMemorySearch() {
  // The next search may look for the same: a block that is never filled must not show it what this one has left.
  crypto::wipe({reinterpret_cast<std::uint8_t*>(search->needles.data()), sizeof search->needles});
  delete std::exchange(search, nullptr);
}

void FreedMemorySearch::look_for(Bytes secret) {
  assert(secret.size() >= needle_size && search->count < search->needles.size());
  std::copy_n(secret.begin(), needle_size, search->needles[search->count++].begin());
}

std::size_t FreedMemorySearch::found() const { return search->found; }

}  // namespace hawser::test
