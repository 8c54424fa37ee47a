#include "server/operations/statement.h"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "protocol/error.h"
#include "protocol/expression/paths.h"
#include "protocol/json/item_reader.h"
#include "protocol/value/item_size.h"
#include "server/operations/expression_parameters.h"
#include "server/operations/item_keys.h"
#include "server/operations/next_token.h"
#include "server/operations/scan_log.h"
#include "server/operations/table_name.h"
#include "server/operations/where_key.h"

namespace shoal {
namespace {

template <class... Visit>
struct Visitor : Visit... {
  using Visit::operator()...;
};
template <class... Visit>
Visitor(Visit...) -> Visitor<Visit...>;

// ---- SELECT

const Index* index_of(const Table& table, const partiql::Select& select, bool consistent) {
  if (!select.from.index) return nullptr;
  const auto* index = table.index(*select.from.index);
  if (!index) throw validation_error("The table does not have the specified index");
  if (index->global && consistent) {
    throw validation_error("Strongly consistent read is not supported on Global Secondary Indexes");
  }
  if (index->status == Status::creating) {
    throw validation_error("Cannot read from backfilling global secondary index: " + index->name);
  }
  return index;
}

// Each has a name and a place of its own.
void check_distinct(const std::vector<Path>& paths) {
  if (paths.size() < 2) return;
  std::set<std::string> names;
  for (const auto& path : paths) {
    if (auto [name, fresh] = names.insert(Projection::flat_name(path)); !fresh) {
      throw validation_error("Duplicate identifiers in select clause: " + *name);
    }
  }
  std::vector<const Path*> places;
  for (const auto& path : paths) places.push_back(&path);
  check_disjoint(places, "");
}

std::optional<Projection> projection_of(const Table& table, partiql::Select& select) {
  if (select.paths.empty()) return std::nullopt;
  check_distinct(select.paths);
  check_key_paths(table, select.paths);
  return Projection(std::move(select.paths), ProjectionForm::flat);
}

void check_paths(const Table& table, const Conditions& conditions) {
  for (const auto& condition : conditions) {
    check_paths(table, condition.conditions);
    for (const auto& operand : condition.operands) {
      const auto* path = std::get_if<Path>(&operand.source);
      if (path && path->nested()) check_key_paths(table, {*path});
    }
  }
}

bool is_part(const std::vector<KeyAttribute>& part, std::string_view name) {
  return std::any_of(part.begin(), part.end(), [&](const KeyAttribute& attribute) { return attribute.name == name; });
}

// That there is a WHERE, the parser has checked.
void check_order(const KeySchema& key, const partiql::Select& select, bool is_query) {
  for (const auto& term : select.order_by) {
    if (key.contains(term.attribute)) continue;
    throw validation_error("Variable reference " + term.attribute +
                           " in ORDER BY clause must be part of the primary key");
  }
  if (!is_query) {
    throw validation_error(
        "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.");
  }
}

// Whether the first term on this part of the key says DESC.
bool descends(const std::vector<KeyAttribute>& part, const partiql::Select& select) {
  for (const auto& term : select.order_by) {
    if (is_part(part, term.attribute)) return term.descending;
  }
  return false;
}

bool in_ranges(const std::vector<KeyRange>& ranges, const std::string& key) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const KeyRange& range) { return range.holds(key); });
}

// ---- Writes

ReturnValues wish_of(partiql::Returning returning) {
  switch (returning) {
    case partiql::Returning::none:
      return ReturnValues::none;
    case partiql::Returning::all_old:
      return ReturnValues::all_old;
    case partiql::Returning::all_new:
      return ReturnValues::all_new;
    case partiql::Returning::modified_old:
      return ReturnValues::updated_old;
    case partiql::Returning::modified_new:
      return ReturnValues::updated_new;
  }
  return ReturnValues::none;
}

Item take_whole_key(const Table& table, Conditions& conditions) {
  auto key = take_key(table.key, conditions);
  if (key) return std::move(*key);
  throw validation_error("Where clause does not contain a mandatory equality on all key attributes");
}

ConditionNode key_condition(const Table& table, ConditionOperator op) {
  return {op, {}, {Operand{Path{{PathElement{table.key.partition.front().name}}}}}};
}

Error duplicate_item() { return Error(errors::duplicate_item, "Duplicate primary key exists in table"); }

void check_no_index(const partiql::Source& source) {
  if (source.index) throw validation_error("This operation is not supported on an index");
}

