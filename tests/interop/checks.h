// What many of these tests ask of a program that has ended, or of a file it has written.
#pragma once

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "process.h"

namespace hawser::test {

inline void require_success(const Finished& finished) {
  INFO(finished.output);
  REQUIRE(finished.exit_code == 0);
}

inline mode_t mode_of(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777;
}

}  // namespace hawser::test
