// Any text as a number: refused, or its canonical text reads back as the same number, and x + 0 and x - x are right.
#include <cstdlib>

#include "protocol/value/item_size.h"
#include "protocol/value/number.h"

using namespace shoal;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parsed = Number::parse({reinterpret_cast<const char*>(data), size});
  const auto* number = std::get_if<Number>(&parsed);
  if (!number) return 0;
  const auto text = number->text();
  const auto again = std::get<Number>(Number::parse(text));
  if (again.text() != text || compare(again, *number) != 0) std::abort();
  if (std::get<Number>(add(*number, Number())).text() != text) std::abort();
  if (!std::get<Number>(add(*number, number->negated())).zero()) std::abort();
  if (number_size(text) > 22) std::abort();
  return 0;
}
