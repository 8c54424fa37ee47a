// shoal load: makes the tables of a dump, and puts its items into them.
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "server/commands/api_client.h"
#include "server/commands/loader.h"
#include "server/commands/parse.h"

namespace shoal {
namespace {

using Json = nlohmann::json;

// Of lines as shoal dump writes them.
class Lines {
 public:
  explicit Lines(Loader& loader) : loader_(loader) {}

  void take(Json line) {
    if (line.contains("Table")) {
      table_ = line["Table"].at("TableName");
      loader_.table(line);
    } else if (line.contains("Item")) {
      if (table_.empty()) throw std::runtime_error("an item before any table");
      loader_.item(table_, std::move(line["Item"]));
    } else {
      throw std::runtime_error(R"(neither {"Table": ...} nor {"Item": ...})");
    }
  }

 private:
  Loader& loader_;
  std::string table_;
};

void load(std::istream& in, Loader& loader) {
  Lines lines(loader);
  std::string text;
  for (std::size_t number = 1; std::getline(in, text); ++number) {
    if (text.empty()) continue;
    try {
      lines.take(Json::parse(text));
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
    Loader loader(client, "loaded", into_existing);
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
