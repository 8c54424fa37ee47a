#include "storage/log_positions.h"

#include <catch2/catch.hpp>
#include <map>
#include <random>

#include "storage/changelog.h"
#include "storage/definition.h"
#include "storage/stored_table.h"

using namespace shoal;
using namespace std::chrono_literals;

namespace {

constexpr Milliseconds kStart{1'795'396'080'000};

// 0: no version.
Item item_of(std::string_view id, char version = 0) {
  const auto name = Value::string(id), v = Value::string(version == 0 ? "" : std::string(1, version));
  return Value::map({{"Id", name.view()}, {"V", v.view()}});
}

// A table in memory, with neither a stream nor a reader.
struct Log : StoredTable {
  Log() {
    table.id = 7;
    change([](kv::Transaction&, Table&) {});
  }

  void start(std::string_view reader, Milliseconds now = kStart) {
    change([&](auto& transaction, auto& definition) { start_reader(transaction, definition, reader, now); });
  }
  void end(std::string_view reader, Milliseconds now = kStart) {
    change([&](auto& transaction, auto& definition) { end_reader(transaction, definition, reader, now); });
  }
  void drop(std::string_view reader) {
    change([&](auto& transaction, auto& definition) { drop_reader(transaction, definition, reader, kStart); });
  }
  void stream(bool on, Milliseconds now = kStart) {
    change([&](auto& transaction, auto& definition) {
      if (on)
        enable_stream(transaction, definition, StreamView::keys_only, now);
      else
        disable_stream(transaction, definition, now);
    });
  }
  void split(std::size_t partition = 0) {
    change([&](auto& transaction, auto& definition) {
      REQUIRE(split_partition(transaction, definition, partition, kStart));
    });
  }
  // What of a table that nothing follows nobody writes down.
  void put(std::string_view id, Milliseconds now = kStart, char version = 0) {
    if (!table.log) return;
    Applied applied;
    applied.after = item_of(id, version);
    engine->write([&](kv::Transaction& transaction) {
      append_change(transaction, table, item_key(table, item_of(id).view()), Cause::caller, now, applied);
    });
  }

  // Reads what is there for the reader, shards in the order in which they may be read; the ids, joined.
  std::string read(std::string_view reader) {
    std::string seen;
    for (bool more = true; more;) {
      more = false;
      const auto snapshot = engine->snapshot();
      for (const auto& position : positions_of(*snapshot, table.id, reader)) {
        if (is_ready(*snapshot, position)) more |= read_shard(*snapshot, position, seen);
      }
    }
    return seen;
  }

  bool trim(Milliseconds horizon = kStart - 24h) {
    bool any = false;
    const bool expected = has_trimmable(*engine->snapshot(), horizon);
    engine->write([&](kv::Transaction& transaction) { any = trim_some(transaction, horizon); });
    CHECK(any == expected);
    return any;
  }
  std::size_t shard_count() const {
    const auto snapshot = engine->snapshot();
    std::size_t count = 0;
    for (ShardNumber number = 1; number <= table.last_shard; ++number) {
      if (find_shard(*snapshot, table.id, number)) ++count;
    }
    return count;
  }
  std::size_t record_count() const {
    const auto snapshot = engine->snapshot();
    std::size_t count = 0;
    for (ShardNumber number = 1; number <= table.last_shard; ++number) {
      Shard shard;
      shard.space = table.id;
      shard.number = number;
      for (ChangeReader reader(*snapshot, shard, 0); reader.next();) ++count;
    }
    return count;
  }

 private:
  // Whether it got anywhere.
  bool read_shard(const kv::Snapshot& snapshot, const LogPosition& position, std::string& seen) {
    const auto shard = find_shard(snapshot, position.space, position.shard).value();
    auto next = position.next;
    for (ChangeReader reader(snapshot, shard, next); reader.next();) {
      const auto record = reader.record();
      if (position.end && record.sequence >= *position.end) break;
      seen += record.after->item.find("Id")->text();
      seen += record.after->item.find("V")->text();
      next = record.sequence + 1;
    }
    const bool done = shard.last || position.end;
    engine->write([&](kv::Transaction& transaction) {
      if (done) {
        leave_shard(transaction, position);
      } else {
        move_position(transaction, position, next);
      }
    });
    return done || next != position.next;
  }
};

}  // namespace

