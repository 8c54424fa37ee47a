// What a folder of seeds holds: which file defines tables, and which has items, of which table.
//
//   Reader reader({{"Stage", "test"}});
//   reader.add("seeds");                              // files and folders, to any depth
//   for (const auto& definition : reader.tables()) ...
//   reader.items(client_tables, [](const std::string& table, Json item) { ... });
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "server/seed/definitions.h"
#include "server/seed/items.h"

namespace shoal::seed {

class Reader {
 public:
  // `parameters`: of CloudFormation templates.
  explicit Reader(std::map<std::string, std::string> parameters) : parameters_(std::move(parameters)) {}

  // A file is what it says, whatever its name: a CloudFormation or SAM template, a Terraform plan or state,
  // CreateTable's input, DescribeTable's answer, or a list of these; BatchWriteItem's requests; else items of the table
  // that the file is named after, Music.json or Music.csv: an object, a list of objects, an answer of Scan or Query, or
  // a line for each
  // (.jsonl, .ndjson). Of folders, .json, .jsonl, .ndjson, .csv, .yaml, .yml and .template are read, in the order of
  // their names. Throws std::runtime_error, naming the file.
  void add(const std::filesystem::path& path);

  const std::vector<Definition>& tables() const { return tables_; }

  // Answers the table's description, CreateTable's input or what DescribeTable says, or null when there is none.
  using Describe = std::function<Json(const std::string& table)>;
  using Take = std::function<void(const std::string& table, Json item)>;
  // Every item that was found, in DynamoDB JSON. `describe` is asked about tables that were not defined here. A file
  // that is named Music.1993.json has items of the table Music.1993, or else of Music. Throws std::runtime_error,
  // naming the file.
  void items(const Describe& describe, const Take& take) const;

 private:
  void add_file(const std::filesystem::path& file);
  void add_document(const std::filesystem::path& file, const Json& document);
  bool add_definitions(const Json& document);
  void add_items(const std::filesystem::path& file, const Json& document);
  void keep(Definitions found);
  Json definition_of(const std::string& table, const Describe& describe) const;
  std::pair<std::string, Json> table_of(const std::filesystem::path& file, const Describe& describe) const;

  struct ItemsOfFile {
    std::filesystem::path file;
    std::vector<Json> items;  // As they were written. Those of .csv and .jsonl files are read when they are asked for.
  };

  const std::map<std::string, std::string> parameters_;
  std::vector<Definition> tables_;
  std::vector<Item> named_;  // Whose table the file says.
  std::vector<ItemsOfFile> files_;
};

}  // namespace shoal::seed
