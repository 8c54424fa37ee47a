#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <future>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "storage/kv/engine_suite.h"

namespace shoal::kv {
namespace {

using Model = std::map<std::string, std::string>;

// Map order is that of unsigned bytes: what char_traits compares.
static_assert(std::char_traits<char>::lt('a', '\xff'));

constexpr std::size_t kKeyBytesMax = 16384;

// Keys that meet every edge of an engine that keeps long keys in pieces: long common beginnings, lengths around the
// borders of the pieces, and the bytes that could be mistaken for a mark.
class Keys {
 public:
  explicit Keys(std::mt19937_64& random) : random_(random) {
    for (const std::string_view alphabet : {std::string_view("\x00", 1), std::string_view("\xff"),
                                            std::string_view("\x00\x01\xff", 3), std::string_view("abc")}) {
      std::string base;
      while (base.size() < kKeyBytesMax) base.push_back(alphabet[below(alphabet.size())]);
      bases_.push_back(std::move(base));
    }
  }

  std::string any() {
    static constexpr std::size_t kLengths[] = {1,    2,    8,    509,  510,  511,  512,   513,   1011, 1012,
                                               1013, 1014, 1020, 1514, 1515, 3100, 16383, 16384, 16384};
    std::string key = bases_[below(bases_.size())].substr(0, kLengths[below(std::size(kLengths))]);
    switch (below(4)) {
      case 0:
        key.back() = "\x00\x01 b\xff"[below(5)];
        break;
      case 1:
        key[below(key.size())] = "\x00\x01 b\xff"[below(5)];
        break;
      case 2:
        key.resize(below(key.size()) + 1);
        break;
      default:
        break;
    }
    return key;
  }

  std::string value() {
    const auto dice = below(1000);
    const std::size_t bytes = dice == 0 ? 2 << 20 : dice < 20 ? 5000 : below(60);
    return std::string(bytes, static_cast<char>('a' + below(26)));
  }

  std::size_t below(std::size_t bound) { return random_() % bound; }

