// ExecuteStatement: one PartiQL statement. A SELECT reads the page that GetItem, Query or Scan would read; the others
// write one item.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteStatement.html
#include "protocol/error.h"
#include "protocol/json/writer.h"
#include "server/operations/next_token.h"
#include "server/operations/start_key.h"
#include "server/operations/statement.h"

namespace shoal {
namespace {

Answer select_answer(const Call& call, const PageRequest& request) {
  const auto page = read_page(call, request);
  Answer answer;
  answer.reserve(page.items.size() + 256);
  json::ObjectWriter object(answer);
  (object.key("Items").append("[") += page.items) += ']';
  if (page.last_key) {
    const auto key = stored_key(*request.table, request.index, page.last_key->view());
    object.text("NextToken", next_token(call, key));
    json::append_item(object.key("LastEvaluatedKey"), page.last_key->view());
  }
  if (counts_capacity(call)) add_consumed(call, object, *request.table, Access::read, page.consumed);
  object.close();
  return answer;
}

Answer statement_answer(const Call& call, const StatementWrite& statement, const Applied& applied) {
  Answer answer;
  json::ObjectWriter object(answer);
  auto& items = object.key("Items") += '[';
  const auto item = returned(statement.returning, statement.update, applied);
  if (item && item->view().count() > 0) json::append_item(items, item->view());
  items += ']';
  if (counts_capacity(call)) {
    const auto& table = *statement.write.table;
    add_consumed(call, object, table, Access::write, consumed_by(table, applied));
  }
  object.close();
  return answer;
}

}  // namespace

Outcome execute_statement(const Call& call) {
  auto statement = read_statement(call, call.input);
  if (auto* select = std::get_if<partiql::Select>(&statement)) {
    return select_answer(call, select_page(call, std::move(*select)));
  }
  if (std::holds_alternative<partiql::Exists>(statement)) throw misplaced_exists();
  auto table = find_statement_table(call, table_of(statement));
  auto write = statement_write(std::move(table), std::move(statement), call.input);
  return Write{[&call, write = std::move(write)](kv::Transaction& transaction) {
    return statement_answer(call, write, apply(write.write, transaction));
  }};
}

}  // namespace shoal
