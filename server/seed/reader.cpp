#include "server/seed/reader.h"

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "server/seed/described_table.h"

namespace shoal::seed {
namespace {

namespace fs = std::filesystem;

bool is_one_of(const fs::path& file, std::initializer_list<const char*> extensions) {
  return std::find(extensions.begin(), extensions.end(), file.extension()) != extensions.end();
}
bool is_yaml(const fs::path& file) { return is_one_of(file, {".yaml", ".yml"}); }
bool is_lines(const fs::path& file) { return is_one_of(file, {".jsonl", ".ndjson"}); }
bool is_csv(const fs::path& file) { return is_one_of(file, {".csv"}); }
bool is_read(const fs::path& file) {
  return is_yaml(file) || is_lines(file) || is_csv(file) || is_one_of(file, {".json", ".template"});
}

std::ifstream open(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot be read");
  return in;
}

std::string text_of(const fs::path& file) {
  auto in = open(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

// A .template is of either kind.
Json read_document(const fs::path& file) {
  const auto text = text_of(file);
  const auto first = text.find_first_not_of(" \t\r\n");
  const bool may_be_json = first != std::string::npos && (text[first] == '{' || text[first] == '[');
  return is_yaml(file) || !may_be_json ? read_yaml(text) : read_json(text);
}

// Runs it; what it throws gets the file's name.
template <typename Do>
void in(const fs::path& file, const Do& what) {
  try {
    what();
  } catch (const std::exception& failure) {
    throw std::runtime_error(file.string() + ": " + failure.what());
  }
}

bool has_object(const Json& document, const char* name) {
  return document.contains(name) && document[name].is_object();
}

bool is_table(const Json& document) {
  return document.is_object() && document.contains("TableName") && document.contains("KeySchema");
}

bool is_put(const Json& request) {
  return request.is_object() && request.size() == 1 && has_object(request, "PutRequest") &&
         has_object(request["PutRequest"], "Item");
}

// {"Music": [{"PutRequest": ...}, ...], ...}
bool is_batch(const Json& document) {
  return document.is_object() && !document.empty() &&
         std::all_of(document.begin(), document.end(), [](const Json& requests) {
           return requests.is_array() && !requests.empty() && std::all_of(requests.begin(), requests.end(), is_put);
         });
}

// {"Item": ...}, as an export to S3 has it on each of its lines, or the item itself.
const Json& unwrapped(const Json& line) {
  return line.is_object() && line.size() == 1 && has_object(line, "Item") ? line["Item"] : line;
}

}  // namespace

Definition from_api(const Json& document) {
  const bool is_wrapped = has_object(document, "Table");
  const auto& table = is_wrapped ? document["Table"] : document;
  if (table.contains("TableStatus")) return {{{"Table", create_table_input(table)}}, {}};
  if (is_wrapped) return {document, {}};
  return {{{"Table", table}}, {}};
}

void Reader::add(const fs::path& path) {
  if (!fs::is_directory(path)) return in(path, [&] { add_file(path); });
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(path)) {
    if (entry.is_regular_file() && is_read(entry.path())) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) in(file, [&] { add_file(file); });
}

void Reader::add_file(const fs::path& file) {
  if (is_csv(file) || is_lines(file)) {
    open(file);
    files_.push_back({file, {}});
  } else {
    add_document(file, read_document(file));
  }
}

void Reader::add_document(const fs::path& file, const Json& document) {
  if (add_definitions(document)) return;
  const bool are_definitions =
      document.is_array() && std::any_of(document.begin(), document.end(), [](const Json& each) {
        return is_table(each) || (has_object(each, "Table") && is_table(each["Table"]));
      });
  if (!are_definitions) return add_items(file, document);
  for (const auto& each : document) {
    if (!add_definitions(each)) throw std::runtime_error("a list of tables has something else in it");
  }
}

bool Reader::add_definitions(const Json& document) {
  if (!document.is_object()) return false;
  if (has_object(document, "Resources")) {
    keep(from_cloudformation(document, parameters_));
  } else if (has_object(document, "resources") && has_object(document["resources"], "Resources")) {  // serverless.yml
    keep(from_cloudformation(document["resources"], parameters_));
  } else if (document.contains("terraform_version") &&
             (document.contains("planned_values") || document.contains("values"))) {
    keep(from_terraform(document));
  } else if (is_table(document) || (has_object(document, "Table") && is_table(document["Table"]))) {
    tables_.push_back(from_api(document));
  } else {
    return false;
  }
  return true;
}

void Reader::keep(Definitions found) {
  std::move(found.tables.begin(), found.tables.end(), std::back_inserter(tables_));
  std::move(found.items.begin(), found.items.end(), std::back_inserter(named_));
}

void Reader::add_items(const fs::path& file, const Json& document) {
  const auto& batch = has_object(document, "RequestItems") ? document["RequestItems"] : document;
  if (is_batch(batch)) {
    for (const auto& [table, requests] : batch.items()) {
      for (const auto& request : requests) named_.push_back({table, request["PutRequest"]["Item"]});
    }
    return;
  }
  const bool is_page =
      document.is_object() && document.contains("Items") && document["Items"].is_array() && document.contains("Count");
  const auto& found = is_page ? document["Items"] : document;
  if (found.is_null()) return;
  if (found.is_array()) {
    files_.push_back({file, {found.begin(), found.end()}});
  } else {
    files_.push_back({file, {unwrapped(found)}});
  }
}

Json Reader::definition_of(const std::string& table, const Describe& describe) const {
  for (const auto& definition : tables_) {
    if (definition.table["Table"]["TableName"] == table) return definition.table["Table"];
  }
  return describe(table);
}

std::pair<std::string, Json> Reader::table_of(const fs::path& file, const Describe& describe) const {
  const auto stem = file.stem().string();
  for (auto name = stem;; name.resize(name.rfind('.'))) {
    if (auto definition = definition_of(name, describe); !definition.is_null()) return {name, std::move(definition)};
    if (name.rfind('.') == std::string::npos || name.rfind('.') == 0) break;
  }
  throw std::runtime_error("there is no table " + stem + " for these items: a file of items is named after its table");
}

void Reader::items(const Describe& describe, const Take& take) const {
  for (const auto& [table, item] : named_) take(table, item_of(item));
  for (const auto& [file, items] : files_) {
    in(file, [&, &path = file, &found = items] {
      const auto [table, definition] = table_of(path, describe);
      const auto put = [&, &name = table](const Json& written) { take(name, item_of(unwrapped(written))); };
      if (is_csv(path)) {
        auto text = open(path);
        read_csv(text, key_types(definition), put);
      } else if (is_lines(path)) {
        auto text = open(path);
        std::string line;
        for (std::size_t number = 1; std::getline(text, line); ++number) {
          if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
          in("line " + std::to_string(number), [&] { put(read_json(line)); });
        }
      } else {
        for (const auto& written : found) put(written);
      }
    });
  }
}

}  // namespace shoal::seed
