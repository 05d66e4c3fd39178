#include "report.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>

namespace hawser::test {

void MatrixReport::done(const MatrixRow& row, const std::string& failure) const {
  CAPTURE(peer);
  CAPTURE(software);
  CAPTURE(our_role);
  CAPTURE(row.name);
  CAPTURE(std::string(name_of(row.kind)));
  CHECK(failure == "");
  write(row, failure.empty() ? "ok" : "failed");
}

void MatrixReport::write(const MatrixRow& row, const std::string& result) const {
  const char* const path = std::getenv("HAWSER_MATRIX_FILE");
  if (path == nullptr) return;
  std::ofstream file(path, std::ios::app);
  file << peer << '|' << software << '|' << our_role << '|' << name_of(row.kind) << '|' << row.name << '|' << result
       << '\n';
}

}  // namespace hawser::test
