// ExecuteTransaction: up to 100 statements, all reads or all writes, each of one item: all happen, or none.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteTransaction.html
#include <algorithm>

#include "protocol/error.h"
#include "protocol/value/item_size.h"
#include "server/operations/cancellation.h"
#include "server/operations/statement.h"

namespace shoal {
namespace {

struct Action {
  json::Json input;
  partiql::Statement statement;
  TablePtr table;
};

Error refused(std::size_t place, std::string_view why) {
  return validation_error("Validation failed in TransactStatements[" + std::to_string(place) +
                          "]: " + std::string(why));
}

partiql::Statement read_action(const Call& call, std::size_t place, json::Json input) {
  try {
    return read_statement(call, input);
  } catch (const Error& error) {
    // Only this is told with its place; a statement that cannot be read is told for itself.
    if (error.message() == partiql::kParametersDoNotMatch) throw refused(place, error.message());
    throw;
  }
}

// What transactions do not do, whatever the tables are.
void check_statement(std::size_t place, const partiql::Statement& statement) {
  if (const auto* select = std::get_if<partiql::Select>(&statement)) {
    if (select->from.index) throw refused(place, "Reads on indices are not supported within transactions.");
  }
  if (const auto* exists = std::get_if<partiql::Exists>(&statement)) {
    if (exists->select.from.index) throw refused(place, "Operations on indices are not supported in transactions");
  }
  if (returns_item(statement)) throw refused(place, "RETURNING clause is not supported in ExecuteTransaction.");
}

bool are_reads(const std::vector<Action>& actions) {
  const auto reads =
      std::count_if(actions.begin(), actions.end(), [](const Action& action) { return is_read(action.statement); });
  if (reads > 0 && reads < static_cast<std::ptrdiff_t>(actions.size())) {
    throw validation_error(
        "ExecuteTransaction API does not support both read and write operations in the same request.");
  }
  return reads > 0;
}

void check_payload(const std::vector<Action>& actions) {
  std::size_t bytes = 0;
  for (const auto& action : actions) {
    if (const auto* insert = std::get_if<partiql::Insert>(&action.statement)) bytes += item_size(insert->item.view());
  }
  check_transaction_payload(bytes);
}

Answer read(const Call& call, std::vector<Action>& actions) {
  std::vector<TransactionGet> gets;
  CancellationReasons reasons(actions.size());
  for (std::size_t i = 0; i < actions.size(); ++i) {
    auto& [_, statement, table] = actions[i];
    try {
      auto get = select_item(table, std::move(std::get<partiql::Select>(statement)));
      if (!get) {
        throw request_error(
            "Select statements within ExecuteTransaction must specify the primary key in the where clause.");
      }
      gets.push_back(std::move(*get));
    } catch (const Error& error) {
      if (error.from_request_layer()) throw refused(i, error.message());
      reasons[i] = error;
    }
  }
  throw_if_cancelled(reasons);
  return read_transaction(call, gets);
}

Outcome write(const Call& call, std::vector<Action>& actions) {
  std::vector<TransactionPart> parts;
  for (std::size_t i = 0; i < actions.size(); ++i) {
    auto& [input, statement, table] = actions[i];
    parts.push_back(part_of([&] { return statement_write(table, std::move(statement), input).write; }));
    const auto& refusal = parts.back().refusal;
    if (refusal && refusal->from_request_layer()) throw refused(i, refusal->message());
  }
  return write_transaction(call, std::move(parts), call.input.find("TransactStatements"),
                           TransactionAnswer::with_responses);
}

}  // namespace

Outcome execute_transaction(const Call& call) {
  std::vector<Action> actions;
  for (const auto [_, input] : call.input.find("TransactStatements")) {
    actions.push_back({input, read_action(call, actions.size(), input), nullptr});
    check_statement(actions.size() - 1, actions.back().statement);
  }
  const bool reads = are_reads(actions);
  check_payload(actions);
  for (auto& action : actions) action.table = find_statement_table(call, table_of(action.statement));
  if (reads) return read(call, actions);
  return write(call, actions);
}

}  // namespace shoal
