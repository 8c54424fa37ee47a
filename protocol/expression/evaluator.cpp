#include "protocol/expression/evaluator.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace shoal {
namespace {

std::size_t utf16_units(std::string_view utf8) {
  std::size_t units = 0;
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    units += (byte & 0xc0) != 0x80;  // Each code point...
    units += byte >= 0xf0;           // ...and its second half beyond the basic plane.
  }
  return units;
}

// What an operand is in this item. A size is a number that it holds itself.
class Operation {
 public:
  Operation(const Operand& operand, const std::optional<ItemView>& item) {
    if (const auto* path = std::get_if<Path>(&operand.source)) {
      if (item) view_ = resolve(*path, *item);
    } else {
      view_ = std::get<Value>(operand.source).view();
    }
    if (operand.size && view_) view_ = number(size_of(*view_));
  }
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;

  const std::optional<ValueView>& view() const { return view_; }

 private:
  std::optional<ValueView> number(std::optional<std::size_t> size) {
    if (!size) return std::nullopt;
    constexpr std::size_t kHead = 2;  // Tag and length.
    const auto end = std::to_chars(bytes_.data() + kHead, bytes_.data() + bytes_.size(), *size).ptr;
    bytes_[0] = static_cast<char>(Type::number);
    bytes_[1] = static_cast<char>(end - bytes_.data() - kHead);
    return ValueView(std::string_view(bytes_.data(), static_cast<std::size_t>(end - bytes_.data())));
  }

  std::optional<ValueView> view_;
  std::array<char, 24> bytes_;
};

bool equal(const std::optional<ValueView>& a, const std::optional<ValueView>& b) { return a && b && *a == *b; }

// Negative, zero or positive; nothing when they have no order.
std::optional<int> order(const std::optional<ValueView>& a, const std::optional<ValueView>& b) {
  if (!a || !b || a->type() != b->type()) return std::nullopt;
  if (a->type() != Type::string && a->type() != Type::number && a->type() != Type::binary) return std::nullopt;
  return compare_scalars(*a, *b);
}

bool begins_with(const std::optional<ValueView>& a, const std::optional<ValueView>& b) {
  if (!a || !b || a->type() != b->type()) return false;
  return (a->type() == Type::string || a->type() == Type::binary) && a->text().starts_with(b->text());
}

// The type of a set's members.
Type member_type(Type set) {
  return set == Type::string_set ? Type::string : set == Type::number_set ? Type::number : Type::binary;
}

bool contains(const std::optional<ValueView>& a, const std::optional<ValueView>& b) {
  if (!a || !b) return false;
  switch (a->type()) {
    case Type::string:
    case Type::binary:
      return b->type() == a->type() && a->text().find(b->text()) != std::string_view::npos;
    case Type::string_set:
    case Type::number_set:
    case Type::binary_set:
      return b->type() == member_type(a->type()) && a->holds(b->text());
    case Type::list: {
      const auto elements = a->elements();
      return std::any_of(elements.begin(), elements.end(), [&](ValueView element) { return element == *b; });
    }
    default:
      return false;
  }
}

bool is_of_type(const std::optional<ValueView>& value, const std::optional<ValueView>& name) {
  return value && name && name->type() == Type::string && type_name(value->type()) == name->text();
}

bool compares(ConditionOperator op, const Operation& a, const Operation& b) {
  const auto by = order(a.view(), b.view());
  if (!by) return false;
  switch (op) {
    case ConditionOperator::less:
      return *by < 0;
    case ConditionOperator::less_or_equal:
      return *by <= 0;
    case ConditionOperator::greater:
      return *by > 0;
    default:
      return *by >= 0;
  }
}

bool is_between(const Operation& value, const Operation& lower, const Operation& upper) {
  return compares(ConditionOperator::greater_or_equal, value, lower) &&
         compares(ConditionOperator::less_or_equal, value, upper);
}

}  // namespace

std::optional<std::size_t> size_of(ValueView value) {
  switch (value.type()) {
    case Type::string:
      return utf16_units(value.text());
    case Type::binary:
      return value.text().size();
    case Type::number:
    case Type::boolean:
    case Type::null:
      return std::nullopt;
    default:
      return value.count();
  }
}

bool holds(const ConditionNode& condition, const std::optional<ItemView>& item) {
  const auto child_holds = [&](const ConditionNode& child) { return holds(child, item); };
  const auto& children = condition.conditions;
  const auto operand = [&](std::size_t i) { return Operation(condition.operands[i], item); };
  switch (condition.op) {
    case ConditionOperator::any:
      return std::any_of(children.begin(), children.end(), child_holds);
    case ConditionOperator::all:
      return std::all_of(children.begin(), children.end(), child_holds);
    case ConditionOperator::negation:
      return !child_holds(children[0]);
    case ConditionOperator::equal:
      return equal(operand(0).view(), operand(1).view());
    case ConditionOperator::not_equal:
      return !equal(operand(0).view(), operand(1).view());
    case ConditionOperator::less:
    case ConditionOperator::less_or_equal:
    case ConditionOperator::greater:
    case ConditionOperator::greater_or_equal:
      return compares(condition.op, operand(0), operand(1));
    case ConditionOperator::between:
      return is_between(operand(0), operand(1), operand(2));
    case ConditionOperator::in: {
      const auto first = operand(0);
      return std::any_of(condition.operands.begin() + 1, condition.operands.end(),
                         [&](const Operand& other) { return equal(first.view(), Operation(other, item).view()); });
    }
    case ConditionOperator::attribute_exists:
      return operand(0).view().has_value();
    case ConditionOperator::attribute_not_exists:
      return !operand(0).view().has_value();
    case ConditionOperator::attribute_type:
      return is_of_type(operand(0).view(), operand(1).view());
    case ConditionOperator::begins_with:
      return begins_with(operand(0).view(), operand(1).view());
    case ConditionOperator::contains:
      return contains(operand(0).view(), operand(1).view());
  }
  return false;
}

}  // namespace shoal
