// TransactWriteItems: up to 100 puts, updates, deletes and condition checks, of different items: all happen, or none.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
#include <algorithm>
#include <array>
#include <map>

#include "protocol/error.h"
#include "protocol/json/item_reader.h"
#include "protocol/json/writer.h"
#include "protocol/value/item_size.h"
#include "server/operations/cancellation.h"
#include "server/operations/expression_parameters.h"
#include "server/operations/item_keys.h"
#include "server/operations/item_write.h"
#include "server/operations/request_token.h"
#include "server/operations/table_costs.h"
#include "server/operations/table_name.h"

namespace shoal {
namespace {

constexpr std::size_t kPayloadBytesMax = 4 << 20;

WriteRequest read_condition_check(const Call& call, json::Json input, WriteForm form) {
  check_condition_parameters(call, input, form);
  WriteRequest request{json::read_item(input.find("Key"), call.operation.wording)};
  read_condition(call, input, form, request);
  return request;
}

ItemWrite condition_check_write(WriteRequest request, TablePtr table) {
  auto write = delete_write(std::move(request), std::move(table));
  write.change = [](const std::optional<ItemView>& before) -> std::optional<Item> {
    return before ? std::optional<Item>(*before) : std::nullopt;
  };
  return write;
}

struct Kind {
  std::string_view name;
  WriteRequest (*read)(const Call& call, json::Json input, WriteForm form);
  ItemWrite (*write)(WriteRequest request, TablePtr table);
};

constexpr std::array<Kind, 4> kKinds{{
    {"ConditionCheck", read_condition_check, condition_check_write},
    {"Put", read_put, put_write},
    {"Delete", read_delete, delete_write},
    {"Update", read_update, update_write},
}};

struct Action {
  const Kind* kind;
  json::Json input;
  WriteRequest request;
  TablePtr table;
};

Action read_action(const Call& call, json::Json item) {
  const Kind* kind = nullptr;
  for (const auto& candidate : kKinds) {
    if (!item.find(candidate.name)) continue;
    if (kind) throw request_error("TransactItems can only contain one of Check, Put, Update or Delete");
    kind = &candidate;
  }
  if (!kind) throw request_error("TransactItems can only contain one of Check, Put, Update or Delete");
  const auto input = item.find(kind->name);
  return {kind, input, kind->read(call, input, WriteForm::action), nullptr};
}

void check_payload(const std::vector<Action>& actions) {
  std::size_t bytes = 0;
  for (const auto& action : actions) bytes += item_size(action.request.item.view());
  if (bytes > kPayloadBytesMax) {
    throw request_error("Transaction payload size cannot exceed 4MB. Payload Size: " + std::to_string(bytes));
  }
}

// A write, or why there can be none.
struct Prepared {
  std::optional<ItemWrite> write;
  std::optional<Error> refusal;
};

std::vector<Prepared> prepare(std::vector<Action>& actions) {
  std::vector<Prepared> prepared(actions.size());
  std::vector<std::string_view> items;
  for (std::size_t i = 0; i < actions.size(); ++i) {
    auto& [kind, input, request, table] = actions[i];
    check_key_not_empty(*table, request.item.view());
    try {
      prepared[i].write = kind->write(std::move(request), table);
      items.push_back(prepared[i].write->stored_at);
    } catch (const Error& refusal) {
      prepared[i].refusal = refusal;
    }
  }
  std::sort(items.begin(), items.end());
  if (std::adjacent_find(items.begin(), items.end()) != items.end()) {
    throw validation_error("Transaction request cannot include multiple operations on one item");
  }
  return prepared;
}

std::vector<ItemChange> evaluate_all(const std::vector<Prepared>& prepared, kv::Transaction& transaction) {
  std::vector<ItemChange> changes;
  CancellationReasons reasons(prepared.size());
  for (std::size_t i = 0; i < prepared.size(); ++i) {
    reasons[i] = prepared[i].refusal;
    if (reasons[i]) continue;
    try {
      changes.push_back(evaluate(*prepared[i].write, transaction));
    } catch (const Error& error) {
      reasons[i] = error;
    }
  }
  throw_if_cancelled(reasons);
  return changes;
}

void append_metrics(json::ObjectWriter& object, const std::vector<Prepared>& prepared,
                    const std::vector<ItemChange>& changes) {
  std::map<std::string, std::string> tables;
  for (std::size_t i = 0; i < prepared.size(); ++i) {
    const auto& write = *prepared[i].write;
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

Answer answer(const Call& call, const std::vector<Prepared>& prepared, const std::vector<ItemChange>& changes) {
  Answer answer;
  json::ObjectWriter object(answer);
  TableCosts costs;
  for (std::size_t i = 0; i < prepared.size(); ++i) {
    const auto& table = prepared[i].write->table;
    costs.add(table, consumed_by(*table, changes[i].applied));
  }
  costs.append(call, object, CapacityKind::write);
  const auto metrics = call.input.find("ReturnItemCollectionMetrics");
  if (metrics && metrics.string() == "SIZE") append_metrics(object, prepared, changes);
  object.close();
  return answer;
}

// A repeated request has only read the items to see that its token is known.
Answer replay_answer(const Call& call, const std::vector<Prepared>& prepared, kv::Transaction& transaction) {
  Answer answer;
  json::ObjectWriter object(answer);
  TableCosts costs;
  for (const auto& [write, _] : prepared) {
    if (!write) continue;
    const auto stored = get_item(transaction, write->stored_at);
    costs.add(write->table, Consumed{read_cost(stored ? stored->size : 0, true)});
  }
  costs.append(call, object, CapacityKind::read);
  object.close();
  return answer;
}

}  // namespace

Outcome transact_write_items(const Call& call) {
  std::vector<Action> actions;
  for (const auto [_, item] : call.input.find("TransactItems")) actions.push_back(read_action(call, item));
  check_payload(actions);
  for (auto& action : actions) action.table = find_table(call, action.input.find("TableName").string());
  auto prepared = prepare(actions);
  auto token = read_token(call, call.input.find("TransactItems"));

  return Write{[&call, prepared = std::move(prepared), token = std::move(token)](kv::Transaction& transaction) {
    const auto now = call.services.clock.now();
    if (token && check_token(*token, now, transaction) == TokenUse::replay) {
      return replay_answer(call, prepared, transaction);
    }
    const auto changes = evaluate_all(prepared, transaction);
    for (std::size_t i = 0; i < changes.size(); ++i) carry_out(*prepared[i].write, changes[i], transaction);
    if (token) keep_token(*token, now, transaction);
    return answer(call, prepared, changes);
  }};
}

}  // namespace shoal
