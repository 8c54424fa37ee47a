#include "protocol/expression/condition.h"

#include <catch2/catch.hpp>
#include <string>

#include "protocol/expression/ast.h"
#include "protocol/expression/request.h"

using namespace shoal;
using namespace shoal::testing;

namespace {

constexpr std::string_view kItem = R"({
  "s": {"S": "text"}, "n": {"N": "2"}, "b": {"B": "AAEC"}, "yes": {"BOOL": true}, "nil": {"NULL": true},
  "ss": {"SS": ["y", "x"]}, "ns": {"NS": ["2", "1"]}, "bs": {"BS": ["AAE="]},
  "l": {"L": [{"N": "1"}, {"S": "x"}, {"L": [{"SS": ["y", "x"]}]}]},
  "m": {"M": {"k": {"S": "v"}, "i": {"M": {"n": {"N": "2"}}}}}})";

bool on_item(std::string_view text) { return holds(text, kItem); }

const std::string kInvalid = "Invalid ConditionExpression: ";

std::string type_error(std::string_view op, std::string_view type) {
  return kInvalid + "Incorrect operand type for operator or function; operator or function: " + std::string(op) +
         ", operand type: " + std::string(type);
}

struct Typed {
  std::string_view placeholder, type;
};
constexpr Typed kOperands[] = {{":s", "S"},   {":n", "N"},   {":b", "B"},   {":yes", "BOOL"}, {":null", "NULL"},
                               {":ss", "SS"}, {":ns", "NS"}, {":bs", "BS"}, {":l", "L"},      {":m", "M"}};

bool is_one_of(std::string_view type, std::string_view list) {
  return (" " + std::string(list) + " ").find(" " + std::string(type) + " ") != std::string::npos;
}

}  // namespace

TEST_CASE("Values are equal whatever their order in sets and the spelling of numbers") {
  CHECK(on_item("s = :s"));
  CHECK(on_item("n = :n"));
  CHECK(on_item("yes = :yes"));
  CHECK(on_item("nil = :null"));
  CHECK(on_item("ss = :ss"));
  CHECK(on_item("ns = :ns"));
  CHECK(on_item("bs = :bs"));
  CHECK_FALSE(on_item("l = :l"));
  CHECK_FALSE(on_item("m = :m"));
  CHECK(on_item("m.k <> m.i"));
  CHECK(on_item(":a = :a"));
  CHECK_FALSE(on_item("s = :n"));
  CHECK(on_item("s <> :n"));
  CHECK(holds("a = b", R"({"a": {"N": "10"}, "b": {"N": "10.0"}})", "", ""));
  CHECK(holds("a = b",
              R"({"a": {"M": {"x": {"N": "1"}, "y": {"L": []}}}, "b": {"M": {"y": {"L": []}, "x": {"N": "1.0"}}}})", "",
              ""));
}

TEST_CASE("What is absent makes every comparison false but <>") {
  for (const auto text : {"zz = :a", "zz < :a", "zz <= :a", "zz > :a", "zz >= :a", "zz BETWEEN :a AND :s", "zz IN (:a)",
                          "contains(zz, :a)", "begins_with(zz, :a)", "size(zz) > :one", "attribute_type(zz, :type)",
                          "zz = yy", "m.zz = :a", "s.zz = :a", "l[9] = :a", "m[0] = :a", "l.k = :a", "s[0] = :a"}) {
    CAPTURE(text);
    const auto values = std::string(kValues.substr(0, kValues.size() - 1)) + R"(, ":type": {"S": "S"}})";
    CHECK_FALSE(holds(text, kItem, "", values));
    CHECK_FALSE(holds(text, "", "", values));
    CHECK(holds("NOT " + std::string(text), kItem, "", values));
    CHECK(holds("NOT (" + std::string(text) + ")", "", "", values));
  }
  CHECK(on_item("zz <> :a"));
  CHECK(holds("zz <> :a", ""));
  CHECK(on_item("zz <> yy"));
}

TEST_CASE("Strings and binaries are ordered by unsigned bytes, numbers by value") {
  CHECK(holds("a < b", R"({"a": {"S": "a"}, "b": {"S": "aa"}})", "", ""));
  CHECK(holds("a < b", R"({"a": {"S": "Z"}, "b": {"S": "a"}})", "", ""));
  CHECK(holds("a < b", R"({"a": {"S": "z"}, "b": {"S": "\u00e9"}})", "", ""));
  // By UTF-16, U+1F602 would come before U+FFFD.
  CHECK(holds("a > b", R"({"a": {"S": "\ud83d\ude02"}, "b": {"S": "\ufffd"}})", "", ""));
  CHECK(holds("a < b", R"({"a": {"B": "fw=="}, "b": {"B": "gA=="}})", "", ""));
  CHECK(holds("a < b", R"({"a": {"N": "9"}, "b": {"N": "10"}})", "", ""));
  CHECK(holds("a < b", R"({"a": {"N": "-10"}, "b": {"N": "-9.5"}})", "", ""));
  CHECK(holds("a <= b AND a >= b AND NOT a < b AND NOT a > b", R"({"a": {"N": "1e2"}, "b": {"N": "100"}})", "", ""));
}

