#include "server/faults/faults.h"

#include <catch2/catch.hpp>
#include <thread>

#include "storage/kv/lmdb/engine.h"

using namespace shoal;
using namespace std::chrono_literals;

namespace {

struct Store {
  std::unique_ptr<kv::Engine> engine = kv::open_lmdb_in_memory();
  Clock clock;
  Faults faults{*engine, clock};

  void put(const std::string& value) {
    engine->write([&](kv::Transaction& transaction) { transaction.put("key", value); });
  }
};

FaultRule rule_of(Fault fault, std::string table = {}, std::string operation = {}) {
  FaultRule rule{fault};
  rule.table = std::move(table);
  rule.operation = std::move(operation);
  return rule;
}

FaultRule by_chance(double probability, std::uint64_t seed) {
  auto rule = rule_of(Fault::throttle);
  rule.probability = probability;
  rule.seed = seed;
  return rule;
}

FaultRule next(std::uint64_t count, Fault fault = Fault::throttle) {
  auto rule = rule_of(fault);
  rule.next = count;
  return rule;
}

// "1011...": whom of so many requests the rule strikes.
std::string decisions(const FaultRule& rule, int requests) {
  Store store;
  store.faults.set(rule);
  std::string decisions;
  for (int i = 0; i < requests; ++i) decisions += store.faults.draw({"GetItem", {"Music"}}).empty() ? '0' : '1';
  return decisions;
}

}  // namespace

TEST_CASE("without rules nothing is struck, and nobody has to ask") {
  Store store;
  CHECK_FALSE(store.faults.any());
  CHECK(store.faults.draw({"GetItem", {"Music"}}).empty());
  CHECK(store.faults.draw_older_snapshot("GetItem", "Music", false, false) == nullptr);
}

TEST_CASE("a rule strikes its table and its operation, and without them any") {
  Store store;
  store.faults.set(rule_of(Fault::throttle, "Music", "PutItem"));
  CHECK(store.faults.any());
  CHECK(store.faults.draw({"PutItem", {"Music"}}).size() == 1);
  CHECK(store.faults.draw({"PutItem", {"Films", "Music"}}).size() == 1);
  CHECK(store.faults.draw({"PutItem", {"Films"}}).empty());
  CHECK(store.faults.draw({"PutItem", {}}).empty());
  CHECK(store.faults.draw({"GetItem", {"Music"}}).empty());

  store.faults.set(rule_of(Fault::internal_error));
  CHECK(store.faults.draw({"ListTables", {}}).size() == 1);
}

TEST_CASE("a rule strikes only what its fault can happen to") {
  Store store;
  store.faults.set(rule_of(Fault::transaction_conflict));
  CHECK(store.faults.draw({"GetItem", {"Music"}}).empty());
  CHECK(store.faults.draw({"BatchWriteItem", {"Music"}}).empty());
  CHECK(store.faults.draw({"DeleteItem", {"Music"}}).size() == 1);
  CHECK(store.faults.draw({"TransactGetItems", {"Music"}}).size() == 1);

  store.faults.clear();
  store.faults.set(rule_of(Fault::transaction_in_progress));
  CHECK(store.faults.draw({"TransactWriteItems", {"Music"}, false}).empty());
  CHECK(store.faults.draw({"TransactWriteItems", {"Music"}, true}).size() == 1);

  store.faults.clear();
  store.faults.set(rule_of(Fault::unprocessed));
  CHECK(store.faults.draw({"PutItem", {"Music"}}).empty());
  CHECK(store.faults.draw({"BatchGetItem", {"Music"}}).size() == 1);
}

TEST_CASE("a rule for the next requests strikes so many and is used up, yet still shown") {
  Store store;
  store.faults.set(next(2));
  CHECK(store.faults.draw({"GetItem", {"Music"}}).size() == 1);
  CHECK(store.faults.any());
  CHECK(store.faults.draw({"GetItem", {"Music"}}).size() == 1);
  CHECK_FALSE(store.faults.any());
  CHECK(store.faults.draw({"GetItem", {"Music"}}).empty());
  const auto rules = store.faults.list();
  REQUIRE(rules.size() == 1);
  CHECK(rules[0].next == 0);
  CHECK(rules[0].struck == 2);
}

TEST_CASE("a rule for the next requests strikes exactly so many, however many threads ask") {
  Store store;
  store.faults.set(next(1000));
  std::atomic<int> struck = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 1000; ++j) {
        if (store.faults.any() && !store.faults.draw({"GetItem", {"Music"}}).empty()) ++struck;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(struck == 1000);
  CHECK_FALSE(store.faults.any());
}

