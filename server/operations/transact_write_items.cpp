// TransactWriteItems: up to 100 puts, updates, deletes and condition checks, of different items: all happen, or none.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
#include <array>

#include "protocol/error.h"
#include "protocol/json/item_reader.h"
#include "protocol/value/item_size.h"
#include "server/operations/expression_parameters.h"
#include "server/operations/item_keys.h"
#include "server/operations/item_transaction.h"
#include "server/operations/item_write.h"
#include "server/operations/table_name.h"

namespace shoal {
namespace {

WriteRequest read_condition_check(const Call& call, json::Json input, WriteForm form) {
  check_condition_parameters(call, input, form);
  WriteRequest request{json::read_item(input.find("Key"), call.operation.wording)};
  read_condition(call, input, form, request);
  return request;
}

ItemWrite condition_check_write(WriteRequest request, TablePtr table) {
  return condition_check(delete_write(std::move(request), std::move(table)));
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

// What an update brings along, its values, is of the item that it makes.
std::size_t payload(const Call& call, const Action& action) {
  auto bytes = item_size(action.request.item.view());
  if (!action.request.update) return bytes;
  for (const auto [_, value] : action.input.find("ExpressionAttributeValues")) {
    bytes += value_size(json::read_value(value, call.operation.wording).view());
  }
  return bytes;
}

void check_payload(const Call& call, const std::vector<Action>& actions) {
  std::size_t bytes = 0;
  for (const auto& action : actions) bytes += payload(call, action);
  check_transaction_payload(bytes);
}

std::vector<TransactionPart> prepare(std::vector<Action>& actions) {
  std::vector<TransactionPart> parts;
  parts.reserve(actions.size());
  for (auto& [kind, input, request, table] : actions) {
    check_key_not_empty(*table, request.item.view());
    parts.push_back(part_of([&, write = kind->write] { return write(std::move(request), table); }));
  }
  return parts;
}

}  // namespace

Outcome transact_write_items(const Call& call) {
  std::vector<Action> actions;
  for (const auto [_, item] : call.input.find("TransactItems")) actions.push_back(read_action(call, item));
  check_payload(call, actions);
  for (auto& action : actions) action.table = find_table(call, action.input.find("TableName").string());
  return write_transaction(call, prepare(actions), call.input.find("TransactItems"), TransactionAnswer::bare);
}

}  // namespace shoal
