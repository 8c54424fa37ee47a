// UpdateTable: changes of billing and throughput, one index made or removed, and the table's other settings.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
//
// A new index is made in the background: from its own transaction on, writes keep its entries; steps of a backfill add
// those of older items, the first step in the transaction itself, so that a small table's index is ready at once.
#include <algorithm>
#include <set>

#include "protocol/error.h"
#include "protocol/json/item_reader.h"
#include "server/operations/account_quotas.h"
#include "server/operations/stream_settings.h"
#include "server/operations/table_description.h"
#include "server/operations/table_name.h"
#include "server/operations/table_schema.h"
#include "server/operations/table_settings.h"
#include "server/operations/table_status.h"
#include "server/operations/table_throughput.h"
#include "storage/space_job.h"

namespace shoal {
namespace {

Error only_one_index() {
  return Error(errors::limit_exceeded,
               "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table");
}

Error not_found() { return Error(errors::resource_not_found, "Requested resource not found"); }

// What the request asks of its indexes, by what is to happen to them.
struct IndexUpdates {
  std::vector<json::Json> updates;
  json::Json create, remove;
};

std::string index_name(json::Json update) { return std::string(update.find("IndexName").string()); }

IndexUpdates read_index_updates(json::Json input) {
  IndexUpdates read;
  std::set<std::string> names;
  std::size_t position = 0, online = 0;
  for (const auto [member, each] : input.find("GlobalSecondaryIndexUpdates")) {
    ++position;
    const auto update = each.find("Update"), create = each.find("Create"), remove = each.find("Delete");
    if (!update && !create && !remove) {
      throw invalid_parameters(
          "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
          "GlobalSecondaryIndexUpdate.Delete must not be null");
    }
    for (const auto part : {update, create, remove}) {
      if (!part || names.insert(index_name(part)).second) continue;
      throw invalid_parameters("Only one global secondary index update per index is allowed simultaneously. Index: " +
                               index_name(part));
    }
    if (update) read.updates.push_back(update);
    if (create) read.create = create;
    if (remove) read.remove = remove;
    online += (create ? 1 : 0) + (remove ? 1 : 0);
  }
  if (online > 1) throw only_one_index();
  return read;
}

void check_asks_something(const Call& call) {
  for (const auto member : {"ProvisionedThroughput", "BillingMode", "StreamSpecification", "SSESpecification",
                            "TableClass", "DeletionProtectionEnabled", "OnDemandThroughput", "WarmThroughput"}) {
    if (call.input.find(member)) return;
  }
  const auto indexes = call.input.find("GlobalSecondaryIndexUpdates");
  if (indexes && indexes.size() > 0) return;
  throw validation_error(
      "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or "
      "SSESpecification or ReplicaUpdates is required");
}

void check_throughput(json::Json input) {
  const auto billing = input.find("BillingMode");
  const auto units = read_units_of(input.find("ProvisionedThroughput"));
  if (billing && billing.string() == "PROVISIONED" && !units) {
    throw invalid_parameters("ProvisionedThroughput must be specified when BillingMode is PROVISIONED");
  }
  if (billing && billing.string() == "PAY_PER_REQUEST" && units) throw throughput_of_on_demand();
  if (units) check_units_bounds(*units);
  for (const auto [member, each] : input.find("GlobalSecondaryIndexUpdates")) {
    for (const auto part : {each.find("Update"), each.find("Create")}) {
      const auto index_units = read_units_of(part.find("ProvisionedThroughput"));
      if (index_units) check_units_bounds(*index_units, index_name(part));
    }
  }
}

// Everything that can be wrong without looking at the table.
IndexUpdates check_request(const Call& call) {
  refuse_unsupported(
      call, {"ReplicaUpdates", "VectorIndexUpdates", "GlobalTableWitnessUpdates", "GlobalTableSettingsReplicationMode",
             "MultiRegionConsistency", "DisassociationProtectionEnabled"});
  check_asks_something(call);
  check_throughput(call.input);
  check_stream_specification(call.input);
  return read_index_updates(call.input);
}

// One run of the change, in its transaction.
class TableUpdate {
 public:
  TableUpdate(const Call& call, kv::Transaction& transaction, const IndexUpdates& updates)
      : call_(call),
        transaction_(transaction),
        updates_(updates),
        now_(seconds_now(call)),
        end_(transition_end(call)),
        before_(read_managed_table(call, transaction, call.input.find("TableName").string())),
        table_(before_) {}