void check_inserted_key(const Table& table, ItemView item) {
  for (const auto* part : {&table.key.partition, &table.key.sort}) {
    for (const auto& attribute : *part) {
      const auto value = item.find(attribute.name);
      if (!value) {
        throw validation_error("Key attribute should be present in the item: Key " + attribute.name);
      }
      check_key_type(attribute, *value);
    }
  }
}

StatementWrite insert_write(TablePtr table, partiql::Insert insert) {
  if (insert.into.index) {
    throw validation_error("FROM clause may only contain a single table name in data manipulation statements");
  }
  if (item_size(insert.item.view()) > kItemBytesMax) {
    throw validation_error("Item size has exceeded the maximum allowed size");
  }
  check_inserted_key(*table, insert.item.view());
  auto write = put_write({std::move(insert.item)}, std::move(table));
  write.change = [put = std::move(write.change)](const std::optional<ItemView>& before) {
    if (before) throw duplicate_item();
    return put(before);
  };
  return {std::move(write), ReturnValues::none, std::nullopt};
}

// An update changes what is there, and creates nothing.
StatementWrite update_write(TablePtr table, partiql::Update update, json::Json input) {
  check_no_index(update.table);
  auto conditions = conditions_of(std::move(update.where));
  WriteRequest request{take_whole_key(*table, conditions)};
  conditions.insert(conditions.begin(), key_condition(*table, ConditionOperator::attribute_exists));
  request.condition = joined(std::move(conditions));
  request.update.emplace(std::make_shared<const UpdateNode>(std::move(update.update)));
  request.return_item_on_failure = returns_item_on_failure(input);
  auto done = request.update;
  return {shoal::update_write(std::move(request), std::move(table)), wish_of(update.returning), std::move(done)};
}

// A condition is asked of an item that is there; where there is none, nothing is left to do.
StatementWrite delete_write(TablePtr table, partiql::Delete erase, json::Json input) {
  check_no_index(erase.from);
  auto conditions = conditions_of(std::move(erase.where));
  WriteRequest request{take_whole_key(*table, conditions)};
  if (!conditions.empty()) {
    ConditionNode all{ConditionOperator::all, std::move(conditions), {}};
    ConditionNode absent = key_condition(*table, ConditionOperator::attribute_not_exists);
    request.condition = Condition(std::make_shared<const ConditionNode>(
        ConditionNode{ConditionOperator::any, {std::move(absent), std::move(all)}, {}}));
  }
  request.return_item_on_failure = returns_item_on_failure(input);
  return {shoal::delete_write(std::move(request), std::move(table)), wish_of(erase.returning), std::nullopt};
}

StatementWrite exists_write(TablePtr table, partiql::Exists exists, json::Json input) {
  auto conditions = conditions_of(std::move(exists.select.where));
  auto key = take_key(table->key, conditions);
  if (!key || conditions.empty()) {
    throw request_error("EXISTS() must contain a single item read with additional condition");
  }
  conditions.insert(conditions.begin(), key_condition(*table, ConditionOperator::attribute_exists));
  WriteRequest request{std::move(*key), joined(std::move(conditions))};
  request.return_item_on_failure = returns_item_on_failure(input);
  return {condition_check(shoal::delete_write(std::move(request), std::move(table))), ReturnValues::none, std::nullopt};
}

// ---- Faults on demand ask what a call is about

std::vector<partiql::Statement> readable_statements(const Call& call) {
  std::vector<partiql::Statement> statements;
  const auto read = [&](json::Json input) {
    try {
      statements.push_back(read_statement(call, input));
    } catch (const Error&) {  // It has been, or will be, refused for itself.
    }
  };
  if (call.input.find("Statement")) read(call.input);
  for (const auto* list : {"Statements", "TransactStatements"}) {
    for (const auto [_, input] : call.input.find(list)) read(input);
  }
  return statements;
}

}  // namespace

partiql::Statement read_statement(const Call& call, json::Json input) {
  std::vector<Value> parameters;
  if (const auto list = input.find("Parameters")) {
    parameters.reserve(list.size());
    for (const auto [_, value] : list) parameters.push_back(json::read_value(value, call.operation.wording));
  }
  return partiql::parse(input.find("Statement").string(), parameters);
}

bool is_read(const partiql::Statement& statement) { return std::holds_alternative<partiql::Select>(statement); }

