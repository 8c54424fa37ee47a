#include "server/operations/cancellation.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace shoal;
using Json = nlohmann::json;

namespace {

struct Cancelled {
  std::string message;
  Json reasons;
};

Cancelled cancelled(const CancellationReasons& reasons) {
  try {
    throw_if_cancelled(reasons);
  } catch (const Error& error) {
    REQUIRE(error.type().name == "TransactionCanceledException");
    return {error.message(), Json::parse("{\"x\":0" + error.members() + "}")["CancellationReasons"]};
  }
  FAIL("not cancelled");
  return {};
}

std::string code_of(const ErrorType& type) {
  return cancelled({Error(type, "why")}).reasons.at(0).at("Code").get<std::string>();
}

}  // namespace

TEST_CASE("a transaction without a failure is not cancelled") {
  CHECK_NOTHROW(throw_if_cancelled({}));
  CHECK_NOTHROW(throw_if_cancelled({std::nullopt, std::nullopt}));
}

TEST_CASE("reasons stand in the order of the actions, None where nothing failed") {
  const auto [message, reasons] =
      cancelled({std::nullopt, Error(errors::conditional_check_failed, "The conditional request failed"), std::nullopt,
                 validation_error("bad \"key\"")});
  CHECK(message ==
        "Transaction cancelled, please refer cancellation reasons for specific reasons "
        "[None, ConditionalCheckFailed, None, ValidationError]");
  CHECK(reasons == R"([{"Code": "None"},
                       {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"},
                       {"Code": "None"},
                       {"Code": "ValidationError", "Message": "bad \"key\""}])"_json);
}

TEST_CASE("the item of a failed condition goes with its reason") {
  const auto [_, reasons] =
      cancelled({Error(errors::conditional_check_failed, "failed", R"(,"Item":{"P":{"S":"a"}})"), std::nullopt});
  CHECK(reasons[0]["Item"] == R"({"P": {"S": "a"}})"_json);
  CHECK(!reasons[1].contains("Item"));
}

TEST_CASE("each failure that cancels has its code") {
  CHECK(code_of(errors::conditional_check_failed) == "ConditionalCheckFailed");
  CHECK(code_of(errors::validation) == "ValidationError");
  CHECK(code_of(errors::item_collection_size_limit_exceeded) == "ItemCollectionSizeLimitExceeded");
  CHECK(code_of(errors::transaction_conflict) == "TransactionConflict");
  CHECK(code_of(errors::provisioned_throughput_exceeded) == "ProvisionedThroughputExceeded");
  CHECK(code_of(errors::throttling) == "ThrottlingError");
  CHECK(code_of(errors::duplicate_item) == "DuplicateItem");
  CHECK(code_of(errors::access_denied) == "AccessDenied");
}

TEST_CASE("what cancels no transaction is the request's own failure") {
  try {
    throw_if_cancelled({validation_error("first"), Error(errors::resource_not_found, "no such table")});
    FAIL("nothing was thrown");
  } catch (const Error& error) {
    CHECK(error.type().name == "ResourceNotFoundException");
    CHECK(error.message() == "no such table");
  }
}
