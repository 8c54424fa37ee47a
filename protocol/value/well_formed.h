// Whether bytes are one whole value in the form that attribute_value.h describes, and in no other: for bytes that come
// from a disk, which views would trust.
//
//   is_well_formed(Value::string("x").bytes());   // true
//   is_well_formed("");                           // false
#pragma once

#include <string_view>

namespace shoal {

bool is_well_formed(std::string_view bytes);
bool is_well_formed_item(std::string_view bytes);  // And of type M.

}  // namespace shoal
