#include "server/operations/where_key.h"

#include <catch2/catch.hpp>

#include "protocol/error.h"
#include "protocol/expression/binder.h"
#include "protocol/expression/syntax.h"
#include "protocol/json/item_reader.h"
#include "protocol/json/writer.h"
#include "storage/items.h"

using namespace shoal;

namespace {

// A condition in the language of expressions, which can say all that a WHERE can.
Conditions where(std::string_view text) {
  json::Parser parser;
  const auto values = parser.parse(R"({":a": {"S": "a"}, ":b": {"S": "b"}, ":c": {"S": "c"}, ":z": {"S": ""},
                                       ":0": {"N": "0"}, ":1": {"N": "1"}, ":2": {"N": "2"}, ":3": {"N": "3"}})");
  Placeholders placeholders(json::Json(), *values, Wording::newer);
  return conditions_of(bind_condition(parse_condition(text, "FilterExpression"), "FilterExpression", placeholders));
}

const KeySchema kKey{{{"p", Type::string}}, {{"n", Type::number}}};
const KeySchema kPlain{{{"p", Type::string}}, {}};
const KeySchema kWide{{{"p", Type::string}, {"q", Type::string}}, {{"n", Type::number}, {"m", Type::number}}};

// The keys of the records p × n that the query reads, in order: "a0 a1 b0".
std::string read(const StatementQuery& query) {
  Table table;
  table.id = 7;
  table.key = kKey;
  std::string found;
  for (const auto& range : query.ranges) {
    for (const char* p : {"a", "b", "c"}) {
      for (const char* n : {"0", "1", "2", "3"}) {
        const auto s = Value::string(p), number = Value::number(n);
        const auto key = Value::map({{"p", s.view()}, {"n", number.view()}});
        if (range.holds(item_key(table, key.view()))) found += (found.empty() ? "" : " ") + std::string(p) + n;
      }
    }
  }
  return found;
}

std::string query_of(std::string_view text, std::size_t left = 0) {
  auto conditions = where(text);
  const auto query = take_query(7, kKey, conditions);
  CHECK(conditions.size() == left);
  return query ? read(*query) + (query->one_row_each ? " points" : "") : "all";
}

std::string key_of(const KeySchema& key, Conditions& conditions) {
  const auto item = take_key(key, conditions);
  if (!item) return "none";
  std::string out;
  json::append_item(out, item->view());
  return out;
}

template <class Body>
std::string refusal(Body body) {
  try {
    body();
  } catch (const Error& error) {
    return error.message();
  }
  return "";
}

}  // namespace

TEST_CASE("Equality on the partition key makes a query, and one condition on the sort key narrows it") {
  CHECK(query_of("p = :a") == "a0 a1 a2 a3");
  CHECK(query_of(":a = p AND n = :1") == "a1 points");
  CHECK(query_of("p = :a AND n > :1") == "a2 a3");
  CHECK(query_of("p = :a AND n >= :1") == "a1 a2 a3");
  CHECK(query_of("p = :a AND n < :1") == "a0");
  CHECK(query_of("p = :a AND n <= :1") == "a0 a1");
  CHECK(query_of("p = :a AND n BETWEEN :1 AND :2") == "a1 a2");
}

TEST_CASE("A value may stand before its attribute") {
  CHECK(query_of("p = :a AND :1 < n") == "a2 a3");
  CHECK(query_of("p = :a AND :1 <= n") == "a1 a2 a3");
  CHECK(query_of("p = :a AND :1 > n") == "a0");
  CHECK(query_of("p = :a AND :1 >= n") == "a0 a1");
}

TEST_CASE("Several ranges of the sort key leave what they have in common") {
  CHECK(query_of("p = :a AND n >= :1 AND n < :3") == "a1 a2");
  CHECK(query_of("p = :a AND n > :2 AND n < :1") == "");
  CHECK(query_of("n < :3 AND n > :0 AND p = :a AND n BETWEEN :0 AND :1") == "a1");
}

TEST_CASE("IN and an OR of equalities make a query for each value, ascending, each once") {
  CHECK(query_of("p IN (:c, :a, :c) AND n < :2") == "a0 a1 c0 c1");
  CHECK(query_of("p IN (:b, :a) AND n = :2") == "a2 b2 points");
  CHECK(query_of("(p = :c OR p = :a) AND n = :0", 1) == "a0 c0 points");
  CHECK(query_of("p = :c OR p IN (:a, :b)", 1) == "a0 a1 a2 a3 b0 b1 b2 b3 c0 c1 c2 c3");
  CHECK(query_of("(p = :c AND n = :0) OR (x = :1 AND p = :b)", 1) == "b0 b1 b2 b3 c0 c1 c2 c3");
}

TEST_CASE("What a query cannot take is left over") {
  CHECK(query_of("p = :a AND x = :1 AND n = :1", 1) == "a1 points");
  CHECK(query_of("p = :a AND n <> :1", 1) == "a0 a1 a2 a3");
  CHECK(query_of("p = :a AND n IN (:1, :2)", 1) == "a0 a1 a2 a3");
  CHECK(query_of("p = :a AND (n = :1 OR n = :2)", 1) == "a0 a1 a2 a3");
  CHECK(query_of("p = :a AND NOT n = :1", 1) == "a0 a1 a2 a3");
  CHECK(query_of("p = :a AND n = x", 1) == "a0 a1 a2 a3");
  CHECK(query_of("p = :a AND size(n) > :1", 1) == "a0 a1 a2 a3");
  CHECK(query_of("p = :a AND n = :1 AND n = :2", 1) == "a1 points");
  CHECK(query_of("p = :a AND n = :1 AND n > :2", 1) == "a1 points");
  CHECK(query_of("p = :a AND p = :b", 1) == "a0 a1 a2 a3");
  CHECK(query_of("p IN (:a, :b) AND p = :b", 1) == "b0 b1 b2 b3");
}

