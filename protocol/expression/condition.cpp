#include "protocol/expression/condition.h"

#include "protocol/expression/ast.h"
#include "protocol/expression/binder.h"
#include "protocol/expression/evaluator.h"
#include "protocol/expression/syntax.h"

namespace shoal {
namespace {

void append_paths(const ConditionNode& condition, std::vector<Path>& paths) {
  for (const auto& operand : condition.operands) {
    if (const auto* path = std::get_if<Path>(&operand.source)) paths.push_back(*path);
  }
  for (const auto& child : condition.conditions) append_paths(child, paths);
}

}  // namespace

Condition Condition::parse(std::string_view text, std::string_view kind, Placeholders& placeholders) {
  const auto syntax = parse_condition(text, kind);
  return Condition(std::make_shared<const ConditionNode>(bind_condition(syntax, kind, placeholders)));
}

Condition::Condition(std::shared_ptr<const ConditionNode> root) : root_(std::move(root)) {}

bool Condition::holds(const std::optional<ItemView>& item) const { return shoal::holds(*root_, item); }

std::vector<Path> Condition::paths() const {
  std::vector<Path> paths;
  append_paths(*root_, paths);
  return paths;
}

}  // namespace shoal
