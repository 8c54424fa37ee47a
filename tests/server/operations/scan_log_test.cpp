#include "server/operations/scan_log.h"

#include <catch2/catch.hpp>

using namespace shoal;

namespace {

ConditionNode compare(std::string_view attribute, ConditionOperator op, Value value) {
  return {op, {}, {Operand{Path{{PathElement{std::string(attribute)}}}}, Operand{std::move(value)}}};
}

ConditionNode equals(std::string_view attribute, Value value) {
  return compare(attribute, ConditionOperator::equal, std::move(value));
}

Index index(std::string name, std::vector<KeyAttribute> partition) {
  Index made;
  made.name = std::move(name);
  made.global = true;
  made.key.partition = std::move(partition);
  return made;
}

// Music (Artist), with an index by Year.
PageRequest page(bool of_index = false) {
  auto table = std::make_shared<Table>();
  table->name = "Music";
  table->key.partition = {{"Artist", Type::string}};
  table->indexes = {index("ByYear", {{"Year", Type::number}})};
  PageRequest request;
  request.index = of_index ? &table->indexes[0] : nullptr;
  request.table = std::move(table);
  return request;
}

}  // namespace

TEST_CASE("Statements that differ in literals, comments and spaces have one shape") {
  CHECK(statement_shape("SELECT * FROM \"Music\"  WHERE Year=1999") == "SELECT * FROM \"Music\" WHERE Year=?");
  CHECK(statement_shape(" SELECT *\nFROM Music -- all\n WHERE a = 'it''s' /* ? */ AND b = 'x'") ==
        "SELECT * FROM Music WHERE a = ? AND b = ?");
  CHECK(statement_shape("a=1.5e-7 and b2=-3 and c[0]=12") == "a=? and b2=-? and c[?]=?");
  CHECK(statement_shape("a IN [1, 'b', ?,3] and b = 5") == "a IN [?] and b = ?");
  CHECK(statement_shape("\"it's 5\" = ''") == "\"it's 5\" = ?");
}

TEST_CASE("What is not closed has a shape, too") {
  CHECK(statement_shape("a = 'b") == "a = ?");
  CHECK(statement_shape("a = \"b") == "a = \"b");
  CHECK(statement_shape("a /* b") == "a");
  CHECK(statement_shape("'") == "?");
  CHECK(statement_shape("") == "");
}

TEST_CASE("The advice names the index that is there") {
  CHECK(scan_advice(page(), {equals("Year", Value::number("1999"))}) ==
        "its index ByYear would serve it: FROM \"Music\".\"ByYear\"");
  CHECK(scan_advice(page(true), {equals("Artist", Value::string("Nobody"))}) == "the table itself would serve it");
}

TEST_CASE("The advice names the key of an index that is not there") {
  CHECK(scan_advice(page(), {equals("Genre", Value::string("Pop"))}) ==
        "a global secondary index with the partition key Genre (S) would serve it");
  CHECK(scan_advice(page(), {compare("Plays", ConditionOperator::greater, Value::number("5")),
                             equals("Genre", Value::string("Pop"))}) ==
        "a global secondary index with the partition key Genre (S) and the sort key Plays would serve it");
  // An index by a year that is a number does not find one that is a text.
  CHECK(scan_advice(page(), {equals("Year", Value::string("1999"))}) ==
        "a global secondary index with the partition key Year (S) would serve it");
}

TEST_CASE("Where no attribute is held to values there is no advice to give") {
  const std::string none = "no index would serve it, since = and IN hold no attribute to values";
  CHECK(scan_advice(page(), {compare("Year", ConditionOperator::greater, Value::number("1999"))}) == none);
  CHECK(scan_advice(page(), {equals("Live", Value::boolean(true))}) == none);
}
