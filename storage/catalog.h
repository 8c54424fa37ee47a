// Tables and indexes: their definitions, kept in the store and cached whole in memory.
//
//   auto table = catalog.find("000000000000", "us-east-1", "Music");   // shared and immutable
//   engine.write([&](kv::Transaction& transaction) {
//     auto changed = catalog.read(transaction, table->account, table->region, table->name);
//     changed->deletion_protection = true;
//     catalog.put(transaction, *changed);
//   });
//   catalog.reload(table->account, table->region, table->name);         // once it is committed
//
// A write that was prepared with one definition of a table must not run against another: every change of a table counts
// up its generation, and `check_current` in the write's transaction throws TableChanged when it has moved on. Whoever
// runs the request then reloads the table and starts it again.
#pragma once

#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "protocol/value/attribute_value.h"
#include "storage/clock.h"
#include "storage/key/layout.h"
#include "storage/kv/kv.h"

namespace shoal {

struct KeyAttribute {
  std::string name;
  Type type;  // S, N or B
  friend bool operator==(const KeyAttribute&, const KeyAttribute&) = default;
};

// A table and an LSI have one partition attribute and at most one sort attribute; a GSI up to four of each.
struct KeySchema {
  std::vector<KeyAttribute> partition;
  std::vector<KeyAttribute> sort;
  bool contains(std::string_view attribute) const;
};

struct Throughput {
  std::int64_t read_units = 0;  // 0 of an on-demand table
  std::int64_t write_units = 0;
  double last_increase = 0;  // epoch seconds; 0: never
  double last_decrease = 0;
  std::int64_t decreases_today = 0;
};

enum class BillingMode { provisioned, pay_per_request };
enum class ProjectionType { all, keys_only, include };
// StreamViewType: what a stream shows of a change besides the keys.
enum class StreamView { keys_only, new_image, old_image, new_and_old_images };

// What is kept of a table's changes, as long as somebody reads them (changelog.h).
struct ChangeLog {
  std::vector<ShardNumber> shards;  // The open ones: one a partition, in the order of `Table::partitions`.
};

// A Kinesis data stream that the table's changes go to.
enum class DestinationStatus { enabling, active, updating, disabling, disabled };
struct KinesisDestination {
  std::string stream_arn;
  DestinationStatus status = DestinationStatus::disabled;
  bool microseconds = false;  // Of ApproximateCreationDateTimePrecision; otherwise MILLISECOND.
  double changed_at = 0;      // Epoch seconds.
  double transition_at = 0;   // When ENABLING, UPDATING or DISABLING ends; 0: not in transition.
  bool is_on() const { return status != DestinationStatus::disabling && status != DestinationStatus::disabled; }
};

enum class Status { creating, updating, deleting, active };
std::string_view status_name(Status status);  // "CREATING"

struct Index {
  SpaceId id = 0;
  std::string name;
  bool global = false;
  KeySchema key;
  ProjectionType projection = ProjectionType::all;
  std::vector<std::string> non_key_attributes;
  Status status = Status::active;  // Only of global ones.
  bool backfilling = false;        // CREATING by UpdateTable: entries of old items may not be there yet.
  Throughput throughput;
  std::optional<std::pair<std::int64_t, std::int64_t>> on_demand_maximum;  // read, write; -1: none
  std::optional<std::pair<std::int64_t, std::int64_t>> warm_throughput;    // As requested; read, write.
  // Epoch seconds at which CREATING or DELETING may end, or the backfill begin; 0: not in transition.
  double transition_at = 0;