TEST_CASE("rules can come and go while requests are struck") {
  Store store;
  auto stale = rule_of(Fault::stale_reads);
  stale.time = 1ms;
  std::atomic<bool> done = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      while (!done) {
        if (const auto snapshot = store.faults.draw_older_snapshot("GetItem", "Music", false, false)) {
          snapshot->get("key");
        }
        store.faults.draw({"PutItem", {"Music"}});
      }
    });
  }
  for (int i = 0; i < 50; ++i) {
    store.put(std::to_string(i));
    store.faults.set({stale, next(3)});
    store.faults.take_snapshots();
    if (i % 3 == 0) store.faults.clear();
  }
  done = true;
  for (auto& thread : threads) thread.join();
}

TEST_CASE("chance decides the same for the same seed, and as often as it should") {
  const auto first = decisions(by_chance(0.3, 7), 10'000);
  CHECK(first == decisions(by_chance(0.3, 7), 10'000));
  CHECK(first != decisions(by_chance(0.3, 8), 10'000));
  const auto struck = std::count(first.begin(), first.end(), '1');
  CHECK(struck > 2'800);
  CHECK(struck < 3'200);
  CHECK(decisions(by_chance(0, 7), 100) == std::string(100, '0'));
  CHECK(decisions(by_chance(1, 7), 100) == std::string(100, '1'));
}

TEST_CASE("seed 1 has always decided like this") {
  // So that a seed in a test's log means the same with every build.
  CHECK(decisions(by_chance(0.5, 1), 16) == "1111101100100111");
}

TEST_CASE("a rule replaces that of its table, operation and fault, and starts anew") {
  Store store;
  store.faults.set(next(1));
  store.faults.set(rule_of(Fault::throttle, "Music"));
  store.faults.draw({"GetItem", {"Music"}});
  store.faults.set(next(5));
  const auto rules = store.faults.list();
  REQUIRE(rules.size() == 2);
  CHECK(rules[0].next == 5);
  CHECK(rules[0].struck == 0);
  CHECK(rules[1].table == "Music");
}

TEST_CASE("after a rule that ends the request the others keep their turn, but for latency") {
  Store store;
  auto latency = rule_of(Fault::latency);
  latency.time = 5ms;
  store.faults.set({next(1, Fault::internal_error), next(1), latency});
  const auto first = store.faults.draw({"GetItem", {"Music"}});
  REQUIRE(first.size() == 2);
  CHECK(first[0].fault == Fault::internal_error);
  CHECK(first[1].fault == Fault::latency);
  CHECK(store.faults.draw({"GetItem", {"Music"}})[0].fault == Fault::throttle);
}

TEST_CASE("there is an end to rules, and too many at once change nothing") {
  Store store;
  store.faults.set(next(1));
  std::vector<FaultRule> many;
  for (std::size_t i = 0; i < Faults::kRulesMax; ++i) {
    many.push_back(rule_of(Fault::throttle, "Table" + std::to_string(i)));
  }
  CHECK_THROWS_AS(store.faults.set(many), TooManyFaults);
  CHECK(store.faults.list().size() == 1);
  many.pop_back();
  store.faults.set(many);
  CHECK(store.faults.list().size() == Faults::kRulesMax);
}

TEST_CASE("stale reads see what was, consistent ones are not struck") {
  Store store;
  store.put("old");
  auto rule = rule_of(Fault::stale_reads);
  rule.time = 60s;
  rule.next = 2;
  store.faults.set(rule);
  store.put("new");
  CHECK(store.faults.draw_older_snapshot("GetItem", "Music", true, false) == nullptr);
  CHECK(store.faults.draw_older_snapshot("TransactGetItems", "Music", false, false) == nullptr);
  CHECK(store.faults.draw_older_snapshot("Query", "Music", false, false)->get("key") == "old");
  // The last one outlives its rule.
  const auto last = store.faults.draw_older_snapshot("GetItem", "Music", false, false);
  CHECK(last->get("key") == "old");
  CHECK(store.faults.draw_older_snapshot("GetItem", "Music", false, false) == nullptr);
  CHECK_FALSE(store.faults.any());
}

TEST_CASE("a lag of indexes is not the table's, and the older of two faults is seen") {
  Store store;
  store.put("1");
  auto stale = rule_of(Fault::stale_reads);
  stale.time = 60s;
  store.faults.set(stale);
  store.put("2");
  auto lag = rule_of(Fault::index_lag);
  lag.time = 30s;
  store.faults.set(lag);
  store.put("3");
  CHECK(store.faults.draw_older_snapshot("Query", "Music", false, true)->get("key") == "1");
  store.faults.clear();
  store.faults.set(lag);
  store.put("4");
  CHECK(store.faults.draw_older_snapshot("Query", "Music", false, true)->get("key") == "3");
  CHECK(store.faults.draw_older_snapshot("Query", "Music", false, false) == nullptr);
}
