// shoal dump: tables as lines of JSON, from any server that speaks DynamoDB's API; `shoal load` makes them again.
//
//   {"Table": {...}, "TimeToLive": {...}, "Tags": [...]}    what CreateTable takes; before the table's items
//   {"Item": {...}}                                         DynamoDB JSON, one line an item
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "server/commands/api_client.h"
#include "server/commands/parse.h"
#include "server/commands/progress.h"
#include "server/seed/described_table.h"

namespace shoal {
namespace {

using Json = nlohmann::json;

std::vector<std::string> all_tables(ApiClient& client) {
  std::vector<std::string> names;
  Json input = Json::object();
  for (;;) {
    const auto page = client.call("ListTables", input);
    for (const auto& name : page.at("TableNames")) names.push_back(name);
    if (!page.contains("LastEvaluatedTableName")) return names;
    input["ExclusiveStartTableName"] = page["LastEvaluatedTableName"];
  }
}

Json definition_of(ApiClient& client, const std::string& name) {
  const auto table = client.call("DescribeTable", {{"TableName", name}}).at("Table");
  Json line{{"Table", create_table_input(table)}};
  const auto expiry = client.call("DescribeTimeToLive", {{"TableName", name}}).at("TimeToLiveDescription");
  if (expiry.value("TimeToLiveStatus", "") == "ENABLED") {
    line["TimeToLive"] = {{"Enabled", true}, {"AttributeName", expiry.at("AttributeName")}};
  }
  Json tags = Json::array();
  Json input{{"ResourceArn", table.at("TableArn")}};
  for (;;) {
    const auto page = client.call("ListTagsOfResource", input);
    for (const auto& tag : page.value("Tags", Json::array())) tags.push_back(tag);
    if (!page.contains("NextToken")) break;
    input["NextToken"] = page["NextToken"];
  }
  if (!tags.empty()) line["Tags"] = tags;
  return line;
}

void write_line(std::ostream& out, const Json& line) {
  out << line.dump() << '\n';
  if (!out) throw std::runtime_error("the output cannot be written");
}

void dump_table(ApiClient& client, const std::string& name, std::ostream& out, Progress& progress) {
  write_line(out, definition_of(client, name));
  Json input{{"TableName", name}, {"ConsistentRead", true}};
  for (;;) {
    const auto page = client.call("Scan", input);
    for (const auto& item : page.at("Items")) write_line(out, {{"Item", item}});
    progress.add(page.at("Items").size(), name);
    if (!page.contains("LastEvaluatedKey")) return;
    input["ExclusiveStartKey"] = page["LastEvaluatedKey"];
  }
}

}  // namespace

int run_dump(CommandLine line) {
  ApiOptions options;
  std::vector<std::string> tables;
  std::string file;
  CLI::App app("Writes tables as lines of JSON, to standard output or a file; shoal load makes them again.",
               "shoal dump");
  add_options(app, options);
  app.add_option("tables", tables, "Tables; without any, all of the region")->type_name("TABLE");
  app.add_option("--output", file, "File to write, which must not be there yet")->type_name("FILE");
  if (const auto status = parse(app, line)) return *status;
  try {
    std::ofstream opened;
    if (!file.empty()) {
      if (access(file.c_str(), F_OK) == 0) throw std::runtime_error(file + " is there already");
      opened.open(file);
      if (!opened) throw std::runtime_error(file + " cannot be written");
    }
    auto& out = file.empty() ? std::cout : opened;
    ApiClient client(options);
    if (tables.empty()) tables = all_tables(client);
    Progress progress("dumped");
    for (const auto& table : tables) dump_table(client, table, out, progress);
    out.flush();
    if (!out) throw std::runtime_error("the output cannot be written");
    progress.end(tables.size());
    return 0;
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "shoal dump: %s\n", failure.what());
    return 1;
  }
}

}  // namespace shoal
