#include "hawser/sftp/handle_table.h"

#include <doctest/doctest.h>

#include <set>

using namespace hawser;
using Table = sftp::HandleTable<std::unique_ptr<int>>;

namespace {

std::string open(Table& table, int value) {
  const std::optional<sftp::HandleId> handle = table.insert(std::make_unique<int>(value));
  REQUIRE(handle);
  return std::string(handle->text());
}

}  // namespace

TEST_CASE("handle table: a handle finds what it was given for, until it is removed") {
  Table table;
  const std::string a = open(table, 1);
  const std::string b = open(table, 2);
  REQUIRE(table.find(a) != nullptr);
  CHECK(**table.find(a) == 1);
  CHECK(**table.find(b) == 2);
  CHECK(**table.remove(a) == 1);
  CHECK(table.find(a) == nullptr);
  CHECK_FALSE(table.remove(a));
  CHECK(table.size() == 1);
}

TEST_CASE(
    "[CVE-2025-5318, CVE-2025-11624, defect 28] handles of any length and value that were not given out are refused") {
  Table table;
  const std::string handle = open(table, 1);
  REQUIRE(handle.size() == 8);
  for (const std::size_t size : {0u, 1u, 4u, 7u, 9u, 256u, 257u}) {
    std::string other = handle;
    other.resize(size, '\0');
    CHECK(table.find(other) == nullptr);
    CHECK(table.find(std::string(size, '\xff')) == nullptr);
  }
  for (std::size_t bit = 0; bit < 64; ++bit) {
    std::string other = handle;
    other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << (bit % 8)));
    CHECK(table.find(other) == nullptr);
    CHECK_FALSE(table.remove(other));
  }
  CHECK(table.find(handle) != nullptr);
}

TEST_CASE("handle table: a stale handle does not name the file opened in its place") {
  Table table;
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string handle = open(table, i);
    CHECK(seen.insert(handle).second);
    CHECK(table.remove(handle));
    for (const std::string& old : seen) REQUIRE(table.find(old) == nullptr);
  }
}

TEST_CASE("[defect 28] handle table: a handle of another table is refused") {
  Table one;
  Table two;
  open(one, 1);
  open(one, 2);
  const std::string third = open(one, 3);
  open(two, 4);
  CHECK(two.find(third) == nullptr);
}

TEST_CASE("[defect 11] handle table: the limit is tested before a file is opened, and counts the ones being opened") {
  Table table(3);
  open(table, 1);
  {
    const std::optional<Table::Reservation> second = table.reserve();
    REQUIRE(second);
    std::optional<Table::Reservation> third = table.reserve();
    REQUIRE(third);
    CHECK(table.full());
    CHECK_FALSE(table.reserve());
    CHECK_FALSE(table.insert(std::make_unique<int>(9)));
    table.insert(std::move(*third), std::make_unique<int>(3));
    CHECK(table.size() == 2);
  }
  CHECK_FALSE(table.full());  // the place that was not used is free again
  open(table, 2);
  CHECK(table.full());
}

TEST_CASE("handle table: 256 handles are the default") {
  Table table;
  for (int i = 0; i < 256; ++i) open(table, i);
  CHECK_FALSE(table.insert(std::make_unique<int>(0)));
}

TEST_CASE("handle table: what `find` gives stays where it is while others are opened") {
  Table table;
  const std::string first = open(table, 1);
  const auto* where = table.find(first);
  for (int i = 0; i < 200; ++i) open(table, i);
  CHECK(table.find(first) == where);
}

TEST_CASE("[defect 6] handle table: drain ends every handle") {
  Table table;
  const std::string a = open(table, 1);
  open(table, 2);
  int sum = 0;
  table.drain([&](std::unique_ptr<int> value) { sum += *value; });
  CHECK(sum == 3);
  CHECK(table.size() == 0);
  CHECK(table.find(a) == nullptr);
}
