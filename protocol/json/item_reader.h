// DynamoDB JSON -> values, with production's checks and messages (reference: validation, section 4). The model's
// validator has already checked the JSON types ({"S": 5} never gets here).
#pragma once

#include <string_view>

#include "protocol/json/reader.h"
#include "protocol/value/attribute_value.h"
#include "protocol/wording.h"

namespace shoal::json {

// {"S": "x"} -> Value. Throws request_error: not exactly one type, bad number, empty or duplicate sets, too deep.
Value read_value(Json value, Wording wording);

// {"Artist": {"S": "x"}, ...} -> Item. The same errors; also empty and too long attribute names.
Item read_item(Json attributes, Wording wording);

// Of an attribute that a request names: that it is neither empty nor too long. Throws request_error.
void check_attribute_name(std::string_view name);

// A boolean member: true, or one of the strings that production takes for it (TRUE, 1, YES in any case).
bool truth(Json value);

}  // namespace shoal::json
