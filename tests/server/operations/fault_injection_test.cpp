#include "server/operations/fault_injection.h"

#include <catch2/catch.hpp>

#include "support/test_shoal.h"

using namespace shoal;
using namespace std::chrono_literals;
using Json = nlohmann::json;

namespace {

constexpr const char* kArn = "arn:aws:dynamodb:us-east-1:000000000000:table/";

Json key(int number) { return {{"Artist", {{"S", std::to_string(number)}}}}; }
Json keys(int first, int last) {
  auto list = Json::array();
  for (int i = first; i <= last; ++i) list.push_back(key(i));
  return list;
}
Json puts(int first, int last) {
  auto list = Json::array();
  for (int i = first; i <= last; ++i) list.push_back({{"PutRequest", {{"Item", key(i)}}}});
  return list;
}

struct Struck : TestShoal {
  Struck() {
    create_table("Music", "Artist:S");
    create_table("Films", "Artist:S");
    call("CreateTable", R"({"TableName": "Slow", "KeySchema": [{"AttributeName": "Artist", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "Artist", "AttributeType": "S"},
                                 {"AttributeName": "Year", "AttributeType": "N"}],
        "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
        "GlobalSecondaryIndexes": [{"IndexName": "ByYear", "Projection": {"ProjectionType": "ALL"},
            "KeySchema": [{"AttributeName": "Year", "KeyType": "HASH"}],
            "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}}]})"_json);
  }

  void strike(Fault fault, std::string table = {}, std::optional<std::uint64_t> next = {}) {
    FaultRule rule{fault};
    rule.table = std::move(table);
    rule.next = next;
    rule.time = 1h;
    faults().set(rule);
  }

  void leave(double fraction, std::optional<std::uint64_t> count = {}, std::string table = {}) {
    FaultRule rule{Fault::unprocessed};
    rule.table = std::move(table);
    rule.fraction = fraction;
    rule.count = count;
    faults().set(rule);
  }

  Error error(std::string_view operation, const Json& input) {
    try {
      call(operation, input);
    } catch (const Error& error) {
      return error;
    }
    throw std::logic_error("no error");
  }

  Json put(const std::string& table, int number) {
    return call("PutItem", {{"TableName", table}, {"Item", key(number)}});
  }
  bool has(const std::string& table, int number) {
    return call("GetItem", {{"TableName", table}, {"Key", key(number)}, {"ConsistentRead", true}}).contains("Item");
  }
};

constexpr const char* kOnDemand =
    "Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or "
    "index so please try again shortly. If exceptions persist, check if you have a hot key: "
    "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html.";
constexpr const char* kProvisioned =
    "The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning "
    "level with the UpdateTable API.";

Json transact_put(const char* table, int number) { return {{"Put", {{"TableName", table}, {"Item", key(number)}}}}; }

}  // namespace

TEST_CASE("a throttled request of a table on demand names the reason, and writes nothing") {
  Struck shoal;
  shoal.strike(Fault::throttle, "Music", 2);
  const auto error = shoal.error("PutItem", {{"TableName", "Music"}, {"Item", key(1)}});
  CHECK(error.type().name == "ThrottlingException");
  CHECK(error.type().name_space == "com.amazonaws.dynamodb.v20120810");
  CHECK(error.message() == kOnDemand);
  CHECK(error.members() == std::string(R"(,"throttlingReasons":[{"reason":"TableWriteKeyRangeThroughputExceeded",)") +
                               R"("resource":")" + kArn + R"(Music"}])");
  CHECK(error.hint().empty());
  CHECK(shoal.error("GetItem", {{"TableName", std::string(kArn) + "Music"}, {"Key", key(1)}}).members() ==
        std::string(R"(,"throttlingReasons":[{"reason":"TableReadKeyRangeThroughputExceeded",)") + R"("resource":")" +
            kArn + R"(Music"}])");
  CHECK_FALSE(shoal.has("Music", 1));
  shoal.put("Music", 1);
  CHECK(shoal.has("Music", 1));
}

