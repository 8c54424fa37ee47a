// Values -> DynamoDB JSON, appended to the response without building a tree.
#pragma once

#include <string>
#include <string_view>

#include "protocol/value/attribute_value.h"

namespace shoal::json {

void append_string(std::string& out, std::string_view text);  // quoted and escaped
void append_value(std::string& out, ValueView value);         // {"S":"x"}
void append_item(std::string& out, ItemView item);            // {"Artist":{"S":"x"}}
// A capacity or epoch: shortest text that reads back the same, with a point ("1.0", "0.5"), as production prints it.
void append_decimal(std::string& out, double value);

// Writes one JSON object, seeing to the commas:
//
//   ObjectWriter object(out);
//   object.key("Count"); out += "5";
//   object.close();
class ObjectWriter {
 public:
  explicit ObjectWriter(std::string& out) : out_(out) { out_ += '{'; }
  std::string& key(std::string_view name);  // `name` needs no escaping.
  void text(std::string_view name, std::string_view value);
  void boolean(std::string_view name, bool value);
  void integer(std::string_view name, long long value);
  void close() { out_ += '}'; }

 private:
  std::string& out_;
  bool first_ = true;
};

}  // namespace shoal::json
