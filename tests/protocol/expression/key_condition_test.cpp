#include "protocol/expression/key_condition.h"

#include <catch2/catch.hpp>
#include <string>

#include "protocol/expression/request.h"

using namespace shoal;
using namespace shoal::testing;

namespace {

std::string_view name(KeyOperator op) {
  constexpr std::string_view kNames[] = {"=", "<", "<=", ">", ">=", "BETWEEN", "begins_with"};
  return kNames[static_cast<int>(op)];
}

std::string print(const KeyComparison& comparison) {
  std::string out = comparison.path.text() + " " + std::string(name(comparison.op)) + " ";
  json::append_value(out, comparison.value.view());
  if (comparison.upper) json::append_value(out += " ", comparison.upper->view());
  return out;
}

// Each comparison, or the error.
std::string parsed(std::string_view text, Wording wording = Wording::newer) {
  std::string out;
  const auto error = error_of([&] {
    auto bound = placeholders(R"({"#p": "a.p"})", kValues, wording);
    for (const auto& comparison : parse_key_condition(text, bound))
      out += (out.empty() ? "" : "; ") + print(comparison);
  });
  return error.empty() ? out : error;
}

const std::string kInvalid = "Invalid KeyConditionExpression: ";

}  // namespace

TEST_CASE("Key conditions come in order of the text, with the path on the left") {
  CHECK(parsed("p = :a") == R"([p] = {"S":"a"})");
  CHECK(parsed("c < :n AND #p = :a") == R"([c] < {"N":"2"}; [a.p] = {"S":"a"})");
  CHECK(parsed("(p = :a) AND (begins_with(c, :s))") == R"([p] = {"S":"a"}; [c] begins_with {"S":"text"})");
  CHECK(parsed("((p = :a) AND c BETWEEN :one AND :n)") == R"([p] = {"S":"a"}; [c] BETWEEN {"N":"1"} {"N":"2"})");
  CHECK(parsed("p = :a AND c <= :n") == R"([p] = {"S":"a"}; [c] <= {"N":"2"})");
  CHECK(parsed("p = :a AND c > :n AND d >= :n") == R"([p] = {"S":"a"}; [c] > {"N":"2"}; [d] >= {"N":"2"})");
  CHECK(parsed("p[0].x = :m") == R"([p, [0], x] = {"M":{"k":{"S":"v"}}})");
}

TEST_CASE("Operands of a key condition may be swapped") {
  CHECK(parsed(":a = p") == R"([p] = {"S":"a"})");
  CHECK(parsed(":n < c") == R"([c] > {"N":"2"})");
  CHECK(parsed(":n <= c") == R"([c] >= {"N":"2"})");
  CHECK(parsed(":n > c") == R"([c] < {"N":"2"})");
  CHECK(parsed(":n >= c") == R"([c] <= {"N":"2"})");
}

TEST_CASE("Operators that find no keys are refused, with the prefix of the newer layer") {
  const auto check = [](std::string_view text, std::string_view op) {
    CAPTURE(text);
    const auto message = "Invalid operator used in KeyConditionExpression: " + std::string(op);
    CHECK(parsed(text) == kInvalid + message);
    CHECK(parsed(text, Wording::older) == message);
  };
  check("p = :a OR c = :n", "OR");
  check("NOT p = :a", "NOT");
  check("p = :a AND NOT c = :a", "NOT");
  check("p IN (:a)", "IN");
  check("p <> :a", "<>");
  check("p = :a AND attribute_exists(c)", "attribute_exists");
  check("attribute_not_exists(c)", "attribute_not_exists");
  check("contains(c, :a)", "contains");
  CHECK(error_of([] {
          auto bound = placeholders("", R"({":t": {"S": "S"}})");
          parse_key_condition("attribute_type(c, :t)", bound);
        }) == kInvalid + "Invalid operator used in KeyConditionExpression: attribute_type");
}

TEST_CASE("size has no place in a key condition") {
  CHECK(parsed("size(p) = :n") == kInvalid + "KeyConditionExpressions cannot contain nested operations");
  CHECK(parsed("p = size(c)", Wording::older) == "KeyConditionExpressions cannot contain nested operations");
}

TEST_CASE("Each key condition has one key attribute, on its left where the order matters") {
  const auto check = [](std::string_view text, std::string_view why) {
    CAPTURE(text);
    const auto message = "Invalid condition in KeyConditionExpression: " + std::string(why);
    CHECK(parsed(text) == kInvalid + message);
    CHECK(parsed(text, Wording::older) == message);
  };
  check(":a = :a", "No key attribute specified");
  check("p = :a AND begins_with(:a, :s)", "No key attribute specified");
  check("p = x", "Multiple attribute names used in one condition");
  check("begins_with(p, x)", "Multiple attribute names used in one condition");
  check("p BETWEEN :a AND x", "Multiple attribute names used in one condition");
  check(":n BETWEEN p AND :n", "BETWEEN operator must have the key attribute as its first operand");
  check(":n BETWEEN :one AND p", "BETWEEN operator must have the key attribute as its first operand");
  check("begins_with(:a, p)", "begins_with operator must have the key attribute as its first operand");
}

TEST_CASE("One attribute has one condition") {
  CHECK(parsed("p = :a AND p = :a") == kInvalid + "KeyConditionExpressions must only contain one condition per key");
  CHECK(parsed("p = :a AND c > :n AND c < :n") ==
        kInvalid + "KeyConditionExpressions must only contain one condition per key");
  CHECK(parsed("p = :a AND p = :a", Wording::older) ==
        "KeyConditionExpressions must only contain one condition per key");
  CHECK(parsed("p = :a AND c = :n AND d = :n", Wording::older) == "Conditions can be of length 1 or 2 only");
}

TEST_CASE("What no key could satisfy is told before the conditions are counted") {
  CHECK(parsed("p = :a AND begins_with(c, :n) AND d = :a AND e = :a") ==
        kInvalid +
            "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N");
  CHECK(parsed("p = :a OR c < :ss") ==
        kInvalid + "Incorrect operand type for operator or function; operator or function: <, operand type: SS");
  CHECK(parsed("p = :a AND c BETWEEN :n AND :one") ==
        kInvalid +
            "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound "
            "operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}");
  CHECK(parsed("p = :zz OR c = :a") ==
        kInvalid + "An expression attribute value used in expression is not defined; attribute value: :zz");
}

TEST_CASE("A key condition has the syntax of conditions") {
  CHECK(parsed("") == kInvalid + "The expression can not be empty;");
  CHECK(parsed("p") == kInvalid + "Syntax error; token: \"<EOF>\", near: \"p\"");
  CHECK(parsed("((p = :a))") == kInvalid + "The expression has redundant parentheses;");
  CHECK(parsed("date = :a") == kInvalid + "Attribute name is a reserved keyword; reserved keyword: date");
  CHECK(parsed("size(p)") ==
        kInvalid + "The function is not allowed to be used this way in an expression; function: size");
}