 private:
  std::mt19937_64& random_;
  std::vector<std::string> bases_;
};

void require_at(const Cursor& cursor, const Model::const_iterator& expected) {
  // Not CHECK(a == b) of the keys: Catch would print 16 KB of each.
  REQUIRE(cursor.key().size() == expected->first.size());
  REQUIRE((cursor.key() == expected->first));
  REQUIRE((cursor.value() == expected->second));
}

void require_walks_alike(Cursor& cursor, bool found, const Model& model, Model::const_iterator at, Keys& keys) {
  for (int steps = 12; steps > 0; --steps) {
    REQUIRE(found == (at != model.end()));
    if (!found) return;
    require_at(cursor, at);
    if (keys.below(3) != 0) {
      found = cursor.next();
      ++at;
    } else {
      found = cursor.previous();
      at = at == model.begin() ? model.end() : std::prev(at);
    }
  }
}

void require_seeks_alike(const Snapshot& snapshot, const Model& model, Keys& keys) {
  const auto cursor = snapshot.cursor();
  for (int i = 0; i < 4; ++i) {
    const auto key = keys.any();
    const auto at = model.lower_bound(key);
    require_walks_alike(*cursor, cursor->seek(key), model, at, keys);
    require_walks_alike(*cursor, cursor->seek_before(key), model, at == model.begin() ? model.end() : std::prev(at),
                        keys);
    const auto value = snapshot.get(key);
    REQUIRE(value.has_value() == (at != model.end() && at->first == key));
    if (value) REQUIRE((*value == at->second));
  }
}

void require_alike(const Snapshot& snapshot, const Model& model) {
  const auto cursor = snapshot.cursor();
  auto at = model.begin();
  for (bool found = cursor->seek(""); found; found = cursor->next(), ++at) {
    REQUIRE(at != model.end());
    require_at(*cursor, at);
  }
  REQUIRE(at == model.end());
  auto back = model.rbegin();
  for (bool found = cursor->seek_before(std::string(kKeyBytesMax, '\xff') + "x"); found; found = cursor->previous()) {
    REQUIRE(back != model.rend());
    require_at(*cursor, std::prev(back.base()));
    ++back;
  }
  REQUIRE(back == model.rend());
}

struct Change {
  std::string key;
  std::optional<std::string> value;  // Nothing: erase.
};

void apply(Model& model, const Change& change) {
  if (change.value) {
    model[change.key] = *change.value;
  } else {
    model.erase(change.key);
  }
}

std::vector<Change> random_changes(Keys& keys, const Model& model, bool shrinking) {
  std::vector<Change> changes(1 + keys.below(30));
  for (auto& change : changes) {
    if (!model.empty() && keys.below(10) < (shrinking ? 8 : 3)) {
      const auto at = model.lower_bound(keys.any());
      change.key = at != model.end() ? at->first : model.begin()->first;
      if (keys.below(4) == 0) change.value = keys.value();
    } else {
      change.key = keys.any();
      if (keys.below(8) != 0) change.value = keys.value();
    }
  }
  return changes;
}

void check_against_model(const EngineUnderTest& store) {
  const auto seed = Catch::rngSeed() != 0 ? Catch::rngSeed() : std::random_device{}();
  INFO("seed " << seed << " (--rng-seed)");
  std::mt19937_64 random(seed);
  Keys keys(random);
  Model model;
  auto engine = store.open();
  for (int round = 0; round < 250; ++round) {
    INFO("round " << round);
    const auto changes = random_changes(keys, model, round % 60 >= 30);
    engine->write([&](Transaction& transaction) {
      for (const auto& change : changes) {
        if (change.value) {
          transaction.put(change.key, *change.value);
        } else {
          transaction.erase(change.key);
        }
      }
    });
    for (const auto& change : changes) apply(model, change);
    require_seeks_alike(*engine->snapshot(), model, keys);
    if (round % 10 == 0) require_alike(*engine->snapshot(), model);
    if (round % 25 == 24 && store.survives_reopening) {
      engine.reset();
      engine = store.open();
      require_alike(*engine->snapshot(), model);
    }
  }
  engine->write([&](Transaction& transaction) {
    for (const auto& entry : model) transaction.erase(entry.first);
  });
  require_alike(*engine->snapshot(), {});
}

// A transaction reads what it wrote: get and cursors, at every step.
void check_own_writes(Engine& engine) {
  const auto seed = Catch::rngSeed() != 0 ? Catch::rngSeed() : std::random_device{}();
  INFO("seed " << seed << " (--rng-seed)");
  Model model;
  engine.write([&](Transaction& transaction) {
    std::mt19937_64 random(seed);  // In here, since a body may run more than once.
    Keys keys(random);
    model.clear();
    for (int i = 0; i < 200; ++i) {
      for (const auto& change : random_changes(keys, model, i > 120)) {
        if (change.value) {
          transaction.put(change.key, *change.value);
        } else {
          transaction.erase(change.key);
        }
        apply(model, change);
      }
      require_seeks_alike(transaction, model, keys);
    }
    require_alike(transaction, model);
  });
  require_alike(*engine.snapshot(), model);
}

struct Refused : std::runtime_error {
  Refused() : std::runtime_error("refused") {}
};

std::string text(const Snapshot& snapshot, Bytes key) { return std::string(snapshot.get(key).value_or("(none)")); }

std::int64_t counter(const Snapshot& snapshot, Bytes key) {
  const auto bytes = snapshot.get(key);
  if (!bytes) return 0;
  REQUIRE(bytes->size() == 8);
  std::uint64_t value = 0;
  for (std::size_t i = 8; i-- > 0;) value = value << 8 | static_cast<unsigned char>((*bytes)[i]);
  return static_cast<std::int64_t>(value);
}

// What became of several writes, in the order in which it was told.
class Outcomes {
 public:
  Done expect(std::string name) {
    const std::lock_guard lock(mutex_);
    ++expected_;
    return [this, name = std::move(name)](std::exception_ptr failure) {
      const std::lock_guard done_lock(mutex_);
      told_.push_back(name + (failure ? ": " + what(failure) : ""));
      changed_.notify_all();
    };
  }

  std::vector<std::string> wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return told_.size() == expected_; });
    return told_;
  }

 private:
  static std::string what(const std::exception_ptr& failure) {
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& error) {
      return error.what();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t expected_ = 0;
  std::vector<std::string> told_;
};

// Keeps the engine busy with one write, so that all that is submitted before `release` may share a batch.
class Holdup {
 public:
  // On a thread of its own: an engine may run the body on the submitter's.
  explicit Holdup(Engine& engine)
      : thread_([this, &engine] {
          engine.submit(
              [this](Transaction&) {
                started_ = true;
                released_.wait();
              },
              [](std::exception_ptr) {});
        }) {
    while (!started_) std::this_thread::yield();
  }
  ~Holdup() {
    release();
    thread_.join();
  }
  void release() {
    if (!std::exchange(is_released_, true)) release_.set_value();
  }

 private:
  std::atomic<bool> started_ = false;
  bool is_released_ = false;
  std::promise<void> release_;
  std::shared_future<void> released_ = release_.get_future().share();
  std::thread thread_;
};

