#include "server/operations/consumed_capacity.h"

#include <algorithm>
#include <numeric>

#include "protocol/json/item_reader.h"
#include "protocol/json/writer.h"
#include "storage/items.h"

namespace shoal {
namespace {

void add_units(json::ObjectWriter& object, double units, CapacityKind kind) {
  json::append_decimal(object.key("CapacityUnits"), units);
  if (kind == CapacityKind::read) json::append_decimal(object.key("ReadCapacityUnits"), units);
  if (kind == CapacityKind::write) json::append_decimal(object.key("WriteCapacityUnits"), units);
}

void append_units(std::string& out, double units, CapacityKind kind) {
  json::ObjectWriter object(out);
  add_units(object, units, kind);
  object.close();
}

// {"name":{"CapacityUnits":1.0},...} of the indexes of one kind; nothing when none of them cost anything.
void append_indexes(json::ObjectWriter& object, std::string_view name, const Table& table, const Consumed& consumed,
                    bool global, CapacityKind kind) {
  std::string arms;
  for (std::size_t i = 0; i < consumed.indexes.size(); ++i) {
    if (table.indexes[i].global != global || consumed.indexes[i] == 0) continue;
    arms += arms.empty() ? '{' : ',';
    json::append_string(arms, table.indexes[i].name);
    arms += ':';
    append_units(arms, consumed.indexes[i], kind);
  }
  if (!arms.empty()) object.key(name).append(arms) += '}';
}

}  // namespace

CapacityDetail capacity_detail(const Call& call) {
  const auto wish = call.input.find("ReturnConsumedCapacity");
  if (!wish || wish.string() == "NONE") return CapacityDetail::none;
  return wish.string() == "TOTAL" ? CapacityDetail::total : CapacityDetail::indexes;
}

bool is_consistent(json::Json input) { return json::truth(input.find("ConsistentRead")); }

double Consumed::total() const { return std::accumulate(indexes.begin(), indexes.end(), table); }

void Consumed::add_index(const Table& of, const Index& index, double units) {
  indexes.resize(of.indexes.size());
  indexes[static_cast<std::size_t>(&index - of.indexes.data())] += units;
}

void Consumed::add(const Consumed& other, double factor) {
  table += other.table * factor;
  indexes.resize(std::max(indexes.size(), other.indexes.size()));
  for (std::size_t i = 0; i < other.indexes.size(); ++i) indexes[i] += other.indexes[i] * factor;
}

void append_consumed(std::string& out, const Table& table, const Consumed& consumed, CapacityDetail detail,
                     CapacityKind kind) {
  json::ObjectWriter object(out);
  object.text("TableName", table.name);
  add_units(object, consumed.total(), kind);
  if (detail == CapacityDetail::indexes) {
    if (consumed.table != 0) append_units(object.key("Table"), consumed.table, kind);
    append_indexes(object, "LocalSecondaryIndexes", table, consumed, false, kind);
    append_indexes(object, "GlobalSecondaryIndexes", table, consumed, true, kind);
  }
  object.close();
}

bool counts_capacity(const Call& call) {
  return call.services.journal->is_on() || capacity_detail(call) != CapacityDetail::none;
}

void note_consumed(const Call& call, const Table& table, Access access, const Consumed& consumed) {
  if (!call.services.journal->is_on()) return;
  call.spent.add_table(table.name);
  (access == Access::read ? call.spent.read_units : call.spent.write_units) += consumed.total();
}

void add_consumed(const Call& call, json::ObjectWriter& answer, const Table& table, Access access,
                  const Consumed& consumed) {
  note_consumed(call, table, access, consumed);
  const auto detail = capacity_detail(call);
  if (detail != CapacityDetail::none) append_consumed(answer.key("ConsumedCapacity"), table, consumed, detail);
}

double read_cost(std::uint64_t bytes, bool consistent) { return read_units(bytes) * (consistent ? 1.0 : 0.5); }

}  // namespace shoal
