// The 573 words that may not stand bare as a name in an expression, whatever their case.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ReservedWords.html
//
//   is_reserved_word("Status");  // true
#pragma once

#include <span>
#include <string_view>

namespace shoal {

bool is_reserved_word(std::string_view name);

// All of them, in upper case, ascending.
std::span<const std::string_view> reserved_words();

}  // namespace shoal
