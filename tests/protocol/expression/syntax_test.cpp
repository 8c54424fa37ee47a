#include "protocol/expression/syntax.h"

#include <array>
#include <catch2/catch.hpp>
#include <string>

#include "protocol/expression/request.h"

using namespace shoal;
using namespace shoal::testing;

namespace {

std::string syntax_error(std::string_view token, std::string_view near) {
  return "Syntax error; token: \"" + std::string(token) + "\", near: \"" + std::string(near) + "\"";
}

std::string condition_syntax(std::string_view text) {
  return error_of([&] { parse_condition(text, "ConditionExpression"); });
}

std::string update_syntax(std::string_view text) {
  return error_of([&] { parse_update(text); });
}

std::string projection_syntax(std::string_view text) {
  return error_of([&] { parse_projection(text); });
}

std::string repeated(std::string_view part, std::size_t times, std::string_view between = "") {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) {
    if (i > 0) text += between;
    text += part;
  }
  return text;
}

struct Row {
  std::string_view text, token, near;
};

}  // namespace

TEST_CASE("A syntax error in a condition names the first token that cannot continue, and its neighbours") {
  const auto row = GENERATE(values<Row>({
      {"x", "<EOF>", "x"},
      {"x = = :a", "=", "= = :a"},
      {"AND x = :a", "AND", "AND x"},
      {"x = :a x", "x", ":a x"},
      {"x != :a", "!", "x !="},
      {"x[0 = :a", "=", "0 = :a"},
      {"x[-1] = :a", "-", "[-1"},
      {"x = :a AND", "<EOF>", "AND"},
      {"x = :a AND  ", "<EOF>", "AND  "},
      {"x = \"a\"", "\"", "= \"a"},
      {"x+:a = :a", "+", "x+:a"},
      {"x IN ()", ")", "()"},
      {"_x = :a", "_", "_x"},
      // Beyond the reference's table, by its rule.
      {" ", "<EOF>", " "},
      {"(x) ", "<EOF>", ") "},
      {"(x", "<EOF>", "x"},
      {"(x AND y = :a)", "AND", "x AND y"},
      {"(x = :a) = :a", "=", ") = :a"},
      {"x = :a = :a", "=", ":a = :a"},
      {"x = (y = :a)", "=", "y = :a"},
      {"NOT", "<EOF>", "NOT"},
      {"NOT :a", "<EOF>", ":a"},
      {"x = NOT y", "NOT", "= NOT y"},
      {"x BETWEEN :a OR :b", "OR", ":a OR :b"},
      {"x BETWEEN :a", "<EOF>", ":a"},
      {"x IN :a", ":a", "IN :a"},
      {"x IN (:a", "<EOF>", ":a"},
      {"x IN (:a,)", ")", ",)"},
      {"x..y = :a", ".", "..y"},
      {"x.[0] = :a", "[", ".[0"},
      {"x[] = :a", "]", "[] ="},
      {"x[:a] = :a", ":a", "[:a]"},
      {"x. = :a", "=", ". = :a"},
      {".x = :a", ".", ".x"},
      {"size() > :a", ")", "() >"},
      {"size(x > :a", ">", "x > :a"},
      {"contains(x, y = :a)", "=", "y = :a"},
      {"attribute_exists x", "x", "attribute_exists x"},
      {"1 = :a", "1", "1 ="},
      {"# = :a", "#", "# ="},
      {": = :a", ":", ": ="},
      {"x = :aAND y = :b", "y", ":aAND y ="},
      {"x = \xc3\xa9", "\xc3\xa9", "= \xc3\xa9"},
      {"x = :a;", ";", ":a;"},
      {"x = 'a'", "'", "= 'a"},
      {"x = 5", "5", "= 5"},
      {"x = -:a", "-", "= -:a"},
      {"x < > :a", ">", "< > :a"},
      {" and x", "and", " and x"},  // Nothing before: from the beginning.
      {"set = :a", "set", "set ="},
  }));
  CAPTURE(row.text);
  CHECK(condition_syntax(row.text) == "Invalid ConditionExpression: " + syntax_error(row.token, row.near));
}

