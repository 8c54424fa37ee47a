#include "protocol/expression/key_condition.h"

#include <algorithm>

#include "protocol/expression/ast.h"
#include "protocol/expression/binder.h"
#include "protocol/expression/refusal.h"
#include "protocol/expression/syntax.h"

namespace shoal {

std::optional<KeyOperator> key_operator(ConditionOperator op) {
  switch (op) {
    case ConditionOperator::equal:
      return KeyOperator::equal;
    case ConditionOperator::less:
      return KeyOperator::less;
    case ConditionOperator::less_or_equal:
      return KeyOperator::less_or_equal;
    case ConditionOperator::greater:
      return KeyOperator::greater;
    case ConditionOperator::greater_or_equal:
      return KeyOperator::greater_or_equal;
    case ConditionOperator::between:
      return KeyOperator::between;
    case ConditionOperator::begins_with:
      return KeyOperator::begins_with;
    default:
      return std::nullopt;
  }
}

KeyOperator swapped(KeyOperator op) {
  switch (op) {
    case KeyOperator::less:
      return KeyOperator::greater;
    case KeyOperator::less_or_equal:
      return KeyOperator::greater_or_equal;
    case KeyOperator::greater:
      return KeyOperator::less;
    case KeyOperator::greater_or_equal:
      return KeyOperator::less_or_equal;
    default:
      return op;
  }
}

namespace {

constexpr std::string_view kKind = "KeyConditionExpression";

class KeyConditions {
 public:
  explicit KeyConditions(Wording wording) : wording_(wording) {}

  void read(ConditionNode& condition) {
    if (condition.op == ConditionOperator::all) {
      for (auto& child : condition.conditions) read(child);
      return;
    }
    const auto op = key_operator(condition.op);
    if (!op) {
      refuse("Invalid operator used in KeyConditionExpression: " + std::string(operator_name(condition.op)));
    }
    read_comparison(*op, condition.operands);
  }

  std::vector<KeyComparison> finish() && {
    check_counts();
    return std::move(comparisons_);
  }

 private:
  // The newer layer puts before these texts what it puts before all others.
  [[noreturn]] void refuse(std::string message) const {
    if (wording_ != Wording::older) shoal::refuse(kKind, message);
    throw request_error(std::move(message));
  }

  [[noreturn]] void refuse_condition(std::string_view why) const {
    refuse("Invalid condition in KeyConditionExpression: " + std::string(why));
  }

  void read_comparison(KeyOperator op, std::vector<Operand>& operands) {
    const auto is_path = [](const Operand& operand) { return operand.path() != nullptr; };
    if (std::any_of(operands.begin(), operands.end(), [](const Operand& operand) { return operand.size; })) {
      refuse("KeyConditionExpressions cannot contain nested operations");
    }
    const auto paths = std::count_if(operands.begin(), operands.end(), is_path);
    if (paths == 0) refuse_condition("No key attribute specified");
    if (paths > 1) refuse_condition("Multiple attribute names used in one condition");
    if (!is_path(operands[0])) {
      if (op == KeyOperator::between) {
        refuse_condition("BETWEEN operator must have the key attribute as its first operand");
      }
      if (op == KeyOperator::begins_with) {
        refuse_condition("begins_with operator must have the key attribute as its first operand");
      }
      std::swap(operands[0], operands[1]);
      op = swapped(op);
    }
    KeyComparison comparison{std::get<Path>(std::move(operands[0].source)), op,
                             std::get<Value>(std::move(operands[1].source)), std::nullopt};
    if (op == KeyOperator::between) comparison.upper = std::get<Value>(std::move(operands[2].source));
    comparisons_.push_back(std::move(comparison));
  }

  // How many the newer layer takes depends on the schema; so the caller counts there.
  void check_counts() const {
    if (wording_ == Wording::older && comparisons_.size() > 2) {
      throw request_error("Conditions can be of length 1 or 2 only");
    }
    for (std::size_t two = 1; two < comparisons_.size(); ++two) {
      for (std::size_t one = 0; one < two; ++one) {
        if (comparisons_[one].path.attribute() != comparisons_[two].path.attribute()) continue;
        refuse("KeyConditionExpressions must only contain one condition per key");
      }
    }
  }

  Wording wording_;
  std::vector<KeyComparison> comparisons_;
};

}  // namespace

std::vector<KeyComparison> parse_key_condition(std::string_view text, Placeholders& placeholders) {
  auto condition = bind_condition(parse_condition(text, kKind), kKind, placeholders);
  KeyConditions conditions(placeholders.wording());
  conditions.read(condition);
  return std::move(conditions).finish();
}

}  // namespace shoal
