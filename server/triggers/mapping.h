// An event source mapping: which function is called with the changes that which stream shows, and how.
// https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
//
//   Mapping mapping = new_mapping(request, "000000000000", "us-east-1", rules);   // throws what Lambda would answer
//   change_mapping(mapping, R"({"BatchSize": 10})"_json, rules);
//   mapping_json(mapping, state_of(mapping, now));                                // what the API answers
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/triggers/event_filter.h"

namespace shoal {

// How many changes go into a call, and what becomes of those that the function does not take.
struct MappingSettings {
  std::int64_t batch_size = 100;
  std::int64_t batching_window_seconds = 0;
  std::int64_t parallelization = 1;      // Calls at once for each shard.
  std::int64_t record_age_seconds = -1;  // Older changes are given up; -1: none, while they are in the stream.
  std::int64_t retries = -1;             // After which a batch is given up; -1: any number.
  std::int64_t tumbling_seconds = 0;     // 0: no tumbling windows.
  bool bisect = false;
  bool reports_item_failures = false;
  std::string on_failure;            // URL of where what was given up is told to; empty: nowhere.
  std::vector<std::string> filters;  // Patterns, one of which has to match; none: all changes pass.
};

struct Mapping {
  std::string account, region, uuid;
  std::string stream_arn;
  std::string function;  // "name", or "name:qualifier"
  bool from_horizon = true;
  bool enabled = true;
  MappingSettings settings;
  std::map<std::string, std::string> tags;
  double modified_at = 0;  // Epoch seconds.
  std::string last_result = "No records processed";
  std::string transition;       // "Creating", until
  double transition_until = 0;  // this time, in epoch seconds.
  bool declared = false;        // By the file that --triggers names.

  std::string arn() const;
  std::string function_arn() const;
  std::string_view table() const;  // In the ARN of the stream.
  std::string_view label() const;
  EventFilter filter() const;
};

// What the server allows.
struct MappingRules {
  std::string failure_folder;   // file:// destinations lie in it; empty: there are none.
  bool shared_regions = false;  // Then no region in an ARN is wrong.
};

// Of CreateEventSourceMapping, but for whether the stream exists. Throws Error.
Mapping new_mapping(const nlohmann::json& request, std::string_view account, std::string_view region,
                    const MappingRules& rules);
// As UpdateEventSourceMapping does.
void change_mapping(Mapping& mapping, const nlohmann::json& request, const MappingRules& rules);

// "name" or "name:qualifier" of any form in which a function may be named. Throws Error.
std::string function_of(std::string_view text, std::string_view account, std::string_view region);

// "Enabled", "Disabled", or of a transition that has not ended.
std::string state_of(const Mapping& mapping, std::chrono::milliseconds now);
// Whether it is to be treated as gone.
bool is_deleted(const Mapping& mapping, std::chrono::milliseconds now);

nlohmann::json mapping_json(const Mapping& mapping, std::string_view state);

// As it is kept in the store.
std::string mapping_text(const Mapping& mapping);
Mapping read_mapping(std::string_view text);

std::string new_uuid();

}  // namespace shoal
