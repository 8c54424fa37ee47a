#include "protocol/partiql/lexer.h"

#include <catch2/catch.hpp>
#include <utility>
#include <vector>

using namespace shoal::partiql;

namespace {

using Tokens = std::vector<std::pair<TokenType, std::string>>;

Tokens tokens(std::string_view text) {
  Tokens found;
  Lexer lexer(text);
  for (auto token = lexer.next(); token.type != TokenType::end; token = lexer.next()) {
    found.emplace_back(token.type, token.text);
    if (token.type == TokenType::unreadable) break;
  }
  return found;
}

TokenType only(std::string_view text) {
  const auto found = tokens(text);
  REQUIRE(found.size() == 1);
  return found[0].first;
}

std::vector<std::string> texts(std::string_view text) {
  std::vector<std::string> texts;
  for (auto& [type, token] : tokens(text)) texts.push_back(std::move(token));
  return texts;
}

}  // namespace

TEST_CASE("A token ends where it can go on no further") {
  CHECK(texts("a<=b<>c!=d>=e<<f>>g<h>i=j") == std::vector<std::string>{"a", "<=", "b", "<>", "c", "!=", "d", ">=", "e",
                                                                       "<<", "f", ">>", "g", "<", "h", ">", "i", "=",
                                                                       "j"});
  CHECK(texts("1a") == std::vector<std::string>{"1", "a"});
  CHECK(texts("a1_$é") == std::vector<std::string>{"a1_$é"});
  CHECK(texts("a.b[0];") == std::vector<std::string>{"a", ".", "b", "[", "0", "]", ";"});
  CHECK(texts("??") == std::vector<std::string>{"?", "?"});
  CHECK(texts("<<<1>>>") == std::vector<std::string>{"<<", "<", "1", ">>", ">"});
  CHECK(tokens("").empty());
  CHECK(tokens(" \t\r\n\f\v").empty());
}

TEST_CASE("Numbers have digits, a point and an exponent, but no sign") {
  for (const auto* number : {"0", "007", "1.5", "1.", ".5", "1e5", "1E+5", "1.5e-10", "12345678901234567890"}) {
    INFO(number);
    CHECK(only(number) == TokenType::number);
  }
  CHECK(texts("-1") == std::vector<std::string>{"-", "1"});
  CHECK(texts("1e") == std::vector<std::string>{"1", "e"});
  CHECK(texts("1e+") == std::vector<std::string>{"1", "e", "+"});
  CHECK(texts("1.2.3") == std::vector<std::string>{"1.2", ".3"});
  CHECK(texts(".") == std::vector<std::string>{"."});
}

TEST_CASE("Quotes end at the first that is not doubled") {
  CHECK(only("'it''s'") == TokenType::string);
  CHECK(only("\"a\"\"b\"") == TokenType::quoted_name);
  CHECK(texts("'a' 'b'") == std::vector<std::string>{"'a'", "'b'"});
  CHECK(texts("''''") == std::vector<std::string>{"''''"});
  CHECK(only("''") == TokenType::string);
  CHECK(only("'--' ") == TokenType::string);
  CHECK(only("'/*'") == TokenType::string);
  CHECK(only("'\"'") == TokenType::string);

  CHECK(Lexer("'it''s'").next().unquoted() == "it's");
  CHECK(Lexer("''''").next().unquoted() == "'");
  CHECK(Lexer("''").next().unquoted().empty());
  CHECK(Lexer("\"a\"\"''b\"").next().unquoted() == "a\"''b");
  CHECK(Lexer(std::string_view("'a\0b'", 5)).next().unquoted() == std::string_view("a\0b", 3));
}

TEST_CASE("What cannot be read is told as such") {
  for (const auto* text :
       {"'", "\"", "'a", "'a''", "\"a\"\"", "/*", "/* *", "/*/", "#", "@", "!", "|", "`", "\\", "\x01"}) {
    INFO(text);
    CHECK(only(text) == TokenType::unreadable);
  }
}

TEST_CASE("Comments are no tokens") {
  CHECK(texts("a--b\nc") == std::vector<std::string>{"a", "c"});
  CHECK(texts("a--") == std::vector<std::string>{"a"});
  CHECK(texts("a/*b*/c/**/d/***/e") == std::vector<std::string>{"a", "c", "d", "e"});
  CHECK(texts("a - -b") == std::vector<std::string>{"a", "-", "-", "b"});
  CHECK(texts("/* -- */a") == std::vector<std::string>{"a"});
  CHECK(texts("-- /*\na") == std::vector<std::string>{"a"});
}

TEST_CASE("Words are compared whatever their case, whole") {
  CHECK(Lexer("sElEcT").next().is_word("SELECT"));
  CHECK_FALSE(Lexer("SELECTS").next().is_word("SELECT"));
  CHECK_FALSE(Lexer("SELEC").next().is_word("SELECT"));
  CHECK_FALSE(Lexer("\"SELECT\"").next().is_word("SELECT"));
  CHECK_FALSE(Lexer("SET{ADD").next().is_word("SET_ADD"));
  CHECK(Lexer("set_add").next().is_word("SET_ADD"));
}

TEST_CASE("A location is line, column and length, from 1") {
  const std::string_view text = "SELECT\n  a\n\nFROM";
  Lexer lexer(text);
  CHECK(location(text, lexer.next()) == "1:1:6");
  CHECK(location(text, lexer.next()) == "2:3:1");
  CHECK(location(text, lexer.next()) == "4:1:4");
  CHECK(location(text, lexer.next()) == "4:5:0");
}
