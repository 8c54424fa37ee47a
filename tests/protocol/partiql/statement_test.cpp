#include "protocol/partiql/statement.h"

#include <catch2/catch.hpp>
#include <memory>

#include "protocol/error.h"
#include "protocol/expression/condition.h"
#include "protocol/expression/update.h"
#include "protocol/json/item_reader.h"
#include "protocol/json/writer.h"

using namespace shoal;
using namespace shoal::partiql;
using Catch::Matchers::Contains;
using Catch::Matchers::Equals;

namespace {

const std::string kNoStruct =
    "Unsupported format in item expression. Please use struct format {...} to express item values for insert "
    "statement. at ";
const std::string kNoMembers =
    "IN operator must have a left hand argument of type Variable Reference and right hand argument of type Seq with at "
    "least one member";
const std::string kMalformed = "Statement wasn't well formed, can't be processed: ";

template <typename Kind>
Kind parsed(std::string_view text, const std::vector<Value>& parameters = {}) {
  return std::get<Kind>(parse(text, parameters));
}

std::string refusal(std::string_view text, const std::vector<Value>& parameters = {}) {
  try {
    parse(text, parameters);
  } catch (const Error& error) {
    CHECK(error.type().name == "ValidationException");
    return error.message();
  }
  return "none";
}

std::string json(ItemView item) {
  std::string text;
  json::append_item(text, item);
  return text;
}

std::string inserted(std::string_view value, const std::vector<Value>& parameters = {}) {
  return json(parsed<Insert>("INSERT INTO T VALUE " + std::string(value), parameters).item.view());
}

Item item(std::string_view value) { return parsed<Insert>("INSERT INTO T VALUE " + std::string(value)).item; }

bool holds(std::string_view where, const Item& of, const std::vector<Value>& parameters = {}) {
  auto select = parsed<Select>("SELECT * FROM T WHERE " + std::string(where), parameters);
  return Condition(std::make_shared<const ConditionNode>(std::move(*select.where))).holds(of.view());
}

std::string updated(std::string_view clauses, const Item& before) {
  auto update = parsed<partiql::Update>("UPDATE T " + std::string(clauses) + " WHERE p = 1");
  return json(shoal::Update(std::make_shared<const UpdateNode>(std::move(update.update))).apply(before.view()).view());
}

}  // namespace

TEST_CASE("SELECT names paths, a table or index, a condition and an order") {
  const auto select = parsed<Select>(
      "SELECT a, \"b c\".d, l[2].x, m['k'] FROM \"my-table\".\"by.x\" WHERE p = 1 ORDER BY p, \"s\" DESC, t ASC");
  REQUIRE(select.paths.size() == 4);
  CHECK(select.paths[0].text() == "[a]");
  CHECK(select.paths[1].text() == "[b c, d]");
  CHECK(select.paths[2].text() == "[l, [2], x]");
  CHECK(select.paths[3].text() == "[m, k]");
  CHECK(select.from.table == "my-table");
  CHECK(select.from.index == "by.x");
  CHECK(select.where->op == ConditionOperator::equal);
  REQUIRE(select.order_by.size() == 3);
  CHECK((select.order_by[1].attribute == "s" && select.order_by[1].descending));
  CHECK((select.order_by[2].attribute == "t" && !select.order_by[2].descending));

  const auto all = parsed<Select>("select * from T");
  CHECK(all.paths.empty());
  CHECK(all.from.table == "T");
  CHECK_FALSE(all.from.index);
  CHECK_FALSE(all.where);
}

TEST_CASE("Keywords have any case, names keep theirs") {
  const auto select = parsed<Select>("sElEcT Aa fRoM Tt wHeRe Pp iS nOt MiSsInG oRdEr bY Pp dEsC");
  CHECK(select.paths[0].attribute() == "Aa");
  CHECK(select.from.table == "Tt");
  CHECK(select.order_by[0].attribute == "Pp");
}

TEST_CASE("Comments and blanks are between tokens, and a semicolon may end a statement") {
  CHECK(parsed<Select>("SELECT/**/a--b\n,\tc\r\nFROM/* -- */T;").paths.size() == 2);
  CHECK(refusal("SELECT * FROM T # why") == kMalformed);
  CHECK(refusal("SELECT * FROM T /* no end") == kMalformed);
  CHECK(refusal("SELECT * FROM T;;") == kMalformed + "Unexpected token after expression");
}

