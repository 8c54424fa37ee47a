// The tokens of an expression's text. Any text has tokens: what is no part of the language is a token of one character.
//
//   Token first = next_token("a.#b <> :v", 0);   // name [0, 1)
#pragma once

#include <cstdint>
#include <string_view>

namespace shoal {

enum class TokenType : std::uint8_t {
  end,
  identifier,
  name_placeholder,   // #n
  value_placeholder,  // :v
  integer,
  // Keywords, whatever their case. Each grammar has its own; to the others they are identifiers.
  and_,
  or_,
  not_,
  between,
  in,
  set,
  remove,
  add,
  delete_,
  // Punctuation
  equal,
  not_equal,
  less,
  less_or_equal,
  greater,
  greater_or_equal,
  plus,
  minus,
  open,
  close,
  open_bracket,
  close_bracket,
  dot,
  comma,
  foreign,  // No part of the language.
};

// Where a token stands in its text, which is no longer than 4 KB.
struct Token {
  TokenType type = TokenType::end;
  std::uint16_t start = 0;
  std::uint16_t end = 0;
};

// The first token at or after `from`; at the end of the text, `end` at its very end.
Token next_token(std::string_view text, std::size_t from);

// Letters, digits and _, as they may follow # or : in a placeholder.
bool is_word_character(char c);

}  // namespace shoal
