#include "server/triggers/event_filter.h"

#include <catch2/catch.hpp>

using namespace shoal;

namespace {

bool matches(const std::string& pattern, std::string_view record) {
  INFO(pattern);
  CHECK(EventFilter::is_pattern(pattern));
  return EventFilter({pattern}).matches(record);
}

constexpr std::string_view kRecord = R"({
  "eventID": "1", "eventName": "INSERT", "awsRegion": "us-east-1",
  "dynamodb": {"ApproximateCreationDateTime": 1700000000, "SizeBytes": 26,
               "Keys": {"Id": {"S": "Order-7"}},
               "NewImage": {"Id": {"S": "Order-7"}, "State": {"S": "OPEN"}, "Price": {"N": "12.5"}, "Note": {"S": ""},
                            "Paid": {"BOOL": false}, "Tags": {"SS": ["red", "blue"]},
                            "Lines": {"L": [{"M": {"Sku": {"S": "a1"}}}, {"M": {"Sku": {"S": "b2"}}}]}}},
  "list": [1, "two", null], "empty": [], "nothing": null, "flag": true
})";

}  // namespace

TEST_CASE("without a pattern every change passes, with several one has to match") {
  CHECK(EventFilter({}).matches(kRecord));
  CHECK(EventFilter({}).passes_all());
  const std::string removed = R"({"eventName": ["REMOVE"]})", added = R"({"eventName": ["INSERT"]})";
  CHECK_FALSE(EventFilter({removed}).matches(kRecord));
  CHECK(EventFilter({removed, added}).matches(kRecord));
  CHECK_FALSE(EventFilter({removed}).passes_all());
}

TEST_CASE("members of a pattern are all to match, elements of a list one") {
  CHECK(matches(R"({"eventName": ["REMOVE", "INSERT"]})", kRecord));
  CHECK_FALSE(matches(R"({"eventName": ["insert"]})", kRecord));
  CHECK(matches(R"({"eventName": ["INSERT"], "awsRegion": ["us-east-1"]})", kRecord));
  CHECK_FALSE(matches(R"({"eventName": ["INSERT"], "awsRegion": ["eu-west-1"]})", kRecord));
  CHECK(matches(R"({"dynamodb": {"NewImage": {"State": {"S": ["OPEN"]}}}})", kRecord));
  CHECK_FALSE(matches(R"({"dynamodb": {"OldImage": {"State": {"S": ["OPEN"]}}}})", kRecord));
  CHECK(matches(R"({"dynamodb": {"NewImage": {"Paid": {"BOOL": [false]}}}})", kRecord));
  CHECK_FALSE(matches(R"({"dynamodb": {"NewImage": {"Paid": {"BOOL": [true]}}}})", kRecord));
  CHECK(matches(R"({"dynamodb": {"SizeBytes": [26]}})", kRecord));
  CHECK_FALSE(matches(R"({"dynamodb": {"SizeBytes": ["26"]}})", kRecord));
}

TEST_CASE("a list in the record matches by any of its elements") {
  CHECK(matches(R"({"dynamodb": {"NewImage": {"Tags": {"SS": ["blue"]}}}})", kRecord));
  CHECK_FALSE(matches(R"({"dynamodb": {"NewImage": {"Tags": {"SS": ["green"]}}}})", kRecord));
  CHECK(matches(R"({"dynamodb": {"NewImage": {"Lines": {"L": {"M": {"Sku": {"S": ["b2"]}}}}}}})", kRecord));
  CHECK_FALSE(matches(R"({"dynamodb": {"NewImage": {"Lines": {"L": {"M": {"Sku": {"S": ["c3"]}}}}}}})", kRecord));
  CHECK(matches(R"({"list": ["two"]})", kRecord));
  CHECK(matches(R"({"list": [null]})", kRecord));
}

