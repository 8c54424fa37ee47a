// The first of the validator's two passes: whether every member of a request has the JSON type that the model declares,
// with the words of production's Java deserializer.
//
// The request is read as production reads it: in the order of its text, depth first, and the first failure ends it.
// Unknown members are ignored and null stands for absent. Attribute values are checked to the bottom, so that who reads
// them later can trust that S holds a string, B base64, L a list of objects, and a set no null.
#pragma once

#include <array>

#include "protocol/json/reader.h"
#include "protocol/model/shapes.h"

namespace shoal::model {

// The members of one structure of a request, in the model's order; absent where there is none, or null.
using Members = std::array<json::Json, kMembersMax>;

// Of members with one name the last counts. `structure` is an object.
void read_members(const Shape& shape, json::Json structure, Members& members);

// Checks the whole input, and on the way fills `members` with those at its top. Throws Error: serialization.
void check_json_types(const Shape& input, json::Json body, Members& members);

}  // namespace shoal::model