  Answer run() {
    check_table_active(table_);
    check_stream_change(call_.input, table_);
    change_billing();
    change_throughput();
    for (const auto update : updates_.updates) update_index(update);
    change_settings();
    if (updates_.remove) remove_index();
    if (updates_.create) create_index();
    check_units_quota(call_, &before_, table_);
    check_transitions_quota(call_);
    // From here on nothing is refused.
    if (end_ != 0) {
      table_.status = Status::updating;
      table_.transition_at = end_;
    }
    change_stream(call_, transaction_, table_);
    if (removed_) leave_emptying(transaction_, removed_->id);
    if (updates_.create) begin_backfill();
    call_.services.catalog.put(transaction_, table_);
    return described("TableDescription", shown(), transaction_, now_);
  }

 private:
  bool on_demand() const { return table_.billing == BillingMode::pay_per_request; }

  Index* find_index(std::string_view name) {
    for (auto& index : table_.indexes) {
      if (index.name == name) return &index;
    }
    return nullptr;
  }

  void change_billing() {
    const auto asked = call_.input.find("BillingMode");
    if (!asked) return;
    const auto billing = asked.string() == "PAY_PER_REQUEST" ? BillingMode::pay_per_request : BillingMode::provisioned;
    if (billing == table_.billing) return;
    billing_changed_ = true;
    if (billing == BillingMode::provisioned) check_indexes_get_throughput();
    table_.billing = billing;
    table_.billing_summary = true;
    if (on_demand()) {
      count_switch_to_on_demand(table_, now_);
      table_.pay_per_request_since = now_;
      table_.throughput = {};
      for (auto& index : table_.indexes) index.throughput = {};
      return;
    }
    const auto [read, write] = *read_units_of(call_.input.find("ProvisionedThroughput"));
    table_.throughput.read_units = read;
    table_.throughput.write_units = write;
    table_.on_demand_maximum.reset();
    for (auto& index : table_.indexes) index.on_demand_maximum.reset();
  }

  void check_indexes_get_throughput() {
    std::string missing;
    for (const auto& index : table_.indexes) {
      if (!index.global || index.status == Status::deleting) continue;
      const bool given = std::any_of(updates_.updates.begin(), updates_.updates.end(), [&](json::Json update) {
        return index_name(update) == index.name && update.find("ProvisionedThroughput");
      });
      const bool goes = updates_.remove && index_name(updates_.remove) == index.name;
      if (given || goes) continue;
      missing += (missing.empty() ? "" : ",") + index.name;
    }
    if (!missing.empty()) throw invalid_parameters("ProvisionedThroughput must be specified for index: " + missing);
  }

  void change_throughput() {
    const auto units = read_units_of(call_.input.find("ProvisionedThroughput"));
    if (units && on_demand()) throw throughput_of_on_demand();
    if (units && !billing_changed_) change_units(table_.throughput, *units, now_);
    read_table_throughput(call_.input, table_);
  }

  void update_index(json::Json update) {
    auto* index = find_index(index_name(update));
    if (!index || !index->global) throw not_found();
    if (index->status != Status::active && !(index->backfilling && index->transition_at == 0)) {
      throw index_in_use(table_, *index);
    }
    if (const auto units = read_units_of(update.find("ProvisionedThroughput"))) {
      if (on_demand()) {
        throw invalid_parameters("ProvisionedThroughput should not be specified for index: " + index->name +
                                 " when BillingMode is PAY_PER_REQUEST");
      }
      if (billing_changed_) {
        index->throughput.read_units = units->first;
        index->throughput.write_units = units->second;
      } else {
        change_units(index->throughput, *units, now_, index->name);
      }
    }
    read_index_maxima(update, table_.billing, *index);
    updated_.insert(index->name);
    if (end_ == 0 || index->status != Status::active) return;
    index->status = Status::updating;
    index->transition_at = end_;
  }

