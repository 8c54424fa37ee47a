// shoal seed: makes tables and puts items into them, as files say that people and other tools write.
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "server/commands/api_client.h"
#include "server/commands/loader.h"
#include "server/commands/parse.h"
#include "server/seed/reader.h"

namespace shoal {
namespace {

using Json = nlohmann::json;

std::map<std::string, std::string> named_values(const std::vector<std::string>& given) {
  std::map<std::string, std::string> values;
  for (const auto& each : given) {
    const auto equals = each.find('=');
    if (equals == std::string::npos || equals == 0)
      throw std::runtime_error("--parameter takes Name=Value, not " + each);
    values[each.substr(0, equals)] = each.substr(equals + 1);
  }
  return values;
}

Json describe(ApiClient& client, const std::string& table) {
  try {
    return client.call("DescribeTable", {{"TableName", table}}).at("Table");
  } catch (const ApiError& error) {
    if (error.type != "ResourceNotFoundException" && error.type != "ValidationException") throw;
    return nullptr;
  }
}

void tell_what_is_left_out(const seed::Definition& definition) {
  if (definition.left_out.empty()) return;
  std::string names;
  for (const auto& name : definition.left_out) names += (names.empty() ? "" : ", ") + name;
  std::fprintf(stderr, "shoal seed: %s is made without its %s\n",
               definition.table["Table"]["TableName"].get_ref<const std::string&>().c_str(), names.c_str());
}

void run(const ApiOptions& options, const std::vector<std::string>& paths, const std::vector<std::string>& given,
         bool into_existing) {
  auto parameters = named_values(given);
  parameters.try_emplace("AWS::Region", options.region);
  seed::Reader reader(std::move(parameters));
  for (const auto& path : paths) reader.add(path);
  ApiClient client(options);
  Loader loader(client, "seeded", into_existing);
  for (const auto& definition : reader.tables()) {
    tell_what_is_left_out(definition);
    loader.table(definition.table);
  }
  reader.items([&](const std::string& table) { return describe(client, table); },
               [&](const std::string& table, Json item) { loader.item(table, std::move(item)); });
  loader.finish();
}

}  // namespace

int run_seed(CommandLine line) {
  ApiOptions options;
  std::vector<std::string> paths, parameters;
  bool into_existing = false;
  CLI::App app(
      "Makes tables and puts items into them. Tables come from CreateTable's input in JSON, CloudFormation and SAM "
      "templates, Terraform plans; items from Music.json, Music.jsonl or Music.csv, named after their table.",
      "shoal seed");
  add_options(app, options);
  app.add_option("paths", paths, "Folders and files")->type_name("PATH")->required();
  app.add_option("--parameter", parameters, "A template's parameter, Name=Value; may be given again")
      ->type_name("TEXT")
      ->expected(1)
      ->take_all();
  app.add_flag("--into-existing", into_existing, "Add to tables that are there already");
  if (const auto status = parse(app, line)) return *status;
  try {
    run(options, paths, parameters, into_existing);
    return 0;
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "shoal seed: %s\n", failure.what());
    return 1;
  }
}

}  // namespace shoal