TEST_CASE("a throttled request of a provisioned table or index says so") {
  Struck shoal;
  shoal.strike(Fault::throttle);
  const auto error = shoal.error("DeleteItem", {{"TableName", "Slow"}, {"Key", key(1)}});
  CHECK(error.type().name == "ProvisionedThroughputExceededException");
  CHECK(error.message() == kProvisioned);
  CHECK(error.members() ==
        std::string(R"(,"ThrottlingReasons":[{"reason":"TableWriteProvisionedThroughputExceeded",)") +
            R"("resource":")" + kArn + R"(Slow"}])");
  const auto of_index = shoal.error("Scan", {{"TableName", "Slow"}, {"IndexName", "ByYear"}});
  CHECK(of_index.message() ==
        "The level of configured provisioned throughput for one or more global secondary indexes of the table was "
        "exceeded. Consider increasing your provisioning level for the under-provisioned global secondary indexes with "
        "the UpdateTable API.");
  CHECK(of_index.members() ==
        std::string(R"(,"ThrottlingReasons":[{"reason":"IndexReadProvisionedThroughputExceeded",)") +
            R"("resource":")" + kArn + R"(Slow/index/ByYear"}])");
}

TEST_CASE("operations on tables are throttled as the control plane is") {
  Struck shoal;
  shoal.strike(Fault::throttle);
  for (const auto& [operation, input] :
       {std::pair("ListTables", Json::object()), std::pair("DescribeTable", Json{{"TableName", "Music"}}),
        std::pair("DeleteTable", Json{{"TableName", "Music"}})}) {
    CAPTURE(operation);
    const auto error = shoal.error(operation, input);
    CHECK(error.type().name_space == "com.amazon.coral.availability");
    CHECK(error.type().name == "ThrottlingException");
    CHECK(error.message() == "Rate of requests exceeds the allowed throughput.");
    CHECK(error.members().empty());
  }
  shoal.faults().clear();
  CHECK(shoal.describe("Music")["TableStatus"] == "ACTIVE");
}

TEST_CASE("a request that is refused anyway is not struck") {
  Struck shoal;
  shoal.strike(Fault::throttle, {}, 1);
  CHECK(shoal.refusal("GetItem", {{"TableName", "Nope"}, {"Key", key(1)}}) ==
        "ResourceNotFoundException: Requested resource not found");
  CHECK(shoal.refusal("GetItem", {{"TableName", "Music"}, {"Key", Json::object()}}).starts_with("ValidationException"));
  CHECK(shoal.faults().list()[0].struck == 0);
}

TEST_CASE("a struck write is struck before its condition is looked at") {
  Struck shoal;
  shoal.strike(Fault::throttle, {}, 1);
  const Json input{{"TableName", "Music"}, {"Item", key(1)}, {"ConditionExpression", "attribute_exists(Artist)"}};
  CHECK(shoal.refusal("PutItem", input).starts_with("ThrottlingException"));
  CHECK(shoal.refusal("PutItem", input).starts_with("ConditionalCheckFailedException"));
}

TEST_CASE("an internal error is production's, and writes nothing") {
  Struck shoal;
  shoal.strike(Fault::internal_error, "Music", 2);
  const auto error = shoal.error("PutItem", {{"TableName", "Music"}, {"Item", key(1)}});
  CHECK(error.type().status == 500);
  CHECK(error.type().name == "InternalServerError");
  CHECK(error.message() == "Internal server error");
  const Json batch{{"RequestItems", {{"Music", puts(1, 3)}}}};
  CHECK(shoal.refusal("BatchWriteItem", batch) == "InternalServerError: Internal server error");
  CHECK_FALSE(shoal.has("Music", 1));
}

TEST_CASE("a conflict refuses a single write, and nothing else that is no transaction") {
  Struck shoal;
  shoal.strike(Fault::transaction_conflict);
  const Json put{{"TableName", "Music"}, {"Item", key(1)}};
  CHECK(shoal.refusal("PutItem", put) == "TransactionConflictException: Transaction is ongoing for the item");
  CHECK(shoal.refusal("GetItem", {{"TableName", "Music"}, {"Key", key(1)}}).empty());
  CHECK(shoal.refusal("BatchWriteItem", {{"RequestItems", {{"Music", puts(2, 3)}}}}).empty());
  CHECK_FALSE(shoal.has("Music", 1));
}

