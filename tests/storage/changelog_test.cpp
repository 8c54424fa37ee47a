#include "storage/changelog.h"

#include <catch2/catch.hpp>
#include <map>
#include <random>

#include "storage/expiries.h"
#include "storage/partitions.h"
#include "storage/space_job.h"
#include "storage/stored_table.h"

using namespace shoal;
using namespace std::chrono_literals;

namespace {

constexpr Milliseconds kStart{1'795'396'080'000};

Item item_of(std::string_view id, int version) {
  const auto name = Value::string(id), number = Value::number(std::to_string(version));
  return Value::map({{"Id", name.view()}, {"V", number.view()}});
}

// A table with a stream, in a store in memory.
struct Log : StoredTable {
  Log() {
    change([](kv::Transaction& transaction, Table& definition) {
      definition.id = 1;
      enable_stream(transaction, definition, StreamView::new_and_old_images, kStart);
    });
  }

  // Nothing: deletes.
  void append(std::string_view id, Milliseconds now, std::optional<Item> before, std::optional<Item> after) {
    Applied applied;
    applied.before = std::move(before);
    applied.after = std::move(after);
    applied.size_before = applied.size_after = 7;
    engine->write([&](kv::Transaction& transaction) {
      append_change(transaction, table, item_key(table, item_of(id, 0).view()), Cause::caller, now, applied);
    });
  }
  void put(std::string_view id, int version, Milliseconds now = kStart) {
    append(id, now, std::nullopt, item_of(id, version));
  }

  std::vector<Shard> shards() const { return shards_of(*engine->snapshot(), table.id, table.stream_label); }
  // The sequence numbers of all records of a shard.
  std::vector<Sequence> sequences(const Shard& shard, Sequence from = 0) const {
    const auto snapshot = engine->snapshot();
    std::vector<Sequence> found;
    for (ChangeReader reader(*snapshot, shard, from); reader.next();) found.push_back(reader.record().sequence);
    return found;
  }
  bool trim(Milliseconds horizon) {
    bool any = false;
    engine->write([&](kv::Transaction& transaction) { any = trim_some(transaction, horizon); });
    return any;
  }
};

}  // namespace

TEST_CASE("a record reads as what was appended") {
  Log log;
  log.append("a", kStart + 5ms, item_of("a", 1), item_of("a", 2));
  log.append("a", kStart + 6ms, item_of("a", 2), std::nullopt);
  log.put("b", 1, kStart + 7ms);
  const auto snapshot = log.engine->snapshot();
  ChangeReader reader(*snapshot, log.shards().at(0), 0);
  REQUIRE(reader.next());
  CHECK(reader.record().before->item == item_of("a", 1).view());
  CHECK(reader.record().after->item == item_of("a", 2).view());
  CHECK(reader.record().at == kStart + 5ms);
  CHECK(reader.record().cause == Cause::caller);
  REQUIRE(reader.next());
  CHECK(reader.record().before->item == item_of("a", 2).view());
  CHECK_FALSE(reader.record().after);
  REQUIRE(reader.next());
  CHECK_FALSE(reader.record().before);
  CHECK(reader.record().after->size == 7);
  CHECK_FALSE(reader.next());
}

TEST_CASE("sequence numbers increase whatever the clock does, and are never behind it") {
  Log log;
  log.put("a", 1, kStart);
  log.put("a", 2, kStart);
  log.put("a", 3, kStart - 1h);  // A restart took back what the clock was moved forward.
  log.put("a", 4, kStart + 1s);
  const auto found = log.sequences(log.shards().at(0));
  REQUIRE(found.size() == 4);
  CHECK(found[0] == first_sequence_at(kStart));
  CHECK(found[1] == found[0] + 1);
  CHECK(found[2] == found[1] + 1);
  CHECK(found[3] == first_sequence_at(kStart + 1s));
}

TEST_CASE("sequence numbers go on increasing when the shard was trimmed empty") {
  Log log;
  log.put("a", 1, kStart + 1h);
  const auto last = log.sequences(log.shards().at(0)).at(0);
  CHECK(log.trim(kStart + 2h));
  CHECK_FALSE(log.trim(kStart + 2h));
  CHECK(log.sequences(log.shards().at(0)).empty());
  log.put("a", 2, kStart);
  CHECK(log.sequences(log.shards().at(0)).at(0) == last + 1);
  CHECK(is_trimmed(*log.engine->snapshot(), log.shards().at(0), last, kStart - 1h));
  CHECK_FALSE(is_trimmed(*log.engine->snapshot(), log.shards().at(0), last + 1, kStart - 1h));
}

TEST_CASE("a table's end of the year 9999 still has sequence numbers") {
  const Milliseconds end{253'402'300'799'000};
  CHECK(first_sequence_at(end) > first_sequence_at(end - 1ms));
  CHECK(first_sequence_at(end) > first_sequence_at(kStart));
}

