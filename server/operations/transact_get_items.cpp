// TransactGetItems: up to 100 items by their keys, all as of one moment.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html
#include "protocol/error.h"
#include "protocol/json/item_reader.h"
#include "protocol/json/writer.h"
#include "server/operations/cancellation.h"
#include "server/operations/expression_parameters.h"
#include "server/operations/item_keys.h"
#include "server/operations/table_costs.h"
#include "server/operations/table_name.h"
#include "storage/items.h"

namespace shoal {
namespace {

constexpr std::size_t kAnswerBytesMax = 4 << 20;

struct Get {
  Item key;
  std::optional<Projection> projection;
  std::string_view table_name;
  TablePtr table;
  std::string stored_at;
};

Get read_get(const Call& call, json::Json input) {
  check_expression_parameters(call, input, {}, {"ProjectionExpression"}, {});
  Get get{json::read_item(input.find("Key"), call.operation.wording), std::nullopt, input.find("TableName").string()};
  auto placeholders = placeholders_of(call, input);
  get.projection = projection_of(input, placeholders);
  placeholders.check_all_used();
  return get;
}

void hold_against_table(Get& get) {
  check_key(*get.table, get.key.view());
  if (get.projection) check_key_paths(*get.table, get.projection->paths());
  get.stored_at = item_key(*get.table, get.key.view());
}

}  // namespace

Outcome transact_get_items(const Call& call) {
  std::vector<Get> gets;
  for (const auto [_, item] : call.input.find("TransactItems")) gets.push_back(read_get(call, item.find("Get")));
  for (auto& get : gets) get.table = find_table(call, get.table_name);
  CancellationReasons reasons(gets.size());
  for (std::size_t i = 0; i < gets.size(); ++i) {
    check_key_not_empty(*gets[i].table, gets[i].key.view());
    try {
      hold_against_table(gets[i]);
    } catch (const Error& error) {
      reasons[i] = error;
    }
  }
  throw_if_cancelled(reasons);

  const auto snapshot = call.services.engine.snapshot();
  std::string responses;
  std::size_t bytes = 0;
  TableCosts costs;
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
  if (bytes > kAnswerBytesMax) {
    throw validation_error("Transaction payload size cannot exceed 4MB. Payload Size: " + std::to_string(bytes));
  }

  Answer answer;
  json::ObjectWriter object(answer);
  object.key("Responses").append("[").append(responses) += ']';
  costs.append(call, object, CapacityKind::read);
  object.close();
  return answer;
}

}  // namespace shoal
