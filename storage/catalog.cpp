#include "storage/catalog.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>

#include "storage/definition.h"
#include "storage/range.h"
#include "storage/space_job.h"

namespace shoal {
namespace {

constexpr std::string_view kSpaceSequence = "space";

// Numbers in the store are 8 bytes, little-endian.
std::string number_bytes(std::uint64_t value) { return {reinterpret_cast<const char*>(&value), sizeof value}; }

std::optional<std::uint64_t> number_at(const kv::Snapshot& snapshot, const std::string& key) {
  const auto bytes = snapshot.get(key);
  if (!bytes || bytes->size() != sizeof(std::uint64_t)) return std::nullopt;
  std::uint64_t value;
  std::memcpy(&value, bytes->data(), sizeof value);
  return value;
}

bool holds(const std::vector<KeyAttribute>& part, std::string_view attribute) {
  return std::any_of(part.begin(), part.end(), [attribute](const auto& each) { return each.name == attribute; });
}

std::optional<Type> type_in(const KeySchema& schema, std::string_view attribute) {
  for (const auto* part : {&schema.partition, &schema.sort}) {
    for (const auto& each : *part) {
      if (each.name == attribute) return each.type;
    }
  }
  return std::nullopt;
}

// The account, region and name in a key that catalog_key made.
std::array<std::string_view, 3> names_in_key(std::string_view key) {
  key.remove_prefix(catalog_prefix().size());
  const auto account = key.substr(0, key.find('\0'));
  key.remove_prefix(account.size() + 1);
  const auto region = key.substr(0, key.find('\0'));
  return {account, region, key.substr(region.size() + 1)};
}

// As it is kept under a key of the catalog.
Table table_of(std::string_view key, std::string_view text) {
  auto table = read_definition(text);
  const auto [account, region, name] = names_in_key(key);
  table.account = account;
  table.region = region;
  table.name = name;
  return table;
}

std::optional<Table> read_table(const kv::Snapshot& snapshot, std::string_view account, std::string_view region,
                                std::string_view name) {
  const auto key = catalog_key(account, region, name);
  const auto text = snapshot.get(key);
  return text ? std::optional(table_of(key, *text)) : std::nullopt;
}

}  // namespace

std::string_view status_name(Status status) {
  switch (status) {
    case Status::creating:
      return "CREATING";
    case Status::updating:
      return "UPDATING";
    case Status::deleting:
      return "DELETING";
    case Status::active:
      break;
  }
  return "ACTIVE";
}

bool KeySchema::contains(std::string_view attribute) const {
  return holds(partition, attribute) || holds(sort, attribute);
}

bool Index::projects(std::string_view attribute, const KeySchema& table) const {
  if (projection == ProjectionType::all || key.contains(attribute) || table.contains(attribute)) return true;
  return std::find(non_key_attributes.begin(), non_key_attributes.end(), attribute) != non_key_attributes.end();
}

std::string Table::arn() const { return "arn:aws:dynamodb:" + region + ":" + account + ":table/" + name; }

const Index* Table::index(std::string_view index_name) const {
  const auto found =
      std::find_if(indexes.begin(), indexes.end(), [index_name](const Index& each) { return each.name == index_name; });
  return found == indexes.end() ? nullptr : &*found;
}

KinesisDestination* Table::destination(std::string_view stream_arn) {
  for (auto& each : kinesis) {
    if (each.stream_arn == stream_arn) return &each;
  }
  return nullptr;
}

// Local indexes come first.
bool Table::has_local_index() const { return !indexes.empty() && !indexes.front().global; }

std::optional<Type> Table::key_attribute_type(std::string_view attribute) const {
  if (const auto type = type_in(key, attribute)) return type;
  for (const auto& each : indexes) {
    if (const auto type = type_in(each.key, attribute)) return type;
  }
  return std::nullopt;
}

Catalog::Catalog(kv::Engine& engine, const Clock* clock) : engine_(engine), clock_(clock) { reload(); }

void Catalog::reload() {
  const std::unique_lock lock(mutex_);
  tables_.clear();
  const auto snapshot = engine_.snapshot();
  const auto range = range_of(catalog_prefix());
  const auto cursor = snapshot->cursor();
  for (bool more = cursor->seek(range.begin); more && range.holds(cursor->key()); more = cursor->next()) {
    auto table = table_of(cursor->key(), cursor->value());
    table.clock = clock_;
    const Name name(table.account, table.region, table.name);
    tables_.emplace(name, std::make_shared<const Table>(std::move(table)));
  }
}

TablePtr Catalog::find(std::string_view account, std::string_view region, std::string_view name) const {
  const std::shared_lock lock(mutex_);
  const auto found = tables_.find(std::tuple(account, region, name));
  return found == tables_.end() ? nullptr : found->second;
}

std::vector<std::string> Catalog::names(std::string_view account, std::string_view region, std::string_view after,
                                        std::size_t limit) const {
  std::vector<std::string> names;
  const std::shared_lock lock(mutex_);
  for (auto at = tables_.upper_bound(std::tuple(account, region, after)); at != tables_.end(); ++at) {
    const auto& [its_account, its_region, name] = at->first;
    if (names.size() == limit || its_account != account || its_region != region) break;
    names.push_back(name);
  }
  return names;
}

std::vector<std::string> Catalog::regions_with(std::string_view account, std::string_view name) const {
  std::vector<std::string> regions;
  const std::shared_lock lock(mutex_);
  const std::string_view none;
  for (auto at = tables_.lower_bound(std::tuple(account, none, none)); at != tables_.end(); ++at) {
    const auto& [its_account, region, its_name] = at->first;
    if (its_account != account) break;
    if (its_name == name) regions.push_back(region);
  }
  return regions;
}

std::vector<TablePtr> Catalog::all() const {
  std::vector<TablePtr> all;
  const std::shared_lock lock(mutex_);
  all.reserve(tables_.size());
  for (const auto& [name, table] : tables_) all.push_back(table);
  return all;
}

std::optional<Table> Catalog::read(kv::Transaction& transaction, std::string_view account, std::string_view region,
                                   std::string_view name) const {
  return read_table(transaction, account, region, name);
}

Table Catalog::read_at(const kv::Snapshot& snapshot, std::string_view key) {
  return table_of(key, snapshot.get(key).value());
}

std::size_t Catalog::count(kv::Transaction& transaction, std::string_view account, std::string_view region) const {
  std::size_t count = 0;
  const auto range = range_of(catalog_key(account, region, {}));
  const auto cursor = transaction.cursor();
  for (bool more = cursor->seek(range.begin); more && range.holds(cursor->key()); more = cursor->next()) ++count;
  return count;
}

void Catalog::put(kv::Transaction& transaction, Table& table) const {
  ++table.generation;
  transaction.put(catalog_key(table.account, table.region, table.name), definition_text(table));
  transaction.put(generation_key(table.id), number_bytes(table.generation));
}

void Catalog::erase(kv::Transaction& transaction, const Table& table) const {
  transaction.erase(catalog_key(table.account, table.region, table.name));
  transaction.erase(generation_key(table.id));
  leave_emptying(transaction, table.id);
  for (const auto& index : table.indexes) leave_emptying(transaction, index.id);
}

SpaceId Catalog::next_space(kv::Transaction& transaction) const {
  const auto sequence = sequence_key(kSpaceSequence);
  const auto next = number_at(transaction, sequence).value_or(0) + 1;
  transaction.put(sequence, number_bytes(next));
  return static_cast<SpaceId>(next);
}

void Catalog::check_current(kv::Transaction& transaction, const Table& table) {
  if (number_at(transaction, generation_key(table.id)) != table.generation) throw TableChanged(table);
}

void Catalog::reload(std::string_view account, std::string_view region, std::string_view name) {
  // The store is read under the lock: of two reloads the later one has the newer state, whoever began first.
  const std::unique_lock lock(mutex_);
  auto table = read_table(*engine_.snapshot(), account, region, name);
  if (table) {
    table->clock = clock_;
    tables_.insert_or_assign(Name(account, region, name), std::make_shared<const Table>(std::move(*table)));
  } else {
    tables_.erase(Name(account, region, name));
  }
}

std::int64_t counter_at(const kv::Snapshot& snapshot, const std::string& key) {
  return static_cast<std::int64_t>(number_at(snapshot, key).value_or(0));
}

SpaceCount count_of(const kv::Snapshot& snapshot, SpaceId id) {
  return {counter_at(snapshot, counter_key(id, Counter::items)), counter_at(snapshot, counter_key(id, Counter::bytes))};
}

}  // namespace shoal
