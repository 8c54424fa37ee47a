// Items as people write them, as DynamoDB's API takes them.
#pragma once

#include <functional>
#include <istream>
#include <map>
#include <string>

#include "server/seed/document.h"

namespace shoal::seed {

// An object in DynamoDB JSON as it is, any other one converted: {"Year": 1993} becomes {"Year": {"N": "1993"}}. An
// object is in DynamoDB JSON when each of its members is of the form {"S": ...}. Throws std::runtime_error when it is
// no object.
Json item_of(const Json& object);

// The types, S, N or B, of attributes whose type is known: those that are keys of a table or an index.
using KeyTypes = std::map<std::string, std::string>;
KeyTypes key_types(const Json& table);  // Of CreateTable's input, or of what DescribeTable says.

// Items of a CSV file (RFC 4180), whose first row has the attributes' names. A name may say its type: year:N, cover:B
// (in base64), sold:BOOL, or tags:JSON for any other; without that, `types` is asked, and else it is a string. An empty
// cell is no attribute, a quoted empty one the empty string. Throws std::runtime_error saying which row is wrong.
void read_csv(std::istream& in, const KeyTypes& types, const std::function<void(Json)>& take);

}  // namespace shoal::seed
