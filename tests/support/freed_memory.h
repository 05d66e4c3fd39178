// Searches what this thread gives back to the heap, at the moment it does:
//
//   FreedMemorySearch search;
//   search.look_for(key);
//   use(key);
//   CHECK(search.found() == 0);  // nobody has left a copy behind
//
// As with counting_allocator.h, only operator new and delete are seen: Botan wipes what it takes elsewhere.
#pragma once

#include "hawser/wire/bytes.h"

namespace hawser::test {

class FreedMemorySearch {
 public:
  static constexpr std::size_t needle_size = 16;

  FreedMemorySearch();  // one at a time in a thread
  ~FreedMemorySearch();
  FreedMemorySearch(const FreedMemorySearch&) = delete;
  FreedMemorySearch& operator=(const FreedMemorySearch&) = delete;

  // Its first `needle_size` bytes; it must have that many.
  void look_for(Bytes secret);
  std::size_t found() const;
};

}  // namespace hawser::test