TEST_CASE("Literals are values of every type") {
  CHECK(
      inserted("{'s': 'it''s', 'n': -01.50, 'e': 1.5e3, 't': TRUE, 'f': false, 'z': NULL}") ==
      R"({"e":{"N":"1500"},"f":{"BOOL":false},"n":{"N":"-1.5"},"s":{"S":"it's"},"t":{"BOOL":true},"z":{"NULL":true}})");
  CHECK(inserted("{'l': [1, ['x'], []], 'm': {'k': {'d': .5}}, 'ns': <<2, 1>>, 'ss': << 'b','a' >>}") ==
        R"({"l":{"L":[{"N":"1"},{"L":[{"S":"x"}]},{"L":[]}]},"m":{"M":{"k":{"M":{"d":{"N":"0.5"}}}}},)"
        R"("ns":{"NS":["1","2"]},"ss":{"SS":["a","b"]}})");
  CHECK(inserted("{'here': 1, 'gone': MISSING}") == R"({"here":{"N":"1"}})");
  CHECK(inserted("{'é': '😀\n'}") == "{\"é\":{\"S\":\"😀\\n\"}}");
  CHECK(inserted("{}") == "{}");
  CHECK(inserted("{'a': 1, 'a': 2}") == R"({"a":{"N":"2"}})");
  CHECK(inserted("{'l': [1, MISSING, 2]}") == R"({"l":{"L":[{"N":"1"},{"N":"2"}]}})");
  CHECK(inserted("{'n': +1, 'm': - 1, 'z': -0, 'x': 0.10}") ==
        R"({"m":{"N":"-1"},"n":{"N":"1"},"x":{"N":"0.1"},"z":{"N":"0"}})");
  CHECK(inserted("{'n': 12345678901234567890123456789012345678}") ==
        R"({"n":{"N":"12345678901234567890123456789012345678"}})");
}

TEST_CASE("Parameters stand where literals do, in the order of the text") {
  const std::vector<Value> parameters{Value::string("x"), Value::binary("\x01"), Value::number("2")};
  CHECK(inserted("{'a': ?, 'l': [?, ?]}", parameters) == R"({"a":{"S":"x"},"l":{"L":[{"B":"AQ=="},{"N":"2"}]}})");
  CHECK(holds("a IN [1, ?] AND b = ?", item("{'a': 2, 'b': 3}"), {Value::number("2"), Value::number("3")}));
}

TEST_CASE("The number of parameters is right, but for a SELECT that has too many") {
  const std::string wrong = "Number of parameters in request and statement don't match.";
  const std::vector<Value> one{Value::number("1")}, none;
  CHECK(refusal("SELECT * FROM T WHERE a = ?") == wrong);
  CHECK(refusal("SELECT * FROM T WHERE a = 1", one) == "none");
  CHECK(refusal("DELETE FROM T WHERE a = 1", one) == wrong);
  CHECK(refusal("UPDATE T SET a = ? WHERE p = ?", one) == wrong);
  CHECK(refusal("INSERT INTO T VALUE {'a': ?}", none) == wrong);
}

TEST_CASE("Conditions mean what they mean in expressions") {
  const auto of = item("{'a': 5, 's': 'hello', 'l': [1, 'x'], 'm': {'k': 'v'}, 'z': NULL, 'y': TRUE, 'ss': <<'q'>>}");
  for (const auto* where : {"a = 5",
                            "5 = a",
                            "a <> 6",
                            "a != 6",
                            "a < 6",
                            "a <= 5",
                            "a > 4",
                            "a >= 5",
                            "a BETWEEN 4 AND 5",
                            "a IN [1, 5]",
                            "a IN (5)",
                            "a NOT IN [1]",
                            "a NOT BETWEEN 6 AND 7",
                            "NOT a = 6",
                            "NOT NOT a = 5",
                            "a = 6 OR a = 5",
                            "a = 6 AND a = 6 OR a = 5",
                            "a = 5 OR a = 6 AND a = 6",
                            "(a = 5 OR a = 6) AND s = 'hello'",
                            "((a)) = (5)",
                            "begins_with(s, 'he')",
                            "BEGINS_WITH(\"s\", 'he')",
                            "contains(s, 'll')",
                            "contains(l, 'x')",
                            "contains(ss, 'q')",
                            "size(s) = 5",
                            "SIZE(l) BETWEEN 1 AND 2",
                            "attribute_type(a, 'N')",
                            "attribute_exists(m.k)",
                            "attribute_not_exists(m.x)",
                            "q IS MISSING",
                            "a IS NOT MISSING",
                            "z IS NULL",
                            "a IS NOT NULL",
                            "a IS NUMBER",
                            "s IS string",
                            "l IS LIST",
                            "m IS MAP",
                            "y IS BOOL",
                            "NOT a IS S",
                            "l[1] = 'x'",
                            "m.k = 'v'",
                            "m['k'] = 'v'",
                            "l = [1, 'x']",
                            "m = {'k': 'v'}",
                            "a = 5 AND TRUE",
                            "FALSE OR a = 5",
                            "NOT FALSE",
                            "y = TRUE",
                            "z = NULL"}) {
    INFO(where);
    CHECK(holds(where, of));
    CHECK_FALSE(holds("NOT (" + std::string(where) + ")", of));
  }
  for (const auto* where : {"FALSE", "q = 1", "a = '5'", "a BETWEEN 6 AND 7"}) {
    INFO(where);
    CHECK_FALSE(holds(where, of));
  }
}

TEST_CASE("SET and REMOVE update") {
  const auto before = item("{'p': 1, 'n': 1, 'l': [1], 's': <<'a', 'b'>>, 'm': {'k': 1}, 'gone': 1}");
  CHECK_THAT(updated("SET n = n + 5 SET m.k = n - 1 REMOVE gone", before), Contains(R"("n":{"N":"6"})"));
  CHECK_THAT(updated("SET n = (n + 5)", before), Contains(R"("n":{"N":"6"})"));
  CHECK_THAT(updated("SET l = list_append(l, [2])", before), Contains(R"("l":{"L":[{"N":"1"},{"N":"2"}]})"));
  CHECK_THAT(updated("SET l = list_append(if_not_exists(x, []), l)", before), Contains(R"("l":{"L":[{"N":"1"}]})"));
  CHECK_THAT(updated("SET x = if_not_exists(x, 7) + 1", before), Contains(R"("x":{"N":"8"})"));
  CHECK_THAT(updated("SET s = set_add(s, <<'c'>>)", before), Contains(R"("s":{"SS":["a","b","c"]})"));
  CHECK_THAT(updated("SET s = SET_DELETE(s, <<'a'>>)", before), Contains(R"("s":{"SS":["b"]})"));
  CHECK_THAT(updated("REMOVE l[0], m.k", before), Contains(R"("l":{"L":[]},"m":{"M":{}})"));
}

TEST_CASE("RETURNING says what") {
  CHECK(parsed<partiql::Update>("UPDATE T SET a = 1 WHERE p = 1 RETURNING ALL OLD *").returning == Returning::all_old);
  CHECK(parsed<partiql::Update>("UPDATE T SET a = 1 RETURNING MODIFIED NEW *").returning == Returning::modified_new);
  CHECK(parsed<partiql::Update>("UPDATE T SET a = 1").returning == Returning::none);
  CHECK(parsed<Delete>("DELETE FROM T WHERE p = 1 RETURNING all old *").returning == Returning::all_old);
  CHECK(
      refusal("DELETE FROM T WHERE p = 1 RETURNING MODIFIED NEW *") ==
      "Invalid returning clause: RETURNING MODIFIED NEW *. Only RETURNING ALL OLD * is allowed in DELETE statements.");
}

TEST_CASE("A path has at most 32 elements") {
  std::string path = "a";
  for (int i = 1; i < 32; ++i) path += ".a";
  CHECK(refusal("SELECT " + path + " FROM T") == "none");
  CHECK(refusal("SELECT " + path + ".a FROM T") ==
        "The document path has too many nesting elements; nesting levels: 33");
}

TEST_CASE("EXISTS holds a SELECT") {
  const auto exists = parsed<Exists>("EXISTS(SELECT * FROM T WHERE p = ? AND a = 2)", {Value::number("1")});
  CHECK(exists.select.from.table == "T");
  CHECK(exists.select.where->conditions.size() == 2);
}

TEST_CASE("What is not supported is said in production's words") {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"SELECT * FROM tab LIMIT 1", "Unsupported clause: LIMIT at 1:25:1"},
      {"SELECT * FROM T GROUP BY a", "Unsupported clause: GROUP BY"},
      {"SELECT DISTINCT a FROM T", "Unsupported token in expression: DISTINCT"},
      {"SELECT VALUE a FROM T", "Select projection doesn't support value or pivot keywords"},
      {"SELECT * FROM T x", "Aliasing is not supported"},
      {"SELECT * FROM T AS x", "Aliasing is not supported"},
      {"SELECT a AS b FROM T", "Aliasing is not supported"},
      {"SELECT * FROM T, U", "Only select from a single table or index is supported."},
      {"SELECT * FROM T JOIN U", "Only select from a single table or index is supported."},
      {"SELECT count(*) FROM T", "Unexpected path component at 1:8:5"},
      {"SELECT * FROM T WHERE a LIKE 'x'", "Unsupported operator in Condition Expression. Operator: like"},
      {"SELECT * FROM T WHERE exists(a)", "Unrecognized function: exists at 1:23:6"},
      {"SELECT * FROM T\nWHERE\n  what(a)", "Unrecognized function: what at 3:3:4"},
      {"CREATE TABLE T (a int)", "Unsupported operation: CreateTable"},
      {"drop table T", "Unsupported operation: DropTable"},
      {"SELECT * FROM T.i.x", "A path may contain at most 2 components in the FROM clause"},
      {"SELECT * FROM \"\"", "Path component cannot be an empty string"},
      {"SELECT * FROM T.\"\"", "Path component cannot be an empty string"},
      {"INSERT INTO T VALUE ?", kNoStruct + "1:21:1"},
      {"INSERT INTO T VALUE [1]", kNoStruct + "1:21:1"},
      {"INSERT INTO T VALUE 'x'", kNoStruct + "1:21:3"},
      {"INSERT INTO T VALUE p", kNoStruct + "1:21:1"},
      {"SELECT * FROM T WHERE p IN ?", kNoMembers},
      {"SELECT * FROM T WHERE p IN []", kNoMembers},
      {"SELECT * FROM T WHERE p = MISSING", "MISSING must be compared using IS operator"},
      {"SELECT * FROM T WHERE NOT MISSING", "MISSING must be compared using IS operator"},
      {"UPDATE T SET a = MISSING WHERE p = 'a'", "MISSING must be compared using IS operator"},
      {"INSERT INTO T VALUE {'p': 'a', '': 1}", "Path component cannot be an empty string"},
      {"UPDATE T SET a = [{'b': {'': 1}}] WHERE p = 'a'", "Path component cannot be an empty string"},
      {"SELECT * FROM T ORDER BY a", "Must have WHERE clause in the statement when using ORDER BY clause."},
      {"SELECT * FROM T WHERE a.'x' = 2", kMalformed + "Invalid path dot component"},
      {"SELECT * FROM T WHERE a = 1 b", kMalformed + "Unexpected token after expression"},
      {"SELECT * FROM T WHERE a = 'x", kMalformed},
      {"SELECT * FROM T WHERE a", kMalformed},
      {"SELECT * FROM T WHERE", kMalformed},
      {"SELECT", kMalformed},
      {"", kMalformed},
      {"EXPLAIN SELECT * FROM T", kMalformed},
      {"SELECT * FROM T OFFSET 2", "Unsupported clause: OFFSET at 1:24:1"},
      {"SELECT * FROM T WHERE a = 1 LIMIT 10", "Unsupported clause: LIMIT at 1:35:2"},
      {"SELECT * FROM T HAVING a = 1", "Unsupported clause: HAVING"},
      {"SELECT PIVOT a AT b FROM T", "Select projection doesn't support value or pivot keywords"},
      {"SELECT a+1 FROM T", "Unexpected path component at 1:9:1"},
      {"SELECT 1 FROM T", "Unexpected path component at 1:8:1"},
      {"SELECT a, SUM(b) FROM T", "Unexpected path component at 1:11:3"},
      {"SELECT a b FROM T", "Aliasing is not supported"},
      {"UPDATE T x SET a = 1", "Aliasing is not supported"},
      {"DELETE FROM T x WHERE a = 1", "Aliasing is not supported"},
      {"CREATE INDEX i ON T (a)", "Unsupported operation: CreateIndex"},
      {"DROP INDEX i ON T", "Unsupported operation: DropIndex"},
      {"SELECT * FROM T WHERE a = 1 ORDER BY m.x", kMalformed + "Invalid path dot component"},
      {"SELECT * FROM T WHERE a = b + 1", kMalformed + "Unexpected token after expression"},
      {"SELECT * FROM T WHERE a = ''x'", kMalformed + "Unexpected token after expression"},
      {"SELECT * FROM T WHERE (a = 1", kMalformed},
      {"SELECT * FROM T WHERE a IN (1]", kMalformed},
      {"SELECT * FROM T WHERE a BETWEEN 1", kMalformed},
      {"SELECT * FROM T WHERE a IS nothing", kMalformed},
      {"SELECT * FROM T WHERE (a = 1) = TRUE", kMalformed},
      {"SELECT * FROM T WHERE a[x] = 1", kMalformed},
      {"SELECT * FROM T WHERE a[1.5] = 1", kMalformed},
      {"SELECT * FROM T WHERE a[99999999999999999999] = 1", kMalformed},
      {"SELECT , FROM T", "Unexpected path component at 1:8:1"},
      {"SELECT * WHERE a = 1", kMalformed},
      {"INSERT INTO T VALUES {'a': 1}", kMalformed},
      {"INSERT T VALUE {'a': 1}", kMalformed},
      {"UPDATE T WHERE a = 1", kMalformed},
      {"UPDATE T SET a WHERE a = 1", kMalformed},
      {"UPDATE T SET a = 1 WHERE a = 1 RETURNING ALL NEW", kMalformed},
      {"UPDATE T SET a = 1 WHERE a = 1 RETURNING SOME NEW *", kMalformed},
      {"EXISTS(DELETE FROM T)", kMalformed},
      {"EXISTS(SELECT * FROM T", kMalformed},
      {"INSERT INTO T VALUE {'a': 1e9999999999}", kMalformed},
  };
  for (const auto& [statement, message] : cases) {
    INFO(statement);
    CHECK_THAT(refusal(statement), Equals(message));
  }
}