TEST_CASE("a roll-over closes the old shards and opens a child of each") {
  Log log;
  log.put("a", 1);
  const auto parent = log.shards().at(0);
  log.change([](kv::Transaction& transaction, Table& table) {
    CHECK_FALSE(roll_over_shards(transaction, table, 4h, kStart + 4h - 1ms));
    CHECK(roll_over_shards(transaction, table, 4h, kStart + 4h));
  });
  log.put("a", 2, kStart + 4h);
  const auto shards = log.shards();
  REQUIRE(shards.size() == 2);
  CHECK(shards[0].last == log.sequences(parent).back());
  CHECK(shards[1].parent == parent.number);
  CHECK(shards[1].first > *shards[0].last);
  CHECK_FALSE(shards[1].last);
  CHECK(log.sequences(shards[0]).size() == 1);
  CHECK(log.sequences(shards[1]).size() == 1);
}

TEST_CASE("through splits and roll-overs the changes of each item stay in order from parent to child") {
  Log log;
  std::mt19937 random(Catch::rngSeed());
  INFO("seed " << Catch::rngSeed());
  std::map<std::string, int> versions;
  auto now = kStart;
  for (int step = 0; step < 2000; ++step) {
    now += Milliseconds(random() % 3);
    if (random() % 50 == 0) {
      log.change([&](kv::Transaction& transaction, Table& table) {
        split_partition(transaction, table, random() % table.partitions.size(), now);
      });
    } else if (random() % 50 == 0) {
      log.change([&](kv::Transaction& transaction, Table& table) {
        roll_over_shards(transaction, table, Milliseconds(random() % 100), now);
      });
    }
    const auto id = std::to_string(random() % 40);
    log.put(id, ++versions[id], now);
  }
  const auto snapshot = log.engine->snapshot();
  std::map<std::string, int> seen;
  std::map<ShardNumber, Sequence> ends;
  for (const auto& shard : log.shards()) {
    if (shard.parent != 0) {
      REQUIRE(ends.contains(shard.parent));  // Parents come first, and are closed.
      CHECK(ends[shard.parent] < shard.first);
    }
    for (ChangeReader reader(*snapshot, shard, 0); reader.next();) {
      const auto record = reader.record();
      const std::string id(record.after->item.find("Id")->text());
      CHECK(record.after->item.find("V")->text() == std::to_string(++seen[id]));
      CHECK(record.sequence >= shard.first);
      if (shard.last) CHECK(record.sequence <= *shard.last);
    }
    if (shard.last) ends[shard.number] = *shard.last;
  }
  CHECK(seen == versions);
  CHECK(log.table.log->shards.size() == log.table.partitions.size());
}

TEST_CASE("trimming goes in bounded steps, and takes shards and streams that are over") {
  Log log;
  for (std::size_t i = 0; i < kStepKeysMax + 10; ++i) log.put("a", static_cast<int>(i), kStart);
  log.change([](kv::Transaction& transaction, Table& table) { disable_stream(transaction, table, kStart + 1h); });
  CHECK_FALSE(log.table.log);
  CHECK_FALSE(log.trim(kStart));
  CHECK(has_trimmable(*log.engine->snapshot(), kStart + 1ms));
  CHECK(log.trim(kStart + 1ms));
  CHECK(log.sequences(log.shards().at(0)).size() == 10);
  CHECK(log.trim(kStart + 1ms));
  CHECK_FALSE(log.trim(kStart + 1ms));
  REQUIRE(log.shards().size() == 1);
  CHECK(log.trim(kStart + 1h + 1ms));
  CHECK(log.shards().empty());
  CHECK(log.trim(kStart + 1h + 1ms));
  CHECK_FALSE(log.trim(kStart + 1h + 1ms));
  CHECK_FALSE(has_shards(*log.engine->snapshot()));
}

TEST_CASE("an item expires at the whole seconds of a number, and at nothing else") {
  const auto expiry = [](const Value& value) { return expiry_of("t", Value::map({{"t", value.view()}}).view()); };
  CHECK(expiry(Value::number("1795396080")) == 1'795'396'080u);
  CHECK(expiry(Value::number("1795396080.9")) == 1'795'396'080u);
  CHECK(expiry(Value::number("0")) == 0u);
  CHECK_FALSE(expiry(Value::number("-1")));
  CHECK_FALSE(expiry(Value::number("99999999999999999999999")));
  CHECK_FALSE(expiry(Value::string("1795396080")));
  CHECK_FALSE(expiry_of("u", Value::map({}).view()));
}

TEST_CASE("an item is expired from its second on, for five years") {
  constexpr std::uint64_t second = 1'795'396'080;
  constexpr auto five_years = 5 * 365 * 24h;
  CHECK_FALSE(is_expired(second, Milliseconds(second * 1000 - 1)));
  CHECK(is_expired(second, Milliseconds(second * 1000)));
  CHECK(is_expired(second, Milliseconds(second * 1000) + five_years));
  CHECK_FALSE(is_expired(second, Milliseconds(second * 1000) + five_years + 1s));
}