  void change_settings() {
    read_encryption(call_, table_);
    // Back to AWS's own key it is always free to go.
    if (table_.sse_kms && table_.kms_key_arn != before_.kms_key_arn) count_switch_of_key(table_, now_);
    if (const auto flag = call_.input.find("DeletionProtectionEnabled")) table_.deletion_protection = json::truth(flag);
    const auto table_class = call_.input.find("TableClass");
    if (table_class && table_class.string() != table_.table_class) {
      count_change_of_class(table_, now_);
      table_.table_class = table_class.string();
      table_.table_class_changed_at = now_;
    }
  }

  void remove_index() {
    auto* index = find_index(index_name(updates_.remove));
    if (!index) throw not_found();
    if (!index->global) throw validation_error("Cannot delete an index that is not a GlobalSecondaryIndex");
    const bool backfills = index->backfilling && index->transition_at == 0;
    if (index->status == Status::deleting || (index->status == Status::creating && !backfills)) {
      throw index_in_use(table_, *index);
    }
    if (!backfills && is_index_in_transition(table_)) throw only_one_index();
    if (end_ != 0) {
      index->status = Status::deleting;
      index->backfilling = false;
      index->transition_at = end_;
      return;
    }
    removed_ = *index;
    std::erase_if(table_.indexes, [this](const Index& each) { return each.id == removed_->id; });
  }

  void create_index() {
    const auto name = index_name(updates_.create);
    if (find_index(name)) throw validation_error("Attempting to create an index which already exists");
    if (is_index_in_transition(table_)) throw only_one_index();
    const AttributeDefinitions definitions(table_, call_.input.find("AttributeDefinitions"));
    auto index = read_global_index(updates_.create, table_, definitions);
    const auto globals =
        std::count_if(table_.indexes.begin(), table_.indexes.end(), [](const Index& each) { return each.global; });
    if (static_cast<std::size_t>(globals) >= kGlobalIndexesMax) {
      throw invalid_parameters("GlobalSecondaryIndex count exceeds the per-table limit of " +
                               std::to_string(kGlobalIndexesMax));
    }
    index.status = Status::creating;
    index.backfilling = true;
    index.transition_at = end_;
    add_index(table_.indexes, std::move(index));
    check_projected_count(table_.indexes);
  }

  void begin_backfill() {
    auto& index = *find_index(index_name(updates_.create));
    index.id = call_.services.catalog.next_space(transaction_);
    leave_backfill(transaction_, index.id);
    if (end_ != 0 || !backfill_some(transaction_, table_, index)) return;
    index.status = Status::active;
    index.backfilling = false;
  }

  // What is answered: the change in progress, with the throughput of before.
  Table shown() {
    auto table = table_;
    table.status = Status::updating;
    if (!billing_changed_) table.throughput = before_.throughput;
    for (auto& index : table.indexes) {
      if (updated_.contains(index.name)) show_updating(index);
      if (updates_.create && index.name == index_name(updates_.create)) {
        index.status = Status::creating;
        index.backfilling = true;
        index.transition_at = now_;  // Its backfill is not told of yet.
      }
    }
    if (removed_) {
      removed_->status = Status::deleting;
      removed_->backfilling = false;
      add_index(table.indexes, *removed_);
    }
    return table;
  }

  void show_updating(Index& index) {
    if (index.status == Status::active) index.status = Status::updating;
    if (!billing_changed_) index.throughput = before_.index(index.name)->throughput;
  }

  const Call& call_;
  kv::Transaction& transaction_;
  const IndexUpdates& updates_;
  double now_;
  double end_;  // When transitions that begin now end; 0: at once.
  Table before_;
  Table table_;
  bool billing_changed_ = false;
  std::set<std::string> updated_;
  std::optional<Index> removed_;
};

}  // namespace

Outcome update_table(const Call& call) {
  const auto name = table_name_of(call, call.input.find("TableName").string());
  const auto body = [&call, updates = check_request(call)](kv::Transaction& transaction) {
    return TableUpdate(call, transaction, updates).run();
  };
  return Write{body, publish(call, name)};
}

}  // namespace shoal