TEST_CASE("Wrong operands are said in production's words") {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"a < TRUE", "Incorrect operand type for operator or function; operator or function: <, operand type: BOOL"},
      {"attribute_exists('a')",
       "Operator or function requires a document path; operator or function: attribute_exists"},
      {"contains(a)",
       "Incorrect number of operands for operator or function; operator or function: contains, number of operands: 1"},
      {"size(a, b) = 1",
       "Incorrect number of operands for operator or function; operator or function: size, number of operands: 2"},
      {"size(5) = 1", "Incorrect operand type for operator or function; operator or function: size, operand type: N"},
      {"begins_with(a, 1)",
       "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N"},
      {"attribute_type(a, 'X')",
       "Invalid attribute type name found; type: X, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}"},
      {"a BETWEEN 2 AND 1",
       "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: "
       "AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}"},
      {"a = 1e126",
       "Number overflow. Attempting to store a number with magnitude larger than supported range under root"},
  };
  for (const auto& [where, message] : cases) CHECK_THAT(refusal("SELECT * FROM T WHERE " + where), Equals(message));
  std::string many = "SELECT * FROM T WHERE a IN [0";
  for (int i = 1; i <= 100; ++i) many += ", " + std::to_string(i);
  CHECK(refusal(many + "]") == "The IN operator is provided with too many operands; number of operands: 101");
}