void check_failing_neighbours(Engine& engine) {
  Outcomes outcomes;
  Holdup holdup(engine);
  const auto put = [&](std::string key) {
    engine.submit([key](Transaction& transaction) { transaction.put(key, "kept"); }, outcomes.expect(key));
  };
  put("a");
  engine.submit([](Transaction&) { throw Refused(); }, outcomes.expect("refuses"));
  put("b");
  const auto refuse_late = [](Transaction& transaction) {
    transaction.put("b", "lost");
    transaction.put("x", "lost");
    transaction.erase("a");
    transaction.add("count", 100);
    throw Refused();
  };
  engine.submit(refuse_late, outcomes.expect("refuses late"));
  put("c");
  engine.submit(refuse_late, outcomes.expect("refuses late again"));
  engine.submit([](Transaction& transaction) { transaction.add("count", 1); }, outcomes.expect("adds"));
  engine.submit(
      [](Transaction& transaction) {
        transaction.add("count", 1000);
        throw Refused();
      },
      outcomes.expect("adds and refuses"));
  put("d");
  holdup.release();

  CHECK(outcomes.wait() == std::vector<std::string>{"a", "refuses: refused", "b", "refuses late: refused", "c",
                                                    "refuses late again: refused", "adds", "adds and refuses: refused",
                                                    "d"});
  const auto snapshot = engine.snapshot();
  for (const auto* key : {"a", "b", "c", "d"}) CHECK(text(*snapshot, key) == "kept");
  CHECK_FALSE(snapshot->get("x"));
  CHECK(counter(*snapshot, "count") == 1);
}

void check_many_failing_neighbours(Engine& engine) {
  constexpr int kWrites = 1500;
  Outcomes outcomes;
  Holdup holdup(engine);
  std::vector<std::string> expected;
  for (int i = 0; i < kWrites; ++i) {
    const bool fails = i % 5 == 0 || (i > 600 && i < 900);
    const auto name = std::to_string(i);
    expected.push_back(name + (fails ? ": refused" : ""));
    engine.submit(
        [name, fails](Transaction& transaction) {
          transaction.put("k" + name, name);
          transaction.add("count", 1);
          if (fails) throw Refused();
        },
        outcomes.expect(name));
  }
  holdup.release();
  CHECK(outcomes.wait() == expected);
  const auto snapshot = engine.snapshot();
  std::int64_t kept = 0;
  for (int i = 0; i < kWrites; ++i) {
    const bool fails = expected[i].find(':') != std::string::npos;
    kept += !fails;
    REQUIRE(snapshot->get("k" + std::to_string(i)).has_value() != fails);
  }
  CHECK(counter(*snapshot, "count") == kept);
}

void check_counters(Engine& engine) {
  const auto add = [&](std::int64_t amount) {
    engine.write([&](Transaction& transaction) { transaction.add("count", amount); });
  };
  CHECK(counter(*engine.snapshot(), "count") == 0);
  add(5);
  add(-12);
  CHECK(counter(*engine.snapshot(), "count") == -7);
  add(7);
  CHECK_FALSE(engine.snapshot()->get("count"));  // What counts nothing takes no room.
  add(-7);
  add(std::int64_t{1} << 40);
  CHECK(counter(*engine.snapshot(), "count") == (std::int64_t{1} << 40) - 7);

  // A long name, and several counters side by side.
  const std::string name(5000, 'n');
  engine.write([&](Transaction& transaction) {
    transaction.add(name, 2);
    transaction.add("z", 1);
    transaction.add(name, 2);
    transaction.add("a", 1);
  });
  CHECK(counter(*engine.snapshot(), name) == 4);
  CHECK(counter(*engine.snapshot(), "a") == 1);
  CHECK(counter(*engine.snapshot(), "z") == 1);

  // Erased after it was added to, by the same write and by one that may share the batch.
  engine.write([&](Transaction& transaction) {
    transaction.add("count", 1);
    transaction.erase("count");
  });
  CHECK_FALSE(engine.snapshot()->get("count"));
  {
    Outcomes outcomes;
    Holdup holdup(engine);
    engine.submit([](Transaction& transaction) { transaction.add("count", 50); }, outcomes.expect("add"));
    engine.submit([](Transaction& transaction) { transaction.erase("count"); }, outcomes.expect("erase"));
    engine.submit([](Transaction& transaction) { transaction.add("count", 3); }, outcomes.expect("add"));
    holdup.release();
    outcomes.wait();
  }
  CHECK(counter(*engine.snapshot(), "count") == 3);
}