TEST_CASE("in transactions a conflict or a throttle is the reason of those actions that it strikes") {
  Struck shoal;
  shoal.strike(Fault::transaction_conflict, "Films");
  shoal.strike(Fault::throttle, "Slow");
  const Json writes{{"TransactItems", {transact_put("Music", 1), transact_put("Films", 1), transact_put("Slow", 1)}}};
  const auto error = shoal.error("TransactWriteItems", writes);
  CHECK(error.type().name == "TransactionCanceledException");
  CHECK(error.message() ==
        "Transaction cancelled, please refer cancellation reasons for specific reasons [None, TransactionConflict, "
        "ProvisionedThroughputExceeded]");
  CHECK(error.members() == std::string(R"(,"CancellationReasons":[{"Code":"None"},)") +
                               R"({"Code":"TransactionConflict","Message":"Transaction is ongoing for the item."},)" +
                               R"({"Code":"ProvisionedThroughputExceeded","Message":")" + kProvisioned + "\"}]");
  CHECK_FALSE(shoal.has("Music", 1));

  shoal.strike(Fault::throttle, "Music");
  const auto of_read =
      shoal.error("TransactGetItems", {{"TransactItems", {{{"Get", {{"TableName", "Music"}, {"Key", key(1)}}}}}}});
  CHECK(of_read.members() ==
        std::string(R"(,"CancellationReasons":[{"Code":"ThrottlingError","Message":")") + kOnDemand + "\"}]");
  // Without an action on their tables, the rules do not strike.
  shoal.faults().clear();
  shoal.strike(Fault::throttle, "Slow");
  CHECK(shoal.refusal("TransactWriteItems", {{"TransactItems", {transact_put("Music", 1)}}}).empty());
}

TEST_CASE("a transaction with a token can be in progress") {
  Struck shoal;
  shoal.strike(Fault::transaction_in_progress, {}, 1);
  Json input{{"TransactItems", {transact_put("Music", 1)}}};
  CHECK(shoal.refusal("TransactWriteItems", input).empty());
  input["ClientRequestToken"] = "token";
  CHECK(shoal.refusal("TransactWriteItems", input).starts_with("TransactionInProgressException: "));
  CHECK(shoal.refusal("TransactWriteItems", input).empty());
}

TEST_CASE("unprocessed puts and deletes come back as they were sent, the others are done") {
  Struck shoal;
  shoal.put("Films", 9);
  shoal.leave(0, 2);
  Json input{{"RequestItems",
              {{"Films", {{{"PutRequest", {{"Item", key(1)}}}}, {{"DeleteRequest", {{"Key", key(9)}}}}}},
               {"Music", puts(1, 1)}}},
             {"ReturnConsumedCapacity", "TOTAL"}};
  const auto answer = shoal.call("BatchWriteItem", input);
  CHECK(answer["UnprocessedItems"] == Json{{"Films", {{{"DeleteRequest", {{"Key", key(9)}}}}}}, {"Music", puts(1, 1)}});
  CHECK(shoal.has("Films", 1));
  CHECK(shoal.has("Films", 9));
  CHECK_FALSE(shoal.has("Music", 1));
  CHECK(answer["ConsumedCapacity"][0] == Json{{"TableName", "Films"}, {"CapacityUnits", 1.0}});
}

TEST_CASE("a fraction of a batch is rounded down, so that who goes on gets to the end") {
  Struck shoal;
  shoal.leave(0.5);
  Json rest{{"Music", puts(1, 25)}};
  std::vector<std::size_t> left;
  while (!rest.empty()) {
    rest = shoal.call("BatchWriteItem", {{"RequestItems", rest}})["UnprocessedItems"];
    if (!rest.empty()) left.push_back(rest["Music"].size());
  }
  CHECK(left == std::vector<std::size_t>{12, 6, 3, 1});
  for (int i = 1; i <= 25; ++i) CHECK(shoal.has("Music", i));
}

TEST_CASE("unprocessed keys come back with the parameters of their table") {
  Struck shoal;
  for (int i = 1; i <= 4; ++i) shoal.put("Music", i);
  shoal.leave(0.5, {}, "Music");
  Json table{{"Keys", keys(1, 4)},
             {"ConsistentRead", true},
             {"ProjectionExpression", "#a"},
             {"ExpressionAttributeNames", {{"#a", "Artist"}}}};
  const auto answer =
      shoal.call("BatchGetItem", {{"RequestItems", {{"Music", table}, {"Films", {{"Keys", keys(1, 2)}}}}}});
  CHECK(answer["Responses"] == Json{{"Music", keys(1, 2)}, {"Films", Json::array()}});
  table["Keys"] = keys(3, 4);
  CHECK(answer["UnprocessedKeys"] == Json{{"Music", table}});
}

