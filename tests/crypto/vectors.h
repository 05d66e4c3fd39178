// Files of tests/data/vectors; its README says who made them.
#pragma once

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "hawser/wire/bytes.h"
#include "support/hex.h"

namespace hawser::test {

inline std::string vector_path(const std::string& name) { return std::string(HAWSER_TEST_VECTORS) + "/" + name; }

inline std::string vector_text(const std::string& name) {
  std::ifstream file(vector_path(name), std::ios::binary);
  if (!file) throw std::runtime_error("no such test vector: " + name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The words of each line.
inline std::vector<std::vector<std::string>> vector_table(const std::string& name) {
  std::vector<std::vector<std::string>> table;
  std::istringstream lines(vector_text(name));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    table.emplace_back();
    for (std::string word; words >> word;) table.back().push_back(word);
  }
  return table;
}

// "-" stands for an empty field.
inline ByteVector hex_field(const std::string& field) { return field == "-" ? ByteVector{} : from_hex(field); }

}  // namespace hawser::test