TEST_CASE("A syntax error in an update names the first token that cannot continue, and its neighbours") {
  const auto row = GENERATE(values<Row>({
      {"SET x = ", "<EOF>", "= "},
      {"SET x = :a + :a + :a", "+", ":a + :a"},
      {"SET x = :a * :a", "*", ":a * :a"},
      {"SET (x) = :a", "(", "SET (x"},
      {"SET x :a", ":a", "x :a"},
      // Beyond the reference's table, by its rule.
      {"x = :a", "x", "x ="},
      {"SET", "<EOF>", "SET"},
      {"SET x", "<EOF>", "x"},
      {"SET x = :a,", "<EOF>", ","},
      {"SET x = :a, REMOVE y", "REMOVE", ", REMOVE y"},
      {"SET x = :a y = :b", "y", ":a y ="},
      {"REMOVE x = :a", "=", "x = :a"},
      {"REMOVE :a", ":a", "REMOVE :a"},
      {"ADD x y", "y", "x y"},
      {"ADD x = :a", "=", "x = :a"},
      {"ADD x :a + :b", "+", ":a + :b"},
      {"DELETE x", "<EOF>", "x"},
      {"DELETE x if_not_exists(x, :a)", "if_not_exists", "x if_not_exists("},
      {"SET x = if_not_exists(x, y + :a)", "+", "y + :a"},
      {"SET x = -:a", "-", "= -:a"},
      {"SET x = (:a", "<EOF>", ":a"},
      {"SET x = :a = :b", "=", ":a = :b"},
      {"SET x = :a AND y", "AND", ":a AND y"},
      {"SET size(x) = :a", "(", "size(x"},
      {" x", "x", " x"},
      {"REMOVE #a. ADD x :a", "ADD", ". ADD x"},
      {"SET x = or", "or", "= or"},
  }));
  CAPTURE(row.text);
  CHECK(update_syntax(row.text) == "Invalid UpdateExpression: " + syntax_error(row.token, row.near));
}

TEST_CASE("A syntax error in a projection names the first token that cannot continue, and its neighbours") {
  const auto row = GENERATE(values<Row>({
      {"x,", "<EOF>", ","},
      {",x", ",", ",x"},
      {"x y", "y", "x y"},
      {"x, :a", ":a", ", :a"},
      {"size(x)", "(", "size(x"},
      {"(x)", "(", "(x"},
      {"x[a]", "a", "[a]"},
      {"*", "*", "*"},
      {" ,x", ",", " ,x"},
  }));
  CAPTURE(row.text);
  CHECK(projection_syntax(row.text) == "Invalid ProjectionExpression: " + syntax_error(row.token, row.near));
}

TEST_CASE("White space between tokens is free, and keywords have no case") {
  for (const auto text : {":b<c", "x [ 0 ] . y\t=\r\n:a", "a between :a and :b", "a iN(:a)", "nOt(a=:a)oR b=:b",
                          "x.#a=:a", "#1=:_", "size (a) > :a", "NOT NOT a = :a"}) {
    CAPTURE(text);
    CHECK(condition_syntax(text) == "");
  }
  for (const auto text :
       {"set a=:a remove b add c :c delete d :d", "REMOVE a[0] , b . c", "SET a = (a + :a)", "SET a = (a) + (:a)",
        "SET a = (a - :a) + b", "SET a = list_append(if_not_exists(l, :e), :v)", "SET a = if_not_exists(x, :a) + :b",
        "SET a = if_not_exists(a, (b + c))", "SET x=y.z[3]-:a"}) {
    CAPTURE(text);
    CHECK(update_syntax(text) == "");
  }
}

