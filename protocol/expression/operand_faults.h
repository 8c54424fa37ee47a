// What is wrong with the operands of a condition, as far as it can be told without an item: their number, paths that
// are none, types of literals, bounds of BETWEEN. In production's words, which expressions and statements share.
#pragma once

#include <optional>
#include <string>

#include "protocol/expression/ast.h"

namespace shoal {

// Of a comparison or function; of AND, OR and NOT there is none. Nothing: all is well.
std::optional<std::string> operand_fault(const ConditionNode& condition);
// Of size(operand).
std::optional<std::string> size_fault(const Operand& operand);

std::string operand_count_fault(std::string_view name, std::size_t count);
std::string no_path_fault(std::string_view name);
std::string operand_type_fault(std::string_view name, Type type);

}  // namespace shoal