TEST_CASE("a log is kept from a reader's start on, and no stream is needed for it") {
  Log log;
  log.put("a");
  log.start("r");
  CHECK(log.table.log);
  log.put("b");
  log.put("c");
  CHECK(log.read("r") == "bc");
  CHECK(log.read("r").empty());
  log.put("d");
  CHECK(log.read("r") == "d");
  CHECK(log.read("other").empty());
}

TEST_CASE("a reader that ends has what was there, and the log ends with the last one") {
  Log log;
  log.start("r");
  log.start("s");
  log.put("a");
  log.end("r");
  log.put("b");
  CHECK(log.table.log);
  log.end("s");
  CHECK_FALSE(log.table.log);
  log.put("c");
  CHECK(log.read("r") == "a");
  CHECK(log.read("s") == "ab");
  CHECK(positions_of(*log.engine->snapshot(), log.table.id).empty());
}

TEST_CASE("a reader that is dropped has nothing more") {
  Log log;
  log.start("r");
  log.put("a");
  log.drop("r");
  CHECK(log.read("r").empty());
  CHECK_FALSE(log.table.log);
  while (log.trim()) {
  }
  CHECK(log.shard_count() == 0);
  CHECK(log.record_count() == 0);
}

TEST_CASE("an end with nothing left to read leaves nothing to do") {
  Log log;
  log.start("r");
  log.put("a");
  log.read("r");
  log.end("r");
  CHECK(positions_of(*log.engine->snapshot(), log.table.id, "r").empty());
}

TEST_CASE("a reader goes on in the children of its shards, parents first") {
  Log log;
  log.start("r");
  log.put("a");
  log.split();
  log.put("b");
  log.split(1);
  log.change([](auto& transaction, auto& table) { roll_over_shards(transaction, table, 0ms, kStart + 1ms); });
  log.put("b", kStart + 1ms);
  const auto snapshot = log.engine->snapshot();
  std::size_t ready = 0;
  const auto positions = positions_of(*snapshot, log.table.id, "r");
  for (const auto& position : positions) ready += is_ready(*snapshot, position);
  CHECK(positions.size() == 1 + 2 + 2 + 3);
  CHECK(ready == 1);
  CHECK(log.read("r") == "abb");
  CHECK(positions_of(*log.engine->snapshot(), log.table.id, "r").size() == 3);
}

TEST_CASE("a reader reads on when a stream is enabled and disabled, and a stream shows only what is its own") {
  Log log;
  log.start("r");
  log.put("a");
  log.stream(true);
  log.put("b");
  const auto label = log.table.stream_label;
  log.stream(false);
  REQUIRE(log.table.log);
  log.put("c");
  log.stream(true, kStart + 5ms);
  log.put("d", kStart + 5ms);
  CHECK(log.read("r") == "abcd");
  const auto snapshot = log.engine->snapshot();
  const auto first = shards_of(*snapshot, log.table.id, label);
  REQUIRE(first.size() == 1);
  CHECK(first[0].parent == 0);
  CHECK(first[0].last);
  const auto second = shards_of(*snapshot, log.table.id, log.table.stream_label);
  REQUIRE(second.size() == 1);
  CHECK(second[0].parent == 0);
  log.end("r");
  CHECK(log.table.log);
  log.stream(false);
  CHECK_FALSE(log.table.log);
}

TEST_CASE("a reader starts in the middle of a stream's shard") {
  Log log;
  log.stream(true);
  log.put("a");
  log.start("r");
  log.put("b");
  log.end("r");
  log.put("c");
  CHECK(log.read("r") == "b");
}

