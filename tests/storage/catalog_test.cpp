#include "storage/catalog.h"

#include <catch2/catch.hpp>

#include "storage/definition.h"
#include "storage/kv/lmdb/engine.h"
#include "storage/space_job.h"

using namespace shoal;

namespace {

Table make_table(std::string name, std::string region = "us-east-1", std::string account = "000000000000") {
  Table table;
  table.account = std::move(account);
  table.region = std::move(region);
  table.name = std::move(name);
  table.uuid = "0f0f";
  table.key.partition = {{"Artist", Type::string}};
  return table;
}

Table add(kv::Engine& engine, Catalog& catalog, Table table) {
  engine.write([&](kv::Transaction& transaction) {
    if (table.id == 0) table.id = catalog.next_space(transaction);
    catalog.put(transaction, table);
  });
  catalog.reload(table.account, table.region, table.name);
  return table;
}

void remove(kv::Engine& engine, Catalog& catalog, const Table& table) {
  engine.write([&](kv::Transaction& transaction) { catalog.erase(transaction, table); });
  catalog.reload(table.account, table.region, table.name);
}

void check_current(kv::Engine& engine, const Table& table) {
  engine.write([&](kv::Transaction& transaction) { Catalog::check_current(transaction, table); });
}

// Every field other than its default.
Table full_table() {
  auto table = make_table("Music");
  table.id = 7;
  table.generation = 9;
  table.key.sort = {{"Song", Type::binary}};
  Index index;
  index.id = 8;
  index.name = "ByYear";
  index.global = true;
  index.key = {{{"Year", Type::number}, {"Label", Type::string}}, {{"Song", Type::binary}}};
  index.projection = ProjectionType::include;
  index.non_key_attributes = {"Genre", "Größe"};
  index.status = Status::creating;
  index.backfilling = true;
  index.throughput = {1, 2, 3.5, 4.5, 5};
  index.on_demand_maximum = {6, -1};
  index.warm_throughput = {7, 8};
  index.transition_at = 1795394879.947;
  table.indexes = {index};
  table.status = Status::updating;
  table.transition_at = 1.5;
  table.created_at = 1795394879.123;
  table.billing = BillingMode::pay_per_request;
  table.billing_summary = true;
  table.pay_per_request_since = 2.5;
  table.throughput = {10, 20, 30.5, 40.5, 2};
  table.on_demand_maximum = {-1, 5};
  table.warm_throughput = {12'000, 4'000};
  table.deletion_protection = true;
  table.table_class = "STANDARD";
  table.table_class_changed_at = 3.5;
  table.sse_kms = true;
  table.kms_key_arn = "arn:aws:kms:x";
  table.tags = {{"a", "b"}, {"c", ""}};
  return table;
}

}  // namespace

TEST_CASE("a definition's text reads back as the same definition") {
  const auto text = definition_text(full_table());
  const auto read = read_definition(text);
  CHECK(definition_text(read) == text);
  CHECK(read.id == 7);
  CHECK(read.generation == 9);
  CHECK(read.key.sort == full_table().key.sort);
  CHECK(read.created_at == 1795394879.123);
  CHECK(read.tags == full_table().tags);
  const auto& index = read.indexes.at(0);
  CHECK(index.key.partition == full_table().indexes[0].key.partition);
  CHECK(index.projection == ProjectionType::include);
  CHECK(index.status == Status::creating);
  CHECK(index.on_demand_maximum == full_table().indexes[0].on_demand_maximum);
  CHECK(index.transition_at == 1795394879.947);
  CHECK(read.billing == BillingMode::pay_per_request);
  CHECK_FALSE(read_definition(definition_text(make_table("Music"))).on_demand_maximum);
}

TEST_CASE("a text that is no definition is a failure of the medium") {
  for (const auto* text : {"", "{", "{}", "[]", "7"}) CHECK_THROWS_AS(read_definition(text), kv::EngineError);
  auto text = definition_text(full_table());
  text.replace(text.find("UPDATING"), 8, "SLEEPING");
  CHECK_THROWS_AS(read_definition(text), kv::EngineError);
}

TEST_CASE("tables are found by account, region and name, also by a new catalog on the same store") {
  const auto engine = kv::open_lmdb_in_memory();
  Catalog catalog(*engine);
  CHECK_FALSE(catalog.find("000000000000", "us-east-1", "Music"));
  add(*engine, catalog, make_table("Music"));
  add(*engine, catalog, make_table("Music", "eu-west-1"));
  add(*engine, catalog, make_table("Zoo"));
  add(*engine, catalog, make_table("Abc", "us-east-1", "111111111111"));
  const Catalog again(*engine);
  for (const auto* each : {&std::as_const(catalog), &again}) {
    const auto table = each->find("000000000000", "us-east-1", "Music");
    REQUIRE(table);
    CHECK(table->arn() == "arn:aws:dynamodb:us-east-1:000000000000:table/Music");
    CHECK(each->find("000000000000", "eu-west-1", "Music")->id != table->id);
    CHECK_FALSE(each->find("111111111111", "us-east-1", "Music"));
    CHECK(each->names("000000000000", "us-east-1", "", 10) == std::vector<std::string>{"Music", "Zoo"});
    CHECK(each->names("000000000000", "us-east-1", "", 1) == std::vector<std::string>{"Music"});
    CHECK(each->names("000000000000", "us-east-1", "Music", 10) == std::vector<std::string>{"Zoo"});
    CHECK(each->regions_with("000000000000", "Music") == std::vector<std::string>{"eu-west-1", "us-east-1"});
    CHECK(each->regions_with("111111111111", "Music").empty());
    CHECK(each->all().size() == 4);
  }
  engine->write([&](kv::Transaction& transaction) {
    CHECK(catalog.count(transaction, "000000000000", "us-east-1") == 2);
    CHECK(catalog.count(transaction, "000000000000", "us-east") == 0);
  });
}

