#include "server/operations/table_settings.h"

#include <random>

#include "protocol/json/item_reader.h"
#include "server/operations/table_schema.h"

namespace shoal {
namespace {

std::string key_arn(const Call& call, std::string_view id) {
  return "arn:aws:kms:" + call.region + ":" + call.account + ":key/" + std::string(id);
}

// Shoal encrypts nothing, so any key will do: an alias, or no name at all, stands for a key of its own.
std::string kms_key_arn(const Call& call, json::Json given) {
  if (!given || given.string().starts_with("alias/")) return key_arn(call, random_uuid());
  if (given.string().starts_with("arn:")) return std::string(given.string());
  return key_arn(call, given.string());
}

}  // namespace

void read_encryption(const Call& call, Table& table) {
  const auto specification = call.input.find("SSESpecification");
  if (!specification) return;
  const auto type = specification.find("SSEType");
  const auto key = specification.find("KMSMasterKeyId");
  const auto enabled = specification.find("Enabled");
  if (type && type.string() != "KMS") {
    throw invalid_parameters("SSEType " + std::string(type.string()) + " is not supported");
  }
  const bool kms = enabled && json::truth(enabled);
  if (!kms && key) throw invalid_parameters("KMSMasterKeyId cannot be specified when encryption is not enabled");
  if (kms && (key || !table.sse_kms)) table.kms_key_arn = kms_key_arn(call, key);
  if (!kms) table.kms_key_arn.clear();
  table.sse_kms = kms;
}

std::string random_uuid() {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::random_device random;
  std::string uuid = "xxxxxxxx-xxxx-4xxx-xxxx-xxxxxxxxxxxx";
  for (auto& c : uuid) {
    if (c == 'x') c = kHex[random() % kHex.size()];
  }
  uuid[19] = kHex[8 + random() % 4];  // The variant.
  return uuid;
}

void refuse_unsupported(const Call& call, std::initializer_list<std::string_view> parameters) {
  for (const auto parameter : parameters) {
    if (call.input.find(parameter)) {
      throw validation_error("Shoal does not support the parameter " + std::string(parameter) + " of " +
                             std::string(call.operation.name) + " yet");
    }
  }
}

}  // namespace shoal