TEST_CASE("Wrong literals are said in production's words") {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"{'x': 1e126}",
       "Number overflow. Attempting to store a number with magnitude larger than supported range under root.x"},
      {"{'l': [1, -1e126]}",
       "Number overflow. Attempting to store a number with magnitude larger than supported range under root.l[1]"},
      {"{'b': <<>>}", "Empty bags are not supported"},
      {"{'b': <<1, 'x'>>}", "Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags"},
      {"{'b': <<TRUE>>}", "Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags"},
      {"{'b': <<[1]>>}", "Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags"},
      {"{'b': <<<<1>>>>}", "Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags"},
      {"{'b': <<1, 1.0>>}", "Input collection contains duplicates"},
      {"{'b': <<'x', 'y', 'x'>>}", "Input collection contains duplicates"},
      {"[1, 1e126]",
       "Number overflow. Attempting to store a number with magnitude larger than supported range under root[1]"},
      {"{'x': 1e-131}",
       "Number underflow. Attempting to store a number with magnitude smaller than supported range under root.x"},
      {"{'m': {'k': [1e126]}}",
       "Number overflow. Attempting to store a number with magnitude larger than supported range under root.m.k[0]"},
      {"{'n': 123456789012345678901234567890123456789}",
       "Attempting to store more than 38 significant digits in a Number under root.n"},
      {"{'a': b}", kMalformed},
      {"{'a': 1", kMalformed},
      {"{'a': 1,}", kMalformed},
      {"{'a' 1}", kMalformed},
      {"{'a': [1}", kMalformed},
      {"{'a': <<1>}", kMalformed},
      {"{'a': --1\n}", kMalformed},
      {"{'a': - -1}", kMalformed},
      {"{a: 1}", kMalformed},
  };
  for (const auto& [value, message] : cases) CHECK_THAT(refusal("INSERT INTO T VALUE " + value), Equals(message));
  CHECK_THAT(refusal("INSERT INTO T VALUE {'a': set_add(a, <<1>>)}"),
             Contains("Unsupported data type: set_add under key root"));
}

