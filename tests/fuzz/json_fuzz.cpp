// Any text as an item's JSON: it is refused with an Error, or what was read writes and reads back the same.
#include <cstdlib>

#include "protocol/error.h"
#include "protocol/json/item_reader.h"
#include "protocol/json/writer.h"
#include "protocol/model/validator.h"
#include "protocol/value/item_size.h"

using namespace shoal;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static json::Parser parser, second;
  static const auto* put_item = model::find_operation("DynamoDB_20120810", "PutItem");
  const auto text_of_item = std::string(reinterpret_cast<const char*>(data), size);
  const auto body = parser.parse(R"({"TableName":"Music","Item":)" + text_of_item + '}');
  if (!body) return 0;
  try {
    model::validate(*put_item, *body);
    const auto item = json::read_item(body->find("Item"), Wording::wrapped);
    std::string text;
    json::append_item(text, item.view());
    if (json::read_item(*second.parse(text), Wording::wrapped) != item) std::abort();
    if (item_size(item.view()) > size) std::abort();  // JSON is longer than what it says.
  } catch (const Error&) {
  }
  return 0;
}