TEST_CASE("texts are compared by their beginning, their end, without case, by wildcards") {
  CHECK(matches(R"({"dynamodb": {"Keys": {"Id": {"S": [{"prefix": "Order-"}]}}}})", kRecord));
  CHECK_FALSE(matches(R"({"dynamodb": {"Keys": {"Id": {"S": [{"prefix": "order-"}]}}}})", kRecord));
  CHECK(matches(R"({"dynamodb": {"Keys": {"Id": {"S": [{"prefix": {"equals-ignore-case": "oRDER-"}}]}}}})", kRecord));
  CHECK(matches(R"({"dynamodb": {"Keys": {"Id": {"S": [{"suffix": "-7"}]}}}})", kRecord));
  CHECK_FALSE(matches(R"({"dynamodb": {"Keys": {"Id": {"S": [{"suffix": "-8"}]}}}})", kRecord));
  CHECK(matches(R"({"dynamodb": {"Keys": {"Id": {"S": [{"suffix": {"equals-ignore-case": "R-7"}}]}}}})", kRecord));
  CHECK(matches(R"({"eventName": [{"equals-ignore-case": "insert"}]})", kRecord));
  CHECK_FALSE(matches(R"({"eventName": [{"equals-ignore-case": "inser"}]})", kRecord));
  CHECK(matches(R"({"eventName": [{"wildcard": "I*S*T"}]})", kRecord));
  CHECK(matches(R"({"eventName": [{"wildcard": "*"}]})", kRecord));
  CHECK(matches(R"({"eventName": [{"wildcard": "*ERT"}]})", kRecord));
  CHECK_FALSE(matches(R"({"eventName": [{"wildcard": "I*X*T"}]})", kRecord));
  CHECK_FALSE(matches(R"({"eventName": [{"wildcard": "INSER"}]})", kRecord));
  CHECK(EventFilter({R"({"a": [{"wildcard": "a\\*b"}]})"}).matches(R"({"a": "a*b"})"));
  CHECK(EventFilter({R"({"a": [{"wildcard": "a\\**"}]})"}).matches(R"({"a": "a*bc"})"));
  CHECK_FALSE(EventFilter({R"({"a": [{"wildcard": "a\\*b"}]})"}).matches(R"({"a": "axb"})"));
  CHECK(EventFilter({R"({"a": [{"wildcard": "a\\\\"}]})"}).matches(R"({"a": "a\\"})"));
}

TEST_CASE("an empty text and null are values") {
  CHECK(matches(R"({"dynamodb": {"NewImage": {"Note": {"S": [""]}}}})", kRecord));
  CHECK_FALSE(matches(R"({"eventName": [""]})", kRecord));
  CHECK(matches(R"({"nothing": [null]})", kRecord));
  CHECK_FALSE(matches(R"({"absent": [null]})", kRecord));
  CHECK(matches(R"({"flag": [true]})", kRecord));
}

TEST_CASE("anything-but wants a value, and another") {
  CHECK(matches(R"({"eventName": [{"anything-but": "REMOVE"}]})", kRecord));
  CHECK(matches(R"({"eventName": [{"anything-but": ["REMOVE", "MODIFY"]}]})", kRecord));
  CHECK_FALSE(matches(R"({"eventName": [{"anything-but": ["REMOVE", "INSERT"]}]})", kRecord));
  CHECK_FALSE(matches(R"({"absent": [{"anything-but": "x"}]})", kRecord));
  CHECK(matches(R"({"dynamodb": {"SizeBytes": [{"anything-but": [1, 2]}]}})", kRecord));
  CHECK_FALSE(matches(R"({"dynamodb": {"SizeBytes": [{"anything-but": 26}]}})", kRecord));
  CHECK_FALSE(matches(R"({"eventName": [{"anything-but": {"prefix": "INS"}}]})", kRecord));
  CHECK(matches(R"({"eventName": [{"anything-but": {"suffix": ["OVE", "IFY"]}}]})", kRecord));
  CHECK_FALSE(matches(R"({"eventName": [{"anything-but": {"equals-ignore-case": ["insert"]}}]})", kRecord));
  CHECK_FALSE(matches(R"({"eventName": [{"anything-but": {"wildcard": "I*"}}]})", kRecord));
  CHECK(matches(R"({"eventName": [{"anything-but": "INSERT"}, {"prefix": "I"}]})", kRecord));
}

