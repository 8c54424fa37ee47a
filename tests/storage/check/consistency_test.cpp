#include "storage/check/consistency.h"

#include <catch2/catch.hpp>

#include "protocol/value/item_size.h"
#include "storage/expiries.h"
#include "storage/items.h"
#include "storage/stored_table.h"

namespace shoal {
namespace {

constexpr Milliseconds kNow{1'800'000'000'000};

// Music, by Id; indexes by Label (all attributes), and by Id and Year (keys only); Until is the time to live.
struct Store : StoredTable {
  Store() {
    table.ttl_attribute = "Until";
    table.indexes.push_back({.id = 0,
                             .name = "ByYear",
                             .key = {table.key.partition, {{"Year", Type::number}}},
                             .projection = ProjectionType::keys_only});
    table.indexes.push_back({.id = 0, .name = "ByLabel", .global = true, .key = {{{"Label", Type::string}}, {}}});
    change([&](kv::Transaction& transaction, Table& its) {
      its.id = catalog.next_space(transaction);
      for (auto& index : its.indexes) index.id = catalog.next_space(transaction);
      enable_stream(transaction, its, StreamView::new_and_old_images, kNow);
    });
    catalog.reload(table.account, table.region, table.name);
    for (int i = 0; i < 20; ++i) put(std::to_string(i), i % 3 ? "Blue Note" : "ECM");
    put("7", "Verve");
  }

  static Item item(const std::string& id, const std::string& label) {
    const auto key = Value::string(id), its = Value::string(label), year = Value::number("1959");
    const auto until = Value::number("1800009999");
    return Value::map({{"Id", key.view()}, {"Label", its.view()}, {"Year", year.view()}, {"Until", until.view()}});
  }

  void put(const std::string& id, const std::string& label) {
    const auto current = catalog.find(table.account, table.region, table.name);
    const auto after = item(id, label);
    const ItemWrite write{current, after, item_key(*current, after.view()), {}, [after](const auto&) { return after; }};
    engine->write([&](kv::Transaction& transaction) { apply(write, transaction); });
  }

  TablePtr current() const { return catalog.find(table.account, table.region, table.name); }

  // What is told of the store when it was changed behind the table's back.
  template <class Harm>
  std::string after(Harm harm) {
    engine->write([&](kv::Transaction& transaction) { harm(transaction); });
    return problems();
  }

  std::string problems() {
    std::string told;
    seen = check_consistency(*engine->snapshot(), catalog.all(), kNow,
                             [&](const std::string& problem) { told += problem + "\n"; });
    return told;
  }

  std::string key(const std::string& id) const { return item_key(*current(), item(id, "").view()); }
  std::string record(const std::string& key) const { return std::string(*engine->snapshot()->get(key)); }

  Consistency seen;
};

using Catch::Matchers::Contains;

}  // namespace

TEST_CASE("A store that nobody harmed agrees with itself") {
  Store store;
  CHECK(store.problems() == "");
  CHECK(store.seen.tables == 1);
  CHECK(store.seen.items == 20);
  CHECK(store.seen.entries == 40);
  CHECK(store.seen.changes == 21);
  CHECK(store.seen.problems == 0);
}

TEST_CASE("An index without an entry, or with one of no item, is told") {
  Store store;
  const auto table = store.current();
  const auto entry = entry_key(*table, *table->index("ByLabel"), Store::item("4", "Blue Note").view());
  const auto bytes = store.record(entry);
  CHECK_THAT(store.after([&](kv::Transaction& transaction) { transaction.erase(entry); }),
             Contains("Music (us-east-1, 000000000000), index ByLabel: the item Id {\"S\":\"4\"} has no entry") &&
                 Contains("holds 19 items"));
  store.engine->write([&](kv::Transaction& transaction) { transaction.put(entry, bytes); });
  CHECK(store.problems() == "");
  const auto other = entry_key(*table, *table->index("ByLabel"), Store::item("4", "Impulse").view());
  CHECK_THAT(store.after([&](kv::Transaction& transaction) { transaction.put(other, bytes); }),
             Contains("the entry of Id {\"S\":\"4\"} is not of an item as it is"));
}

TEST_CASE(
    "An item that is gone without its entries, its count, its collection and its change is told as all of these") {
  Store store;
  const auto told = store.after([&](kv::Transaction& transaction) { transaction.erase(store.key("5")); });
  CHECK_THAT(told, Contains("index ByYear: the entry of Id {\"S\":\"5\"} is not of an item as it is"));
  CHECK_THAT(told, Contains("holds 19 items") && Contains("where 20 of"));
  CHECK_THAT(told, Contains("the sizes of 20 item collections are kept, of 19"));
  CHECK_THAT(told, Contains("the stream does not have the deletion of an item"));
}

TEST_CASE("A record that cannot be read, says another size, or lies elsewhere is told") {
  Store store;
  const auto key = store.key("6");
  const auto whole = store.record(key);
  CHECK_THAT(store.after([&](kv::Transaction& transaction) { transaction.put(key, whole.substr(0, 20)); }),
             Contains("a record of 20 bytes cannot be read"));
  CHECK_THAT(store.after([&](kv::Transaction& transaction) { transaction.put(key, {}); }),
             Contains("a record of 0 bytes cannot be read"));
  auto larger = whole;
  ++larger[0];
  CHECK_THAT(store.after([&](kv::Transaction& transaction) { transaction.put(key, larger); }),
             Contains("a record says that it has"));
  CHECK_THAT(store.after([&](kv::Transaction& transaction) { transaction.put(key, store.record(store.key("8"))); }),
             Contains("the item Id {\"S\":\"8\"} is not where its key says"));
}

TEST_CASE("A collection's size, an expiry and what belongs to no table are told") {
  Store store;
  const auto table = store.current();
  const auto item = Store::item("9", "ECM");
  CHECK_THAT(
      store.after([&](kv::Transaction& transaction) { transaction.add(collection_counter(*table, item.view()), 7); }),
      Contains("an item collection has"));
  CHECK_THAT(store.after([&](kv::Transaction& transaction) {
    transaction.erase(expiry_key(table->id, 1'800'009'999, store.key("9")));
  }),
             Contains("the item Id {\"S\":\"9\"} is not in the order of expiries"));
  CHECK_THAT(store.after([&](kv::Transaction& transaction) { transaction.put(space_prefix(99) + "x", "y"); }),
             Contains("there are items of the space 99, which no table or index has"));
}

TEST_CASE("A change that a stream does not have, in the middle or at the end, is told") {
  Store store;
  const auto table = store.current();
  std::vector<std::string> changes;
  {
    const auto snapshot = store.engine->snapshot();
    const auto cursor = snapshot->cursor();
    const auto prefix = change_key(table->id, 1, 0).substr(0, 5);
    for (bool more = cursor->seek(prefix); more && cursor->key().substr(0, 5) == prefix; more = cursor->next()) {
      changes.emplace_back(cursor->key());
    }
  }
  REQUIRE(changes.size() == 21);
  const auto last = store.record(changes[20]);
  CHECK_THAT(store.after([&](kv::Transaction& transaction) { transaction.erase(changes[20]); }),
             Contains("of the item Id {\"S\":\"7\"} the stream does not have the last change"));
  // The last change again, whose item before is "Blue Note"; then one that says it was "Verve" before the first.
  CHECK_THAT(store.after([&](kv::Transaction& transaction) {
    transaction.put(changes[20], last);
    transaction.put(change_key(table->id, 1, sequence_of_change(changes[20]) + 1), last);
  }),
             Contains("a change before the record"));
}

}  // namespace shoal
