// TransactGetItems: up to 100 items by their keys, all as of one moment.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html
#include "protocol/error.h"
#include "protocol/json/item_reader.h"
#include "server/operations/cancellation.h"
#include "server/operations/expression_parameters.h"
#include "server/operations/item_keys.h"
#include "server/operations/item_transaction.h"
#include "server/operations/table_name.h"
#include "storage/items.h"

namespace shoal {
namespace {

struct Get {
  Item key;
  std::string_view table_name;
  TransactionGet get;
};

Get read_get(const Call& call, json::Json input) {
  check_expression_parameters(call, input, {}, {"ProjectionExpression"}, {});
  Get read{json::read_item(input.find("Key"), call.operation.wording), input.find("TableName").string(), {}};
  auto placeholders = placeholders_of(call, input);
  read.get.projection = projection_of(input, placeholders);
  placeholders.check_all_used();
  return read;
}

void hold_against_table(Get& read) {
  auto& [table, stored_at, projection] = read.get;
  check_key(*table, read.key.view());
  if (projection) check_key_paths(*table, projection->paths());
  stored_at = item_key(*table, read.key.view());
}

}  // namespace

Outcome transact_get_items(const Call& call) {
  std::vector<Get> reads;
  for (const auto [_, item] : call.input.find("TransactItems")) reads.push_back(read_get(call, item.find("Get")));
  for (auto& read : reads) read.get.table = find_table(call, read.table_name);
  CancellationReasons reasons(reads.size());
  for (std::size_t i = 0; i < reads.size(); ++i) {
    check_key_not_empty(*reads[i].get.table, reads[i].key.view());
    try {
      hold_against_table(reads[i]);
    } catch (const Error& error) {
      reasons[i] = error;
    }
  }
  throw_if_cancelled(reasons);

  std::vector<TransactionGet> gets;
  gets.reserve(reads.size());
  for (auto& read : reads) gets.push_back(std::move(read.get));
  return read_transaction(call, gets);
}

}  // namespace shoal
