// The store below the memtables, as an engine with a small log makes use of it.
#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "storage/kv/lmdb/engine.h"
#include "storage/kv/temporary_folder.h"

namespace shoal::kv {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using Map = std::map<std::string, std::string>;

constexpr std::uint64_t kNoLimit = std::uint64_t{1} << 40;

LmdbOptions with_runs(std::uint64_t run_bytes) {
  LmdbOptions options{Durability::relaxed};
  options.log_bytes = 256 << 10;
  options.run_bytes = run_bytes;
  return options;
}

// Puts and erases 4,000 keys here and there, on the engine and on the map; some megabytes.
void write_some(Engine& engine, Map& map, unsigned seed) {
  std::mt19937 random(seed);
  for (int round = 0; round < 300; ++round) {
    engine.write([&](Transaction& transaction) {
      for (int i = 0; i < 20; ++i) {
        const auto key = "key" + std::to_string(random() % 4000);
        if (random() % 4 == 0) {
          transaction.erase(key);
          map.erase(key);
        } else {
          const auto value = std::string(random() % 1000, 'v') + std::to_string(random());
          transaction.put(key, value);
          map[key] = value;
        }
      }
    });
  }
}

Map contents(const Snapshot& snapshot) {
  Map map;
  const auto cursor = snapshot.cursor();
  for (bool there = cursor->seek(std::string(1, '\0')); there; there = cursor->next()) {
    const bool ascends = map.empty() || map.rbegin()->first < cursor->key();
    REQUIRE(ascends);
    map[std::string(cursor->key())] = cursor->value();
    REQUIRE(snapshot.get(cursor->key()) == cursor->value());
  }
  return map;
}

std::vector<fs::path> run_files(const fs::path& folder) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename().string().starts_with("run.")) found.push_back(entry.path());
  }
  return found;
}

template <typename Condition>
bool wait_until(Condition condition) {
  for (int i = 0; i < 600; ++i, std::this_thread::sleep_for(std::chrono::milliseconds(50))) {
    if (condition()) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("What lies in runs is read, found again after a start, and merged into the data file in the end") {
  const TemporaryFolder folder;
  Map map;
  {
    const auto engine = open_lmdb(folder.path(), with_runs(kNoLimit));
    for (unsigned seed = 0; seed < 3; ++seed) {
      write_some(*engine, map, seed);
      REQUIRE(contents(*engine->snapshot()) == map);
    }
    const auto statistics = engine->statistics();
    CHECK(statistics.runs > 0);
    CHECK(statistics.run_bytes > 0);
    CHECK(statistics.runs < 16);  // Of some thirty memtables: eight runs become one.
  }
  REQUIRE_FALSE(run_files(folder.path()).empty());
  auto options = with_runs(kNoLimit);
  options.quiet = std::chrono::milliseconds(100);
  const auto engine = open_lmdb(folder.path(), options);
  const auto before = engine->snapshot();
  REQUIRE(contents(*before) == map);
  REQUIRE(wait_until([&] { return run_files(folder.path()).empty() && engine->statistics().runs == 0; }));
  REQUIRE(contents(*engine->snapshot()) == map);
  REQUIRE(contents(*before) == map);  // Whose files are gone.
}

TEST_CASE("A snapshot stays what it was while runs come, become one and are merged") {
  const TemporaryFolder folder;
  Map map;
  const auto engine = open_lmdb(folder.path(), with_runs(GENERATE(std::uint64_t{0}, std::uint64_t{1} << 20)));
  std::vector<std::pair<std::unique_ptr<Snapshot>, Map>> seen;
  for (unsigned seed = 0; seed < 6; ++seed) {
    write_some(*engine, map, seed);
    seen.emplace_back(engine->snapshot(), map);
  }
  for (const auto& [snapshot, then] : seen) REQUIRE(contents(*snapshot) == then);
}

TEST_CASE("Only the runs that are noted count") {
  const TemporaryFolder folder;
  Map map;
  {
    const auto engine = open_lmdb(folder.path(), with_runs(kNoLimit));
    write_some(*engine, map, 1);
  }
  SECTION("others go at the next start") {
    std::ofstream(folder.path() / "run.999") << "half a run";
    CHECK(contents(*open_lmdb(folder.path())->snapshot()) == map);
    CHECK_FALSE(fs::exists(folder.path() / "run.999"));
  }
  SECTION("and each has to be there") {
    const auto runs = run_files(folder.path());
    REQUIRE_FALSE(runs.empty());
    fs::remove(runs.front());
    CHECK_THROWS_WITH(open_lmdb(folder.path()), Contains(runs.front().string()) && Contains("no such file"));
  }
}

TEST_CASE("A damaged run is not merged into the data file") {
  const TemporaryFolder folder;
  Map map;
  {
    const auto engine = open_lmdb(folder.path(), with_runs(kNoLimit));
    write_some(*engine, map, 1);
  }
  for (const auto& run : run_files(folder.path())) {
    std::fstream file(run, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(2000);
    file.put('\x01');
  }
  std::mutex mutex;
  std::string told;
  auto options = with_runs(0);
  options.report = [&](const std::string& text) {
    const std::lock_guard lock(mutex);
    told += text + "\n";
  };
  const auto engine = open_lmdb(folder.path(), options);
  const auto files = run_files(folder.path());
  CHECK(wait_until([&] {
    const std::lock_guard lock(mutex);
    return told.find("is damaged: block ") != std::string::npos;
  }));
  CHECK(run_files(folder.path()) == files);
}

}  // namespace shoal::kv