TEST_CASE("numeric is about numbers: the numbers of items are texts") {
  CHECK(matches(R"({"dynamodb": {"SizeBytes": [{"numeric": ["=", 26.0]}]}})", kRecord));
  CHECK(matches(R"({"dynamodb": {"SizeBytes": [{"numeric": [">", 25, "<=", 26]}]}})", kRecord));
  CHECK_FALSE(matches(R"({"dynamodb": {"SizeBytes": [{"numeric": [">", 26]}]}})", kRecord));
  CHECK_FALSE(matches(R"({"dynamodb": {"SizeBytes": [{"numeric": [">=", 0, "<", 26]}]}})", kRecord));
  CHECK(matches(R"({"dynamodb": {"SizeBytes": [{"numeric": ["<", 27]}]}})", kRecord));
  CHECK_FALSE(matches(R"({"dynamodb": {"NewImage": {"Price": {"N": [{"numeric": [">", 0]}]}}}})", kRecord));
}

TEST_CASE("exists is about leaves") {
  CHECK(matches(R"({"dynamodb": {"NewImage": {"State": {"S": [{"exists": true}]}}}})", kRecord));
  CHECK_FALSE(matches(R"({"dynamodb": {"NewImage": {"State": {"S": [{"exists": false}]}}}})", kRecord));
  CHECK(matches(R"({"dynamodb": {"OldImage": {"State": {"S": [{"exists": false}]}}}})", kRecord));
  CHECK_FALSE(matches(R"({"dynamodb": {"OldImage": {"State": {"S": [{"exists": true}]}}}})", kRecord));
  CHECK_FALSE(matches(R"({"dynamodb": {"NewImage": [{"exists": true}]}})", kRecord));
  CHECK(matches(R"({"dynamodb": {"NewImage": [{"exists": false}]}})", kRecord));
  CHECK(matches(R"({"nothing": [{"exists": true}]})", kRecord));
  CHECK(matches(R"({"empty": [{"exists": false}]})", kRecord));
}

TEST_CASE("$or holds when one of its patterns does, beside the other members") {
  CHECK(matches(R"({"eventName": ["INSERT"], "$or": [{"awsRegion": ["x"]}, {"dynamodb": {"SizeBytes": [26]}}]})",
                kRecord));
  CHECK_FALSE(matches(R"({"eventName": ["REMOVE"], "$or": [{"awsRegion": ["us-east-1"]}, {"list": [9]}]})", kRecord));
  CHECK_FALSE(matches(R"({"$or": [{"awsRegion": ["x"]}, {"list": [9]}]})", kRecord));
  CHECK(matches(R"({"dynamodb": {"NewImage": {"$or": [{"State": {"S": ["X"]}}, {"Note": {"S": [""]}}]}}})", kRecord));
}

TEST_CASE("what is no pattern is known, and matches nothing") {
  for (const auto* text : {"",
                           "x",
                           "[]",
                           "{}",
                           "1",
                           R"({"a": 1})",
                           R"({"a": "b"})",
                           R"({"a": []})",
                           R"({"a": {}})",
                           R"({"a": [["b"]]})",
                           R"({"a": [{}]})",
                           R"({"a": [{"like": "b"}]})",
                           R"({"a": [{"prefix": 1}]})",
                           R"({"a": [{"prefix": {"x": "y"}}]})",
                           R"({"a": [{"prefix": "b", "suffix": "c"}]})",
                           R"({"a": [{"exists": "true"}]})",
                           R"({"a": [{"numeric": []}]})",
                           R"({"a": [{"numeric": ["=", "1"]}]})",
                           R"({"a": [{"numeric": ["!", 1]}]})",
                           R"({"a": [{"numeric": [">", 1, ">", 2]}]})",
                           R"({"a": [{"numeric": ["<", 2, ">", 1]}]})",
                           R"({"a": [{"numeric": [">", 2, "<", 1]}]})",
                           R"({"a": [{"numeric": ["=", 6000000000]}]})",
                           R"({"a": [{"numeric": ["=", 1, "=", 2]}]})",
                           R"({"a": [{"anything-but": []}]})",
                           R"({"a": [{"anything-but": null}]})",
                           R"({"a": [{"anything-but": {"numeric": ["=", 1]}}]})",
                           R"({"a": [{"wildcard": "a**"}]})",
                           R"({"a": [{"wildcard": "a\\"}]})",
                           R"({"$or": []})",
                           R"({"$or": [{"a": ["b"]}]})",
                           R"({"$or": {"a": ["b"]}})",
                           R"({"$or": [{"a": 1}, {"b": ["c"]}]})"}) {
    INFO(text);
    CHECK_FALSE(EventFilter::is_pattern(text));
    CHECK_FALSE(EventFilter({text}).matches(R"({"a": "b"})"));
  }
}
