#include "server/faults/older_snapshots.h"

#include <catch2/catch.hpp>
#include <future>

#include "storage/kv/lmdb/engine.h"

using namespace shoal;
using namespace std::chrono_literals;

namespace {

// Counts the snapshots that are held.
class CountingEngine : public kv::Engine {
 public:
  std::unique_ptr<kv::Snapshot> snapshot() const override {
    if (fails) throw kv::EngineError("no");
    struct Counted : kv::Snapshot {
      Counted(std::unique_ptr<kv::Snapshot> of, std::atomic<int>& all) : inner(std::move(of)), held(all) { ++held; }
      ~Counted() override { --held; }
      std::optional<kv::Bytes> get(kv::Bytes key) const override { return inner->get(key); }
      std::unique_ptr<kv::Cursor> cursor() const override { return inner->cursor(); }
      std::unique_ptr<kv::Snapshot> inner;
      std::atomic<int>& held;
    };
    return std::make_unique<Counted>(inner_->snapshot(), held);
  }
  void submit(kv::Body body, kv::Done done, kv::Submitter submitter) override {
    inner_->submit(std::move(body), std::move(done), submitter);
  }
  kv::EngineStatistics statistics() const override { return inner_->statistics(); }
  void put(const std::string& value) {
    write([&](kv::Transaction& transaction) { transaction.put("key", value); });
  }

  mutable std::atomic<int> held = 0;
  std::atomic<bool> fails = false;

 private:
  std::unique_ptr<kv::Engine> inner_ = kv::open_lmdb_in_memory();
};

std::string seen(OlderSnapshots& snapshots) { return std::string(snapshots.read()->get("key").value_or("nothing")); }

}  // namespace

TEST_CASE("until something is old enough, reads see the beginning") {
  CountingEngine engine;
  Clock clock;
  engine.put("1");
  OlderSnapshots snapshots(engine, clock, 1h);
  engine.put("2");
  snapshots.take();
  CHECK(seen(snapshots) == "1");
}

TEST_CASE("reads see the newest that is old enough") {
  CountingEngine engine;
  Clock clock;
  engine.put("1");
  OlderSnapshots snapshots(engine, clock, 1h);
  clock.advance(30min);
  engine.put("2");
  snapshots.take();
  clock.advance(31min);
  CHECK(seen(snapshots) == "1");
  engine.put("3");
  clock.advance(30min);
  CHECK(seen(snapshots) == "2");
  clock.advance(10h);
  CHECK(seen(snapshots) == "2");  // "3" was never taken.
}

TEST_CASE("snapshots are taken by themselves, and what is too old is dropped") {
  CountingEngine engine;
  Clock clock;
  engine.put("1");
  OlderSnapshots snapshots(engine, clock, 40ms);
  engine.put("2");
  const auto began = std::chrono::steady_clock::now();
  while (seen(snapshots) == "1" && std::chrono::steady_clock::now() - began < 10s) std::this_thread::sleep_for(1ms);
  CHECK(seen(snapshots) == "2");
  CHECK(std::chrono::steady_clock::now() - began >= 39ms);
  std::this_thread::sleep_for(200ms);
  CHECK(engine.held <= 8);
}

TEST_CASE("no more are held than there is use for, and none in the end") {
  CountingEngine engine;
  Clock clock;
  {
    OlderSnapshots snapshots(engine, clock, 1h);
    for (int i = 0; i < 1000; ++i) snapshots.take();
    CHECK(engine.held == 16);
    const auto reading = snapshots.read();
    clock.advance(2h);
    snapshots.take();
    CHECK(engine.held == 3);  // The one being read, the youngest of those that are old enough, the new one.
  }
  CHECK(engine.held == 0);
}

TEST_CASE("a snapshot outlives those who held it while it is read") {
  CountingEngine engine;
  Clock clock;
  engine.put("1");
  auto snapshots = std::make_unique<OlderSnapshots>(engine, clock, 1h);
  const auto reading = snapshots->read();
  snapshots.reset();
  CHECK(reading->get("key") == "1");
}

TEST_CASE("readers of one snapshot take turns") {
  CountingEngine engine;
  Clock clock;
  OlderSnapshots snapshots(engine, clock, 1h);
  auto first = snapshots.read();
  auto second = std::async(std::launch::async, [&] { return seen(snapshots); });
  CHECK(second.wait_for(20ms) == std::future_status::timeout);
  first.reset();
  CHECK(second.get() == "nothing");
}

TEST_CASE("an engine that fails for a while does no harm") {
  CountingEngine engine;
  Clock clock;
  engine.put("1");
  OlderSnapshots snapshots(engine, clock, 20ms);
  engine.fails = true;
  std::this_thread::sleep_for(50ms);
  CHECK(seen(snapshots) == "1");
}
