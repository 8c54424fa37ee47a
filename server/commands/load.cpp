// shoal load: makes the tables of a dump, and puts its items into them.
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "server/commands/api_client.h"
#include "server/commands/parse.h"
#include "server/commands/progress.h"

namespace shoal {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kBatch = 25;               // BatchWriteItem's most.
constexpr std::size_t kBatchBytes = 12 << 20;    // Of its 16 MB, as far as the text of lines tells.
constexpr std::chrono::milliseconds kPause{50};  // Before what was left unprocessed is sent again, and for states.
constexpr int kWaitsMax = 2'400;                 // Two minutes.

class Loader {
 public:
  Loader(ApiClient& client, bool into_existing) : client_(client), into_existing_(into_existing) {}

  void take(const Json& line) {
    if (line.contains("Table")) {
      flush();
      make_table(line);
    } else if (line.contains("Item")) {
      if (table_.empty()) throw std::runtime_error("an item before any table");
      bytes_ += line["Item"].dump().size();
      batch_.push_back({{"PutRequest", {{"Item", line["Item"]}}}});
      if (batch_.size() == kBatch || bytes_ >= kBatchBytes) flush();
    } else {
      throw std::runtime_error(R"(neither {"Table": ...} nor {"Item": ...})");
    }
  }

  void finish() {
    flush();
    progress_.end(tables_);
  }

 private:
  void make_table(const Json& line) {
    table_ = line["Table"].at("TableName").get<std::string>();
    ++tables_;
    try {
      auto input = line["Table"];
      if (line.contains("Tags")) input["Tags"] = line["Tags"];
      client_.call("CreateTable", input);
    } catch (const ApiError& error) {
      if (error.type != "ResourceInUseException") throw;
      if (!into_existing_) throw std::runtime_error(table_ + " is there already: --into-existing adds to it");
      return;
    }
    wait_until_active();
    if (line.contains("TimeToLive")) {
      client_.call("UpdateTimeToLive", {{"TableName", table_}, {"TimeToLiveSpecification", line["TimeToLive"]}});
    }
  }

  void wait_until_active() {
    for (int i = 0; i < kWaitsMax; ++i) {
      const auto table = client_.call("DescribeTable", {{"TableName", table_}}).at("Table");
      if (table.at("TableStatus") == "ACTIVE") return;
      std::this_thread::sleep_for(kPause);
    }
    throw std::runtime_error(table_ + " does not become ACTIVE");
  }

  void flush() {
    const auto items = batch_.size();
    Json requests{{table_, std::exchange(batch_, Json::array())}};
    bytes_ = 0;
    while (items > 0 && !requests.empty()) {
      requests = client_.call("BatchWriteItem", {{"RequestItems", requests}}).value("UnprocessedItems", Json::object());
      if (!requests.empty()) std::this_thread::sleep_for(kPause);
    }
    progress_.add(items, table_);
  }

  ApiClient& client_;
  const bool into_existing_;
  Progress progress_{"loaded"};
  std::string table_;
  Json batch_ = Json::array();
  std::size_t bytes_ = 0, tables_ = 0;
};

void load(std::istream& in, Loader& loader) {
  std::string text;
  for (std::size_t number = 1; std::getline(in, text); ++number) {
    if (text.empty()) continue;
    try {
      loader.take(Json::parse(text));
    } catch (const std::exception& failure) {
      throw std::runtime_error("line " + std::to_string(number) + ": " + failure.what());
    }
  }
  loader.finish();
}

}  // namespace

int run_load(CommandLine line) {
  ApiOptions options;
  std::string file;
  bool into_existing = false;
  CLI::App app("Makes the tables of a dump and puts its items into them, from standard input or a file.", "shoal load");
  add_options(app, options);
  app.add_option("file", file, "What shoal dump wrote; without it, standard input")->type_name("FILE");
  app.add_flag("--into-existing", into_existing, "Add to tables that are there already");
  if (const auto status = parse(app, line)) return *status;
  try {
    ApiClient client(options);
    Loader loader(client, into_existing);
    if (file.empty()) {
      load(std::cin, loader);
    } else {
      std::ifstream opened(file);
      if (!opened) throw std::runtime_error(file + " cannot be read");
      load(opened, loader);
    }
    return 0;
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "shoal load: %s\n", failure.what());
    return 1;
  }
}

}  // namespace shoal
