#include "server/operations/item_transaction.h"

#include <map>

#include "protocol/json/writer.h"
#include "server/operations/cancellation.h"
#include "server/operations/item_keys.h"
#include "server/operations/item_write.h"
#include "server/operations/request_token.h"
#include "server/operations/table_costs.h"

namespace shoal {
namespace {

constexpr std::size_t kPayloadBytesMax = 4 << 20;

std::string too_large(std::size_t bytes) {
  return "Transaction payload size cannot exceed 4MB. Payload Size: " + std::to_string(bytes);
}

void check_distinct(const std::vector<TransactionPart>& parts) {
  std::vector<std::string_view> items;
  for (const auto& part : parts) {
    if (part.write) items.push_back(part.write->stored_at);
  }
  check_distinct_items(std::move(items), "Transaction request cannot include multiple operations on one item");
}

std::vector<ItemChange> evaluate_all(const std::vector<TransactionPart>& parts, kv::Transaction& transaction) {
  std::vector<ItemChange> changes;
  CancellationReasons reasons(parts.size());
  CollectionGrowth growth;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    reasons[i] = parts[i].refusal;
    if (reasons[i]) continue;
    try {
      changes.push_back(evaluate(*parts[i].write, transaction, growth));
      const auto& change = changes.back();
      if (change.collection_growth != 0) growth[change.collection] += change.collection_growth;
    } catch (const Error& error) {
      reasons[i] = error;
    }
  }
  throw_if_cancelled(reasons);
  return changes;
}

void append_metrics(json::ObjectWriter& object, const std::vector<TransactionPart>& parts,
                    const std::vector<ItemChange>& changes) {
  std::map<std::string, std::string> tables;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto& write = *parts[i].write;
    if (!write.table->has_local_index()) continue;
    auto& list = tables[write.table->name];
    if (!list.empty()) list += ',';
    append_collection_metrics(list, write, changes[i].applied);
  }
  if (tables.empty()) return;
  auto& out = object.key("ItemCollectionMetrics");
  json::ObjectWriter map(out);
  for (const auto& [table, list] : tables) map.key(table) += '[' + list + ']';
  map.close();
}

Answer answer(const Call& call, const std::vector<TransactionPart>& parts, const std::vector<ItemChange>& changes,
              TransactionAnswer form) {
  Answer answer;
  json::ObjectWriter object(answer);
  if (form == TransactionAnswer::with_responses) object.key("Responses") += "[]";
  TableCosts costs(TableCosts::kTransaction);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto& table = parts[i].write->table;
    costs.add(table, consumed_by(*table, changes[i].applied));
  }
  costs.append(call, object, Access::write, CapacityKind::write);
  const auto metrics = call.input.find("ReturnItemCollectionMetrics");
  if (metrics && metrics.string() == "SIZE") append_metrics(object, parts, changes);
  object.close();
  return answer;
}

// A repeated request has only read the items to see that its token is known.
Answer replay_answer(const Call& call, const std::vector<TransactionPart>& parts, kv::Transaction& transaction,
                     TransactionAnswer form) {
  Answer answer;
  json::ObjectWriter object(answer);
  if (form == TransactionAnswer::with_responses) object.key("Responses") += "[]";
  TableCosts costs(TableCosts::kTransaction);
  for (const auto& [write, _] : parts) {
    if (!write) continue;
    const auto stored = get_item(transaction, write->stored_at);
    costs.add(write->table, Consumed{read_cost(stored ? stored->size : 0, true)});
  }
  costs.append(call, object, Access::read, CapacityKind::read);
  object.close();
  return answer;
}

}  // namespace

void check_transaction_payload(std::size_t bytes) {
  if (bytes > kPayloadBytesMax) throw request_error(too_large(bytes));
}

Outcome write_transaction(const Call& call, std::vector<TransactionPart> parts, json::Json parameters,
                          TransactionAnswer form) {
  check_distinct(parts);
  auto token = read_token(call, parameters);
  return Write{[&call, parts = std::move(parts), token = std::move(token), form](kv::Transaction& transaction) {
    const auto now = call.services.clock.now();
    if (token && check_token(*token, now, transaction) == TokenUse::replay) {
      return replay_answer(call, parts, transaction, form);
    }
    const auto changes = evaluate_all(parts, transaction);
    for (std::size_t i = 0; i < changes.size(); ++i) carry_out(*parts[i].write, changes[i], transaction);
    if (token) keep_token(*token, now, transaction);
    return answer(call, parts, changes, form);
  }};
}

ItemWrite condition_check(ItemWrite write) {
  write.change = [](const std::optional<ItemView>& before) -> std::optional<Item> {
    return before ? std::optional<Item>(*before) : std::nullopt;
  };
  return write;
}

Answer read_transaction(const Call& call, const std::vector<TransactionGet>& gets) {
  const auto snapshot = call.services.engine.snapshot();
  std::string responses;
  std::size_t bytes = 0;
  TableCosts costs(TableCosts::kTransaction);
  for (const auto& get : gets) {
    if (!responses.empty()) responses += ',';
    json::ObjectWriter response(responses);
    const auto stored = get_item(*snapshot, get.stored_at);
    if (stored) {
      bytes += stored->size;
      json::append_item(response.key("Item"),
                        get.projection ? get.projection->apply(stored->item).view() : stored->item);
    }
    response.close();
    costs.add(get.table, Consumed{read_cost(stored ? stored->size : 0, true)});
  }
  if (bytes > kPayloadBytesMax) throw validation_error(too_large(bytes));

  Answer answer;
  json::ObjectWriter object(answer);
  object.key("Responses").append("[").append(responses) += ']';
  costs.append(call, object, Access::read, CapacityKind::read);
  object.close();
  return answer;
}

}  // namespace shoal
