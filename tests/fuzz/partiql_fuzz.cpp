// Any text as a PartiQL statement with a fixed set of parameters: it is refused by an Error, or means something for a
// small item.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "protocol/error.h"
#include "protocol/expression/condition.h"
#include "protocol/expression/projection.h"
#include "protocol/expression/update.h"
#include "protocol/partiql/statement.h"

using namespace shoal;

namespace {

const std::vector<Value>& parameters() {
  static const std::vector<Value> parameters = [] {
    const auto one = Value::number("1");
    const auto set = Value::set(Type::string_set, {"a", "b"});
    return std::vector<Value>{Value::string("x"), one, set, Value::list({one.view(), set.view()}), Value::null()};
  }();
  return parameters;
}

Item item() {
  const auto text = Value::string("x"), number = Value::number("2");
  const auto list = Value::list({text.view(), number.view()});
  return Value::map({{"a", text.view()}, {"b", number.view()}, {"l", list.view()}});
}

void evaluate(const std::optional<ConditionNode>& where) {
  if (!where) return;
  const Condition condition(std::make_shared<const ConditionNode>(*where));
  condition.holds(item().view());
  condition.holds(std::nullopt);
  condition.paths();
}

void run(const partiql::Select& select) { evaluate(select.where); }
void run(const partiql::Exists& exists) { evaluate(exists.select.where); }
void run(const partiql::Delete& statement) { evaluate(statement.where); }
void run(const partiql::Insert& insert) {
  if (insert.item.view().type() != Type::map) std::abort();
}
void run(const partiql::Update& statement) {
  evaluate(statement.where);
  const auto before = item();
  const Update update(std::make_shared<const UpdateNode>(statement.update));
  update.touched(update.apply(before.view()).view());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  // As many parameters as the statement has room for, or it would seldom be the right number.
  const auto count = std::min<std::size_t>(parameters().size(), std::count(text.begin(), text.end(), '?'));
  try {
    std::visit([](const auto& statement) { run(statement); },
               partiql::parse(text, std::span(parameters()).first(count)));
  } catch (const Error&) {
  }
  return 0;
}
