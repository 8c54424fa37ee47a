// SELECT against the plainest model: every item, kept when the condition holds. How a statement is planned must not
// show in what it finds.
#include <catch2/catch.hpp>
#include <functional>
#include <random>

#include "support/test_shoal.h"

using namespace shoal;
using Json = nlohmann::json;

namespace {

struct Row {
  std::string p;
  int c, x;
};

bool operator<(const Row& a, const Row& b) { return std::tie(a.p, a.c) < std::tie(b.p, b.c); }

// A condition as text and as what it means.
struct Where {
  std::string text;
  std::function<bool(const Row&)> holds;
};

class Conditions {
 public:
  explicit Conditions(std::mt19937& random) : random_(random) {}

  Where any(int depth) {
    switch (depth == 0 ? 0 : below(6)) {
      case 1:
      case 2:
        return joined(any(depth - 1), any(depth - 1), " AND ", [](bool a, bool b) { return a && b; });
      case 3:
        return joined(any(depth - 1), any(depth - 1), " OR ", [](bool a, bool b) { return a || b; });
      case 4: {
        auto inner = any(depth - 1);
        return {"NOT (" + inner.text + ')', [holds = inner.holds](const Row& row) { return !holds(row); }};
      }
      default:
        return below(2) == 0 ? of_partition() : of_number();
    }
  }

  // Mostly about one partition, so that queries are common.
  Where usual() {
    if (below(4) == 0) return any(3);
    return joined(of_partition(), any(2), " AND ", [](bool a, bool b) { return a && b; });
  }

  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }

 private:
  using Join = bool (*)(bool, bool);

  static Where joined(Where a, Where b, const std::string& word, Join join) {
    return {'(' + a.text + ')' + word + '(' + b.text + ')',
            [a = a.holds, b = b.holds, join](const Row& row) { return join(a(row), b(row)); }};
  }

  std::string partition() { return std::string(1, static_cast<char>('a' + below(4))); }

  Where of_partition() {
    const auto one = partition(), two = partition();
    switch (below(5)) {
      case 0:
        return {"p IN ['" + one + "', '" + two + "']", [=](const Row& row) { return row.p == one || row.p == two; }};
      case 1:
        return {"p = '" + one + "' OR p = '" + two + '\'',
                [=](const Row& row) { return row.p == one || row.p == two; }};
      case 2:
        return {"p > '" + one + '\'', [=](const Row& row) { return row.p > one; }};
      case 3:
        return {'\'' + one + "' = p", [=](const Row& row) { return row.p == one; }};
      default:
        return {"p = '" + one + '\'', [=](const Row& row) { return row.p == one; }};
    }
  }

  Where of_number() {
    const bool sort = below(3) > 0;
    const std::string name = sort ? "c" : "x";
    const auto value = [sort](const Row& row) { return sort ? row.c : row.x; };
    const int a = below(6), b = a + below(3);
    const auto text = std::to_string(a);
    switch (below(8)) {
      case 0:
        return {name + " < " + text, [=](const Row& row) { return value(row) < a; }};
      case 1:
        return {name + " <= " + text, [=](const Row& row) { return value(row) <= a; }};
      case 2:
        return {text + " < " + name, [=](const Row& row) { return a < value(row); }};
      case 3:
        return {name + " >= " + text, [=](const Row& row) { return value(row) >= a; }};
      case 4:
        return {name + " <> " + text, [=](const Row& row) { return value(row) != a; }};
      case 5:
        return {name + " BETWEEN " + text + " AND " + std::to_string(b),
                [=](const Row& row) { return a <= value(row) && value(row) <= b; }};
      case 6:
        return {name + " IN [" + text + ", " + std::to_string(b) + ']',
                [=](const Row& row) { return value(row) == a || value(row) == b; }};
      default:
        return {name + " = " + text, [=](const Row& row) { return value(row) == a; }};
    }
  }

  std::mt19937& random_;
};

std::string shown(const std::vector<Row>& rows) {
  std::string text;
  for (const auto& row : rows) text += row.p + std::to_string(row.c) + ' ';
  return text;
}

// What the pages of the statement hold, in order.
std::vector<Row> selected(TestShoal& shoal, const std::string& statement, int limit) {
  std::vector<Row> rows;
  Json input{{"Statement", statement}};
  if (limit > 0) input["Limit"] = limit;
  for (int pages = 0; pages < 1000; ++pages) {
    const auto answer = shoal.call("ExecuteStatement", input);
    for (const auto& item : answer["Items"]) {
      rows.push_back({item["p"]["S"], std::stoi(item["c"]["N"].get<std::string>()), 0});
    }
    if (!answer.contains("NextToken")) return rows;
    input["NextToken"] = answer["NextToken"];
  }
  FAIL("pages without end");
  return rows;
}

}  // namespace