TEST_CASE("a write prepared with an older definition is refused") {
  const auto engine = kv::open_lmdb_in_memory();
  Catalog catalog(*engine);
  const auto first = add(*engine, catalog, make_table("Music"));
  check_current(*engine, first);
  auto changed = first;
  changed.deletion_protection = true;
  changed = add(*engine, catalog, changed);
  CHECK_THROWS_AS(check_current(*engine, first), TableChanged);
  check_current(*engine, *catalog.find("000000000000", "us-east-1", "Music"));
  remove(*engine, catalog, changed);
  CHECK_THROWS_AS(check_current(*engine, changed), TableChanged);
  // A new table of the name is another table.
  add(*engine, catalog, make_table("Music"));
  CHECK_THROWS_AS(check_current(*engine, changed), TableChanged);
}

TEST_CASE("a removed table leaves its spaces to the jobs, and its ids are never used again") {
  const auto engine = kv::open_lmdb_in_memory();
  Catalog catalog(*engine);
  auto table = make_table("Music");
  Index index;
  index.name = "ByYear";
  engine->write([&](kv::Transaction& transaction) { index.id = catalog.next_space(transaction); });
  table.indexes = {index};
  table = add(*engine, catalog, table);
  remove(*engine, catalog, table);
  CHECK_FALSE(catalog.find("000000000000", "us-east-1", "Music"));
  auto jobs = space_jobs(*engine->snapshot());
  REQUIRE(jobs.size() == 2);
  CHECK(jobs[0].space == index.id);
  CHECK(jobs[1].space == table.id);
  CHECK(jobs[0].work == SpaceWork::emptying);
  CHECK(add(*engine, catalog, make_table("Music")).id > table.id);
}

TEST_CASE("an index projects keys, its own and the table's, and what it includes") {
  auto table = make_table("Music");
  table.key.sort = {{"Song", Type::string}};
  Index index;
  index.key.partition = {{"Year", Type::number}};
  index.projection = ProjectionType::keys_only;
  for (const auto* key : {"Artist", "Song", "Year"}) CHECK(index.projects(key, table.key));
  CHECK_FALSE(index.projects("Genre", table.key));
  index.projection = ProjectionType::include;
  index.non_key_attributes = {"Genre"};
  CHECK(index.projects("Genre", table.key));
  CHECK_FALSE(index.projects("Label", table.key));
  index.projection = ProjectionType::all;
  CHECK(index.projects("Label", table.key));
}

TEST_CASE("a table knows its indexes and the types of all key attributes") {
  const auto table = full_table();
  CHECK(table.index("ByYear") == &table.indexes[0]);
  CHECK(table.index("Nope") == nullptr);
  CHECK_FALSE(table.has_local_index());
  CHECK(table.key_attribute_type("Artist") == Type::string);
  CHECK(table.key_attribute_type("Label") == Type::string);
  CHECK(table.key_attribute_type("Year") == Type::number);
  CHECK(table.key_attribute_type("Song") == Type::binary);
  CHECK_FALSE(table.key_attribute_type("Genre"));
}

TEST_CASE("a space is emptied in bounded steps, its counters and collections last") {
  const auto engine = kv::open_lmdb_in_memory();
  constexpr SpaceId kGone = 5, kNeighbour = 6;
  engine->write([&](kv::Transaction& transaction) {
    for (int i = 0; i < 2500; ++i) transaction.put(space_prefix(kGone) + std::to_string(i), "x");
    transaction.put(space_prefix(kNeighbour) + "0", "x");
    for (const auto space : {kGone, kNeighbour}) {
      transaction.add(counter_key(space, Counter::items), 1);
      transaction.add(collection_key(space, "p"), 1);
    }
    leave_emptying(transaction, kGone);
  });
  int steps = 0;
  for (bool done = false; !done; ++steps) {
    CHECK(space_jobs(*engine->snapshot()).size() == 1);
    engine->write([&](kv::Transaction& transaction) { done = empty_some(transaction, kGone); });
  }
  CHECK(steps >= 3);
  const auto snapshot = engine->snapshot();
  CHECK(space_jobs(*snapshot).empty());
  CHECK(count_of(*snapshot, kGone).items == 0);
  CHECK(count_of(*snapshot, kNeighbour).items == 1);
  CHECK_FALSE(snapshot->get(collection_key(kGone, "p")));
  CHECK(snapshot->get(collection_key(kNeighbour, "p")));
  CHECK(snapshot->get(space_prefix(kNeighbour) + "0"));
}