TEST_CASE("Redundant parentheses are refused once the syntax is right, before any name is looked at") {
  const std::string refused = "Invalid ConditionExpression: The expression has redundant parentheses;";
  for (const auto text : {"((a = :b))", "((x)) = :a", "x = ((:a))", "x IN (((:a)))", "((name = :a))",
                          "size(((x))) > :a", "((f(x)))", "a = :a AND ((b = :b))"}) {
    CAPTURE(text);
    CHECK(condition_syntax(text) == refused);
  }
  CHECK(update_syntax("SET a = ((b + :a))") == "Invalid UpdateExpression: The expression has redundant parentheses;");
  for (const auto text : {"(x) = :a", "x = (:a)", "(a = :b)", "((a = :b) AND c = :d)", "((a) = (:b))", "x IN ((:a))",
                          "(NOT (a = :b))", "(((a = :b) AND c = :d) OR e = :f)"}) {
    CAPTURE(text);
    CHECK(condition_syntax(text) == "");
  }
  CHECK(condition_syntax("((a = :b)") == "Invalid ConditionExpression: " + syntax_error("<EOF>", ")"));
}

TEST_CASE("Text that nests to its limit is refused and does not exhaust the stack") {
  const auto deep = repeated("(", 4'000);
  CHECK(condition_syntax(deep) == "Invalid ConditionExpression: The expression has redundant parentheses;");
  CHECK(update_syntax("SET a = " + deep) == "Invalid UpdateExpression: The expression has redundant parentheses;");
  CHECK(condition_syntax(repeated("size(", 600) + "a" + repeated(")", 600) + " > :a").find("too many operators") !=
        std::string::npos);
  CHECK(condition_syntax(repeated("NOT ", 1'000) + "a = :a").find("operator count: 1001") != std::string::npos);
  CHECK(update_syntax("SET a = " + repeated("list_append(a, ", 270)).find("<EOF>") != std::string::npos);
}

TEST_CASE("An expression is neither empty nor longer than 4096 bytes") {
  CHECK(condition_syntax("") == "Invalid ConditionExpression: The expression can not be empty;");
  CHECK(update_syntax("") == "Invalid UpdateExpression: The expression can not be empty;");
  CHECK(projection_syntax("") == "Invalid ProjectionExpression: The expression can not be empty;");
  CHECK(projection_syntax(std::string(4'096, 'x')) == "");
  CHECK(projection_syntax(std::string(4'097, '(')) ==
        "Invalid ProjectionExpression: Expression size has exceeded the maximum allowed size; expression size: 4097");
}

TEST_CASE("Functions that are unknown, of the other kind of expression or out of place are refused") {
  const std::string condition = "Invalid ConditionExpression: ";
  CHECK(condition_syntax("f(x)") == condition + "Invalid function name; function: f");
  CHECK(condition_syntax("SIZE(x) > :a") == condition + "Invalid function name; function: SIZE");
  CHECK(condition_syntax("name(x) > :a") == condition + "Invalid function name; function: name");
  CHECK(condition_syntax("if_not_exists(x, :a)") ==
        condition + "The function is not allowed in a condition expression; function: if_not_exists");
  const std::string misused =
      condition + "The function is not allowed to be used this way in an expression; function: ";
  CHECK(condition_syntax("size(x)") == misused + "size");
  CHECK(condition_syntax("(size(x)) OR a = :a") == misused + "size");
  CHECK(condition_syntax("attribute_exists(x) = :a") == misused + "attribute_exists");
  CHECK(condition_syntax("x = begins_with(y, :a)") == misused + "begins_with");
  CHECK(condition_syntax("x IN (:a, contains(y, :a))") == misused + "contains");
  CHECK(condition_syntax("contains(attribute_type(x, :a), :b)") == misused + "attribute_type");
  CHECK(condition_syntax("attribute_not_exists(x) BETWEEN :a AND :b") == misused + "attribute_not_exists");
  CHECK(condition_syntax("contains(x, size(y))") == "");

  CHECK(update_syntax("SET a = size(b)") ==
        "Invalid UpdateExpression: The function is not allowed in an update expression; function: size");
  CHECK(update_syntax("SET a = f(b)") == "Invalid UpdateExpression: Invalid function name; function: f");
}

TEST_CASE("Of several wrong names the one of production's rank is told, then the leftmost") {
  const std::string condition = "Invalid ConditionExpression: ";
  CHECK(condition_syntax("name = :a AND size(x) AND f(x)") == condition + "Invalid function name; function: f");
  CHECK(condition_syntax("f(name) AND g(x)") == condition + "Invalid function name; function: f");
  CHECK(condition_syntax("name = :a AND size(x)") ==
        condition + "The function is not allowed to be used this way in an expression; function: size");
  CHECK(condition_syntax("name = :a AND date = :b") ==
        condition + "Attribute name is a reserved keyword; reserved keyword: name");
  CHECK(update_syntax("SET a = f(b), name = :a") ==
        "Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: name");
}

TEST_CASE("A section is given once, whatever its case; names come before that") {
  const auto twice = [](std::string_view section) {
    return "Invalid UpdateExpression: The \"" + std::string(section) +
           "\" section can only be used once in an update expression;";
  };
  CHECK(update_syntax("SET a = :a REMOVE b set c = :c") == twice("SET"));
  CHECK(update_syntax("REMOVE b REMOVE c") == twice("REMOVE"));
  CHECK(update_syntax("ADD b :b ADD c :c") == twice("ADD"));
  CHECK(update_syntax("DELETE b :b delete c :c") == twice("DELETE"));
  CHECK(update_syntax("SET a = :a SET name = :b") ==
        "Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: name");
  CHECK(update_syntax("SET a = :a SET b = f(c)") == "Invalid UpdateExpression: Invalid function name; function: f");
}

TEST_CASE("300 operators and functions are allowed, 301 are not") {
  const auto of = [](std::size_t comparisons) { return condition_syntax(repeated("a=:a", comparisons, " OR ")); };
  CHECK(of(150) == "");  // 150 comparisons and 149 OR
  CHECK(of(151) == "Invalid ConditionExpression: The expression contains too many operators; operator count: 301");
  CHECK(condition_syntax(repeated("a=:a", 150, " OR ") + " OR a=:a") ==
        "Invalid ConditionExpression: The expression contains too many operators; operator count: 301");
  CHECK(condition_syntax(repeated("a=:a", 150, " AND ") + " AND NOT a=:a") ==
        "Invalid ConditionExpression: The expression contains too many operators; operator count: 302");
}

TEST_CASE("IN takes 100 operands, not 101") {
  CHECK(condition_syntax("a IN (" + repeated(":a", 100, ",") + ")") == "");
  CHECK(condition_syntax("a IN (" + repeated(":a", 101, ",") + ")") ==
        "Invalid ConditionExpression: The IN operator is provided with too many operands; number of operands: 101");
}

TEST_CASE("A path has at most 32 elements, and indexes fit in 31 bits") {
  CHECK(projection_syntax("a" + repeated(".b", 31)) == "");
  CHECK(projection_syntax("a" + repeated("[0]", 32)) ==
        "Invalid ProjectionExpression: The document path has too many nesting levels; nesting levels: 33");
  CHECK(projection_syntax("a[2147483647]") == "");
  CHECK(projection_syntax("a[0000000000000000000000000001]") == "");
  CHECK(projection_syntax("a[99999999999]") ==
        "Invalid ProjectionExpression: List index is not within the allowable range; index: [99999999999]");
  CHECK(projection_syntax("a[99999999999999999999999999]") ==
        "Invalid ProjectionExpression: List index is not within the allowable range; index: "
        "[99999999999999999999999999]");
}
