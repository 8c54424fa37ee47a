#include "server/triggers/declared_triggers.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "protocol/error.h"
#include "server/triggers/lambda_error.h"
#include "server/triggers/mapping_changes.h"
#include "server/triggers/mapping_store.h"
#include "storage/changelog.h"

namespace shoal {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kMembers[] = {"Account",
                                         "BatchSize",
                                         "BisectBatchOnFunctionError",
                                         "DestinationConfig",
                                         "Enabled",
                                         "EventSourceArn",
                                         "FilterCriteria",
                                         "FunctionName",
                                         "FunctionResponseTypes",
                                         "MaximumBatchingWindowInSeconds",
                                         "MaximumRecordAgeInSeconds",
                                         "MaximumRetryAttempts",
                                         "ParallelizationFactor",
                                         "Region",
                                         "StartingPosition",
                                         "TableName",
                                         "Tags",
                                         "TumblingWindowInSeconds"};

std::string text_of(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw std::runtime_error("--triggers: cannot read " + file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string taken_text(Json& request, const char* name, const std::string& otherwise) {
  const auto found = request.find(name);
  if (found == request.end()) return otherwise;
  if (!found->is_string()) throw std::runtime_error(std::string(name) + " must be a text");
  auto text = found->get<std::string>();
  request.erase(found);
  return text;
}

DeclaredTrigger declared(Json request, const MappingRules& rules) {
  if (!request.is_object()) throw std::runtime_error("must be an object");
  for (const auto& [name, value] : request.items()) {
    if (std::find(std::begin(kMembers), std::end(kMembers), name) == std::end(kMembers)) {
      throw std::runtime_error("has no member " + name);
    }
  }
  const auto account = taken_text(request, "Account", "000000000000");
  const auto region = taken_text(request, "Region", "us-east-1");
  DeclaredTrigger trigger;
  trigger.table = taken_text(request, "TableName", "");
  if (trigger.table.empty() == !request.contains("EventSourceArn")) {
    throw std::runtime_error("must have either TableName or EventSourceArn");
  }
  if (!trigger.table.empty()) {
    request["EventSourceArn"] = "arn:aws:dynamodb:" + region + ":" + account + ":table/" + trigger.table + "/stream/";
  }
  try {
    trigger.mapping = new_mapping(request, account, region, rules);
  } catch (const Error& error) {
    throw std::runtime_error(error.message());
  }
  trigger.mapping.declared = true;
  return trigger;
}

// Takes over what is declared into a mapping that there is.
void declare_again(Mapping& mapping, const Mapping& declared) {
  mapping.settings = declared.settings;
  mapping.enabled = declared.enabled;
  mapping.tags = declared.tags;
}

void make(kv::Transaction& transaction, Mapping wanted, Clock::Duration now) {
  for (const auto& mapping : mappings_in(transaction, wanted.account, wanted.region)) {
    if (mapping.stream_arn != wanted.stream_arn || mapping.function != wanted.function) continue;
    if (is_deleted(mapping, now)) continue;
    if (!mapping.declared) return;  // Somebody else's, by the API.
    auto again = mapping;
    declare_again(again, wanted);
    if (mapping_text(again) == mapping_text(mapping)) return;
    update_mapping(transaction, mapping, [&wanted](Mapping& each) { declare_again(each, wanted); }, now, {});
    return;
  }
  create_mapping(transaction, std::move(wanted), now, {});
}

}  // namespace

std::vector<DeclaredTrigger> read_declared_triggers(const std::string& file, const MappingRules& rules) {
  const auto content = Json::parse(text_of(file), nullptr, false);
  if (!content.is_object() || content.size() != 1 || !content.contains("triggers") || !content["triggers"].is_array()) {
    throw std::runtime_error("--triggers: " + file + R"( must be {"triggers": [...]})");
  }
  std::vector<DeclaredTrigger> triggers;
  for (const auto& request : content["triggers"]) {
    try {
      triggers.push_back(declared(request, rules));
    } catch (const std::runtime_error& error) {
      throw std::runtime_error("--triggers: " + file + ": trigger " + std::to_string(triggers.size() + 1) + ": " +
                               error.what());
    }
  }
  return triggers;
}

void DeclaredTriggers::apply(kv::Engine& engine, const Clock& clock) {
  if (!std::exchange(began_, true)) forget_undeclared(engine);
  for (std::size_t i = 0; i < triggers_.size(); ++i) {
    const auto& trigger = triggers_[i];
    const auto arn = stream_of(*engine.snapshot(), trigger, clock.now());
    if (arn.empty() || applied_.contains({i, arn})) continue;
    auto wanted = trigger.mapping;
    wanted.stream_arn = arn;
    wanted.uuid = new_uuid();
    try {
      engine.write([&](kv::Transaction& transaction) { make(transaction, wanted, clock.now()); });
      spdlog::info("changes of {} go to function {}, as the file of triggers says", arn, wanted.function);
    } catch (const Error& error) {
      if (&error.type() == &errors::mapping_in_use) continue;  // It is being changed: the next time.
      spdlog::error("the trigger of {} to function {} cannot be made: {}", arn, wanted.function, error.message());
    }
    applied_.emplace(i, arn);
  }
}

// Empty when there is none (yet).
std::string DeclaredTriggers::stream_of(const kv::Snapshot& snapshot, const DeclaredTrigger& trigger,
                                        Clock::Duration now) const {
  const auto& mapping = trigger.mapping;
  if (trigger.table.empty()) {
    const auto stream = find_stream(snapshot, mapping.account, mapping.region, mapping.table(), mapping.label(), now);
    return stream ? mapping.stream_arn : std::string();
  }
  std::string arn;
  for (const auto& stream :
       list_streams(snapshot, mapping.account, mapping.region, trigger.table, {}, {}, SIZE_MAX, now)) {
    if (stream.disabled.count() == 0) arn = stream.arn();
  }
  return arn;
}

void DeclaredTriggers::forget_undeclared(kv::Engine& engine) {
  const auto is_declared = [this](const Mapping& mapping) {
    return std::any_of(triggers_.begin(), triggers_.end(), [&mapping](const DeclaredTrigger& trigger) {
      const auto& wanted = trigger.mapping;
      return wanted.account == mapping.account && wanted.region == mapping.region &&
             wanted.function == mapping.function &&
             (trigger.table.empty() ? wanted.stream_arn == mapping.stream_arn : trigger.table == mapping.table());
    });
  };
  for (const auto& mapping : all_mappings(*engine.snapshot())) {
    if (!mapping.declared || is_declared(mapping)) continue;
    engine.write([&mapping](kv::Transaction& transaction) { erase_mapping(transaction, mapping); });
    spdlog::info("changes of {} go to function {} no more: the file of triggers does not say so", mapping.stream_arn,
                 mapping.function);
  }
}

}  // namespace shoal