TEST_CASE("Without values for the partition key everything is read") {
  for (const char* text : {"n = :1", "p > :a", "begins_with(p, :a)", "p <> :a", "NOT p = :a", "p = :a OR x = :1",
                           "p.x = :a", "size(p) = :1", "p = x", "p IN (:a, x)", "attribute_exists(p)"}) {
    INFO(text);
    auto conditions = where(text);
    CHECK_FALSE(take_query(7, kKey, conditions));
    CHECK(conditions.size() == 1);
  }
  Conditions none;
  CHECK_FALSE(take_query(7, kKey, none));
}

TEST_CASE("A key of several attributes is queried when all of its partition part is held to values") {
  const auto ranges = [](std::string_view text) {
    auto conditions = where(text);
    const auto query = take_query(7, kWide, conditions);
    return query ? query->ranges.size() : 0;
  };
  CHECK(ranges("p = :a") == 0);
  CHECK(ranges("p = :a AND q = :b") == 1);
  CHECK(ranges("p IN (:a, :b) AND q IN (:a, :b, :c)") == 6);
  auto conditions = where("p = :a AND q = :b AND m = :1 AND n > :0");
  CHECK(take_query(7, kWide, conditions));
  CHECK(conditions.size() == 1);  // m comes after n, which is not fixed.
  conditions = where("p = :a AND q = :b AND m = :1 AND n = :0");
  const auto query = take_query(7, kWide, conditions);
  REQUIRE(query);
  CHECK(query->one_row_each);
  CHECK(conditions.empty());
}

TEST_CASE("Values of key attributes have their attribute's type") {
  const auto refused = [](std::string_view text) {
    return refusal([&] {
      auto conditions = where(text);
      take_query(7, kKey, conditions);
    });
  };
  const std::string message = "Key attribute's data type should match its data type in table's schema: Key ";
  CHECK(refused("p = :1") == message + "p");
  CHECK(refused("p IN (:a, :1)") == message + "p");
  CHECK(refused("p = :a AND n > :b") == message + "n");
  CHECK(refused("p = :a AND n BETWEEN :1 AND :1") == "");
  CHECK(refused("p = :a AND begins_with(n, :b)") == message + "n");
  CHECK(refused("p = :z") ==
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty "
        "string value. Key: p");
}

TEST_CASE("At most fifty values of the partition key are queried") {
  for (const int count : {50, 51}) {
    ConditionNode in{ConditionOperator::in, {}, {Operand{Path{{PathElement{"p"}}}}}};
    for (int i = 0; i < count; ++i) in.operands.push_back(Operand{Value::string("k" + std::to_string(i))});
    auto conditions = conditions_of(std::move(in));
    const auto refused = refusal([&] { take_query(7, kKey, conditions); });
    CHECK(refused == (count == 50 ? "" : "The IN operator is provided with too many operands; number of operands: 51"));
  }
}

TEST_CASE("A key is taken when every key attribute equals a value, and the rest is left") {
  auto conditions = where("x = :1 AND (n = :2 AND p = :a) AND n < :3");
  CHECK(key_of(kKey, conditions) == R"({"n":{"N":"2"},"p":{"S":"a"}})");
  CHECK(conditions.size() == 2);

  conditions = where("p = :a AND p = :a AND n = :1");
  CHECK(key_of(kKey, conditions) == R"({"n":{"N":"1"},"p":{"S":"a"}})");
  CHECK(conditions.empty());

  conditions = where("p = :a");
  CHECK(key_of(kPlain, conditions) == R"({"p":{"S":"a"}})");
  for (const char* text : {"p = :a", "p = :a AND n > :1", "p IN (:a) AND n = :1", "p = :a OR n = :1",
                           "p = :a AND NOT n = :1", "p = :a AND n = x"}) {
    INFO(text);
    conditions = where(text);
    const auto count = conditions.size();
    CHECK(key_of(kKey, conditions) == "none");
    CHECK(conditions.size() == count);
  }
}

TEST_CASE("A key attribute cannot equal two values") {
  auto conditions = where("p = :a AND n = :1 AND n = :2");
  CHECK(refusal([&] { take_key(kKey, conditions); }) ==
        "Multiple conditions on same key n. Only single item Update/Insert/Delete are supported");
  conditions = where("p = :1 AND n = :1");
  CHECK(refusal([&] { take_key(kKey, conditions); }) ==
        "Key attribute's data type should match its data type in table's schema: Key p");
}

TEST_CASE("Conditions taken apart and joined again say the same") {
  CHECK_FALSE(joined({}));
  CHECK_FALSE(joined(conditions_of(std::nullopt)));
  const auto one = Value::number("1"), two = Value::number("2");
  const auto item = Value::map({{"a", one.view()}, {"b", two.view()}});
  for (const auto& [text, holds] : std::map<std::string, bool>{{"a = :1 AND (b = :2 AND a < :2)", true},
                                                               {"a = :1 AND (b = :2 AND a > :2)", false},
                                                               {"a = :1", true},
                                                               {"a = :2 OR b = :2", true},
                                                               {"NOT a = :1", false}}) {
    INFO(text);
    CHECK(joined(where(text))->holds(item.view()) == holds);
  }
}
