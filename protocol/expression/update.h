// UpdateExpression: a pure function from the item before to the item after.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
//
//   auto update = Update::parse("SET n = n + :one REMOVE old", placeholders);
//   Item after = update.apply(before.view());
//
// All right-hand sides and paths are evaluated against the item as it was before. parse() throws request_error
// "Invalid UpdateExpression: ..."; apply() throws validation_error (missing attribute, wrong type, bad path, numbers
// out of range). Sizes, nesting and keys are the caller's to check.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "protocol/expression/path.h"
#include "protocol/expression/placeholders.h"

namespace shoal {

struct UpdateNode;  // ast.h

class Update {
 public:
  static Update parse(std::string_view text, Placeholders& placeholders);
  explicit Update(std::shared_ptr<const UpdateNode> root);

  // `before` is the stored item, or, when `exists` is false, just the key that was asked for.
  Item apply(ItemView before, bool exists = true) const;

  // Whether it consists of REMOVE and DELETE actions only: production does not create an item for these.
  bool only_removes() const;

  // Paths it sets or removes, in order of the text.
  std::vector<Path> targets() const;

  // Every path it names, the targets first: for checks against keys.
  std::vector<Path> paths() const;

  // For ReturnValues UPDATED_OLD and UPDATED_NEW: the parts of `item` that the targets name, each leaf inside its
  // parents. `item` is the item before or after.
  Item touched(ItemView item) const;

 private:
  std::shared_ptr<const UpdateNode> root_;
};

}  // namespace shoal
