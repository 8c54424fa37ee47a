#include "server/triggers/lambda_api.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "protocol/json/writer.h"
#include "protocol/sigv4/query.h"
#include "server/triggers/lambda_error.h"
#include "server/triggers/mapping_changes.h"
#include "server/triggers/mapping_store.h"

namespace shoal {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kRoot = "/2015-03-31/";
constexpr std::string_view kMappings = "/2015-03-31/event-source-mappings";
constexpr std::string_view kTagsRoot = "/2017-03-31/tags/";
constexpr std::string_view kMappingPart = ":event-source-mapping:";
constexpr std::size_t kPageMax = 100;
constexpr std::size_t kTagsMax = 50;

using Parameters = std::vector<sigv4::QueryParameter>;

// All that a function below may look at. Copied into the writes that outlive the request's buffers.
struct Question {
  const Services& services;
  std::string account, region;
  std::string name;  // What stands in the path after the route: a UUID, or an ARN.
  Parameters parameters;
  Json body;

  std::chrono::milliseconds now() const { return services.clock.now(); }
  std::chrono::milliseconds delay() const { return std::chrono::milliseconds(services.config.table_delay_ms); }
};

std::optional<std::string> parameter(const Question& question, std::string_view name) {
  for (const auto& each : question.parameters) {
    if (each.name == name) return each.value;
  }
  return std::nullopt;
}

Mapping found(const Question& question, const kv::Snapshot& snapshot, std::string_view uuid) {
  return existing_mapping(snapshot, question.account, question.region, uuid, question.now());
}

// A write that answers with what it made of a mapping, and wakes who reads for it.
template <class Change>
LambdaOutcome mapping_write(const Question& question, Change change) {
  auto body = [question, change](kv::Transaction& transaction) {
    const Mapping mapping = change(question, transaction);
    return mapping_json(mapping, mapping.transition).dump();
  };
  return {202, Write{std::move(body), question.services.wake_jobs}};
}

LambdaOutcome create(const Question& question) {
  auto wanted = new_mapping(question.body, question.account, question.region, mapping_rules(question.services.config));
  wanted.uuid = new_uuid();
  return mapping_write(question, [wanted](const Question& q, kv::Transaction& transaction) {
    return create_mapping(transaction, wanted, q.now(), q.delay());
  });
}

LambdaOutcome update(const Question& question) {
  return mapping_write(question, [](const Question& q, kv::Transaction& transaction) {
    const auto change = [&q](Mapping& mapping) { change_mapping(mapping, q.body, mapping_rules(q.services.config)); };
    return update_mapping(transaction, found(q, transaction, q.name), change, q.now(), q.delay());
  });
}

LambdaOutcome remove(const Question& question) {
  return mapping_write(question, [](const Question& q, kv::Transaction& transaction) {
    return delete_mapping(transaction, found(q, transaction, q.name), q.now(), q.delay());
  });
}

LambdaOutcome get(const Question& question) {
  const auto snapshot = question.services.engine.snapshot();
  const auto mapping = found(question, *snapshot, question.name);
  return {200, mapping_json(mapping, state_of(mapping, question.now())).dump()};
}

std::size_t page_size(const Question& question) {
  const auto text = parameter(question, "MaxItems");
  if (!text) return kPageMax;
  std::size_t size = 0;
  const auto [end, failure] = std::from_chars(text->data(), text->data() + text->size(), size);
  if (failure != std::errc() || end != text->data() + text->size() || size < 1 || size > 10'000) {
    throw validation_error("1 validation error detected: Value '" + *text +
                           "' at 'maxItems' failed to satisfy constraint: Member must have value between 1 and 10000");
  }
  return std::min(size, kPageMax);
}

LambdaOutcome list(const Question& question) {
  const auto arn = parameter(question, "EventSourceArn");
  auto function = parameter(question, "FunctionName");
  if (function) function = function_of(*function, question.account, question.region);
  const auto after = parameter(question, "Marker").value_or("");
  const auto size = page_size(question);
  const auto now = question.now();
  Json answer{{"EventSourceMappings", Json::array()}};
  auto& page = answer["EventSourceMappings"];
  for (const auto& mapping : mappings_in(*question.services.engine.snapshot(), question.account, question.region)) {
    if (mapping.uuid <= after || is_deleted(mapping, now)) continue;
    if ((arn && mapping.stream_arn != *arn) || (function && mapping.function != *function)) continue;
    if (page.size() == size) {
      answer["NextMarker"] = page.back()["UUID"];
      break;
    }
    page.push_back(mapping_json(mapping, state_of(mapping, now)));
  }
  return {200, answer.dump()};
}

// The UUID in the ARN of a mapping of the caller's.
std::string tagged_uuid(const Question& question) {
  const std::string_view arn = question.name;
  const auto at = arn.find(kMappingPart);
  const auto owner = "arn:aws:lambda:" + question.region + ":" + question.account;
  if (at == std::string_view::npos || arn.substr(0, at) != owner) {
    throw Error(errors::mapping_not_found, "The resource you requested does not exist.");
  }
  return std::string(arn.substr(at + kMappingPart.size()));
}

template <class Change>
LambdaOutcome tag_write(const Question& question, Change change) {
  auto body = [question, change](kv::Transaction& transaction) {
    auto mapping = found(question, transaction, tagged_uuid(question));
    change(question, mapping.tags);
    if (mapping.tags.size() > kTagsMax) throw invalid_parameter_value("A resource can have at most 50 tags.");
    put_mapping(transaction, mapping);
    return Answer();
  };
  return {204, Write{std::move(body), {}}};
}

LambdaOutcome tag(const Question& question) {
  const auto given = question.body.find("Tags");
  if (given == question.body.end() || !given->is_object()) {
    throw validation_error(
        "1 validation error detected: Value null at 'tags' failed to satisfy constraint: Member must not be null");
  }
  for (const auto& value : *given) {
    if (!value.is_string()) throw Error(errors::serialization, "Tags can not be converted to a Map of Strings");
  }
  return tag_write(question, [](const Question& q, std::map<std::string, std::string>& tags) {
    for (const auto& [key, value] : q.body["Tags"].items()) tags[key] = value.get<std::string>();
  });
}

LambdaOutcome untag(const Question& question) {
  return tag_write(question, [](const Question& q, std::map<std::string, std::string>& tags) {
    for (const auto& [name, value] : q.parameters) {
      if (name == "tagKeys") tags.erase(value);
    }
  });
}

LambdaOutcome list_tags(const Question& question) {
  const auto mapping = found(question, *question.services.engine.snapshot(), tagged_uuid(question));
  return {200, Json{{"Tags", mapping.tags}}.dump()};
}

using Function = LambdaOutcome (*)(const Question&);

struct Route {
  std::string_view method;
  std::string_view path;
  bool named;  // A name follows in the path.
  Function run;
};

constexpr Route kRoutes[] = {
    {"POST", kMappings, false, create}, {"GET", kMappings, false, list},     {"GET", kMappings, true, get},
    {"PUT", kMappings, true, update},   {"DELETE", kMappings, true, remove}, {"GET", kTagsRoot, true, list_tags},
    {"POST", kTagsRoot, true, tag},     {"DELETE", kTagsRoot, true, untag},
};

// The name in a path, without the slashes around it; nothing when the path is not of this route.
std::optional<std::string_view> name_in(std::string_view path, const Route& route) {
  if (!path.starts_with(route.path)) return std::nullopt;
  auto rest = path.substr(route.path.size());
  if (!rest.empty() && !route.path.ends_with('/') && rest.front() != '/') return std::nullopt;
  while (rest.starts_with('/')) rest.remove_prefix(1);
  while (rest.ends_with('/')) rest.remove_suffix(1);
  if (rest.empty() == route.named) return std::nullopt;
  return rest;
}

std::string decoded(std::string_view text) {
  // As the name of a parameter, but that a plus sign is one.
  std::string escaped;
  for (const char c : text) {
    if (c == '+') {
      escaped += "%2B";
    } else {
      escaped += c;
    }
  }
  const auto parameters = sigv4::parse_query(escaped);
  return parameters.empty() ? std::string() : parameters.front().name;
}

Json parsed_body(std::string_view body) {
  if (body.empty()) return Json::object();
  auto value = Json::parse(body, nullptr, false);
  if (!value.is_object()) throw Error(errors::serialization, "Could not parse request body into json");
  return value;
}

std::string_view path_of(std::string_view target) { return sigv4::split_target(target).path; }

bool is_about_identity(const ErrorType& type) {
  return type.name == errors::unrecognized_client.name || type.name == errors::invalid_signature.name ||
         type.name == errors::incomplete_signature.name || type.name == errors::missing_authentication_token.name ||
         type.name == errors::expired_token.name || type.name == errors::access_denied.name;
}

}  // namespace

