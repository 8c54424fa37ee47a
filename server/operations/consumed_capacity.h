// ConsumedCapacity: what a request cost, and how that is told.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
#pragma once

#include <string>
#include <vector>

#include "protocol/json/writer.h"
#include "server/operations/operation.h"

namespace shoal {

enum class Access { read, write };

enum class CapacityDetail { none, total, indexes };
CapacityDetail capacity_detail(const Call& call);  // of ReturnConsumedCapacity

bool is_consistent(json::Json input);  // ConsistentRead

// What one table and its indexes cost, in read or write units.
struct Consumed {
  double table = 0;
  std::vector<double> indexes;  // In the order of Table::indexes; empty: nothing.

  double total() const;
  void add_index(const Table& table, const Index& index, double units);
  void add(const Consumed& other, double factor = 1);
};

// Transactions say besides which kind of units theirs are.
enum class CapacityKind { unsaid, read, write };

// {"TableName":...,"CapacityUnits":...}; arms that cost nothing are left out.
void append_consumed(std::string& out, const Table& table, const Consumed& consumed, CapacityDetail detail,
                     CapacityKind kind = CapacityKind::unsaid);

// Whether somebody wants to know what the call costs: its caller, or who keeps a journal. Otherwise it need not be
// worked out.
bool counts_capacity(const Call& call);
// Tells the journal.
void note_consumed(const Call& call, const Table& table, Access access, const Consumed& consumed);
// Does so, and adds ConsumedCapacity to the answer when the call asks for it.
void add_consumed(const Call& call, json::ObjectWriter& answer, const Table& table, Access access,
                  const Consumed& consumed);

// What reading records of `bytes` costs: half for an eventually consistent read.
double read_cost(std::uint64_t bytes, bool consistent);

}  // namespace shoal
