// DeleteItem: removes one item if its condition holds. Removing what is not there succeeds.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html
#include "protocol/json/item_reader.h"
#include "server/operations/expression_parameters.h"
#include "server/operations/item_keys.h"
#include "server/operations/item_write.h"
#include "server/operations/table_name.h"

namespace shoal {

WriteRequest read_delete(const Call& call, json::Json input, WriteForm form) {
  check_condition_parameters(call, input, form);
  WriteRequest request{json::read_item(input.find("Key"), call.operation.wording)};
  if (form == WriteForm::request) return_old_or_none(input);
  read_condition(call, input, form, request);
  return request;
}

ItemWrite delete_write(WriteRequest request, TablePtr table) {
  check_key(*table, request.item.view());
  if (request.condition) check_key_paths(*table, request.condition->paths());
  auto stored_at = item_key(*table, request.item.view());
  return {std::move(table),
          std::move(request.item),
          std::move(stored_at),
          std::move(request.condition),
          [](const std::optional<ItemView>&) { return std::nullopt; },
          request.return_item_on_failure};
}

Outcome delete_item(const Call& call) {
  auto request = read_delete(call, call.input, WriteForm::request);
  auto write = delete_write(std::move(request), find_table(call, call.input.find("TableName").string()));
  const bool return_old = return_old_or_none(call.input) == ReturnValues::all_old;
  return Write{[&call, return_old, write = std::move(write)](kv::Transaction& transaction) {
    const auto applied = apply(write, transaction);
    return write_answer(call, write, applied, return_old ? applied.before : std::nullopt);
  }};
}

}  // namespace shoal
