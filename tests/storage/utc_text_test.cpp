#include "storage/utc_text.h"

#include <catch2/catch.hpp>

using namespace shoal;
using namespace std::chrono_literals;

TEST_CASE("a time is told to the second or to the millisecond, with all its digits") {
  CHECK(utc_seconds(0ms) == "1970-01-01T00:00:00");
  CHECK(utc_seconds(1'800'000'000'999ms) == "2027-01-15T08:00:00");
  CHECK(utc_milliseconds(1'800'000'000'000ms) == "2027-01-15T08:00:00.000");
  CHECK(utc_milliseconds(1'800'000'000'042ms) == "2027-01-15T08:00:00.042");
}
