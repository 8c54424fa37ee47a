// BatchWriteItem: up to 25 puts and deletes in one or more tables. What is refused of one refuses all. Nothing is left
// over unless a fault on demand wants it.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html

#include "protocol/error.h"
#include "protocol/json/item_reader.h"
#include "protocol/json/writer.h"
#include "protocol/value/item_size.h"
#include "server/operations/fault_injection.h"
#include "server/operations/item_keys.h"
#include "server/operations/item_write.h"
#include "server/operations/table_name.h"

namespace shoal {
namespace {

constexpr std::size_t kWritesMax = 25;

struct Request {
  Item item;  // or key
  bool put;
};

// The writes of one table.
struct TableRequest {
  std::string_view name;
  std::vector<Request> requests;
  TablePtr table;
  std::vector<ItemWrite> writes;
};

Request read_request(const Call& call, json::Json input) {
  const auto put = input.find("PutRequest");
  const auto erase = input.find("DeleteRequest");
  if (put.present() == erase.present()) {
    throw request_error(
        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes");
  }
  Request request{json::read_item(put ? put.find("Item") : erase.find("Key"), call.operation.wording), put.present()};
  if (request.put && item_size(request.item.view()) > kItemBytesMax) {
    throw request_error("Item size has exceeded the maximum allowed size");
  }
  return request;
}

ItemWrite write_of(const Request& request, const TablePtr& table) {
  if (request.put) check_batch_put_item(*table, request.item.view());
  WriteRequest write{request.item};
  return request.put ? put_write(std::move(write), table) : delete_write(std::move(write), table);
}

void check_distinct(const std::vector<TableRequest>& tables) {
  std::vector<std::string_view> all;
  for (const auto& table : tables) {
    for (const auto& write : table.writes) all.push_back(write.stored_at);
  }
  check_distinct_items(std::move(all), "Provided list of item keys contains duplicates");
}

// Writes everything once nothing can be refused any more; gives what each table's writes did.
std::vector<std::vector<ItemChange>> write_all(const std::vector<TableRequest>& tables, kv::Transaction& transaction) {
  std::vector<std::vector<ItemChange>> changes(tables.size());
  for (std::size_t i = 0; i < tables.size(); ++i) {
    for (const auto& write : tables[i].writes) changes[i].push_back(evaluate(write, transaction));
  }
  for (std::size_t i = 0; i < tables.size(); ++i) {
    for (std::size_t j = 0; j < changes[i].size(); ++j) carry_out(tables[i].writes[j], changes[i][j], transaction);
  }
  return changes;
}

std::vector<BatchPart> parts_of(const std::vector<TableRequest>& tables) {
  std::vector<BatchPart> parts;
  for (const auto& table : tables) parts.push_back({table.table, table.writes.size()});
  return parts;
}

// {"PutRequest":{"Item":...}} or {"DeleteRequest":{"Key":...}}
void append_request(std::string& out, const Request& request) {
  json::ObjectWriter object(out);
  json::ObjectWriter inner(object.key(request.put ? "PutRequest" : "DeleteRequest"));
  json::append_item(inner.key(request.put ? "Item" : "Key"), request.item.view());
  inner.close();
  object.close();
}

// Drops the last `left` writes of each table; gives them as UnprocessedItems.
std::string take_out(std::vector<TableRequest>& tables, const std::vector<std::size_t>& left) {
  std::string out;
  json::ObjectWriter map(out);
  for (std::size_t i = 0; i < tables.size(); ++i) {
    if (left[i] == 0) continue;
    auto& [name, requests, table, writes] = tables[i];
    const auto kept = requests.size() - left[i];
    std::string list;
    for (auto j = kept; j < requests.size(); ++j) {
      if (j > kept) list += ',';
      append_request(list, requests[j]);
    }
    map.key(name) += '[' + list + ']';
    writes.erase(writes.begin() + static_cast<std::ptrdiff_t>(kept), writes.end());
  }
  map.close();
  return out;
}

Answer run(const Call& call, const std::vector<TableRequest>& tables, const std::string& unprocessed,
           kv::Transaction& transaction) {
  const auto changes = write_all(tables, transaction);
  const auto detail = capacity_detail(call);
  const auto wish = call.input.find("ReturnItemCollectionMetrics");
  const bool wants_metrics = wish && wish.string() == "SIZE";
  std::string consumed_list, metrics_map;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const auto& table = tables[i];
    Consumed consumed;
    std::string metrics;
    for (std::size_t j = 0; j < table.writes.size(); ++j) {
      consumed.add(consumed_by(*table.table, changes[i][j].applied));
      if (!wants_metrics || !table.table->has_local_index()) continue;
      if (!metrics.empty()) metrics += ',';
      append_collection_metrics(metrics, table.writes[j], changes[i][j].applied);
    }
    note_consumed(call, *table.table, Access::write, consumed);
    if (detail != CapacityDetail::none) {
      if (!consumed_list.empty()) consumed_list += ',';
      append_consumed(consumed_list, *table.table, consumed, detail);
    }
    if (!metrics.empty()) {
      if (!metrics_map.empty()) metrics_map += ',';
      json::append_string(metrics_map, table.name);
      metrics_map += ":[" + metrics + ']';
    }
  }
  Answer answer = "{\"UnprocessedItems\":" + unprocessed;
  if (!metrics_map.empty()) answer += ",\"ItemCollectionMetrics\":{" + metrics_map + '}';
  if (!consumed_list.empty()) answer += ",\"ConsumedCapacity\":[" + consumed_list + ']';
  return answer + '}';
}

}  // namespace

Outcome batch_write_item(const Call& call) {
  std::vector<TableRequest> tables;
  std::size_t writes = 0;
  for (const auto [name, requests] : call.input.find("RequestItems")) {
    auto& table = tables.emplace_back(TableRequest{name});
    for (const auto [_, request] : requests) table.requests.push_back(read_request(call, request));
    writes += table.requests.size();
  }
  if (writes > kWritesMax) throw request_error("Too many items requested for the BatchWriteItem call");
  for (auto& table : tables) {
    table.table = find_table(call, table.name);
    for (const auto& request : table.requests) table.writes.push_back(write_of(request, table.table));
  }
  check_distinct(tables);
  auto unprocessed = take_out(tables, left_over(call, parts_of(tables)));
  return Write{[&call, tables = std::move(tables), unprocessed = std::move(unprocessed)](kv::Transaction& transaction) {
    return run(call, tables, unprocessed, transaction);
  }};
}

}  // namespace shoal
