#include "storage/kv/overlay/layered_cursor.h"

#include <catch2/catch.hpp>
#include <initializer_list>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "storage/kv/overlay/memtable.h"

namespace shoal::kv::overlay {
namespace {

using Map = std::map<std::string, std::string>;

class MapCursor final : public Cursor {
 public:
  explicit MapCursor(const Map& map) : map_(map), at_(map.end()) {}
  bool seek(Bytes key) override { return (at_ = map_.lower_bound(std::string(key))) != map_.end(); }
  bool seek_before(Bytes key) override {
    at_ = map_.lower_bound(std::string(key));
    return previous();
  }
  bool next() override { return ++at_ != map_.end(); }
  bool previous() override {
    if (at_ == map_.begin()) return false;
    --at_;
    return true;
  }
  Bytes key() const override { return at_->first; }
  Bytes value() const override { return at_->second; }

 private:
  const Map& map_;
  Map::const_iterator at_;
};

std::vector<std::unique_ptr<LayerCursor>> above(std::initializer_list<const Memtable*> tables, Memtable::Batch as_of) {
  std::vector<std::unique_ptr<LayerCursor>> cursors;
  for (const auto* table : tables) cursors.push_back(std::make_unique<Memtable::Iterator>(*table, as_of));
  return cursors;
}

}  // namespace

TEST_CASE("The topmost layer that knows a key has it") {
  const Map base{{"a", "base"}, {"b", "base"}, {"c", "base"}, {"f", "base"}};
  Memtable lower, upper;
  lower.put("b", "lower", 1);
  lower.erase("c", 1);
  lower.put("d", "lower", 1);
  upper.put("d", "upper", 2);
  upper.erase("b", 2);
  upper.put("e", "upper", 2);
  upper.put("g", "later", 3);
  LayeredCursor cursor(above({&upper, &lower}, 2), std::make_unique<MapCursor>(base));
  std::string seen;
  for (bool there = cursor.seek({}); there; there = cursor.next()) {
    seen.append(cursor.key()).append("=").append(cursor.value()).append(" ");
  }
  CHECK(seen == "a=base d=upper e=upper f=base ");
}

TEST_CASE("Without a store below, what was erased is shown as erased") {
  Memtable lower, upper;
  lower.put("a", "lower", 1);
  lower.put("b", "lower", 1);
  upper.erase("b", 2);
  upper.erase("c", 2);
  LayeredCursor cursor(above({&upper, &lower}, 2), nullptr);
  std::string seen;
  for (bool there = cursor.seek({}); there; there = cursor.next()) {
    seen.append(cursor.key()).append(cursor.erased() ? " erased " : "=").append(cursor.value()).append(" ");
  }
  CHECK(seen == "a=lower b erased  c erased  ");
}

TEST_CASE("It goes to and fro as a cursor over one map does") {
  const auto seed = Catch::rngSeed();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const auto number = [&random](unsigned below) { return random() % below; };
  for (int round = 0; round < 60; ++round) {
    Map base, all;
    Memtable lower, upper;
    const unsigned keys = 1 + number(40);
    const auto random_key = [&] { return std::string(1 + number(2), 'k') + std::to_string(number(keys)); };
    for (unsigned i = number(30); i > 0; --i) base[random_key()] = "base" + std::to_string(i);
    all = base;
    for (auto* table : {&lower, &upper}) {
      for (unsigned i = number(30); i > 0; --i) {
        const auto key = random_key();
        if (number(3) == 0) {
          table->erase(key, 1);
          all.erase(key);
        } else {
          table->put(key, "over" + std::to_string(i), 1);
          all[key] = "over" + std::to_string(i);
        }
      }
    }
    LayeredCursor cursor(above({&upper, &lower}, 1), std::make_unique<MapCursor>(base));
    MapCursor model(all);
    bool there = false;
    for (int step = 0; step < 200; ++step) {
      const auto key = random_key();
      bool expected;
      switch (there ? number(6) : number(2)) {
        case 0:
          expected = model.seek(key);
          there = cursor.seek(key);
          break;
        case 1:
          expected = model.seek_before(key);
          there = cursor.seek_before(key);
          break;
        case 2:
        case 3:
          expected = model.next();
          there = cursor.next();
          break;
        default:
          expected = model.previous();
          there = cursor.previous();
      }
      REQUIRE(there == expected);
      if (!there) continue;
      REQUIRE(cursor.key() == model.key());
      REQUIRE(cursor.value() == model.value());
    }
  }
}

}  // namespace shoal::kv::overlay
