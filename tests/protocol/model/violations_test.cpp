#include "protocol/model/violations.h"

#include <catch2/catch.hpp>

#include "protocol/error.h"

namespace shoal::model {
namespace {

std::string raised(const Violations& violations) {
  try {
    violations.raise();
  } catch (const Error& error) {
    CHECK_FALSE(error.from_request_layer());  // Whole already: nobody may wrap it again.
    return std::string(error.type().name) + ": " + error.message();
  }
  return "nothing";
}

}  // namespace

TEST_CASE("No violation, no error") { CHECK(raised(Violations()) == "nothing"); }

TEST_CASE("One violation is an error, several are errors") {
  Violations violations;
  violations.add("first");
  CHECK(raised(violations) == "ValidationException: 1 validation error detected: first");
  violations.add("second");
  CHECK(raised(violations) == "ValidationException: 2 validation errors detected: first; second");
}

TEST_CASE("A bare violation has no envelope as long as it is alone") {
  Violations violations;
  violations.add_bare("bare");
  CHECK(raised(violations) == "ValidationException: bare");
  violations.add("other");
  CHECK(raised(violations) == "ValidationException: 2 validation errors detected: bare; other");

  Violations after;
  after.add("other");
  after.add_bare("bare");
  CHECK(raised(after) == "ValidationException: 2 validation errors detected: other; bare");
}

TEST_CASE("The tenth violation is the last") {
  Violations violations;
  for (int i = 1; i <= 12; ++i) violations.add(std::to_string(i));
  CHECK(violations.full());
  CHECK(raised(violations) == "ValidationException: 10 validation errors detected: 1; 2; 3; 4; 5; 6; 7; 8; 9; 10");
}

}  // namespace shoal::model