void check_isolation(Engine& engine) {
  const std::string long_key(2000, 'k');
  engine.write([&](Transaction& transaction) {
    transaction.put("a", "1");
    transaction.put(long_key, "1");
  });
  const auto before = engine.snapshot();
  const auto cursor = before->cursor();
  REQUIRE(cursor->seek("a"));
  const auto value = before->get(long_key);
  for (int i = 0; i < 50; ++i) {
    engine.write([&](Transaction& transaction) {
      transaction.put("a", "2");
      transaction.put("b" + std::to_string(i), std::string(3000, 'x'));
      transaction.erase(long_key);
    });
  }
  CHECK(text(*before, "a") == "1");
  CHECK(*value == "1");
  CHECK(cursor->value() == "1");
  REQUIRE(cursor->next());
  CHECK(cursor->key().size() == 2000);
  CHECK_FALSE(cursor->next());
  CHECK(text(*engine.snapshot(), "a") == "2");
  CHECK_FALSE(engine.snapshot()->get(long_key));
}

// Money moves between two accounts and is counted: no snapshot sees a transfer half done, none goes back in time, and
// no transfer is lost. Catch's checks are for one thread, so the others count what they see.
void check_concurrency(Engine& engine) {
  constexpr int kWriters = 4, kWrites = 250, kMoney = 1000;
  const std::string a = "a", b(3000, 'b');
  engine.write([&](Transaction& transaction) {
    transaction.put(a, std::to_string(kMoney));
    transaction.put(b, "0");
    transaction.put("transfers", "0");
  });
  const auto number = [](const Snapshot& snapshot, Bytes key) { return std::stoi(std::string(*snapshot.get(key))); };
  std::atomic<int> wrong = 0, done = 0, out_of_order = 0;
  std::atomic<bool> stop = false;
  std::vector<std::thread> readers, writers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      for (int last = 0; !stop;) {
        const auto snapshot = engine.snapshot();
        const int transfers = number(*snapshot, "transfers");
        if (number(*snapshot, a) + number(*snapshot, b) != kMoney || transfers < last) ++wrong;
        last = transfers;
      }
    });
  }
  for (int w = 0; w < kWriters; ++w) {
    writers.emplace_back([&, w] {
      for (int i = 0; i < kWrites; ++i) {
        engine.submit(
            [&, w, i](Transaction& transaction) {
              const int amount = 1 + (w + i) % 7;
              const int in_a = number(transaction, a), in_b = number(transaction, b);
              const int transfers = number(transaction, "transfers");
              const auto mine = "last" + std::to_string(w);
              if (text(transaction, mine) != (i == 0 ? "(none)" : std::to_string(i - 1))) throw Refused();
              transaction.put(a, std::to_string(in_a - amount));
              transaction.put(b, std::to_string(in_b + amount));
              transaction.put("transfers", std::to_string(transfers + 1));
              transaction.put(mine, std::to_string(i));
              transaction.add("count", 1);
            },
            [&](std::exception_ptr failure) {
              if (failure) ++out_of_order;
              ++done;
            });
      }
    });
  }
  for (auto& writer : writers) writer.join();
  while (done < kWriters * kWrites) std::this_thread::yield();
  stop = true;
  for (auto& reader : readers) reader.join();
  CHECK(wrong == 0);
  CHECK(out_of_order == 0);
  CHECK(number(*engine.snapshot(), "transfers") == kWriters * kWrites);
  CHECK(counter(*engine.snapshot(), "count") == kWriters * kWrites);
}

