#include "server/operations/item_write.h"

#include <algorithm>

#include "protocol/error.h"
#include "protocol/json/writer.h"
#include "server/operations/expression_parameters.h"
#include "server/operations/item_keys.h"
#include "server/operations/legacy_parameters.h"

namespace shoal {

void check_condition_parameters(const Call& call, json::Json input, WriteForm form) {
  const ParameterNames expressions{"ConditionExpression"};
  if (form == WriteForm::action) return check_expression_parameters(call, input, {}, expressions, expressions);
  check_expression_parameters(call, input, {"Expected", "ConditionalOperator"}, expressions, expressions);
}

void read_condition(const Call& call, json::Json input, WriteForm form, WriteRequest& request) {
  auto placeholders = placeholders_of(call, input);
  request.condition = condition_of(input, "ConditionExpression", placeholders);
  placeholders.check_all_used();
  if (form == WriteForm::request && !request.condition) request.condition = read_expected(call, input);
  request.return_item_on_failure = returns_item_on_failure(input);
}

bool returns_item_on_failure(json::Json input) {
  const auto wish = input.find("ReturnValuesOnConditionCheckFailure");
  return wish && wish.string() == "ALL_OLD";
}

ReturnValues return_values(json::Json input) {
  const auto wish = input.find("ReturnValues");
  if (!wish) return ReturnValues::none;
  const auto text = wish.string();
  if (text == "ALL_OLD") return ReturnValues::all_old;
  if (text == "UPDATED_OLD") return ReturnValues::updated_old;
  if (text == "ALL_NEW") return ReturnValues::all_new;
  return text == "UPDATED_NEW" ? ReturnValues::updated_new : ReturnValues::none;
}

ReturnValues return_old_or_none(json::Json input) {
  const auto wish = return_values(input);
  if (wish != ReturnValues::none && wish != ReturnValues::all_old) {
    throw request_error("ReturnValues can only be ALL_OLD or NONE");
  }
  return wish;
}

Consumed consumed_by(const Table& table, const Applied& applied) {
  Consumed consumed;
  consumed.table = write_units(std::max(applied.size_before, applied.size_after));
  for (std::size_t i = 0; i < applied.index_units.size(); ++i) {
    if (applied.index_units[i] > 0) consumed.add_index(table, table.indexes[i], applied.index_units[i]);
  }
  return consumed;
}

void append_collection_metrics(std::string& out, const ItemWrite& write, const Applied& applied) {
  std::vector<Field> partition;
  for (const auto& attribute : write.table->key.partition) {
    partition.push_back({attribute.name, *write.key.view().find(attribute.name)});
  }
  const auto gigabytes = static_cast<double>(applied.collection_bytes >> 30);
  json::ObjectWriter object(out);
  json::append_item(object.key("ItemCollectionKey"), Value::map(std::move(partition)).view());
  object.key("SizeEstimateRangeGB") += '[';
  json::append_decimal(out, gigabytes);
  out += ',';
  json::append_decimal(out, gigabytes + 1);
  out += ']';
  object.close();
}

Answer write_answer(const Call& call, const ItemWrite& write, const Applied& applied,
                    const std::optional<Item>& attributes) {
  Answer answer;
  json::ObjectWriter object(answer);
  if (attributes && attributes->view().count() > 0) json::append_item(object.key("Attributes"), attributes->view());
  if (counts_capacity(call)) {
    add_consumed(call, object, *write.table, Access::write, consumed_by(*write.table, applied));
  }
  const auto metrics = call.input.find("ReturnItemCollectionMetrics");
  if (metrics && metrics.string() == "SIZE" && write.table->has_local_index()) {
    append_collection_metrics(object.key("ItemCollectionMetrics"), write, applied);
  }
  object.close();
  return answer;
}

}  // namespace shoal
