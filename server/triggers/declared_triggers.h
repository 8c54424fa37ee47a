// Triggers declared in a file: mappings that are made as soon as there is a stream for them, so that a project can keep
// its triggers beside its code.
//
//   {"triggers": [{"TableName": "Music", "FunctionName": "index-music", "StartingPosition": "TRIM_HORIZON"}]}
//
// Besides TableName (or EventSourceArn, of one stream), Region and Account, members are CreateEventSourceMapping's. The
// table's latest stream is meant, also when the table is made, or its stream enabled, later and again. What the file
// says is put in force when Shoal starts and when a stream appears: mappings of it that have been changed meanwhile are
// changed back, and those that it does not declare any more are deleted.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "server/triggers/mapping.h"
#include "storage/clock.h"
#include "storage/kv/kv.h"

namespace shoal {

struct DeclaredTrigger {
  Mapping mapping;    // Without its UUID; of a table, without the ARN of its stream.
  std::string table;  // Empty: the ARN says it.
};

// Throws std::runtime_error with a message for the user.
std::vector<DeclaredTrigger> read_declared_triggers(const std::string& file, const MappingRules& rules);

class DeclaredTriggers {
 public:
  explicit DeclaredTriggers(std::vector<DeclaredTrigger> triggers) : triggers_(std::move(triggers)) {}
  bool empty() const { return triggers_.empty(); }

  // Makes what is missing.
  void apply(kv::Engine& engine, const Clock& clock);

 private:
  void forget_undeclared(kv::Engine& engine);
  std::string stream_of(const kv::Snapshot& snapshot, const DeclaredTrigger& trigger, Clock::Duration now) const;

  std::vector<DeclaredTrigger> triggers_;
  std::set<std::pair<std::size_t, std::string>> applied_;  // Which of them, to which stream, since the start.
  bool began_ = false;
};

}  // namespace shoal
