#include "protocol/expression/reserved_words.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "protocol/expression/lexer.h"
#include "protocol/expression/request.h"

using namespace shoal;

TEST_CASE("There are 573 reserved words, in order and each once") {
  const auto words = reserved_words();
  CHECK(words.size() == 573);
  CHECK(std::adjacent_find(words.begin(), words.end(), std::greater_equal<>()) == words.end());
}

TEST_CASE("A reserved word is known whatever its case") {
  for (const auto word : reserved_words()) {
    std::string spelled(word);
    CHECK(is_reserved_word(spelled));
    for (std::size_t i = 0; i < spelled.size(); i += 2) spelled[i] = static_cast<char>(spelled[i] | 0x20);
    CHECK(is_reserved_word(spelled));
  }
}

TEST_CASE("Words that only resemble a reserved one are free") {
  for (const auto word : {"", "a", "namess", "nam", "status_", "status1", "zones", "abor", "localtimestampx", "remove",
                          "{bort", "[BORT", "\xc3\xa9"}) {
    CHECK_FALSE(is_reserved_word(word));
  }
}

TEST_CASE("A keyword of any expression is no name in any, nor where a reserved word would be told") {
  using namespace shoal::testing;
  for (const std::string word : {"AND", "or", "Not", "BETWEEN", "in", "set", "REMOVE", "Add", "DELETE"}) {
    CAPTURE(word);
    CHECK(condition_error("x." + word + " = :a") ==
          "Invalid ConditionExpression: Syntax error; token: \"" + word + "\", near: \"." + word + " =\"");
    CHECK(update_error("SET x." + word + " = :a") ==
          "Invalid UpdateExpression: Syntax error; token: \"" + word + "\", near: \"." + word + " =\"");
    auto none = Placeholders();
    CHECK(error_of([&] { Projection::parse("x, " + word, none); }) ==
          "Invalid ProjectionExpression: Syntax error; token: \"" + word + "\", near: \", " + word + "\"");
  }
}

TEST_CASE("A reserved word is refused in its own spelling, anywhere in a path, and allowed behind a placeholder") {
  using namespace shoal::testing;
  CHECK(condition_error("Name = :a") ==
        "Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: Name");
  CHECK(condition_error("x.status = :a") ==
        "Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: status");
  CHECK(condition_error("x[0].Any = :a") ==
        "Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: Any");
  CHECK(update_error("SET date = :a") ==
        "Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: date");
  CHECK(condition_error("#n = :a", R"({"#n": "Name"})") == "");
  for (const auto word : reserved_words()) {
    if (const auto type = next_token(word, 0).type; type != TokenType::identifier) continue;  // A keyword.
    auto none = Placeholders();
    CHECK(error_of([&] { Projection::parse("x." + std::string(word), none); }) ==
          "Invalid ProjectionExpression: Attribute name is a reserved keyword; reserved keyword: " + std::string(word));
  }
}
