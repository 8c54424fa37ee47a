// A value of a request as production repeats it in a message: as Java's toString would print the model's objects.
//
//   [KeySchemaElement(attributeName=pk, keyType=HASH)]     {Music=[WriteRequest(deleteRequest=null, ...)]}
//
// Cut off after kEchoBytesMax: a request of megabytes must not come back many times as long.
#pragma once

#include <string>

#include "protocol/json/reader.h"
#include "protocol/model/shapes.h"

namespace shoal::model {

inline constexpr std::size_t kEchoBytesMax = 64 * 1024;

void append_echo(std::string& out, const Shape& shape, json::Json value);

// "TableName" -> "tableName", as paths and structures name members.
std::string member_name(std::string_view name);

}  // namespace shoal::model
