// Any text as a seed: a template, a plan, a table, items, CSV. Each is read or refused with words; items are DynamoDB
// JSON.
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <stdexcept>

#include "server/seed/definitions.h"
#include "server/seed/items.h"

using namespace shoal::seed;

namespace {

template <typename Do>
void attempt(const Do& what) {
  try {
    what();
  } catch (const std::exception& refusal) {
    if (std::string_view(refusal.what()).empty()) std::abort();
  }
}

void check_item(const Json& item) {
  for (const auto& value : item) {
    if (!value.is_object() || value.size() != 1) std::abort();
  }
}

void use(const Json& document) {
  attempt([&] { from_cloudformation(document, {{"Stage", "test"}}); });
  attempt([&] { from_terraform(document); });
  attempt([&] { from_api(document); });
  attempt([&] { check_item(item_of(document)); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  attempt([&] { use(read_json(text)); });
  attempt([&] { use(read_yaml(text)); });
  attempt([&] {
    std::istringstream in(text);
    read_csv(in, {{"p", "S"}, {"n", "N"}}, check_item);
  });
  return 0;
}
