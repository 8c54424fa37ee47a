// Tags of tables: their limits, and the ARN by which the three operations on tags name a table.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Tagging.html
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "protocol/error.h"
#include "server/operations/operation.h"

namespace shoal {

using Tags = std::map<std::string, std::string>;

// Adds a request's list of Tag, replacing values of keys that are there. Throws when a key is reserved, given twice, or
// has characters that tags cannot have, or when there are more than 50 afterwards.
void add_tags(json::Json list, Tags& tags);

// The name of the table whose ARN is the call's ResourceArn. Throws as production does, in its order.
std::string_view tagged_table_name(const Call& call);

// ResourceNotFoundException for the call's ResourceArn.
Error tagged_table_not_found(const Call& call);

// Changes the tags of that table, and answers nothing.
Write tag_write(const Call& call, std::function<void(Tags&)> change);

}  // namespace shoal