bool is_lambda_target(std::string_view target) {
  const auto path = path_of(target);
  return path.starts_with(kRoot) || path.starts_with(kTagsRoot);
}

LambdaOutcome answer_lambda(const Services& services, const LambdaCall& call) {
  const auto target = sigv4::split_target(call.target);
  for (const auto& route : kRoutes) {
    const auto name = name_in(target.path, route);
    if (!name || call.method != route.method) continue;
    return route.run({services, call.account, call.region, decoded(*name), sigv4::parse_query(target.query),
                      parsed_body(call.body)});
  }
  throw Error(errors::unknown_lambda_operation,
              "Of Lambda's API, Shoal has event source mappings and their tags, not " + std::string(call.method) + " " +
                  std::string(target.path));
}

int lambda_status(const Error& error) { return is_about_identity(error.type()) ? 403 : error.type().status; }

std::string lambda_error_body(const Error& error) {
  std::string body;
  shoal::json::ObjectWriter object(body);
  object.text("Type", error.type().status >= 500 ? "Service" : "User");
  object.text(error.type().capital_message ? "Message" : "message", error.message());
  object.close();
  return body;
}

MappingRules mapping_rules(const Config& config) {
  MappingRules rules;
  rules.shared_regions = config.shared_regions;
  rules.failure_folder = config.failure_dir;
  if (rules.failure_folder.empty() && !config.in_memory) rules.failure_folder = config.data_dir + "/failures";
  return rules;
}

}  // namespace shoal