TEST_CASE("Values of different types, and types without order, are in no order") {
  for (const auto op : {"<", "<=", ">", ">="}) {
    CAPTURE(op);
    CHECK_FALSE(on_item("n " + std::string(op) + " :s"));
    CHECK(on_item("NOT n " + std::string(op) + " :s"));
    for (const auto name : {"yes", "nil", "ss", "ns", "bs", "l", "m"}) {
      CHECK_FALSE(on_item(std::string(name) + " " + op + " :s"));
    }
  }
  for (const auto twin : {R"({"BOOL": true})", R"({"NULL": true})", R"({"SS": ["a"]})", R"({"NS": ["1"]})",
                          R"({"BS": ["AA=="]})", R"({"L": []})", R"({"M": {}})"}) {
    const auto twins = R"({"a": )" + std::string(twin) + R"(, "b": )" + twin + "}";
    CHECK(holds("a = b", twins, "", ""));
    CHECK_FALSE(holds("a <= b", twins, "", ""));
    CHECK_FALSE(holds("a >= b", twins, "", ""));
    CHECK_FALSE(holds("a BETWEEN b AND b", twins, "", ""));
    CHECK_FALSE(holds("begins_with(a, b)", twins, "", ""));
  }
}

TEST_CASE("BETWEEN includes its bounds, which may be paths") {
  CHECK(on_item("n BETWEEN :one AND :n"));
  CHECK(on_item("n BETWEEN l[0] AND m.i.n"));
  CHECK(on_item(":n BETWEEN l[0] AND n"));
  CHECK_FALSE(on_item("n BETWEEN :a AND :s"));
  CHECK_FALSE(on_item("s BETWEEN :one AND :n"));
  CHECK_FALSE(on_item("l[0] BETWEEN n AND m.i.n"));
  CHECK(on_item("n BETWEEN :one AND :n AND s = :s"));
}

TEST_CASE("IN is equality with any of its operands, of whatever types") {
  CHECK(on_item("n IN (:s, :n)"));
  CHECK(on_item("ss IN (:m, :ss)"));
  CHECK(on_item("n IN (m.i.n)"));
  CHECK(on_item("size(ss) IN (:one, :n)"));
  CHECK_FALSE(on_item("n IN (:s, :one, zz)"));
  CHECK_FALSE(on_item("zz IN (zz.y, yy)"));
}

TEST_CASE("Comparisons bind tighter than NOT, NOT than AND, AND than OR") {
  const std::string yes = "s = :s";
  const std::string no = "s = :n";
  CHECK(on_item(yes + " OR " + no + " AND " + no));
  CHECK_FALSE(on_item("(" + yes + " OR " + no + ") AND " + no));
  CHECK(on_item("NOT " + no + " AND " + yes));
  CHECK_FALSE(on_item("NOT (" + no + " OR " + yes + ")"));
  CHECK(on_item("NOT " + no + " OR " + no));
  CHECK(on_item(no + " AND " + no + " OR " + yes));
  CHECK_FALSE(on_item("NOT " + yes + " OR " + no));
  CHECK(on_item("NOT NOT " + yes));
  CHECK(on_item(yes + " AND NOT " + no + " AND " + yes));
}

TEST_CASE("attribute_exists sees NULL and nested elements") {
  for (const auto path : {"nil", "l[2][0]", "m.i.n", "s"}) {
    CHECK(on_item("attribute_exists(" + std::string(path) + ")"));
    CHECK_FALSE(on_item("attribute_not_exists(" + std::string(path) + ")"));
  }
  for (const auto path : {"zz", "l[3]", "m.zz.n", "s.x", "zz.y.x", "ss[0]"}) {
    CHECK_FALSE(on_item("attribute_exists(" + std::string(path) + ")"));
    CHECK(on_item("attribute_not_exists(" + std::string(path) + ")"));
  }
  CHECK(holds("attribute_not_exists(s)", ""));
  CHECK_FALSE(holds("attribute_exists(s)", ""));
}