TEST_CASE("Values nest as deep as in items, whether written or in a parameter") {
  const std::string too_deep =
      "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit";
  // A scalar in `levels - 1` lists.
  const auto nested = [](int levels, const std::string& inner) {
    std::string text;
    for (int i = 1; i < levels; ++i) text += "[";
    text += inner;
    for (int i = 1; i < levels; ++i) text += "]";
    return text;
  };
  const auto insert = [](const std::string& value) { return "INSERT INTO T VALUE {'a': " + value + "}"; };
  CHECK(refusal(insert(nested(32, "1"))) == "none");
  CHECK(refusal(insert(nested(33, "1"))) == too_deep);
  CHECK(refusal("SELECT * FROM T WHERE a = " + nested(32, "1")) == "none");
  CHECK(refusal("SELECT * FROM T WHERE a = " + nested(33, "1")) == too_deep);

  const Value ten(*item("{'a': " + nested(10, "1") + "}").view().find("a"));
  CHECK(refusal(insert(nested(23, "?")), {ten}) == "none");
  CHECK(refusal(insert(nested(24, "?")), {ten}) == too_deep);
  CHECK(refusal("UPDATE T SET a = " + nested(24, "?") + " WHERE p = 1", {ten}) == too_deep);
}

TEST_CASE("Wrong right sides of SET are said in production's words") {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"a = set_add(b, <<1>>)", "The first argument to SET_ADD must equal the assignment value at 1:18:7"},
      {"a = set_add(a, 1)", "The second argument to SET_ADD must be a value with type SET at 1:18:7"},
      {"a = set_delete(a)", "SET_DELETE must have exactly two arguments at 1:18:10"},
      {"a = what(b)", "Unrecognized function: what at 1:18:4"},
      {"a = b + 'x'", "Incorrect operand type for operator or function; operator or function: +, operand type: S"},
      {"a = list_append(b, 1)",
       "Incorrect operand type for operator or function; operator or function: list_append, operand type: N"},
      {"a = if_not_exists(1, 1)", "Operator or function requires a document path; operator or function: if_not_exists"},
      {"a = 1, a.b = 2",
       "Two document paths overlap with each other; must remove or rewrite one of these "
       "paths; "
       "path one: [a], path two: [a, b]"},
  };
  for (const auto& [set, message] : cases) CHECK_THAT(refusal("UPDATE T SET " + set + " WHERE p = 1"), Equals(message));
}

