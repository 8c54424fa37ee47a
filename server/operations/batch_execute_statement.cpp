// BatchExecuteStatement: up to 25 statements, all reads or all writes, each of one item. Each succeeds or fails for
// itself, and says so in its own place.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html
#include <algorithm>

#include "protocol/error.h"
#include "protocol/json/writer.h"
#include "server/operations/cancellation.h"
#include "server/operations/fault_injection.h"
#include "server/operations/item_keys.h"
#include "server/operations/statement.h"
#include "server/operations/table_costs.h"

namespace shoal {
namespace {

// One statement: refused, or a read or a write.
struct Slot {
  json::Json input;
  std::optional<partiql::Statement> statement;
  std::optional<Error> refusal;
  std::optional<TransactionGet> get;
  std::optional<StatementWrite> write;

  const TablePtr& table() const { return get ? get->table : write->write.table; }
  const std::string& stored_at() const { return get ? get->stored_at : write->write.stored_at; }
  bool prepared() const { return get || write; }
};

// Runs `step`; what it throws is the slot's refusal.
template <class Step>
void attempt(Slot& slot, Step step) {
  if (slot.refusal) return;
  try {
    step();
  } catch (const Error& error) {
    slot.refusal = error;
  }
}

void check_one_kind(const std::vector<Slot>& slots) {
  std::size_t reads = 0, statements = 0;
  for (const auto& slot : slots) {
    if (!slot.statement) continue;
    ++statements;
    if (is_read(*slot.statement)) ++reads;
  }
  if (reads == 0 || reads == statements) return;
  throw validation_error("Read and write requests together in the same batch is not supported.");
}

void prepare(const Call& call, Slot& slot) {
  auto& statement = *slot.statement;
  if (std::holds_alternative<partiql::Exists>(statement)) throw misplaced_exists();
  auto table = find_statement_table(call, table_of(statement));
  if (auto* select = std::get_if<partiql::Select>(&statement)) {
    slot.get = select_item(std::move(table), std::move(*select));
    if (slot.get) return;
    throw validation_error(
        "Select statements within BatchExecuteStatement must specify the primary key in the where clause.");
  }
  slot.write = statement_write(std::move(table), std::move(statement), slot.input);
}

void check_distinct(const std::vector<Slot>& slots) {
  std::vector<std::string_view> items;
  for (const auto& slot : slots) {
    if (slot.prepared()) items.push_back(slot.stored_at());
  }
  check_distinct_items(std::move(items), "Provided list of item keys contains duplicates");
}

std::string_view code_of(const Error& error) {
  const auto& type = error.type();
  if (type.name == errors::resource_not_found.name) return "ResourceNotFound";
  if (type.name == errors::request_limit_exceeded.name) return "RequestLimitExceeded";
  const auto code = reason_code(type);
  return code.empty() ? "InternalServerError" : code;
}

// The answer's Responses, and what they cost.
class Responses {
 public:
  void add_error(const Slot& slot, const Error& error) {
    json::ObjectWriter response(next());
    json::ObjectWriter object(response.key("Error"));
    object.text("Code", code_of(error));
    object.text("Message", error.message());
    list_ += error.members();  // ,"Item":{...}
    object.close();
    if (slot.prepared()) response.text("TableName", slot.table()->name);
    response.close();
  }

  void add(const Slot& slot, const std::optional<ItemView>& item, const Consumed& consumed) {
    json::ObjectWriter response(next());
    response.text("TableName", slot.table()->name);
    if (item) json::append_item(response.key("Item"), *item);
    response.close();
    costs_.add(slot.table(), consumed);
  }

  Answer answer(const Call& call, Access access) const {
    Answer answer;
    json::ObjectWriter object(answer);
    object.key("Responses").append("[").append(list_) += ']';
    costs_.append(call, object, access, CapacityKind::unsaid);
    object.close();
    return answer;
  }

 private:
  std::string& next() { return list_.empty() ? list_ : list_ += ','; }

  std::string list_;
  TableCosts costs_;
};

void read(const Call& call, const Slot& slot, Responses& responses) {
  const auto& [table, stored_at, projection] = *slot.get;
  const bool consistent = is_consistent(slot.input);
  const auto snapshot = read_snapshot(call, *table, nullptr, consistent);
  const auto stored = get_item(*snapshot, stored_at);
  const Consumed consumed{read_cost(stored ? stored->size : 0, consistent)};
  if (!stored) return responses.add(slot, std::nullopt, consumed);
  if (!projection) return responses.add(slot, stored->item, consumed);
  responses.add(slot, projection->apply(stored->item).view(), consumed);
}

void write(const Slot& slot, kv::Transaction& transaction, Responses& responses) {
  const auto& [item_write, returning, update] = *slot.write;
  try {
    const auto applied = apply(item_write, transaction);
    const auto item = returned(returning, update, applied);
    const bool shown = item && item->view().count() > 0;
    responses.add(slot, shown ? std::optional(item->view()) : std::nullopt, consumed_by(*item_write.table, applied));
  } catch (const Error& error) {
    responses.add_error(slot, error);
  }
}

Answer write_all(const Call& call, const std::vector<Slot>& slots, kv::Transaction& transaction) {
  // What sends the request back to its beginning comes before the first write.
  for (const auto& slot : slots) {
    if (slot.write && !slot.refusal) Catalog::check_current(transaction, *slot.write->write.table);
  }
  Responses responses;
  for (const auto& slot : slots) {
    if (slot.refusal)
      responses.add_error(slot, *slot.refusal);
    else
      write(slot, transaction, responses);
  }
  return responses.answer(call, Access::write);
}

Answer read_all(const Call& call, const std::vector<Slot>& slots) {
  Responses responses;
  for (const auto& slot : slots) {
    if (slot.refusal)
      responses.add_error(slot, *slot.refusal);
    else
      read(call, slot, responses);
  }
  return responses.answer(call, Access::read);
}

}  // namespace

Outcome batch_execute_statement(const Call& call) {
  std::vector<Slot> slots;
  for (const auto [_, input] : call.input.find("Statements")) {
    auto& slot = slots.emplace_back(Slot{input});
    attempt(slot, [&] { slot.statement = read_statement(call, slot.input); });
  }
  check_one_kind(slots);
  for (auto& slot : slots) {
    attempt(slot, [&] { prepare(call, slot); });
  }
  check_distinct(slots);
  for (auto& slot : slots) {
    if (slot.prepared()) slot.refusal = refusal_of_statement(call, *slot.table());
  }
  const bool writes = std::any_of(slots.begin(), slots.end(), [](const Slot& slot) { return slot.write.has_value(); });
  if (!writes) return read_all(call, slots);
  return Write{
      [&call, slots = std::move(slots)](kv::Transaction& transaction) { return write_all(call, slots, transaction); }};
}

}  // namespace shoal
