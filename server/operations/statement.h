// PartiQL statements of a request, read into the plans that the operations on items run.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html
//
//   const auto statement = read_statement(call, call.input);          // throws validation_error
//   if (const auto* select = std::get_if<partiql::Select>(&statement)) ...
//
// A SELECT becomes a page of items, or the get of one; the others one ItemWrite each. All below hold the statement
// against its table, and throw validation_error or ResourceNotFoundException.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocol/error.h"
#include "protocol/partiql/statement.h"
#include "server/operations/item_page.h"
#include "server/operations/item_transaction.h"
#include "server/operations/item_write.h"
#include "server/operations/operation.h"

namespace shoal {

// Of `input`, the call's or one of its parts, which has Statement and maybe Parameters.
partiql::Statement read_statement(const Call& call, json::Json input);

bool is_read(const partiql::Statement& statement);
bool returns_item(const partiql::Statement& statement);  // It has a RETURNING.
const std::string& table_of(const partiql::Statement& statement);

// EXISTS outside of a transaction.
Error misplaced_exists();

// What a statement reads or writes.
struct StatementTarget {
  std::string table, index;  // `index` may be empty.
};
// Of the call's statements, in order, without those that cannot be read; and whether the first of them is a read.
std::vector<StatementTarget> statement_targets(const Call& call);
bool reads_by_statements(const Call& call);

// Throws validation_error for what is no table's name.
TablePtr find_statement_table(const Call& call, const std::string& name);

// The page that the call asks of its SELECT. Tells the log when everything has to be read for it.
PageRequest select_page(const Call& call, partiql::Select select);

// Of a SELECT that names one item by its key and nothing else; nothing when it does not.
std::optional<TransactionGet> select_item(TablePtr table, partiql::Select select);

struct StatementWrite {
  ItemWrite write;
  ReturnValues returning = ReturnValues::none;
  std::optional<Update> update;
};
// `input` says whether a condition's failure shows the item. The statement is no SELECT.
StatementWrite statement_write(TablePtr table, partiql::Statement statement, json::Json input);

}  // namespace shoal