TEST_CASE("attribute_type tells each of the ten types") {
  const Typed names[] = {{"s", "S"},   {"n", "N"},   {"b", "B"},   {"yes", "BOOL"}, {"nil", "NULL"},
                         {"ss", "SS"}, {"ns", "NS"}, {"bs", "BS"}, {"l", "L"},      {"m", "M"}};
  for (const auto& name : names) {
    for (const auto& type : names) {
      CAPTURE(name.placeholder, type.type);
      CHECK(holds("attribute_type(" + std::string(name.placeholder) + ", :t)", kItem, "",
                  R"({":t": {"S": ")" + std::string(type.type) + R"("}})") == (name.type == type.type));
    }
  }
}

TEST_CASE("begins_with compares bytes, of two strings or two binaries") {
  const std::string values = R"({":te": {"S": "te"}, ":all": {"S": "text"}, ":more": {"S": "text!"}, ":none": {"S": ""},
                                 ":b": {"B": "AAE="}, ":other": {"B": "AQ=="}})";
  CHECK(holds("begins_with(s, :te) AND begins_with(s, :all) AND begins_with(s, :none)", kItem, "", values));
  CHECK(holds("begins_with(b, :b)", kItem, "", values));
  CHECK(holds("begins_with(:more, s)", kItem, "", values));
  CHECK_FALSE(holds("begins_with(s, :more)", kItem, "", values));
  CHECK_FALSE(holds("begins_with(b, :other)", kItem, "", values));
  CHECK_FALSE(holds("begins_with(s, :b)", kItem, "", values));
  for (const auto name : {"n", "yes", "nil", "ss", "ns", "bs", "l", "m"}) {
    CHECK_FALSE(holds("begins_with(" + std::string(name) + ", :none)", kItem, "", values));
  }
}

TEST_CASE("contains looks into strings, binaries, sets and lists") {
  const std::string values = R"({":ex": {"S": "ex"}, ":none": {"S": ""}, ":b": {"B": "AQI="}, ":whole": {"B": "AAE="},
    ":x": {"S": "x"}, ":n": {"N": "1.0"}, ":inner": {"L": [{"SS": ["x", "y"]}]}, ":k": {"S": "k"}, ":two": {"S": "2"}})";
  const auto check = [&](std::string_view text) { return holds(text, kItem, "", values); };
  CHECK(check("contains(s, :ex) AND contains(s, :none)"));
  CHECK(check("contains(b, :b)"));
  CHECK(check("contains(ss, :x)"));
  CHECK(check("contains(ns, :n)"));
  CHECK(check("contains(bs, :whole)"));
  CHECK(check("contains(l, :n) AND contains(l, :x) AND contains(l, :inner)"));
  CHECK(check("contains(:x, m.zz) OR contains(:ex, l[1]) OR contains(:x, l[1])"));
  CHECK(check("contains(ns, size(ss))"));
  CHECK_FALSE(check("contains(s, :b)"));
  CHECK_FALSE(check("contains(ss, :none)"));
  CHECK_FALSE(check("contains(ns, :two)"));
  CHECK_FALSE(check("contains(bs, :x)"));
  CHECK_FALSE(check("contains(l, :ex)"));
  CHECK_FALSE(check("contains(m, :k)"));
  CHECK_FALSE(check("contains(n, :n)"));
  CHECK_FALSE(check("contains(yes, :x)"));
  CHECK_FALSE(check("contains(size(ss), :n)"));
}

TEST_CASE("size counts UTF-16 units, bytes and members, and is nothing for the rest") {
  const auto size_is = [](std::string_view value, std::string_view size) {
    return holds("size(a) = :n", R"({"a": )" + std::string(value) + "}", "",
                 R"({":n": {"N": ")" + std::string(size) + R"("}})");
  };
  CHECK(size_is(R"({"S": ""})", "0"));
  CHECK(size_is(R"({"S": "abc"})", "3"));
  CHECK(size_is(R"({"S": "\u00e9"})", "1"));
  CHECK(size_is(R"({"S": "\u20ac"})", "1"));
  CHECK(size_is(R"({"S": "\ud83d\ude02"})", "2"));
  CHECK(size_is(R"({"B": "AAEC"})", "3"));
  CHECK(size_is(R"({"SS": ["a", "b"]})", "2"));
  CHECK(size_is(R"({"NS": ["1", "2", "3"]})", "3"));
  CHECK(size_is(R"({"BS": ["AA=="]})", "1"));
  CHECK(size_is(R"({"L": []})", "0"));
  CHECK(size_is(R"({"L": [{"N": "1"}]})", "1"));
  CHECK(size_is(R"({"M": {"a": {"N": "1"}, "b": {"N": "1"}}})", "2"));
  for (const auto none : {R"({"N": "1"})", R"({"BOOL": true})", R"({"NULL": true})"}) {
    CHECK_FALSE(holds("size(a) >= :zero", R"({"a": )" + std::string(none) + "}", "", R"({":zero": {"N": "0"}})"));
  }
  CHECK(on_item("size(:ss) = :n AND size(l) > size(ss) AND size(s) BETWEEN :one AND size(:s)"));
}

