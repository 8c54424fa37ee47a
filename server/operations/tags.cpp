#include "server/operations/tags.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "protocol/error.h"
#include "server/operations/table_name.h"
#include "server/operations/table_schema.h"
#include "server/operations/table_status.h"

namespace shoal {
namespace {

constexpr std::size_t kTagsMax = 50;

// Letters (of any script: everything beyond ASCII passes), digits, space and + - = . _ : / @
bool has_tag_characters(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || std::isalnum(byte) || std::string_view(" +-=._:/@").find(c) != std::string_view::npos;
  });
}

void check_tag(std::string_view key, std::string_view value) {
  if (key.starts_with("aws:")) {
    throw invalid_parameters("Tag keys that start with aws: are reserved. Tag key: " + std::string(key));
  }
  if (!has_tag_characters(key)) throw invalid_parameters("Tag key has invalid characters: " + std::string(key));
  if (!has_tag_characters(value)) throw invalid_parameters("Tag value has invalid characters: " + std::string(value));
}

}  // namespace

void add_tags(json::Json list, Tags& tags) {
  std::set<std::string_view> keys;
  for (const auto [position, tag] : list) {
    const auto key = tag.find("Key").string();
    const auto value = tag.find("Value").string();
    check_tag(key, value);
    if (!keys.insert(key).second) throw invalid_parameters("Duplicate tag key: " + std::string(key));
    tags.insert_or_assign(std::string(key), std::string(value));
  }
  if (tags.size() > kTagsMax) {
    throw Error(errors::limit_exceeded,
                "Subscriber limit exceeded: A resource can have at most " + std::to_string(kTagsMax) + " tags");
  }
}

std::string_view tagged_table_name(const Call& call) {
  const auto arn = call.input.find("ResourceArn").string();
  const auto parts = parse_resource_arn(arn);
  if (!parts) {
    throw Error(errors::access_denied, "User: arn:aws:iam::" + call.account + ":root is not authorized to perform: " +
                                           "dynamodb:" + std::string(call.operation.name) + " on resource: *");
  }
  if (parts->service != "dynamodb" || parts->type != "table" || parts->resource.empty()) {
    throw validation_error("Invalid TableArn: Invalid ResourceArn provided as input " + std::string(arn));
  }
  const auto slash = parts->resource.find('/');
  if (slash != std::string_view::npos) {
    if (parts->resource.substr(slash).starts_with("/stream/")) {
      throw validation_error("Shoal does not support tags of streams yet");
    }
    throw invalid_parameters(
        "Invalid resource arn provided, only table or stream is accepted. Provided resource arn: " + std::string(arn));
  }
  if (!is_here(call, *parts)) throw tagged_table_not_found(call);
  return parts->resource;
}

Error tagged_table_not_found(const Call& call) {
  // Sic. UntagResource leaves the ARN out.
  std::string message = "Requested resource not found";
  const auto arn = call.input.find("ResourceArn").string();
  if (call.operation.name != "UntagResource") message += ": ResourcArn: " + std::string(arn) + " not found";
  Error error(errors::resource_not_found, std::move(message));
  const auto parts = parse_resource_arn(arn);
  return parts ? with_region_hint(call, parts->resource, std::move(error)) : error;
}

Write tag_write(const Call& call, std::function<void(Tags&)> change) {
  const auto name = tagged_table_name(call);
  const auto body = [&call, name, change = std::move(change)](kv::Transaction& transaction) {
    const auto& catalog = call.services.catalog;
    auto table = catalog.read(transaction, call.account, call.region, name);
    if (!table) throw tagged_table_not_found(call);
    const auto before = table->tags;
    change(table->tags);
    if (table->tags != before) catalog.put(transaction, *table);
    return Answer();
  };
  return Write{body, publish(call, name)};
}

}  // namespace shoal