  // Whether an entry keeps this attribute of the item; `table` is the index's own.
  bool projects(std::string_view attribute, const KeySchema& table) const;
};

struct Table {
  SpaceId id = 0;
  std::uint64_t generation = 0;
  std::string account, region, name;
  std::string uuid;  // TableId
  KeySchema key;
  std::vector<Index> indexes;  // Local ones first, each kind in order of name.
  Status status = Status::active;
  double transition_at = 0;  // As in Index.
  double created_at = 0;     // Epoch seconds.
  BillingMode billing = BillingMode::provisioned;
  bool billing_summary = false;  // BillingModeSummary is described: on demand now, or once was.
  double pay_per_request_since = 0;
  Throughput throughput;
  std::optional<std::pair<std::int64_t, std::int64_t>> on_demand_maximum;
  std::optional<std::pair<std::int64_t, std::int64_t>> warm_throughput;  // As requested; read, write.
  // When it was switched to on demand and to another key, and its class changed: epoch seconds, ascending, as far back
  // as they count.
  std::vector<double> on_demand_switches, key_switches, class_changes;
  bool deletion_protection = false;
  std::string table_class;  // Empty until it was named.
  double table_class_changed_at = 0;
  bool sse_kms = false;
  std::string kms_key_arn;
  std::map<std::string, std::string> tags;
  std::vector<std::uint64_t> partitions = {0};  // Where each begins on the ring, ascending (partitions.h).
  std::optional<ChangeLog> log;                 // Nothing: nobody reads, and changes are not kept.
  ShardNumber last_shard = 0;                   // That the log has had.
  std::optional<StreamView> stream_view;        // Of the stream that is on.
  std::string stream_label;                     // Of the latest stream, on or off; empty: there was none.
  std::vector<KinesisDestination> kinesis;      // Those that are disabled, too; each of another stream.
  std::string ttl_attribute;                    // Empty: items do not expire.
  std::string ttl_left_attribute;               // The one before the last change.
  double ttl_changed_at = 0;                    // Epoch seconds; 0: never.
  const Clock* clock = nullptr;                 // The catalog's, which dates changes of items; null: the machine's.

  // Whether something besides the indexes follows the items' changes.
  bool is_followed() const { return log || !ttl_attribute.empty(); }
  std::string arn() const;  // arn:aws:dynamodb:us-east-1:000000000000:table/Music
  const Index* index(std::string_view name) const;
  KinesisDestination* destination(std::string_view stream_arn);
  bool has_local_index() const;
  // Type of a key attribute of the table or any index; nothing for the others.
  std::optional<Type> key_attribute_type(std::string_view name) const;
};

using TablePtr = std::shared_ptr<const Table>;

// The table's definition is not the one that the write was prepared with.
class TableChanged : public std::exception {
 public:
  explicit TableChanged(const Table& table) : account(table.account), region(table.region), name(table.name) {}
  const char* what() const noexcept override { return "the table's definition changed"; }
  std::string account, region, name;
};

class Catalog {
 public:
  // Loads every table.
  explicit Catalog(kv::Engine& engine, const Clock* clock = nullptr);

  TablePtr find(std::string_view account, std::string_view region, std::string_view name) const;
  // Names in order, from the first one after `after`.
  std::vector<std::string> names(std::string_view account, std::string_view region, std::string_view after,
                                 std::size_t limit) const;
  // The other regions in which the account has a table of this name.
  std::vector<std::string> regions_with(std::string_view account, std::string_view name) const;
  std::vector<TablePtr> all() const;

  // In a transaction: the definition as it stands there; nothing when there is none.
  std::optional<Table> read(kv::Transaction& transaction, std::string_view account, std::string_view region,
                            std::string_view name) const;
  // The one that is kept under this key of the catalog's.
  static Table read_at(const kv::Snapshot& snapshot, std::string_view key);
  // How many tables there are in one account and region, as it stands in the transaction.
  std::size_t count(kv::Transaction& transaction, std::string_view account, std::string_view region) const;
  // Adds or replaces the definition, and counts its generation up.
  void put(kv::Transaction& transaction, Table& table) const;
  // Removes the definition and leaves the spaces of the table and its indexes to the jobs.
  void erase(kv::Transaction& transaction, const Table& table) const;
  SpaceId next_space(kv::Transaction& transaction) const;

  // Throws TableChanged unless `table` is the current definition.
  static void check_current(kv::Transaction& transaction, const Table& table);

  // Reads one definition again into the cache; to be called after the commit of a change, and on TableChanged.
  void reload(std::string_view account, std::string_view region, std::string_view name);
  void reload();  // All of them.

 private:
  using Name = std::tuple<std::string, std::string, std::string>;  // account, region, name
  kv::Engine& engine_;
  const Clock* clock_;
  mutable std::shared_mutex mutex_;
  std::map<Name, TablePtr, std::less<>> tables_;
};

// A counter of the store's (kv.h), of items, bytes or a collection's bytes; what cannot be read is 0.
std::int64_t counter_at(const kv::Snapshot& snapshot, const std::string& key);

// How many items and bytes a table's or index's space holds: exact as of the snapshot.
struct SpaceCount {
  std::int64_t items = 0;
  std::int64_t bytes = 0;
};
SpaceCount count_of(const kv::Snapshot& snapshot, SpaceId id);

}  // namespace shoal
