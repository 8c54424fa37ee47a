// ConditionExpression and FilterExpression: parsed, checked, and evaluated in place on an item's bytes.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
//
//   Placeholders placeholders(names, values, Wording::newer);
//   auto condition = Condition::parse("attribute_exists(a) AND b < :v", "ConditionExpression", placeholders);
//   condition.holds(item.view());
//
// Errors are request_error "Invalid <kind>: ...".
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "protocol/expression/path.h"
#include "protocol/expression/placeholders.h"

namespace shoal {

struct ConditionNode;  // ast.h

class Condition {
 public:
  // `kind` is the parameter's name: "ConditionExpression", "FilterExpression".
  static Condition parse(std::string_view text, std::string_view kind, Placeholders& placeholders);
  explicit Condition(std::shared_ptr<const ConditionNode> root);

  // `item` is nothing when there is none: then no attribute exists.
  bool holds(const std::optional<ItemView>& item) const;

  // Every path it names, in order of the text: for checks against keys and projections.
  std::vector<Path> paths() const;

 private:
  std::shared_ptr<const ConditionNode> root_;
};

}  // namespace shoal