TEST_CASE("a batch of which nothing is left to process is throttled") {
  Struck shoal;
  shoal.leave(1);
  const auto write = shoal.error("BatchWriteItem", {{"RequestItems", {{"Slow", puts(1, 2)}}}});
  CHECK(write.type().name == "ProvisionedThroughputExceededException");
  CHECK(write.members().find("TableWriteProvisionedThroughputExceeded") != std::string::npos);
  const auto read = shoal.error("BatchGetItem", {{"RequestItems", {{"Music", {{"Keys", keys(1, 2)}}}}}});
  CHECK(read.type().name == "ThrottlingException");
  CHECK(read.members().find("TableReadKeyRangeThroughputExceeded") != std::string::npos);
  shoal.leave(0, 100);
  CHECK(
      shoal.refusal("BatchWriteItem", {{"RequestItems", {{"Music", puts(1, 2)}}}}).starts_with("ThrottlingException"));
}

TEST_CASE("throttling one table of a batch leaves its items unprocessed") {
  Struck shoal;
  shoal.strike(Fault::throttle, "Music");
  const auto answer = shoal.call("BatchWriteItem", {{"RequestItems", {{"Music", puts(1, 2)}, {"Films", puts(1, 1)}}}});
  CHECK(answer["UnprocessedItems"] == Json{{"Music", puts(1, 2)}});
  CHECK(
      shoal.refusal("BatchWriteItem", {{"RequestItems", {{"Music", puts(1, 2)}}}}).starts_with("ThrottlingException"));
  shoal.faults().clear();
  CHECK(shoal.has("Films", 1));
  CHECK_FALSE(shoal.has("Music", 1));
}

TEST_CASE("stale reads do not see what is new, consistent reads do") {
  Struck shoal;
  shoal.put("Music", 1);
  shoal.strike(Fault::stale_reads, "Music");
  shoal.put("Music", 2);
  shoal.put("Films", 2);
  for (const bool consistent : {false, true}) {
    CAPTURE(consistent);
    const Json get{{"TableName", "Music"}, {"Key", key(2)}, {"ConsistentRead", consistent}};
    CHECK(shoal.call("GetItem", get).contains("Item") == consistent);
    const Json scan{{"TableName", "Music"}, {"ConsistentRead", consistent}};
    CHECK(shoal.call("Scan", scan)["Count"] == (consistent ? 2 : 1));
    const Json query{{"TableName", "Music"},
                     {"ConsistentRead", consistent},
                     {"KeyConditionExpression", "Artist = :a"},
                     {"ExpressionAttributeValues", {{":a", {{"S", "2"}}}}}};
    CHECK(shoal.call("Query", query)["Count"] == (consistent ? 1 : 0));
    const Json batch{{"Keys", keys(1, 2)}, {"ConsistentRead", consistent}};
    const auto answer =
        shoal.call("BatchGetItem", {{"RequestItems", {{"Music", batch}, {"Films", {{"Keys", keys(2, 2)}}}}}});
    CHECK(answer["Responses"]["Music"].size() == (consistent ? 2 : 1));
    CHECK(answer["Responses"]["Films"].size() == 1);
  }
  const Json transaction{{"TransactItems", {{{"Get", {{"TableName", "Music"}, {"Key", key(2)}}}}}}};
  CHECK(shoal.call("TransactGetItems", transaction)["Responses"][0].contains("Item"));
}

TEST_CASE("a table that was made since is empty to stale reads") {
  Struck shoal;
  shoal.strike(Fault::stale_reads);
  shoal.create_table("New", "Artist:S");
  shoal.put("New", 1);
  CHECK(shoal.call("Scan", {{"TableName", "New"}})["Count"] == 0);
  CHECK(shoal.call("Scan", {{"TableName", "New"}, {"ConsistentRead", true}})["Count"] == 1);
}

TEST_CASE("an index lags, its table does not") {
  Struck shoal;
  shoal.strike(Fault::index_lag, "Slow");
  auto item = key(1);
  item["Year"] = {{"N", "1959"}};
  shoal.call("PutItem", {{"TableName", "Slow"}, {"Item", item}});
  Json scan{{"TableName", "Slow"}};
  CHECK(shoal.call("Scan", scan)["Count"] == 1);
  scan["IndexName"] = "ByYear";
  CHECK(shoal.call("Scan", scan)["Count"] == 0);
  shoal.faults().clear();
  CHECK(shoal.call("Scan", scan)["Count"] == 1);
}
