// GetItem: one item by its key, or nothing.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html
#include "protocol/json/item_reader.h"
#include "protocol/json/writer.h"
#include "server/operations/consumed_capacity.h"
#include "server/operations/expression_parameters.h"
#include "server/operations/fault_injection.h"
#include "server/operations/item_keys.h"
#include "server/operations/legacy_parameters.h"
#include "server/operations/table_name.h"
#include "storage/items.h"

namespace shoal {

Outcome get_item(const Call& call) {
  check_expression_parameters(call, call.input, {"AttributesToGet"}, {"ProjectionExpression"}, {});
  const auto key = json::read_item(call.input.find("Key"), call.operation.wording);
  auto placeholders = placeholders_of(call, call.input);
  auto projection = projection_of(call.input, placeholders);
  placeholders.check_all_used();
  if (!projection) projection = read_attributes_to_get(call.input);

  const auto table = find_table(call, call.input.find("TableName").string());
  check_key(*table, key.view());
  if (projection) check_key_paths(*table, projection->paths());

  const auto snapshot = read_snapshot(call, *table, nullptr, is_consistent(call.input));
  const auto stored = get_item(*snapshot, item_key(*table, key.view()));
  Answer answer;
  json::ObjectWriter object(answer);
  if (stored) {
    json::append_item(object.key("Item"), projection ? projection->apply(stored->item).view() : stored->item);
  }
  if (counts_capacity(call)) {
    const Consumed consumed{read_cost(stored ? stored->size : 0, is_consistent(call.input))};
    add_consumed(call, object, *table, Access::read, consumed);
  }
  object.close();
  return answer;
}

}  // namespace shoal
