#include "server/metrics/request_metrics.h"

#include <catch2/catch.hpp>
#include <numeric>
#include <thread>

using namespace shoal;
using namespace std::chrono_literals;

namespace {

std::uint64_t requests(const RequestMetrics::Total& total) {
  return std::accumulate(total.counts.begin(), total.counts.end(), std::uint64_t{0});
}

}  // namespace

TEST_CASE("A request is counted once, in the interval of its duration, with its failure") {
  RequestMetrics metrics;
  const auto get = metrics.add("GetItem"), put = metrics.add("PutItem");
  metrics.answered(get, 50us);
  metrics.answered(get, 51us);
  metrics.answered(get, 2s);
  metrics.failed(put, "ValidationException", 1ms);
  metrics.failed(put, "ValidationException", 1ms);
  metrics.failed(put, "ConditionalCheckFailedException", 1ms);
  const auto totals = metrics.totals();
  REQUIRE(totals.size() == 2);
  CHECK(totals[get].operation == "GetItem");
  CHECK(totals[get].counts[0] == 1);
  CHECK(totals[get].counts[1] == 1);
  CHECK(totals[get].counts.back() == 1);
  CHECK(requests(totals[get]) == 3);
  CHECK(totals[get].seconds == Approx(2.000101));
  CHECK(totals[get].failures.empty());
  CHECK(requests(totals[put]) == 3);
  CHECK(totals[put].failures ==
        std::map<std::string, std::uint64_t>{{"ConditionalCheckFailedException", 1}, {"ValidationException", 2}});
}

TEST_CASE("Nothing is lost when many threads count") {
  RequestMetrics metrics;
  const auto operation = metrics.add("GetItem");
  std::vector<std::thread> threads;
  for (int i = 0; i < 20; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 1'000; ++n)
        n % 10 ? metrics.answered(operation, 1us) : metrics.failed(operation, "Fault", 1us);
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(requests(metrics.totals()[operation]) == 20'000);
  CHECK(metrics.totals()[operation].failures.at("Fault") == 2'000);
}
