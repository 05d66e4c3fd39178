#include "hawser/wire/result.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>

using namespace hawser;

namespace {

Result<int> half(int number) {
  if (number % 2 != 0) return Error(Errc::invalid_argument, "number");
  return number / 2;
}

Result<void> check_even(int number) {
  if (Result<int> result = half(number); !result) return result.error();
  return {};
}

}  // namespace

TEST_CASE("result: holds a value or an error") {
  Result<int> good = half(8);
  REQUIRE(good.has_value());
  CHECK(static_cast<bool>(good));
  CHECK(*good == 4);
  CHECK(good.value() == 4);
  *good = 5;
  CHECK(*std::as_const(good) == 5);

  const Result<int> bad = half(7);
  CHECK_FALSE(bad.has_value());
  CHECK_FALSE(static_cast<bool>(bad));
  CHECK(bad.error().code() == Errc::invalid_argument);
  CHECK(std::string_view(bad.error().where()) == "number");
}

TEST_CASE("result: of void is success or an error") {
  CHECK(check_even(2).has_value());
  REQUIRE_FALSE(check_even(3));
  CHECK(check_even(3).error() == Error(Errc::invalid_argument));
}

TEST_CASE("result: a value that only moves is moved out") {
  Result<std::unique_ptr<int>> first(std::make_unique<int>(3));
  const std::unique_ptr<int> moved = *std::move(first);
  CHECK(*moved == 3);
  Result<std::unique_ptr<int>> second(std::make_unique<int>(4));
  CHECK(*std::move(second).value() == 4);
}

TEST_CASE("result: members are reached through the arrow") {
  Result<std::string> text(std::string("four"));
  CHECK(text->size() == 4);
  CHECK(std::as_const(text)->size() == 4);
}

TEST_CASE("error: the message names the rule and where it was broken") {
  CHECK(Error(Errc::truncated).message() == "the message ends inside a field");
  CHECK(Error(Errc::truncated, "service_name").message() == "the message ends inside a field (service_name)");
}
