// The engine on a disk that loses what was not synced, in any order, and on one that fails.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // Which stand between as well.

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <deque>
#include <future>
#include <map>

#include "storage/kv/lmdb/engine.h"
#include "storage/kv/simulated_disk.h"
#include "storage/kv/temporary_folder.h"

namespace shoal::kv {
namespace {

namespace fs = std::filesystem;

using Map = std::map<std::string, std::string>;

std::string counter_bytes(std::uint64_t value) {
  std::string bytes;
  for (int i = 0; i < 8; ++i, value >>= 8) bytes += static_cast<char>(value);
  return bytes;
}

// Write number `i`, always the same: on the engine, and on the map that says what it does.
void write(Transaction& transaction, int i) {
  std::mt19937 random(static_cast<unsigned>(i));
  transaction.put("last", std::to_string(i));
  const auto number = [&random](int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); };
  for (int part = number(4); part >= 0; --part) {
    std::string key = "key" + std::to_string(number(150));
    if (number(8) == 0) key += std::string(2000, 'k');
    if (number(3) == 0) {
      transaction.erase(key);
    } else {
      transaction.put(key, std::string(static_cast<std::size_t>(number(number(5) == 0 ? 20'000 : 900)), 'a' + i % 26));
    }
  }
  transaction.add("counter", 1);
}

class MapTransaction final : public Transaction {
 public:
  explicit MapTransaction(Map& map) : map_(map) {}
  std::optional<Bytes> get(Bytes) const override { throw std::logic_error("not needed"); }
  std::unique_ptr<Cursor> cursor() const override { throw std::logic_error("not needed"); }
  void put(Bytes key, Bytes value) override { map_[std::string(key)] = value; }
  void erase(Bytes key) override { map_.erase(std::string(key)); }
  void add(Bytes counter, std::int64_t amount) override {
    sum_ += amount;
    map_[std::string(counter)] = counter_bytes(static_cast<std::uint64_t>(sum_));
  }

 private:
  Map& map_;
  std::int64_t sum_ = 0;
};

Map after(const std::vector<int>& writes) {
  Map map;
  MapTransaction transaction(map);
  for (const int i : writes) write(transaction, i);
  return map;
}

Map contents(const Engine& engine) {
  Map map;
  const auto snapshot = engine.snapshot();
  const auto cursor = snapshot->cursor();
  std::string first(1, '\0');
  for (bool there = cursor->seek(first); there; there = cursor->next())
    map[std::string(cursor->key())] = cursor->value();
  return map;
}

// Memtables, runs and merges every few writes.
LmdbOptions small(Durability durability) {
  LmdbOptions options{durability};
  options.log_bytes = 256 << 10;
  options.run_bytes = 512 << 10;
  options.map_bytes = 64 << 20;
  return options;
}

// Four in flight at a time. `done(i)` when write i is acknowledged; false when one failed.
template <typename Done>
bool write_all(Engine& engine, int begin, int end, Done done) {
  std::atomic<bool> good = true;
  std::deque<std::future<void>> waiting;
  for (int i = begin; i < end; ++i) {
    auto promise = std::make_shared<std::promise<void>>();
    waiting.push_back(promise->get_future());
    engine.submit([i](Transaction& transaction) { write(transaction, i); },
                  [i, promise, &done, &good](std::exception_ptr failure) {
                    if (failure) {
                      good = false;
                    } else {
                      done(i);
                    }
                    promise->set_value();
                  });
    if (waiting.size() < 4) continue;
    waiting.front().wait();
    waiting.pop_front();
  }
  for (auto& each : waiting) each.wait();
  return good;
}

struct Lost {
  int rounds = 0;
  int replays = 0;
};

// Rounds of: write, lose power at any call, start again (and lose power again while that goes on), look what is there.
Lost lose_power_again_and_again(Durability durability, unsigned seed, int rounds) {
  std::mt19937 random(seed);
  Lost lost;
  const TemporaryFolder parent;
  auto folder = parent.path() / "0";
  fs::create_directories(folder);
  int written = 0;  // Writes 0 to written - 1 are in the folder.
  for (int round = 1; round <= rounds; ++round) {
    const auto image = parent.path() / std::to_string(round);
    std::atomic<int> acknowledged = written;
    int acknowledged_at_loss = -1, call = 0;
    const int writes = 50 + static_cast<int>(random() % 250);
    INFO("seed " << seed << ", round " << round << ", " << written << " writes before");
    {
      SimulatedDisk disk(folder, static_cast<unsigned>(random()));
      call = 1 + static_cast<int>(random() % (round % 4 == 0 ? 25u : 200u));
      disk.lose_power_at(call, image, [&] { acknowledged_at_loss = acknowledged.load(); });
      const auto engine = open_lmdb(folder, small(durability));
      REQUIRE(write_all(*engine, written, written + writes, [&](int i) { acknowledged = i + 1; }));
    }
    fs::remove_all(folder);
    if (acknowledged_at_loss < 0) return lost;  // It ended in good order before that.
    std::string files;
    for (const auto& entry : fs::directory_iterator(image)) {
      files += entry.path().filename().string() + " " + std::to_string(fs::file_size(entry)) + ", ";
    }
    INFO(files << "lost at call " << call);
    // What is left: all that was acknowledged, and then maybe more, but write by write.
    auto options = small(durability);
    options.report = [&](const std::string& text) { lost.replays += text.rfind("recovered", 0) == 0; };
    const auto engine = open_lmdb(image, options);
    const auto found = contents(*engine);
    const auto last = found.find("last");
    const int there = last == found.end() ? 0 : std::stoi(last->second) + 1;
    if (durability == Durability::sync) REQUIRE(there >= acknowledged_at_loss);
    REQUIRE(there <= written + writes);
    std::vector<int> expected(static_cast<std::size_t>(there));
    for (int i = 0; i < there; ++i) expected[static_cast<std::size_t>(i)] = i;
    REQUIRE((found == after(expected)));
    written = there;
    folder = image;
    ++lost.rounds;
  }
  return lost;
}

}  // namespace

TEST_CASE("After a loss of power every acknowledged write is there, and no half of another") {
  const auto seed = Catch::rngSeed() != 0 ? Catch::rngSeed() : static_cast<unsigned>(std::random_device{}());
  Lost all;
  for (unsigned i = 0; i < 12; ++i) {
    const auto lost = lose_power_again_and_again(Durability::sync, seed + i, 12);
    all.rounds += lost.rounds;
    all.replays += lost.replays;
  }
  INFO(all.rounds << " losses of power, " << all.replays << " logs replayed");
  CHECK(all.rounds > 30);
  CHECK(all.replays > 20);
}

TEST_CASE("After a loss of power a relaxed store has lost the newest writes and nothing else") {
  const auto seed = Catch::rngSeed() != 0 ? Catch::rngSeed() : static_cast<unsigned>(std::random_device{}());
  int rounds = 0;
  for (unsigned i = 0; i < 8; ++i) rounds += lose_power_again_and_again(Durability::relaxed, seed + i, 12).rounds;
  CHECK(rounds > 15);
}

TEST_CASE("A disk that fails once, at any call, fails a write or none, and what is acknowledged stays") {
  const unsigned seed = Catch::rngSeed();
  for (const int code : {EIO, ENOSPC}) {
    int failures = 0;
    for (int call = 1; call < 260; call += 3 + static_cast<int>((seed + static_cast<unsigned>(call)) % 7)) {
      const TemporaryFolder folder;
      std::vector<int> done, failed;
      INFO("seed " << seed << ", errno " << code << " at call " << call);
      {
        SimulatedDisk disk(folder.path(), seed);
        const auto engine = open_lmdb(folder.path(), small(Durability::sync));
        disk.fail_at(call, code);
        for (int i = 0; i < 120; ++i) {
          if (!write_all(*engine, i, i + 1, [&](int each) { done.push_back(each); })) failed.push_back(i);
        }
        failures += !failed.empty();
        // A failed write to LMDB's own head stops the engine until it is opened again; anything else is one write's.
        if (failed.size() <= 2) REQUIRE((contents(*engine) == after(done)));
      }
      // Of a write that failed nobody was told that it did not happen.
      const auto there = contents(*open_lmdb(folder.path(), small(Durability::sync)));
      auto with_failed = done;
      if (!failed.empty())
        with_failed.insert(std::upper_bound(done.begin(), done.end(), failed[0]) - done.begin() + with_failed.begin(),
                           failed[0]);
      REQUIRE((there == after(done) || (failed.size() > 2 && there == after(with_failed))));
    }
    CHECK(failures > 5);
  }
}

}  // namespace shoal::kv

#endif
