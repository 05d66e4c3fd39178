// What came of the rows with one peer: checked, and told to HAWSER_MATRIX_FILE.
#pragma once

#include <string>

#include "rows.h"

namespace hawser::test {

struct MatrixReport {
  std::string peer;
  std::string software;  // as it calls itself, with its version
  std::string our_role;  // "client" or "server"

  void absent(const MatrixRow& row) const { write(row, "absent"); }
  // `failure`: empty where it went well.
  void done(const MatrixRow& row, const std::string& failure) const;

 private:
  void write(const MatrixRow& row, const std::string& result) const;
};

}  // namespace hawser::test
