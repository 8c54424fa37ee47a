#include "server/commands/metrics_sample.h"

#include <catch2/catch.hpp>

namespace shoal {
namespace {

const std::string kBefore = R"(# HELP seconds Time
# TYPE seconds histogram
seconds_count{operation="Get"} 10
seconds_bucket{operation="Get",le="0.001"} 10
seconds_bucket{operation="Get",le="0.002"} 10
seconds_bucket{operation="Get",le="+Inf"} 10
errors{operation="Get",type="A"} 1
cpu 1.5
)";
const std::string kAfter = R"(seconds_count{operation="Get"} 110
seconds_bucket{operation="Get",le="0.001"} 60
seconds_bucket{operation="Get",le="0.002"} 109
seconds_bucket{operation="Get",le="+Inf"} 110
errors{operation="Get",type="A"} 3
errors{operation="Get",type="B"} 4
errors{operation="Put",type="A"} 16
cpu 2e0
odd{name="a \"b\" \\ c"} 7
)";

TEST_CASE("metrics are found by name and label") {
  const auto sample = read_metrics(kAfter);
  CHECK(value_of(sample, "cpu") == 2.0);
  CHECK(value_of(sample, "errors", {{"type", "B"}}) == 4.0);
  CHECK(!value_of(sample, "errors", {{"type", "C"}}));
  CHECK(!value_of(sample, "nothing"));
  CHECK(sum_of(sample, "errors", {{"operation", "Get"}}) == 7.0);
  CHECK(value_of(sample, "odd", {{"name", "a \"b\" \\ c"}}) == 7.0);
  CHECK(values_of_label(sample, "errors", "type") == std::set<std::string>{"A", "B"});
}

TEST_CASE("rates are of what came between two looks") {
  const auto before = read_metrics(kBefore), after = read_metrics(kAfter);
  CHECK(rate(before, after, "cpu", 2) == Approx(0.25));
  CHECK(rate(before, after, "errors", 2, {{"operation", "Get"}}) == Approx(3));
}

TEST_CASE("quantiles are of what came between two looks") {
  const auto before = read_metrics(kBefore), after = read_metrics(kAfter);
  const Labels get{{"operation", "Get"}};
  CHECK(*quantile(before, after, "seconds", get, 0.25) == Approx(0.0005));   // The 25th of 50 in the first bucket.
  CHECK(*quantile(before, after, "seconds", get, 0.745) == Approx(0.0015));  // Half of the 49 in the second.
  CHECK(*quantile(before, after, "seconds", get, 1) == Approx(0.002));       // Beyond all bounds.
  CHECK(!quantile(after, after, "seconds", get, 0.5));
  CHECK(!quantile(before, after, "seconds", {{"operation", "Put"}}, 0.5));
}

TEST_CASE("what is no text of metrics is refused") {
  CHECK_THROWS(read_metrics("<html>"));
  CHECK_THROWS(read_metrics("name{label} 1"));
  CHECK_THROWS(read_metrics("name{label=\"x"));
  CHECK_THROWS(read_metrics("name x"));
  CHECK(read_metrics("").empty());
}

}  // namespace
}  // namespace shoal
