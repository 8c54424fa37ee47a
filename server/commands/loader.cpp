#include "server/commands/loader.h"

#include <chrono>
#include <stdexcept>
#include <thread>
#include <utility>

namespace shoal {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kBatch = 25;               // BatchWriteItem's most.
constexpr std::size_t kBatchBytes = 12 << 20;    // Of its 16 MB, as far as the text of items tells.
constexpr std::chrono::milliseconds kPause{50};  // Before what was left unprocessed is sent again, and for states.
constexpr int kWaitsMax = 2'400;                 // Two minutes.

}  // namespace

void Loader::table(const Json& definition) {
  flush();
  const auto name = definition.at("Table").at("TableName").get<std::string>();
  ++tables_;
  try {
    auto input = definition["Table"];
    if (definition.contains("Tags")) input["Tags"] = definition["Tags"];
    client_.call("CreateTable", input);
  } catch (const ApiError& error) {
    if (error.type != "ResourceInUseException") throw;
    if (!into_existing_) throw std::runtime_error(name + " is there already: --into-existing adds to it");
    return;
  }
  wait_until_active(name);
  if (definition.contains("TimeToLive")) {
    client_.call("UpdateTimeToLive", {{"TableName", name}, {"TimeToLiveSpecification", definition["TimeToLive"]}});
  }
}

void Loader::wait_until_active(const std::string& table) {
  for (int i = 0; i < kWaitsMax; ++i) {
    const auto described = client_.call("DescribeTable", {{"TableName", table}}).at("Table");
    if (described.at("TableStatus") == "ACTIVE") return;
    std::this_thread::sleep_for(kPause);
  }
  throw std::runtime_error(table + " does not become ACTIVE");
}

void Loader::item(const std::string& table, Json item) {
  if (table != table_) flush();
  table_ = table;
  bytes_ += item.dump().size();
  batch_.push_back({{"PutRequest", {{"Item", std::move(item)}}}});
  if (batch_.size() == kBatch || bytes_ >= kBatchBytes) flush();
}

void Loader::flush() {
  const auto items = batch_.size();
  Json requests{{table_, std::exchange(batch_, Json::array())}};
  bytes_ = 0;
  while (items > 0 && !requests.empty()) {
    requests = client_.call("BatchWriteItem", {{"RequestItems", requests}}).value("UnprocessedItems", Json::object());
    if (!requests.empty()) std::this_thread::sleep_for(kPause);
  }
  if (items > 0) progress_.add(items, table_);
}

void Loader::finish() {
  flush();
  progress_.end(tables_);
}

}  // namespace shoal
