// The second step of parsing: names and values of one request are put in the place of their placeholders, and what only
// they can tell is checked. Throws request_error "Invalid <kind>: ...".
//
// Conditions are checked in one walk from left to right: undefined placeholders, numbers of operands, operands that are
// the same path, types of literals. Updates: undefined names, undefined values, targets that overlap, then conflict,
// types of ADD and DELETE, then the right sides of SET from left to right.
#pragma once

#include <string_view>
#include <vector>

#include "protocol/expression/ast.h"
#include "protocol/expression/placeholders.h"
#include "protocol/expression/syntax.h"

namespace shoal {

ConditionNode bind_condition(const Syntax& syntax, std::string_view kind, Placeholders& placeholders);
UpdateNode bind_update(const Syntax& syntax, Placeholders& placeholders);
// Disjoint, in order of the text.
std::vector<Path> bind_projection(const Syntax& syntax, Placeholders& placeholders);

}  // namespace shoal