TEST_CASE("No nesting exhausts the stack") {
  for (const auto& [open, close] : std::vector<std::pair<std::string, std::string>>{{"(", ")"},
                                                                                    {"NOT ", ""},
                                                                                    {"size(", ")"},
                                                                                    {"contains(a, ", ")"},
                                                                                    {"[", "]"},
                                                                                    {"{'k': ", "}"},
                                                                                    {"<<", ">>"},
                                                                                    {"<<[", "]>>"},
                                                                                    {"list_append(a, ", ")"},
                                                                                    {"if_not_exists(a, ", ")"}}) {
    std::string value;
    for (int i = 0; i < 100'000; ++i) value += open;
    value += "1";
    for (int i = 0; i < 100'000; ++i) value += close;
    INFO(open);
    CHECK(refusal("SELECT * FROM T WHERE a = " + value) != "none");
    CHECK(refusal("SELECT * FROM T WHERE " + value) != "none");
    CHECK(refusal("UPDATE T SET a = " + value) != "none");
    CHECK(refusal("INSERT INTO T VALUE " + value) != "none");
  }
  std::string chain = "SELECT * FROM T WHERE a = 1";
  for (int i = 0; i < 500; ++i) chain += " AND a = 1";
  CHECK(refusal(chain) == "none");
}
