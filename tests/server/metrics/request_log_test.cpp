#include "server/metrics/request_log.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace shoal;
using namespace std::chrono_literals;

namespace {

RequestRecord record() {
  RequestRecord record;
  record.at = std::chrono::system_clock::time_point(1'800'000'000'042ms);
  record.request_id = "ABC";
  record.operation = "Query";
  record.account = "000000000000";
  record.region = "us-east-1";
  record.took = 1500us;
  record.spent.tables = {"Music", "Songs"};
  return record;
}

}  // namespace

TEST_CASE("A line of the access log says who, what, how it ended and how long it took") {
  auto request = record();
  CHECK(access_line(request, false) ==
        "2027-01-15T08:00:00.042Z ABC 000000000000 us-east-1 Query Music,Songs 200 - 1.500 ms");
  CHECK(access_line(request, true) ==
        R"({"time":"2027-01-15T08:00:00.042Z","request_id":"ABC","account":"000000000000","region":"us-east-1",)"
        R"("operation":"Query","tables":["Music","Songs"],"status":200,"milliseconds":1.500})");
  request.spent.tables.clear();
  request.account.clear();
  request.status = 400;
  request.error = "SerializationException";
  CHECK(access_line(request, false) ==
        "2027-01-15T08:00:00.042Z ABC - us-east-1 Query - 400 SerializationException 1.500 ms");
}

TEST_CASE(
    "The access log takes every request, the slow one those from its time on, and without either nothing is wanted") {
  const auto file = std::filesystem::temp_directory_path() / "shoal-access-log-test";
  std::filesystem::remove(file);
  {
    RequestLog log({.access_file = file.string()});
    CHECK(log.wants(1ns));
    log.add(record());
    log.add(record());
  }
  std::ifstream lines(file);
  std::stringstream text;
  text << lines.rdbuf();
  CHECK(text.str() == access_line(record(), false) + "\n" + access_line(record(), false) + "\n");
  std::filesystem::remove(file);
  const RequestLog slow({.slow = 10ms});
  CHECK_FALSE(slow.wants(9'999us));
  CHECK(slow.wants(10ms));
  CHECK_FALSE(RequestLog({}).wants(1h));
  CHECK_THROWS_WITH(RequestLog({.access_file = "/proc/nowhere/log"}), Catch::Matchers::Contains("/proc/nowhere/log"));
}
