#include "server/http/request_id.h"

#include <catch2/catch.hpp>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

using shoal::http::RequestId;

TEST_CASE("a request id is 52 upper-case letters and digits") {
  const RequestId id;
  CHECK(id.text().size() == 52);
  CHECK(id.text().find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string_view::npos);
}

TEST_CASE("request ids do not repeat, on one thread or on several") {
  std::set<std::string> seen;
  std::mutex mutex;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 5000; ++i) {
        const std::string id(RequestId().text());
        const std::lock_guard lock(mutex);
        seen.insert(id);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(seen.size() == 20'000);
}

TEST_CASE("every place of a request id varies") {
  std::vector<std::set<char>> characters(52);
  for (int i = 0; i < 2000; ++i) {
    const RequestId id;
    for (std::size_t place = 0; place < 52; ++place) characters[place].insert(id.text()[place]);
  }
  for (const auto& place : characters) CHECK(place.size() > 10);
}