TEST_CASE("Names may hold anything behind a placeholder, and are one element of the path") {
  const auto odd = R"({"a.b": {"M": {"[0]": {"S": "a"}}}, "a": {"M": {"b": {"S": "no"}}}})";
  CHECK(holds("#p.#q = :a", odd, R"({"#p": "a.b", "#q": "[0]"})"));
  CHECK_FALSE(holds("#p = :a", odd, R"({"#p": "a.b.[0]"})"));
}

TEST_CASE("Undefined placeholders are refused") {
  CHECK(condition_error("#n = :a") ==
        kInvalid + "An expression attribute name used in the document path is not defined; attribute name: #n");
  CHECK(condition_error("x.#n[0] = :zz", R"({"#m": "x"})") ==
        kInvalid + "An expression attribute name used in the document path is not defined; attribute name: #n");
  CHECK(condition_error("x = :z") ==
        kInvalid + "An expression attribute value used in expression is not defined; attribute value: :z");
}

TEST_CASE("Conditions are checked from left to right, whatever the fault") {
  CHECK(condition_error("x = :zz AND begins_with(x, :n)") ==
        kInvalid + "An expression attribute value used in expression is not defined; attribute value: :zz");
  CHECK(condition_error("begins_with(x, :n) AND x = :zz") == type_error("begins_with", "N"));
  CHECK(condition_error("begins_with(x, :n, :n)") ==
        kInvalid +
            "Incorrect number of operands for operator or function; operator or function: begins_with, number of "
            "operands: 3");
}

TEST_CASE("Each function takes its number of operands") {
  const auto count = [](std::string_view function, int operands) {
    return kInvalid +
           "Incorrect number of operands for operator or function; operator or function: " + std::string(function) +
           ", number of operands: " + std::to_string(operands);
  };
  CHECK(condition_error("begins_with(x)") == count("begins_with", 1));
  CHECK(condition_error("contains(x, :a, :a)") == count("contains", 3));
  CHECK(condition_error("attribute_type(x)") == count("attribute_type", 1));
  CHECK(condition_error("attribute_exists(x, y)") == count("attribute_exists", 2));
  CHECK(condition_error("attribute_not_exists(x, y)") == count("attribute_not_exists", 2));
  CHECK(condition_error("size(x, y) > :n") == count("size", 2));
}

TEST_CASE("Functions of attributes take a path") {
  const auto path = [](std::string_view function) {
    return kInvalid + "Operator or function requires a document path; operator or function: " + std::string(function);
  };
  CHECK(condition_error("attribute_exists(:a)") == path("attribute_exists"));
  CHECK(condition_error("attribute_not_exists(size(x))") == path("attribute_not_exists"));
  CHECK(condition_error("attribute_type(:a, :a)") == path("attribute_type"));
}

TEST_CASE("A path is not compared with itself") {
  const auto same = [](std::string_view op, std::string_view path) {
    return kInvalid +
           "The first operand must be distinct from the remaining operands for this operator or function; operator: " +
           std::string(op) + ", first operand: " + std::string(path);
  };
  for (const auto op : {"=", "<>", "<", "<=", ">", ">="}) {
    CHECK(condition_error("x " + std::string(op) + " x") == same(op, "[x]"));
  }
  CHECK(condition_error("begins_with(x, x)") == same("begins_with", "[x]"));
  CHECK(condition_error("contains(x, x)") == same("contains", "[x]"));
  CHECK(condition_error("attribute_type(x, x)") == same("attribute_type", "[x]"));
  CHECK(condition_error("x IN (:a, x)") == same("IN", "[x]"));
  CHECK(condition_error("x BETWEEN :a AND x") == same("BETWEEN", "[x]"));
  CHECK(condition_error("x[0].y = #x[0].y", R"({"#x": "x"})") == same("=", "[x, [0], y]"));
  CHECK(condition_error("x = x.y") == "");
  CHECK(condition_error("size(x) = size(x)") == "");
  CHECK(condition_error(":a = :a") == "");
}

TEST_CASE("Each operator and function takes literals of its types alone") {
  for (const auto& [placeholder, type] : kOperands) {
    const std::string value(placeholder);
    CAPTURE(value);
    for (const std::string op : {"=", "<>"}) CHECK(condition_error("x " + op + " " + value) == "");
    CHECK(condition_error("x IN (" + value + ")") == "");
    for (const std::string op : {"<", "<=", ">", ">="}) {
      const auto expected = is_one_of(type, "S N B") ? "" : type_error(op, type);
      CHECK(condition_error("x " + op + " " + value) == expected);
      CHECK(condition_error(value + " " + op + " x") == expected);
    }
    const auto between = is_one_of(type, "S N B") ? "" : type_error("BETWEEN", type);
    CHECK(condition_error(value + " BETWEEN x AND y") == between);
    CHECK(condition_error("x BETWEEN " + value + " AND y") == between);
    CHECK(condition_error("x BETWEEN y AND " + value) == between);
    const auto begins_with = is_one_of(type, "S B") ? "" : type_error("begins_with", type);
    CHECK(condition_error("begins_with(x, " + value + ")") == begins_with);
    CHECK(condition_error("begins_with(" + value + ", x)") == begins_with);
    CHECK(condition_error("contains(x, " + value + ")") == "");
    CHECK(condition_error("contains(" + value + ", x)") == "");
    CHECK(condition_error("size(" + value + ") > x") ==
          (is_one_of(type, "N BOOL NULL") ? type_error("size", type) : ""));
    if (type != "S") CHECK(condition_error("attribute_type(x, " + value + ")") == type_error("attribute_type", type));
  }
  CHECK(condition_error("begins_with(size(x), :s)") == type_error("begins_with", "N"));
  CHECK(condition_error("size(size(x)) > :n") == type_error("size", "N"));
  CHECK(condition_error("attribute_type(x, size(y))") == type_error("attribute_type", "N"));
  CHECK(condition_error("attribute_type(x, :one)", "", R"({":one": {"S": "1"}})") ==
        kInvalid + "Invalid attribute type name found; type: 1, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}");
}

TEST_CASE("The literal bounds of BETWEEN are of one type and in order") {
  const auto error = [](std::string_view lower, std::string_view upper) {
    return condition_error("x BETWEEN :lo AND :hi", "",
                           R"({":lo": )" + std::string(lower) + R"(, ":hi": )" + std::string(upper) + "}");
  };
  CHECK(error(R"({"N": "2"})", R"({"N": "1"})") ==
        kInvalid +
            "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound "
            "operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}");
  CHECK(error(R"({"B": "/w=="})", R"({"B": "AAE="})") ==
        kInvalid +
            "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound "
            "operand: AttributeValue: {B:/w==}, upper bound operand: AttributeValue: {B:AAE=}");
  CHECK(error(R"({"N": "2"})", R"({"S": "1"})") ==
        kInvalid +
            "The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: "
            "AttributeValue: {N:2}, upper bound operand: AttributeValue: {S:1}");
  CHECK(error(R"({"N": "9"})", R"({"N": "10"})") == "");
  CHECK(error(R"({"N": "1"})", R"({"N": "1.0"})") == "");
  CHECK(error(R"({"S": ""})", R"({"S": "a"})") == "");
}

TEST_CASE("Errors name the parameter that the expression came in") {
  CHECK(error_of([] {
          auto none = Placeholders();
          Condition::parse("x = :z", "FilterExpression", none);
        }) ==
        "Invalid FilterExpression: An expression attribute value used in expression is not defined; attribute value: "
        ":z");
}

TEST_CASE("A condition lists its paths in order of the text") {
  auto bound = placeholders(R"({"#x": "x.y"})", kValues);
  const auto condition =
      Condition::parse("b = :a AND (NOT contains(a.c[1], size(#x)) OR :a IN (d, :s, b))", "FilterExpression", bound);
  std::string list;
  for (const auto& path : condition.paths()) list += path.text();
  CHECK(list == "[b][a, c, [1]][x.y][d][b]");
}

TEST_CASE("A condition can be built without text") {
  const Path n{{{"n"}}};
  const ConditionNode exists{ConditionOperator::attribute_exists, {}, {{n}}};
  const ConditionNode two{ConditionOperator::equal, {}, {{n}, {Value::number("2")}}};
  const auto node = std::make_shared<const ConditionNode>(ConditionNode{ConditionOperator::all, {exists, two}, {}});
  const Condition condition(node);
  const auto value = item(kItem);
  CHECK(condition.holds(value.view()));
  CHECK_FALSE(condition.holds(std::nullopt));
  CHECK(Condition(std::make_shared<const ConditionNode>()).holds(std::nullopt));
}
