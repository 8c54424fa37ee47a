// PutItem: creates an item or replaces it whole, if its condition holds.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html
#include "protocol/error.h"
#include "protocol/json/item_reader.h"
#include "protocol/value/item_size.h"
#include "server/operations/expression_parameters.h"
#include "server/operations/item_keys.h"
#include "server/operations/item_write.h"
#include "server/operations/table_name.h"

namespace shoal {

WriteRequest read_put(const Call& call, json::Json input, WriteForm form) {
  check_condition_parameters(call, input, form);
  WriteRequest request{json::read_item(input.find("Item"), call.operation.wording)};
  if (form == WriteForm::request) return_old_or_none(input);
  if (item_size(request.item.view()) > kItemBytesMax) {
    throw request_error("Item size has exceeded the maximum allowed size");
  }
  read_condition(call, input, form, request);
  return request;
}

ItemWrite put_write(WriteRequest request, TablePtr table) {
  check_put_item(*table, request.item.view());
  if (table->has_local_index() && size_with_local_entries(*table, request.item.view()) > kItemBytesMax) {
    throw validation_error("Item size has exceeded the maximum allowed size");
  }
  if (request.condition) check_key_paths(*table, request.condition->paths());
  auto stored_at = item_key(*table, request.item.view());
  auto key = key_of(*table, request.item.view());
  return {std::move(table),
          std::move(key),
          std::move(stored_at),
          std::move(request.condition),
          [item = std::move(request.item)](const std::optional<ItemView>&) { return item; },
          request.return_item_on_failure};
}

Outcome put_item(const Call& call) {
  auto request = read_put(call, call.input, WriteForm::request);
  auto write = put_write(std::move(request), find_table(call, call.input.find("TableName").string()));
  const bool return_old = return_old_or_none(call.input) == ReturnValues::all_old;
  return Write{[&call, return_old, write = std::move(write)](kv::Transaction& transaction) {
    const auto applied = apply(write, transaction);
    return write_answer(call, write, applied, return_old ? applied.before : std::nullopt);
  }};
}

}  // namespace shoal