TEST_CASE("A SELECT finds what its condition holds for, however it is read and paged") {
  TestShoal shoal;
  shoal.call("CreateTable", R"({"TableName": "Rows", "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "p", "AttributeType": "S"}, {"AttributeName": "c", "AttributeType": "N"},
                             {"AttributeName": "x", "AttributeType": "N"}],
    "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "c", "KeyType": "RANGE"}],
    "GlobalSecondaryIndexes": [{"IndexName": "by_x", "Projection": {"ProjectionType": "ALL"},
      "KeySchema": [{"AttributeName": "x", "KeyType": "HASH"}, {"AttributeName": "c", "KeyType": "RANGE"}]}]})"_json);
  std::mt19937 random(Catch::rngSeed());
  CAPTURE(Catch::rngSeed());
  Conditions conditions(random);
  std::vector<Row> all;
  for (const char* p : {"a", "b", "c", "d"}) {
    for (int c = 0; c < 6; ++c) {
      all.push_back({p, c, conditions.below(6)});
      shoal.call(
          "PutItem",
          {{"TableName", "Rows"},
           {"Item",
            {{"p", {{"S", p}}}, {"c", {{"N", std::to_string(c)}}}, {"x", {{"N", std::to_string(all.back().x)}}}}}});
    }
  }

  for (int i = 0; i < 1500; ++i) {
    const auto where = conditions.usual();
    const auto limit = conditions.below(3) == 0 ? 1 + conditions.below(7) : 0;
    const auto statement =
        std::string("SELECT p, c FROM Rows") + (conditions.below(4) == 0 ? ".by_x" : "") + " WHERE " + where.text;
    CAPTURE(statement, limit);
    std::vector<Row> expected;
    std::copy_if(all.begin(), all.end(), std::back_inserter(expected), where.holds);
    auto found = selected(shoal, statement, limit);
    std::sort(found.begin(), found.end());
    REQUIRE(shown(found) == shown(expected));
  }
}

TEST_CASE("ORDER BY puts what is found in order, over all pages") {
  TestShoal shoal;
  shoal.create_table("Rows", "p:S", "c:N");
  std::vector<Row> all;
  for (const char* p : {"a", "b", "c"}) {
    for (int c = 0; c < 5; ++c) {
      all.push_back({p, c, 0});
      shoal.call("ExecuteStatement", {{"Statement", "INSERT INTO Rows VALUE {'p': '" + std::string(p) +
                                                        "', 'c': " + std::to_string(c) + '}'}});
    }
  }
  for (const bool p_down : {false, true}) {
    for (const bool c_down : {false, true}) {
      auto expected = all;
      std::sort(expected.begin(), expected.end(), [&](const Row& a, const Row& b) {
        return a.p != b.p ? (a.p < b.p) != p_down : a.c != b.c && (a.c < b.c) != c_down;
      });
      const std::string statement = std::string("SELECT * FROM Rows WHERE p IN ['c', 'a', 'b'] ORDER BY p ") +
                                    (p_down ? "DESC" : "ASC") + ", c " + (c_down ? "DESC" : "ASC");
      for (const int limit : {0, 1, 4, 5, 15}) {
        CAPTURE(statement, limit);
        CHECK(shown(selected(shoal, statement, limit)) == shown(expected));
      }
    }
  }
}

TEST_CASE("A statement that changes nothing but the item of its key leaves the others alone") {
  TestShoal shoal;
  shoal.create_table("Rows", "p:S", "c:N");
  const auto run = [&](const std::string& statement) {
    return shoal.call("ExecuteStatement", {{"Statement", statement}})["Items"];
  };
  for (const char* c : {"1", "2", "3"}) run("INSERT INTO Rows VALUE {'p': 'a', 'c': " + std::string(c) + ", 'n': 0}");
  run("UPDATE Rows SET n = n + 1 WHERE p = 'a' AND c = 2");
  run("DELETE FROM Rows WHERE p = 'a' AND c = 3");
  CHECK(run("SELECT c, n FROM Rows WHERE p = 'a'") ==
        R"([{"c": {"N": "1"}, "n": {"N": "0"}}, {"c": {"N": "2"}, "n": {"N": "1"}}])"_json);
  CHECK(shoal.refusal("ExecuteStatement", {{"Statement", "INSERT INTO Rows VALUE {'p': 'a', 'c': 2}"}}) ==
        "DuplicateItemException: Duplicate primary key exists in table");
}

TEST_CASE("FALSE holds for nothing, and does not make a query a scan") {
  TestShoal shoal;
  shoal.create_table("Rows", "p:S");
  shoal.call("ExecuteStatement", {{"Statement", "INSERT INTO Rows VALUE {'p': 'a', 'text': ?}"},
                                  {"Parameters", {{{"S", std::string(9000, 'x')}}}}});
  const auto answer = shoal.call("ExecuteStatement", {{"Statement", "SELECT * FROM Rows WHERE p = 'b' AND FALSE"},
                                                      {"ReturnConsumedCapacity", "TOTAL"}});
  CHECK(answer["Items"].empty());
  CHECK(answer["ConsumedCapacity"]["CapacityUnits"] == 0.5);
}