void check_edges(Engine& engine) {
  SECTION("What is absent is nothing, and erasing it does nothing") {
    engine.write([](Transaction& transaction) { transaction.erase("a"); });
    const auto snapshot = engine.snapshot();
    CHECK_FALSE(snapshot->get("a"));
    CHECK_FALSE(snapshot->get(""));
    CHECK_FALSE(snapshot->get(std::string(kKeyBytesMax, 'a')));
    const auto cursor = snapshot->cursor();
    CHECK_FALSE(cursor->seek(""));
    CHECK_FALSE(cursor->seek("a"));
    CHECK_FALSE(cursor->seek_before("a"));
    CHECK_FALSE(cursor->seek_before(std::string(kKeyBytesMax, '\xff')));
  }
  SECTION("An empty value is a value") {
    engine.write([](Transaction& transaction) { transaction.put("a", {}); });
    CHECK(engine.snapshot()->get("a") == Bytes(""));
  }
  SECTION("A key of no bytes or of more than 16 KiB is refused before anything is written") {
    for (const auto& key : {std::string(), std::string(kKeyBytesMax + 1, 'k')}) {
      CHECK_THROWS_AS(engine.write([&](Transaction& transaction) { transaction.put(key, "v"); }),
                      std::invalid_argument);
    }
    engine.write([&](Transaction& transaction) { transaction.put(std::string(kKeyBytesMax, 'k'), "v"); });
    CHECK(text(*engine.snapshot(), std::string(kKeyBytesMax, 'k')) == "v");
  }
  SECTION("The greatest and the least keys have their places") {
    const std::vector<std::string> keys{std::string(1, '\0'),      std::string(509, '\0'),    std::string(510, '\0'),
                                        std::string(511, '\0'),    std::string(1013, '\0'),   std::string(16384, '\0'),
                                        std::string(1, '\xff'),    std::string(510, '\xff'),  std::string(511, '\xff'),
                                        std::string(1013, '\xff'), std::string(16384, '\xff')};
    engine.write([&](Transaction& transaction) {
      for (const auto& key : keys) transaction.put(key, "v");
    });
    Model model;
    for (const auto& key : keys) model[key] = "v";
    require_alike(*engine.snapshot(), model);
  }
  SECTION("Values of 2 MiB come back whole") {
    const std::string value(2 << 20, 'v');
    engine.write([&](Transaction& transaction) { transaction.put("a", value); });
    CHECK((engine.snapshot()->get("a") == Bytes(value)));
  }
}

void check_throwing_bodies(Engine& engine) {
  engine.write([](Transaction& transaction) { transaction.put("a", "1"); });
  CHECK_THROWS_AS(engine.write([](Transaction&) { throw Refused(); }), Refused);
  CHECK_THROWS_AS(engine.write([](Transaction& transaction) {
    transaction.put("a", "2");
    transaction.put(std::string(5000, 'x'), "2");
    transaction.add("count", 1);
    throw Refused();
  }),
                  Refused);
  Model model{{"a", "1"}};
  require_alike(*engine.snapshot(), model);
  engine.write([](Transaction& transaction) { transaction.put("b", "3"); });
  model["b"] = "3";
  require_alike(*engine.snapshot(), model);
}

}  // namespace

void check_engine(const MakeEngine& make) {
  const auto store = make();
  SECTION("It is a std::map, whatever is done to it and in whatever order") { check_against_model(store); }
  SECTION("A transaction reads its own writes") { check_own_writes(*store.open()); }
  SECTION("Edges") { check_edges(*store.open()); }
  SECTION("A body that throws leaves nothing behind") { check_throwing_bodies(*store.open()); }
  SECTION("A write does not pay for its neighbours in a batch") { check_failing_neighbours(*store.open()); }
  SECTION("However many neighbours fail") { check_many_failing_neighbours(*store.open()); }
  SECTION("Counters sum what was added") { check_counters(*store.open()); }
  SECTION("A snapshot stays as it was") { check_isolation(*store.open()); }
  SECTION("Threads write and read at once, each in its order") { check_concurrency(*store.open()); }
  SECTION("What was submitted is finished before the engine is gone") {
    auto engine = store.open();
    Outcomes outcomes;
    for (int i = 0; i < 100; ++i) {
      engine->submit([i](Transaction& transaction) { transaction.put("k" + std::to_string(i), "v"); },
                     outcomes.expect("w"));
    }
    engine.reset();
    CHECK(outcomes.wait().size() == 100);
    if (store.survives_reopening) {
      engine = store.open();
      for (int i = 0; i < 100; ++i) CHECK(text(*engine->snapshot(), "k" + std::to_string(i)) == "v");
    }
  }
  SECTION("A write may be submitted by who was told of another") {
    const auto engine = store.open();
    std::promise<void> second;
    engine->submit([](Transaction& transaction) { transaction.put("a", "1"); },
                   [&](std::exception_ptr) {
                     engine->submit([](Transaction& transaction) { transaction.put("b", text(transaction, "a")); },
                                    [&](std::exception_ptr) { second.set_value(); });
                   });
    second.get_future().get();
    CHECK(text(*engine->snapshot(), "b") == "1");
  }
  SECTION("A snapshot may be let go by another thread than took it") {
    const auto engine = store.open();
    engine->write([](Transaction& transaction) { transaction.put("a", "1"); });
    for (int i = 0; i < 200; ++i) {
      std::thread([snapshot = engine->snapshot()]() mutable { snapshot.reset(); }).join();
    }
    CHECK(text(*engine->snapshot(), "a") == "1");
  }
}

}  // namespace shoal::kv
