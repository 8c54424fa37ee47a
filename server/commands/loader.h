// Makes tables and puts items into them, by a server's API: what `shoal load` and `shoal seed` do with what they read.
//
//   Loader loader(client, "loaded", false);
//   loader.table({{"Table", {{"TableName", "Music"}, ...}}, {"TimeToLive", {...}}, {"Tags", {...}}});
//   loader.item("Music", {{"Artist", {{"S", "Acme"}}}});
//   loader.finish();
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "server/commands/api_client.h"
#include "server/commands/progress.h"

namespace shoal {

class Loader {
 public:
  // `into_existing`: a table that is there already is no failure.
  Loader(ApiClient& client, std::string doing, bool into_existing)
      : client_(client), progress_(std::move(doing)), into_existing_(into_existing) {}

  // A table as shoal dump tells it: Table is CreateTable's input; TimeToLive and Tags may be missing.
  void table(const nlohmann::json& definition);
  void item(const std::string& table, nlohmann::json item);  // DynamoDB JSON. It may be sent later, with others.
  void finish();

 private:
  void wait_until_active(const std::string& table);
  void flush();

  ApiClient& client_;
  Progress progress_;
  const bool into_existing_;
  std::string table_;  // Of the batch.
  nlohmann::json batch_ = nlohmann::json::array();
  std::size_t bytes_ = 0, tables_ = 0;
};

}  // namespace shoal
