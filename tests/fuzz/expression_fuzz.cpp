// Any text, as each kind of expression with a fixed set of placeholders: it is refused by an Error, or means something
// for a small item. The first byte chooses the kind: 0, 1, 2 or 3 in the corpus.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "protocol/error.h"
#include "protocol/expression/condition.h"
#include "protocol/expression/key_condition.h"
#include "protocol/expression/projection.h"
#include "protocol/expression/update.h"
#include "protocol/json/item_reader.h"
#include "protocol/json/reader.h"
#include "protocol/json/writer.h"

using namespace shoal;

namespace {

constexpr std::string_view kNames = R"({"#a": "a", "#b": "b.c", "#l": "l"})";
constexpr std::string_view kValues = R"({
  ":s": {"S": "x"}, ":n": {"N": "1.5"}, ":b": {"B": "AA=="}, ":y": {"BOOL": true}, ":z": {"NULL": true},
  ":t": {"SS": ["x", "y"]}, ":u": {"NS": ["1", "2"]}, ":l": {"L": [{"N": "1"}]}, ":m": {"M": {"k": {"S": "v"}}}})";
constexpr std::string_view kItem = R"({
  "a": {"S": "xy"}, "b": {"N": "2"}, "c": {"B": "AAE="}, "t": {"SS": ["x", "z"]}, "u": {"NS": ["2", "10"]},
  "l": {"L": [{"N": "1"}, {"S": "x"}, {"M": {"k": {"L": []}}}]}, "m": {"M": {"k": {"S": "v"}, "n": {"M": {}}}}})";

json::Json parsed(json::Parser& parser, std::string_view text) { return parser.parse(text).value(); }

Placeholders placeholders() {
  json::Parser names;
  json::Parser values;
  return Placeholders(parsed(names, kNames), parsed(values, kValues), Wording::newer);
}

const Item& item() {
  static const Item item = [] {
    json::Parser parser;
    return json::read_item(parsed(parser, kItem), Wording::newer);
  }();
  return item;
}

void demand(bool promised) {
  if (!promised) std::abort();
}

// What was made is read back as it is.
void check_well_formed(const Item& made) {
  std::string text;
  json::append_item(text, made.view());
  json::Parser parser;
  demand(json::read_item(parsed(parser, text), Wording::newer) == made);
}

void run(std::uint8_t kind, std::string_view text) {
  auto bound = placeholders();
  switch (kind % 4) {
    case 0: {
      const auto condition = Condition::parse(text, "ConditionExpression", bound);
      condition.holds(item().view());
      condition.holds(std::nullopt);
      condition.paths();
      break;
    }
    case 1: {
      const auto update = Update::parse(text, bound);
      check_well_formed(update.touched(item().view()));
      const auto after = update.apply(item().view());
      check_well_formed(after);
      check_well_formed(update.touched(after.view()));
      break;
    }
    case 2:
      check_well_formed(Projection::parse(text, bound).apply(item().view()));
      break;
    default:
      parse_key_condition(text, bound);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  try {
    run(data[0], std::string_view(reinterpret_cast<const char*>(data) + 1, size - 1));
  } catch (const Error&) {
  }
  return 0;
}
