// The tokens of a statement. Blanks and comments (-- to the end of the line, /* ... */) are between them.
//
//   Lexer lexer("SELECT \"a b\" FROM t");
//   lexer.next();   // word SELECT
//   lexer.next();   // quoted_name, whose text() is: a b
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace shoal::partiql {

enum class TokenType : std::uint8_t {
  end,
  word,         // A keyword or a name; which, depends on where it stands.
  quoted_name,  // "..."
  string,       // '...'
  number,       // Digits, with point and exponent; the sign is not part of it.
  parameter,    // ?
  symbol,       // One of = <> != < <= > >= + - * ( ) [ ] { } << >> . , : ;
  unreadable,   // Foreign characters, a quote or comment that does not end.
};

struct Token {
  TokenType type = TokenType::end;
  std::string_view text;   // As it was written.
  std::size_t offset = 0;  // In the statement.

  bool is(std::string_view symbol) const { return type == TokenType::symbol && text == symbol; }
  // A word, whatever its case. `keyword` is in upper case.
  bool is_word(std::string_view keyword) const;
  // Of a quoted name or a string: without the quotes, and with those inside that were doubled single.
  std::string unquoted() const;
};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}
  Token next();

 private:
  bool skip_blanks();
  Token token(TokenType type, std::size_t size);
  std::size_t quoted_size(char quote) const;
  std::size_t number_size() const;
  std::size_t symbol_size() const;

  std::string_view text_;
  std::size_t at_ = 0;
};

// "1:8:5": line, column and length of a token, as production's messages tell it.
std::string location(std::string_view text, const Token& token);

}  // namespace shoal::partiql
