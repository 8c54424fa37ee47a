// UpdateItem: changes attributes of one item, or creates it, if its condition holds.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
#include "protocol/error.h"
#include "protocol/json/item_reader.h"
#include "protocol/value/item_size.h"
#include "server/operations/expression_parameters.h"
#include "server/operations/item_keys.h"
#include "server/operations/item_write.h"
#include "server/operations/legacy_parameters.h"
#include "server/operations/table_name.h"

namespace shoal {
namespace {

void check_parameters(const Call& call, json::Json input, WriteForm form) {
  const ParameterNames expressions{"UpdateExpression", "ConditionExpression"};
  if (form == WriteForm::action) return check_expression_parameters(call, input, {}, expressions, expressions);
  check_expression_parameters(call, input, {"AttributeUpdates", "Expected", "ConditionalOperator"}, expressions,
                              expressions);
}

void check_targets(const Table& table, const Update& update) {
  for (const auto& target : update.targets()) {
    if (!table.key.contains(target.attribute())) continue;
    throw validation_error("One or more parameter values were invalid: Cannot update attribute " + target.attribute() +
                           ". This attribute is part of the key");
  }
  check_key_paths(table, update.paths());
}

// The item after `update` of an item that is there, or of the key alone.
std::optional<Item> updated(const Table& table, const std::optional<Update>& update, ItemView key,
                            const std::optional<ItemView>& before) {
  if (!update) return Item(before.value_or(key));
  if (!before && update->only_removes()) return std::nullopt;
  auto after = update->apply(before.value_or(key), before.has_value());
  if (size_with_local_entries(table, after.view()) > kItemBytesMax) {
    throw validation_error("Item size to update has exceeded the maximum allowed size");
  }
  if (nesting_levels(after.view()) > kNestingLevelsMax + 1) {  // The item itself is a map.
    throw validation_error(
        "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported "
        "limit");
  }
  check_updated_item(table, before.value_or(key), after.view());
  return after;
}

}  // namespace

std::optional<Item> returned(ReturnValues wish, const std::optional<Update>& update, const Applied& applied) {
  switch (wish) {
    case ReturnValues::none:
      return std::nullopt;
    case ReturnValues::all_old:
      return applied.before;
    case ReturnValues::all_new:
      return applied.after;
    case ReturnValues::updated_old:
    case ReturnValues::updated_new: {
      const auto& item = wish == ReturnValues::updated_old ? applied.before : applied.after;
      return item && update ? std::optional(update->touched(item->view())) : std::nullopt;
    }
  }
  return std::nullopt;
}

WriteRequest read_update(const Call& call, json::Json input, WriteForm form) {
  check_parameters(call, input, form);
  WriteRequest request{json::read_item(input.find("Key"), call.operation.wording)};
  if (form == WriteForm::request) {
    request.update = read_attribute_updates(call, input);
    request.condition = read_expected(call, input);
  }
  auto placeholders = placeholders_of(call, input);
  if (const auto text = input.find("UpdateExpression")) request.update = Update::parse(text.string(), placeholders);
  if (auto condition = condition_of(input, "ConditionExpression", placeholders)) request.condition = condition;
  placeholders.check_all_used();
  request.return_item_on_failure = returns_item_on_failure(input);
  return request;
}

ItemWrite update_write(WriteRequest request, TablePtr table) {
  check_key(*table, request.item.view());
  if (request.update) check_targets(*table, *request.update);
  if (request.condition) check_key_paths(*table, request.condition->paths());
  auto stored_at = item_key(*table, request.item.view());
  ItemWrite write{
      table, request.item, std::move(stored_at), std::move(request.condition), {}, request.return_item_on_failure};
  write.change = [table = std::move(table), key = std::move(request.item), update = std::move(request.update)](
                     const std::optional<ItemView>& before) { return updated(*table, update, key.view(), before); };
  return write;
}

Outcome update_item(const Call& call) {
  auto request = read_update(call, call.input, WriteForm::request);
  const auto update = request.update;
  auto write = update_write(std::move(request), find_table(call, call.input.find("TableName").string()));
  return Write{[&call, update, write = std::move(write)](kv::Transaction& transaction) {
    const auto applied = apply(write, transaction);
    return write_answer(call, write, applied, returned(return_values(call.input), update, applied));
  }};
}

}  // namespace shoal
