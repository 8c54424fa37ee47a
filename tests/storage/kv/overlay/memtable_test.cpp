#include "storage/kv/overlay/memtable.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace shoal::kv::overlay {
namespace {

// "a=1 b=2" as of a batch; an erased key is "a-".
std::string forward(const Memtable& table, Memtable::Batch as_of) {
  std::string text;
  Memtable::Iterator at(table, as_of);
  for (bool there = at.seek({}); there; there = at.next()) {
    text += (text.empty() ? "" : " ") + std::string(at.key()) + (at.erased() ? "-" : "=" + std::string(at.value()));
  }
  return text;
}

std::string backward(const Memtable& table, Memtable::Batch as_of) {
  std::string keys;
  Memtable::Iterator at(table, as_of);
  for (bool there = at.seek_before("\xff"); there; there = at.previous()) keys += at.key();
  return keys;
}

}  // namespace

TEST_CASE("A reader sees the batches up to its own") {
  Memtable table;
  CHECK(table.empty());
  table.put("b", "1", 1);
  table.put("a", "2", 2);
  table.erase("b", 3);
  table.put("b", "4", 4);
  CHECK_FALSE(table.empty());
  CHECK_FALSE(table.find("a", 1));
  CHECK(table.find("a", 2)->value == "2");
  CHECK(table.find("b", 2)->value == "1");
  CHECK(table.find("b", 3)->erased);
  CHECK(table.find("b", 9)->value == "4");
  CHECK_FALSE(table.find("c", 9));
  CHECK(forward(table, 0) == "");
  CHECK(forward(table, 1) == "b=1");
  CHECK(forward(table, 2) == "a=2 b=1");
  CHECK(forward(table, 3) == "a=2 b-");
  CHECK(forward(table, 4) == "a=2 b=4");
  CHECK(backward(table, 1) == "b");
  CHECK(backward(table, 4) == "ba");
}

TEST_CASE("What is undone has never been, back to the last keep") {
  Memtable table;
  table.put("a", "1", 1);
  table.keep();
  table.put("a", "2", 2);
  table.put("a", "3", 2);
  table.erase("a", 2);
  table.put("new", "2", 2);
  CHECK(table.find("a", 2)->erased);
  table.undo();
  CHECK(forward(table, 2) == "a=1");
  CHECK_FALSE(table.find("new", 2));
  table.put("new", "again", 2);
  table.keep();
  table.undo();
  CHECK(forward(table, 2) == "a=1 new=again");
}

TEST_CASE("A value may be empty or large, and stays where it is") {
  Memtable table;
  const std::string large(3 << 20, 'x');
  table.put("large", large, 1);
  table.put("empty", "", 1);
  const auto kept = table.find("large", 1)->value;
  for (int i = 0; i < 10'000; ++i) table.put("key" + std::to_string(i), "value", 2);
  CHECK((kept == large));
  CHECK(table.find("large", 5)->value.data() == kept.data());
  CHECK(table.find("empty", 1)->value.empty());
  CHECK_FALSE(table.find("empty", 1)->erased);
  CHECK(table.bytes() > large.size());
}

TEST_CASE("It is a std::map at every batch") {
  const auto seed = Catch::rngSeed();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  Memtable table;
  std::map<std::string, std::string> model;
  std::vector<std::string> states{""};
  for (Memtable::Batch batch = 1; batch <= 150; ++batch) {
    const auto before = model;
    for (int i = static_cast<int>(random() % 6); i > 0; --i) {
      const auto key = "k" + std::to_string(random() % 80);
      if (random() % 3 == 0) {
        table.erase(key, batch);
        model[key] = "-";
      } else {
        const auto value = std::to_string(random());
        table.put(key, value, batch);
        model[key] = "=" + value;
      }
    }
    if (random() % 5 == 0) {
      table.undo();
      model = before;
    } else {
      table.keep();
    }
    std::string text;
    for (const auto& [key, value] : model) text += (text.empty() ? "" : " ") + key + value;
    states.push_back(text);
  }
  for (Memtable::Batch batch = 0; batch < states.size(); ++batch) REQUIRE(forward(table, batch) == states[batch]);
}

TEST_CASE("Readers go along while one writes, and see whole batches") {
  Memtable table;
  constexpr Memtable::Batch kBatches = 3'000;
  std::atomic<Memtable::Batch> written = 0;
  std::atomic<int> faults = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&, i] {
      while (written < kBatches) {
        const auto as_of = written.load();
        // Each batch writes its number to both.
        const auto one = table.find("one", as_of), two = table.find("two", as_of);
        if (one.has_value() != two.has_value() || (one && one->value != two->value)) ++faults;
        Memtable::Iterator at(table, as_of);
        std::string last;
        const bool forwards = i % 2 == 0;
        for (bool there = forwards ? at.seek({}) : at.seek_before("\xff"); there;
             there = forwards ? at.next() : at.previous()) {
          if (!last.empty() && forwards != (at.key() > last)) ++faults;
          last = at.key();
        }
      }
    });
  }
  for (Memtable::Batch batch = 1; batch <= kBatches; ++batch) {
    table.put("one", std::to_string(batch), batch);
    table.put("key" + std::to_string(batch * 7919 % 1000), "v", batch);
    table.put("two", std::to_string(batch), batch);
    if (batch % 3 == 0) {  // Undone before anybody could see it.
      table.undo();
      table.put("one", std::to_string(batch), batch);
      table.put("two", std::to_string(batch), batch);
    }
    table.keep();
    written = batch;
  }
  for (auto& reader : readers) reader.join();
  CHECK(faults == 0);
}

}  // namespace shoal::kv::overlay