const std::string& table_of(const partiql::Statement& statement) {
  const auto& source =
      std::visit(Visitor{[](const partiql::Select& select) -> const partiql::Source& { return select.from; },
                         [](const partiql::Insert& insert) -> const partiql::Source& { return insert.into; },
                         [](const partiql::Update& update) -> const partiql::Source& { return update.table; },
                         [](const partiql::Delete& erase) -> const partiql::Source& { return erase.from; },
                         [](const partiql::Exists& exists) -> const partiql::Source& { return exists.select.from; }},
                 statement);
  return source.table;
}

bool returns_item(const partiql::Statement& statement) {
  if (const auto* update = std::get_if<partiql::Update>(&statement))
    return update->returning != partiql::Returning::none;
  if (const auto* erase = std::get_if<partiql::Delete>(&statement)) return erase->returning != partiql::Returning::none;
  return false;
}

Error misplaced_exists() { return validation_error("EXISTS can only be used in ExecuteTransaction write requests."); }

std::vector<StatementTarget> statement_targets(const Call& call) {
  std::vector<StatementTarget> targets;
  for (const auto& statement : readable_statements(call)) {
    const auto* select = std::get_if<partiql::Select>(&statement);
    targets.push_back({table_of(statement), select ? select->from.index.value_or("") : ""});
  }
  return targets;
}

bool reads_by_statements(const Call& call) {
  const auto statements = readable_statements(call);
  return !statements.empty() && is_read(statements.front());
}

TablePtr find_statement_table(const Call& call, const std::string& name) {
  if (!is_table_name(name)) {
    throw validation_error(
        "Table name should be within the length [3, 255] and only contain 'a-z', 'A-Z', '0-9', '-', '_', '.'.");
  }
  return find_table(call, name);
}

PageRequest select_page(const Call& call, partiql::Select select) {
  PageRequest page;
  page.table = find_statement_table(call, select.from.table);
  const auto& table = *page.table;
  page.consistent = is_consistent(call.input);
  page.limit = page_limit(call);
  page.index = index_of(table, select, page.consistent);
  if (!select.paths.empty()) page.selection.select = Select::specific;
  page.selection.projection = projection_of(table, select);
  check_selection(table, page.index, page.selection);

  const auto space = page.index ? page.index->id : table.id;
  const auto& key = page.index ? page.index->key : table.key;
  auto conditions = conditions_of(std::move(select.where));
  check_paths(table, conditions);
  auto query = take_query(space, key, conditions);
  if (!select.order_by.empty()) check_order(key, select, query.has_value());
  if (query) {
    page.points = query->one_row_each && !page.index;
    page.ranges = std::move(query->ranges);
    page.direction = descends(key.sort, select) ? Direction::backward : Direction::forward;
    if (descends(key.partition, select)) std::reverse(page.ranges.begin(), page.ranges.end());
  } else {
    page.ranges.push_back(segment_of(space, 0, 1));
  }
  page.start_after = read_next_token(call);
  if (page.start_after && !in_ranges(page.ranges, *page.start_after)) throw invalid_next_token();
  if (!query && !page.start_after) log_scan(call, call.input.find("Statement").string(), page, conditions);
  page.selection.filter = joined(std::move(conditions));
  return page;
}

std::optional<TransactionGet> select_item(TablePtr table, partiql::Select select) {
  if (select.from.index) return std::nullopt;
  auto conditions = conditions_of(std::move(select.where));
  const auto key = take_key(table->key, conditions);
  if (!key || !conditions.empty()) return std::nullopt;
  check_key(*table, key->view());
  auto stored_at = item_key(*table, key->view());
  auto projection = projection_of(*table, select);
  return TransactionGet{std::move(table), std::move(stored_at), std::move(projection)};
}

StatementWrite statement_write(TablePtr table, partiql::Statement statement, json::Json input) {
  return std::visit(
      Visitor{[&](partiql::Insert& insert) { return insert_write(std::move(table), std::move(insert)); },
              [&](partiql::Update& update) { return update_write(std::move(table), std::move(update), input); },
              [&](partiql::Delete& erase) { return delete_write(std::move(table), std::move(erase), input); },
              [&](partiql::Exists& exists) { return exists_write(std::move(table), std::move(exists), input); },
              [&](partiql::Select&) -> StatementWrite { throw std::logic_error("a SELECT writes nothing"); }},
      statement);
}

}  // namespace shoal
