// Tells in the log, once for each shape of statement, that a SELECT reads a whole table or index to find what an index
// would find: in production that is paid for with every row.
//
//   log_scan(call, "SELECT * FROM \"Music\" WHERE Year = 1999", page, conditions);
//   // ... SELECT * FROM "Music" WHERE Year = ? reads the whole of Music; a global secondary index with the partition
//   // key Year (N) would serve it
#pragma once

#include <string>
#include <string_view>

#include "server/operations/item_page.h"
#include "server/operations/operation.h"
#include "server/operations/where_key.h"

namespace shoal {

// `conditions` is the whole WHERE. For concurrent use.
void log_scan(const Call& call, std::string_view statement, const PageRequest& page, const Conditions& conditions);

// The statement without what differs from call to call: literals are `?`, comments are gone, spaces are single.
std::string statement_shape(std::string_view statement);

// What would serve statements with these conditions better than reading everything, in words.
std::string scan_advice(const PageRequest& page, const Conditions& conditions);

}  // namespace shoal
