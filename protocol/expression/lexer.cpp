#include "protocol/expression/lexer.h"

#include <array>

namespace shoal {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

struct Keyword {
  std::string_view upper;
  TokenType type;
};

constexpr std::array<Keyword, 9> kKeywords = {{{"AND", TokenType::and_},
                                               {"OR", TokenType::or_},
                                               {"NOT", TokenType::not_},
                                               {"BETWEEN", TokenType::between},
                                               {"IN", TokenType::in},
                                               {"SET", TokenType::set},
                                               {"REMOVE", TokenType::remove},
                                               {"ADD", TokenType::add},
                                               {"DELETE", TokenType::delete_}}};

bool spells(std::string_view word, std::string_view upper) {
  if (word.size() != upper.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (static_cast<char>(word[i] & ~0x20) != upper[i]) return false;
  }
  return true;
}

TokenType word_type(std::string_view word) {
  for (const auto& keyword : kKeywords) {
    if (spells(word, keyword.upper)) return keyword.type;
  }
  return TokenType::identifier;
}

std::size_t end_of_word(std::string_view text, std::size_t at) {
  while (at < text.size() && is_word_character(text[at])) ++at;
  return at;
}

// A whole code point, so that a message that names the token stays UTF-8.
std::size_t end_of_character(std::string_view text, std::size_t at) {
  ++at;
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) ++at;
  return at;
}

Token token(TokenType type, std::size_t start, std::size_t end) {
  return {type, static_cast<std::uint16_t>(start), static_cast<std::uint16_t>(end)};
}

TokenType punctuation(char c) {
  switch (c) {
    case '=':
      return TokenType::equal;
    case '+':
      return TokenType::plus;
    case '-':
      return TokenType::minus;
    case '(':
      return TokenType::open;
    case ')':
      return TokenType::close;
    case '[':
      return TokenType::open_bracket;
    case ']':
      return TokenType::close_bracket;
    case '.':
      return TokenType::dot;
    case ',':
      return TokenType::comma;
    default:
      return TokenType::foreign;
  }
}

}  // namespace

bool is_word_character(char c) { return is_letter(c) || is_digit(c) || c == '_'; }

Token next_token(std::string_view text, std::size_t from) {
  while (from < text.size() && is_blank(text[from])) ++from;
  if (from == text.size()) return token(TokenType::end, from, from);

  const char c = text[from];
  const char following = from + 1 < text.size() ? text[from + 1] : '\0';
  if (is_letter(c)) {
    const auto end = end_of_word(text, from);
    return token(word_type(text.substr(from, end - from)), from, end);
  }
  if ((c == '#' || c == ':') && is_word_character(following)) {
    return token(c == '#' ? TokenType::name_placeholder : TokenType::value_placeholder, from,
                 end_of_word(text, from + 1));
  }
  if (is_digit(c)) {
    auto end = from;
    while (end < text.size() && is_digit(text[end])) ++end;
    return token(TokenType::integer, from, end);
  }
  if (c == '<' && following == '>') return token(TokenType::not_equal, from, from + 2);
  if (c == '<' && following == '=') return token(TokenType::less_or_equal, from, from + 2);
  if (c == '>' && following == '=') return token(TokenType::greater_or_equal, from, from + 2);
  if (c == '<') return token(TokenType::less, from, from + 1);
  if (c == '>') return token(TokenType::greater, from, from + 1);
  return token(punctuation(c), from, end_of_character(text, from));
}

}  // namespace shoal