TEST_CASE("records of no stream go once every reader has dealt with them") {
  Log log;
  log.start("r");
  log.start("s");
  for (const auto id : {"a", "b", "c"}) log.put(id);
  CHECK_FALSE(log.trim());
  log.read("r");
  CHECK_FALSE(log.trim());
  log.read("s");
  log.put("d");
  CHECK(log.trim());
  CHECK_FALSE(log.trim());
  CHECK(log.record_count() == 1);
  CHECK(log.read("s") == "d");
  log.change([](auto& transaction, auto& table) { roll_over_shards(transaction, table, 0ms, kStart); });
  log.put("e");
  CHECK(log.read("r") == "de");
  CHECK(log.read("s") == "e");
  while (log.trim()) {
  }
  CHECK(log.shard_count() == 1);
  CHECK(log.record_count() == 0);
}

TEST_CASE("records of a stream stay for its clients, whatever readers have dealt with") {
  Log log;
  log.stream(true);
  log.start("r");
  log.put("a");
  log.read("r");
  CHECK_FALSE(log.trim());
  CHECK(log.record_count() == 1);
}

TEST_CASE("after a day a record goes, and a reader who was away reads what is left") {
  Log log;
  log.start("r");
  log.put("a");
  log.change([](auto& transaction, auto& table) { roll_over_shards(transaction, table, 0ms, kStart + 1h); });
  log.put("b", kStart + 1h);
  log.put("c", kStart + 2h);
  while (log.trim(kStart + 90min)) {
  }
  CHECK(log.record_count() == 1);
  CHECK(log.shard_count() == 1);
  CHECK(log.read("r") == "c");
}

TEST_CASE("the log of a table that is erased is closed, and its readers are gone") {
  Log log;
  log.stream(true);
  log.start("r");
  log.put("a");
  log.change([](auto& transaction, auto& table) { close_log(transaction, table, kStart); });
  CHECK_FALSE(log.table.log);
  CHECK(positions_of(*log.engine->snapshot(), log.table.id).empty());
}

TEST_CASE("random splits, roll-overs and streams: each item's changes are read once and in order") {
  const auto seed = Catch::rngSeed();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  Log log;
  log.start("r");
  auto now = kStart;
  std::map<char, std::string> written, seen;  // Item -> the versions of it, in order.
  const auto read = [&] {
    const auto text = log.read("r");
    for (std::size_t i = 0; i < text.size(); i += 2) seen[text[i]] += text[i + 1];
  };
  for (int step = 0; step < 400; ++step) {
    now += Milliseconds(random() % 3);
    switch (random() % 12) {
      case 0:
        if (log.table.partitions.size() < 20) log.split(random() % log.table.partitions.size());
        break;
      case 1:
        log.change([&](auto& transaction, auto& table) { roll_over_shards(transaction, table, 5ms, now); });
        break;
      case 2:
        log.stream(!log.table.stream_view, now);
        break;
      case 3:
        log.end("r", now);
        read();
        log.start("r", now);
        break;
      case 4:
        read();
        while (log.trim(now - 24h)) {
        }
        break;
      default: {
        const char item = static_cast<char>('a' + random() % 26);
        const char version = static_cast<char>('0' + written[item].size() % 10);
        log.put(std::string(1, item), now, version);
        written[item] += version;
      }
    }
  }
  read();
  CHECK(seen == written);
}

TEST_CASE("a definition keeps its Kinesis destinations") {
  Table table;
  table.kinesis = {{"arn:a", DestinationStatus::updating, true, 1.5, 2.5}, {"arn:b"}};
  const auto read = read_definition(definition_text(table));
  REQUIRE(read.kinesis.size() == 2);
  CHECK(read.kinesis[0].stream_arn == "arn:a");
  CHECK(read.kinesis[0].status == DestinationStatus::updating);
  CHECK(read.kinesis[0].microseconds);
  CHECK(read.kinesis[0].changed_at == 1.5);
  CHECK(read.kinesis[0].transition_at == 2.5);
  CHECK(read.kinesis[1].status == DestinationStatus::disabled);
}
