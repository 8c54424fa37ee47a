#include "server/operations/table_name.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <string>

#include "protocol/model/patterns.h"

namespace shoal {
namespace {

constexpr std::string_view kNotFound = "Requested resource not found";

// Cuts off everything up to the next colon, which is dropped; nothing when there is none.
std::optional<std::string_view> next_part(std::string_view& rest) {
  const auto colon = rest.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto part = rest.substr(0, colon);
  rest.remove_prefix(colon + 1);
  return part;
}

Error malformed_arn() {
  return validation_error(
      "Valid ARN format is 'arn:<awsPartition>:<vendor>:<region>:<subscriber>:resourceType/resourceName', where "
      "Resource name must have length less than or equal to 255, Resource name must have length greater than or equal "
      "to 3, Resource name must satisfyregular expression pattern: [a-zA-Z0-9_.-]+");
}

Error not_found(const Call& call, std::string_view name) {
  return with_region_hint(call, name, Error(errors::resource_not_found, std::string(kNotFound)));
}

Error managed_not_found(const Call& call, std::string_view name) {
  return with_region_hint(
      call, name,
      Error(errors::resource_not_found, std::string(kNotFound) + ": Table: " + std::string(name) + " not found"));
}

}  // namespace

TablePtr find_table(const Call& call, std::string_view name_or_arn) {
  const auto name = table_name_of(call, name_or_arn);
  auto table = call.services.catalog.find(call.account, call.region, name);
  if (!table) throw not_found(call, name);
  if (table->status == Status::creating) throw Error(errors::resource_not_found, std::string(kNotFound));
  return table;
}

TablePtr find_managed_table(const Call& call, std::string_view name_or_arn) {
  const auto name = table_name_of(call, name_or_arn);
  auto table = call.services.catalog.find(call.account, call.region, name);
  if (!table) throw managed_not_found(call, name);
  return table;
}

Table read_managed_table(const Call& call, kv::Transaction& transaction, std::string_view name_or_arn) {
  const auto name = table_name_of(call, name_or_arn);
  auto table = call.services.catalog.read(transaction, call.account, call.region, name);
  if (!table) throw managed_not_found(call, name);
  return std::move(*table);
}

std::string_view table_name_of(const Call& call, std::string_view name_or_arn) {
  if (!name_or_arn.starts_with("arn:")) return name_or_arn;
  const auto arn = parse_resource_arn(name_or_arn);
  if (!arn || arn->service != "dynamodb" || arn->type != "table" || !is_table_name(arn->resource)) {
    throw malformed_arn();
  }
  if (is_here(call, *arn)) return arn->resource;
  const Error error(errors::resource_not_found, std::string(kNotFound));
  throw Error(error).with_hint("the ARN is of account " + std::string(arn->account) + " and region " +
                               std::string(arn->region) + ", the request of account " + call.account + " and region " +
                               call.region);
}

bool is_table_name(std::string_view name) {
  return name.size() >= 3 && name.size() <= 255 && model::is_resource_name(name);
}

std::optional<ResourceArn> parse_resource_arn(std::string_view arn) {
  const auto scheme = next_part(arn);
  const auto partition = next_part(arn);
  const auto service = next_part(arn);
  const auto region = next_part(arn);
  const auto account = next_part(arn);
  const auto slash = arn.find('/');
  if (!scheme || !partition || !service || !region || !account || slash == std::string_view::npos) return std::nullopt;
  if (*scheme != "arn") return std::nullopt;
  return ResourceArn{*service, *region, *account, arn.substr(0, slash), arn.substr(slash + 1)};
}

bool is_here(const Call& call, const ResourceArn& arn) {
  return arn.account == call.account && (arn.region == call.region || call.services.config.shared_regions);
}

Error with_region_hint(const Call& call, std::string_view name, Error error) {
  auto regions = call.services.catalog.regions_with(call.account, name);
  std::erase(regions, call.region);
  if (regions.empty()) return error;
  auto hint = "table " + std::string(name) + " exists in region " + regions.front() + ", the request is signed for " +
              call.region + "; use one region, or start Shoal with --shared-regions";
  spdlog::warn("{}: {}", call.operation.name, hint);
  return std::move(error).with_hint(std::move(hint));
}

}  // namespace shoal
