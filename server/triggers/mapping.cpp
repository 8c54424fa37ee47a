#include "server/triggers/mapping.h"

#include <sys/random.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "protocol/model/violations.h"
#include "server/operations/table_name.h"
#include "server/outgoing/http_url.h"
#include "server/triggers/lambda_error.h"

namespace shoal {

// How a mapping is stored: by the names that its members have.
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(MappingSettings, batch_size, batching_window_seconds, parallelization,
                                   record_age_seconds, retries, tumbling_seconds, bisect, reports_item_failures,
                                   on_failure, filters)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Mapping, account, region, uuid, stream_arn, function, from_horizon, enabled,
                                   settings, tags, modified_at, last_result, transition, transition_until, declared)

namespace {

using Json = nlohmann::json;
using model::Violations;

constexpr std::string_view kStreamPart = "/stream/";
constexpr std::string_view kFileScheme = "file://";
constexpr std::size_t kFiltersMax = 10;  // Production's, once it was asked for more than 5.
constexpr std::size_t kPatternBytesMax = 4096;
constexpr std::size_t kDestinationBytesMax = 350;
constexpr std::size_t kFunctionNameBytesMax = 140;
constexpr std::size_t kTagsMax = 50;
constexpr std::int64_t kRecordAgeMin = 60;
constexpr std::string_view kDeleting = "Deleting";

// Of other kinds of event sources, or of things that there are none of here.
constexpr std::string_view kUnsupported[] = {"AmazonManagedKafkaEventSourceConfig",
                                             "DocumentDBEventSourceConfig",
                                             "KMSKeyArn",
                                             "LoggingConfig",
                                             "MetricsConfig",
                                             "ProvisionedPollerConfig",
                                             "Queues",
                                             "ScalingConfig",
                                             "SelfManagedEventSource",
                                             "SelfManagedKafkaEventSourceConfig",
                                             "SourceAccessConfigurations",
                                             "StartingPositionTimestamp",
                                             "Topics"};

// "batchSize", as messages have it.
std::string member_name(std::string_view name) {
  std::string text(name);
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

Error wrong_type(std::string_view name, std::string_view wanted) {
  return Error(errors::serialization, std::string(name) + " can not be converted to " + std::string(wanted));
}

// The member; null when it is absent or null.
const Json& find(const Json& object, std::string_view name) {
  static const Json kNull;
  const auto found = object.find(std::string(name));
  return found == object.end() ? kNull : *found;
}

void violate(Violations& violations, std::string_view value, std::string_view member, std::string_view constraint) {
  violations.add("Value '" + std::string(value) + "' at '" + member_name(member) +
                 "' failed to satisfy constraint: " + std::string(constraint));
}

void read_integer(const Json& request, std::string_view name, std::int64_t min, std::int64_t max, std::int64_t& out,
                  Violations& violations) {
  const auto& value = find(request, name);
  if (value.is_null()) return;
  if (!value.is_number_integer()) throw wrong_type(name, "an Integer");
  const auto number =
      value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX ? INT64_MAX : value.get<std::int64_t>();
  if (number < min) {
    violate(violations, std::to_string(number), name,
            "Member must have value greater than or equal to " + std::to_string(min));
  } else if (number > max) {
    violate(violations, std::to_string(number), name,
            "Member must have value less than or equal to " + std::to_string(max));
  } else {
    out = number;
  }
}

void read_boolean(const Json& request, std::string_view name, bool& out) {
  const auto& value = find(request, name);
  if (value.is_null()) return;
  if (!value.is_boolean()) throw wrong_type(name, "a Boolean");
  out = value.get<bool>();
}

std::optional<std::string> read_text(const Json& request, std::string_view name) {
  const auto& value = find(request, name);
  if (value.is_null()) return std::nullopt;
  if (!value.is_string()) throw wrong_type(name, "a String");
  return value.get<std::string>();
}

const Json& read_object(const Json& request, std::string_view name) {
  const auto& value = find(request, name);
  if (!value.is_null() && !value.is_object()) throw wrong_type(name, "a Structure");
  return value;
}

const Json& read_list(const Json& request, std::string_view name) {
  const auto& value = find(request, name);
  if (!value.is_null() && !value.is_array()) throw wrong_type(name, "a List");
  return value;
}

void check_supported(const Json& request) {
  for (const auto name : kUnsupported) {
    const auto& value = find(request, name);
    if (value.is_null() || value.empty()) continue;
    throw invalid_parameter_value("Shoal does not support " + std::string(name) + " for mappings of DynamoDB streams.");
  }
}

void read_response_types(const Json& request, MappingSettings& settings, Violations& violations) {
  const auto& types = read_list(request, "FunctionResponseTypes");
  if (types.is_null()) return;
  if (types.size() > 1) {
    violate(violations, types.dump(), "functionResponseTypes", "Member must have length less than or equal to 1");
    return;
  }
  settings.reports_item_failures = false;
  for (const auto& type : types) {
    if (type == "ReportBatchItemFailures") {
      settings.reports_item_failures = true;
    } else {
      violate(violations, types.dump(), "functionResponseTypes",
              "Member must satisfy constraint: [Member must satisfy enum value set: [ReportBatchItemFailures]]");
    }
  }
}

void read_filters(const Json& request, MappingSettings& settings, Violations& violations) {
  const auto& criteria = read_object(request, "FilterCriteria");
  if (criteria.is_null()) return;
  const auto& filters = read_list(criteria, "Filters");
  settings.filters.clear();
  if (filters.is_null()) return;
  for (const auto& filter : filters) {
    if (!filter.is_object()) throw wrong_type("Filter", "a Structure");
    auto pattern = read_text(filter, "Pattern").value_or("");
    if (pattern.size() > kPatternBytesMax) {
      violate(violations, pattern, "filterCriteria.filters.member.pattern",
              "Member must have length less than or equal to 4096");
    }
    settings.filters.push_back(std::move(pattern));
  }
}

void check_filters(const MappingSettings& settings) {
  if (settings.filters.size() > kFiltersMax) {
    throw invalid_parameter_value("Maximum number of filters exceeded: " + std::to_string(kFiltersMax) +
                                  " are allowed.");
  }
  for (const auto& pattern : settings.filters) {
    if (!EventFilter::is_pattern(pattern)) throw invalid_parameter_value("Invalid filter pattern definition.");
  }
}

void check_file(std::string_view destination, const MappingRules& rules) {
  const std::filesystem::path path(destination.substr(kFileScheme.size()));
  if (rules.failure_folder.empty()) {
    throw invalid_parameter_value(
        "file:// destinations need a folder that they may lie in: start Shoal with --failure-dir.");
  }
  const auto folder = std::filesystem::absolute(rules.failure_folder).lexically_normal();
  const auto inside = path.lexically_normal().lexically_relative(folder);
  const bool is_inside =
      path.is_absolute() && path.has_filename() && !inside.empty() && inside != "." && *inside.begin() != "..";
  if (!is_inside) {
    throw invalid_parameter_value("The file of a file:// destination must lie in " + folder.string() +
                                  " (--failure-dir).");
  }
}

void check_destination(std::string_view destination, const MappingRules& rules) {
  if (destination.empty() || parse_http_url(destination)) return;
  if (destination.starts_with(kFileScheme)) return check_file(destination, rules);
  throw invalid_parameter_value("Shoal has no destination " + std::string(destination) +
                                ": OnFailure takes an http://, https:// or file:// URL.");
}

void read_destinations(const Json& request, MappingSettings& settings, const MappingRules& rules,
                       Violations& violations) {
  const auto& config = read_object(request, "DestinationConfig");
  if (config.is_null()) return;
  const auto& success = read_object(config, "OnSuccess");
  if (!success.is_null() && !read_text(success, "Destination").value_or("").empty()) {
    throw invalid_parameter_value("OnSuccess destinations are not supported for streams.");
  }
  const auto& failure = read_object(config, "OnFailure");
  auto destination = failure.is_null() ? std::string() : read_text(failure, "Destination").value_or("");
  if (destination.size() > kDestinationBytesMax) {
    violate(violations, destination, "destinationConfig.onFailure.destination",
            "Member must have length less than or equal to 350");
    return;
  }
  check_destination(destination, rules);
  settings.on_failure = std::move(destination);
}

void read_settings(const Json& request, MappingSettings& settings, const MappingRules& rules, Violations& violations) {
  check_supported(request);
  read_integer(request, "BatchSize", 1, 10'000, settings.batch_size, violations);
  read_integer(request, "MaximumBatchingWindowInSeconds", 0, 300, settings.batching_window_seconds, violations);
  read_integer(request, "ParallelizationFactor", 1, 10, settings.parallelization, violations);
  read_integer(request, "MaximumRecordAgeInSeconds", -1, 604'800, settings.record_age_seconds, violations);
  read_integer(request, "MaximumRetryAttempts", -1, 10'000, settings.retries, violations);
  read_integer(request, "TumblingWindowInSeconds", 0, 900, settings.tumbling_seconds, violations);
  read_boolean(request, "BisectBatchOnFunctionError", settings.bisect);
  read_response_types(request, settings, violations);
  read_filters(request, settings, violations);
  violations.raise();
  read_destinations(request, settings, rules, violations);
  violations.raise();
  if (settings.record_age_seconds >= 0 && settings.record_age_seconds < kRecordAgeMin) {
    throw invalid_parameter_value("MaximumRecordAgeInSeconds must be -1, or between 60 and 604800.");
  }
  check_filters(settings);
}

void read_tags(const Json& request, std::map<std::string, std::string>& tags) {
  const auto& given = read_object(request, "Tags");
  if (given.is_null()) return;
  for (const auto& [key, value] : given.items()) {
    if (!value.is_string()) throw wrong_type("Tags", "a Map of Strings");
    tags[key] = value.get<std::string>();
  }
  if (tags.size() > kTagsMax) throw invalid_parameter_value("A resource can have at most 50 tags.");
}

bool is_function_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.' || c == '$';
}

// "name" or "name:qualifier"
bool is_function(std::string_view text) {
  const auto colon = text.find(':');
  const auto name = text.substr(0, colon);
  const auto qualifier = colon == std::string_view::npos ? std::string_view("x") : text.substr(colon + 1);
  const auto is_word = [](std::string_view word) {
    return !word.empty() && word.size() <= kFunctionNameBytesMax &&
           std::all_of(word.begin(), word.end(), is_function_character);
  };
  return is_word(name) && name.find('$') == std::string_view::npos && is_word(qualifier);
}

std::string required_function(const Json& request, std::string_view account, std::string_view region) {
  const auto function = read_text(request, "FunctionName");
  if (!function) {
    Violations violations;
    violations.add("Value null at 'functionName' failed to satisfy constraint: Member must not be null");
    violations.raise();
  }
  return function_of(*function, account, region);
}

void check_stream_arn(std::string_view arn, std::string_view account, std::string_view region,
                      const MappingRules& rules) {
  const auto parts = parse_resource_arn(arn);
  const bool is_stream = parts && parts->service == "dynamodb" && parts->type == "table" &&
                         parts->resource.find(kStreamPart) != std::string_view::npos;
  if (!is_stream) throw invalid_parameter_value("Unrecognized event source, must be a DynamoDB stream.");
  if (parts->account != account || (parts->region != region && !rules.shared_regions)) {
    throw invalid_parameter_value("Stream not found: " + std::string(arn));
  }
}

bool starts_at_horizon(const Json& request) {
  const auto position = read_text(request, "StartingPosition");
  if (!position) {
    throw invalid_parameter_value(
        "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not "
        "be null.");
  }
  if (*position == "AT_TIMESTAMP") {
    throw invalid_parameter_value("AT_TIMESTAMP is not a valid starting position for DynamoDB streams.");
  }
  if (*position != "TRIM_HORIZON" && *position != "LATEST") {
    Violations violations;
    violate(violations, *position, "startingPosition",
            "Member must satisfy enum value set: [TRIM_HORIZON, LATEST, AT_TIMESTAMP]");
    violations.raise();
  }
  return *position == "TRIM_HORIZON";
}

}  // namespace

std::string Mapping::arn() const {
  return "arn:aws:lambda:" + region + ":" + account + ":event-source-mapping:" + uuid;
}

std::string Mapping::function_arn() const {
  return "arn:aws:lambda:" + region + ":" + account + ":function:" + function;
}

std::string_view Mapping::table() const {
  const auto parts = parse_resource_arn(stream_arn);
  return parts ? parts->resource.substr(0, parts->resource.find(kStreamPart)) : std::string_view();
}

std::string_view Mapping::label() const {
  const auto at = std::string_view(stream_arn).find(kStreamPart);
  return at == std::string_view::npos ? std::string_view()
                                      : std::string_view(stream_arn).substr(at + kStreamPart.size());
}

EventFilter Mapping::filter() const { return EventFilter(settings.filters); }

std::string function_of(std::string_view text, std::string_view account, std::string_view region) {
  constexpr std::string_view kPart = "function:";
  auto name = text;
  const auto at = text.find(kPart);
  if (at != std::string_view::npos) {
    const auto owner = text.substr(0, at);
    const auto here = std::string(account) + ":";
    const auto whole = "arn:aws:lambda:" + std::string(region) + ":" + here;
    if (owner != here && owner != whole && !owner.empty()) {
      throw invalid_parameter_value("Function not found: " + std::string(text));
    }
    name = text.substr(at + kPart.size());
  }
  if (!is_function(name)) {
    Violations violations;
    violate(
        violations, text, "functionName",
        "Member must satisfy regular expression pattern: "
        "(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-"
        "zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?");
    violations.raise();
  }
  return std::string(name);
}

Mapping new_mapping(const Json& request, std::string_view account, std::string_view region, const MappingRules& rules) {
  Mapping mapping;
  mapping.account = account;
  mapping.region = region;
  mapping.function = required_function(request, account, region);
  Violations violations;
  read_settings(request, mapping.settings, rules, violations);
  read_boolean(request, "Enabled", mapping.enabled);
  const auto arn = read_text(request, "EventSourceArn");
  if (!arn) throw invalid_parameter_value("EventSourceArn must be given.");
  check_stream_arn(*arn, account, region, rules);
  mapping.stream_arn = *arn;
  mapping.from_horizon = starts_at_horizon(request);
  read_tags(request, mapping.tags);
  return mapping;
}

void change_mapping(Mapping& mapping, const Json& request, const MappingRules& rules) {
  if (const auto function = read_text(request, "FunctionName")) {
    mapping.function = function_of(*function, mapping.account, mapping.region);
  }
  Violations violations;
  read_settings(request, mapping.settings, rules, violations);
  read_boolean(request, "Enabled", mapping.enabled);
}

std::string state_of(const Mapping& mapping, std::chrono::milliseconds now) {
  if (static_cast<double>(now.count()) / 1000 < mapping.transition_until) return mapping.transition;
  return mapping.enabled ? "Enabled" : "Disabled";
}

bool is_deleted(const Mapping& mapping, std::chrono::milliseconds now) {
  return mapping.transition == kDeleting && static_cast<double>(now.count()) / 1000 >= mapping.transition_until;
}

Json mapping_json(const Mapping& mapping, std::string_view state) {
  const auto& settings = mapping.settings;
  Json on_failure = Json::object();
  if (!settings.on_failure.empty()) on_failure["Destination"] = settings.on_failure;
  Json answer{{"UUID", mapping.uuid},
              {"EventSourceMappingArn", mapping.arn()},
              {"EventSourceArn", mapping.stream_arn},
              {"FunctionArn", mapping.function_arn()},
              {"StartingPosition", mapping.from_horizon ? "TRIM_HORIZON" : "LATEST"},
              {"BatchSize", settings.batch_size},
              {"MaximumBatchingWindowInSeconds", settings.batching_window_seconds},
              {"ParallelizationFactor", settings.parallelization},
              {"MaximumRecordAgeInSeconds", settings.record_age_seconds},
              {"MaximumRetryAttempts", settings.retries},
              {"BisectBatchOnFunctionError", settings.bisect},
              {"TumblingWindowInSeconds", settings.tumbling_seconds},
              {"FunctionResponseTypes", Json::array()},
              {"DestinationConfig", {{"OnFailure", on_failure}}},
              {"LastModified", mapping.modified_at},
              {"LastProcessingResult", mapping.last_result},
              {"State", state},
              {"StateTransitionReason", "User action"}};
  if (settings.reports_item_failures) answer["FunctionResponseTypes"].push_back("ReportBatchItemFailures");
  if (!settings.filters.empty()) {
    auto& filters = answer["FilterCriteria"]["Filters"];
    for (const auto& pattern : settings.filters) filters.push_back({{"Pattern", pattern}});
  }
  return answer;
}

std::string mapping_text(const Mapping& mapping) { return Json(mapping).dump(); }

Mapping read_mapping(std::string_view text) { return Json::parse(text).get<Mapping>(); }

std::string new_uuid() {
  unsigned char bytes[16];
  if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes) throw std::runtime_error("no random bytes for a UUID");
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  char text[37];
  char* out = text;
  for (int i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) *out++ = '-';
    out += std::snprintf(out, 3, "%02x", bytes[i]);
  }
  return text;
}

}  // namespace shoal
