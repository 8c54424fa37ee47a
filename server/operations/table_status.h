// Where tables and indexes are in their lives, and which changes that allows.
//
// Without --table-delay-ms a change has happened when it is answered, and only the answer itself says CREATING,
// UPDATING or DELETING, as production's does. With it, these statuses are kept, and the jobs end them when their time
// has come.
#pragma once

#include "protocol/error.h"
#include "server/operations/operation.h"

namespace shoal {

double seconds_now(const Call& call);  // since the epoch, to the millisecond

// When a transition that begins now may end; 0: there is no delay.
double transition_end(const Call& call);

// Throws ResourceInUseException unless the table is ACTIVE.
void check_table_active(const Table& table);

// Whether an index of UpdateTable's is being made or removed, of which there can be only one at a time.
bool is_index_in_transition(const Table& table);
// ResourceInUseException for an index that cannot be touched now.
Error index_in_use(const Table& table, const Index& index);

// For after the commit of a change to the table `name`.
std::function<void()> publish(const Call& call, std::string_view name);

}  // namespace shoal
