#include "protocol/partiql/lexer.h"

#include <algorithm>
#include <array>

namespace shoal::partiql {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}
constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }
constexpr char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

}  // namespace

bool Token::is_word(std::string_view keyword) const {
  return type == TokenType::word && text.size() == keyword.size() &&
         std::equal(text.begin(), text.end(), keyword.begin(), [](char c, char k) { return upper(c) == k; });
}

std::string Token::unquoted() const {
  const char quote = text.front();
  std::string out;
  out.reserve(text.size() - 2);
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    out += text[i];
    if (text[i] == quote) ++i;  // The second of two.
  }
  return out;
}

// False: a comment does not end.
bool Lexer::skip_blanks() {
  while (at_ < text_.size()) {
    const auto rest = text_.substr(at_);
    if (is_blank(rest[0])) {
      ++at_;
    } else if (rest.starts_with("--")) {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (rest.starts_with("/*")) {
      const auto end = text_.find("*/", at_ + 2);
      if (end == std::string_view::npos) return false;
      at_ = end + 2;
    } else {
      break;
    }
  }
  return true;
}

Token Lexer::token(TokenType type, std::size_t size) {
  const Token token{type, text_.substr(at_, size), at_};
  at_ += size;
  return token;
}

Token Lexer::next() {
  if (!skip_blanks()) return token(TokenType::unreadable, text_.size() - at_);
  if (at_ == text_.size()) return token(TokenType::end, 0);
  const char c = text_[at_];
  if (is_letter(c)) {
    std::size_t size = 1;
    while (at_ + size < text_.size() && (is_letter(text_[at_ + size]) || is_digit(text_[at_ + size]))) ++size;
    return token(TokenType::word, size);
  }
  if (c == '\'' || c == '"') {
    const auto size = quoted_size(c);
    if (size == 0) return token(TokenType::unreadable, text_.size() - at_);
    return token(c == '"' ? TokenType::quoted_name : TokenType::string, size);
  }
  if (is_digit(c) || (c == '.' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]))) {
    return token(TokenType::number, number_size());
  }
  if (c == '?') return token(TokenType::parameter, 1);
  if (const auto size = symbol_size(); size > 0) return token(TokenType::symbol, size);
  return token(TokenType::unreadable, 1);
}

// With both quotes; 0 when the second one is missing.
std::size_t Lexer::quoted_size(char quote) const {
  for (std::size_t i = at_ + 1; i < text_.size(); ++i) {
    if (text_[i] != quote) continue;
    if (i + 1 == text_.size() || text_[i + 1] != quote) return i + 1 - at_;
    ++i;
  }
  return 0;
}

std::size_t Lexer::number_size() const {
  std::size_t i = at_;
  const auto digits = [&] {
    while (i < text_.size() && is_digit(text_[i])) ++i;
  };
  digits();
  if (i < text_.size() && text_[i] == '.') {
    ++i;
    digits();
  }
  if (i < text_.size() && (text_[i] == 'e' || text_[i] == 'E')) {
    const std::size_t sign = i + 1 < text_.size() && (text_[i + 1] == '+' || text_[i + 1] == '-') ? 1 : 0;
    if (i + 1 + sign < text_.size() && is_digit(text_[i + 1 + sign])) {
      i += 1 + sign;
      digits();
    }
  }
  return i - at_;
}

std::size_t Lexer::symbol_size() const {
  constexpr std::array<std::string_view, 6> kDouble{"<>", "!=", "<=", ">=", "<<", ">>"};
  constexpr std::string_view kSingle = "=<>+-*()[]{}.,:;";
  for (const auto symbol : kDouble) {
    if (text_.substr(at_).starts_with(symbol)) return 2;
  }
  return kSingle.find(text_[at_]) == std::string_view::npos ? 0 : 1;
}

std::string location(std::string_view text, const Token& token) {
  const auto before = text.substr(0, token.offset);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const auto line_start = before.rfind('\n');
  const auto column = line_start == std::string_view::npos ? token.offset + 1 : token.offset - line_start;
  return std::to_string(line) + ":" + std::to_string(column) + ":" + std::to_string(token.text.size());
}

}  // namespace shoal::partiql
