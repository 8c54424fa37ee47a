#include "storage/rewind.h"

#include <catch2/catch.hpp>
#include <map>
#include <random>

#include "storage/key/layout.h"
#include "storage/kv/lmdb/engine.h"

namespace shoal {
namespace {

using Map = std::map<std::string, std::string>;

// But for what rewinding itself keeps.
Map contents(const kv::Engine& engine) {
  Map map;
  const auto snapshot = engine.snapshot();
  const auto cursor = snapshot->cursor();
  for (bool there = cursor->seek(std::string(1, '\0')); there; there = cursor->next()) {
    const std::string key(cursor->key());
    if (!key.starts_with(mark_key({})) && !key.starts_with(undo_prefix())) map.emplace(key, cursor->value());
  }
  return map;
}

std::size_t undo_records(const kv::Engine& engine) {
  std::size_t count = 0;
  const auto snapshot = engine.snapshot();
  const auto cursor = snapshot->cursor();
  for (bool there = cursor->seek(undo_prefix()); there && cursor->key().starts_with(undo_prefix());
       there = cursor->next())
    ++count;
  return count;
}

void write_at_random(kv::Engine& engine, std::mt19937& random) {
  engine.write([&](kv::Transaction& transaction) {
    for (int i = 0; i < 5; ++i) {
      const auto key = "key" + std::to_string(random() % 40);
      switch (random() % 4) {
        case 0:
          transaction.erase(key);
          break;
        case 1:
          transaction.add("counter" + std::to_string(random() % 3), static_cast<std::int64_t>(random() % 7) - 3);
          break;
        default:
          transaction.put(key, std::string(random() % 50, 'x') + std::to_string(random()));
      }
    }
  });
}

}  // namespace

TEST_CASE("It goes back to each snapshot, whatever was written since, and again") {
  const auto seed = Catch::rngSeed();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  RewindableEngine engine(kv::open_lmdb_in_memory());
  for (int i = 0; i < 50; ++i) write_at_random(engine, random);
  CHECK(undo_records(engine) == 0);
  const auto first = contents(engine);
  engine.keep("first");
  for (int i = 0; i < 50; ++i) write_at_random(engine, random);
  const auto second = contents(engine);
  engine.keep("second");
  CHECK(engine.names() == std::vector<std::string>{"first", "second"});
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 200; ++i) write_at_random(engine, random);
    REQUIRE(contents(engine) != second);
    CHECK(engine.rewind("second"));
    REQUIRE(contents(engine) == second);
  }
  CHECK(engine.rewind("first"));
  CHECK(contents(engine) == first);
  CHECK(undo_records(engine) == 0);
  CHECK(engine.names() == std::vector<std::string>{"first"});
  CHECK_FALSE(engine.rewind("second"));
  CHECK(contents(engine) == first);
}

TEST_CASE("A snapshot of the same name takes the older one's place, and forgetting stops keeping") {
  RewindableEngine engine(kv::open_lmdb_in_memory());
  const auto put = [&](const std::string& value) {
    engine.write([&](kv::Transaction& transaction) { transaction.put("key", value); });
  };
  put("1");
  engine.keep("it");
  put("2");
  engine.keep("it");
  put("3");
  CHECK(engine.rewind("it"));
  CHECK(contents(engine)["key"] == "2");
  engine.forget_all();
  CHECK(engine.names().empty());
  CHECK(undo_records(engine) == 0);
  put("4");
  CHECK(undo_records(engine) == 0);
}

TEST_CASE("Large transactions, failed ones and a store that is opened again are undone, too") {
  const auto fill = [](kv::Transaction& transaction, char letter) {
    for (int i = 0; i < 8; ++i) transaction.put("large" + std::to_string(i), std::string(700'000, letter));
  };
  auto inner = kv::open_lmdb_in_memory();
  auto* kept = inner.get();
  RewindableEngine engine(std::move(inner));
  engine.write([&](kv::Transaction& transaction) { fill(transaction, 'a'); });
  const auto before = contents(engine);
  engine.keep("it");
  engine.write([&](kv::Transaction& transaction) { fill(transaction, 'b'); });
  CHECK_THROWS_AS(engine.write([&](kv::Transaction& transaction) {
    fill(transaction, 'c');
    throw std::runtime_error("no");
  }),
                  std::runtime_error);
  CHECK(undo_records(*kept) >= 4);
  CHECK(engine.rewind("it"));
  CHECK(contents(engine) == before);
}

}  // namespace shoal
