#include <catch2/catch.hpp>

#include "support/test_shoal.h"

using namespace shoal;
using Json = nlohmann::json;

namespace {

constexpr auto kArn = "arn:aws:dynamodb:us-east-1:000000000000:table/Music";

Json tag(const std::string& key, const std::string& value) { return {{"Key", key}, {"Value", value}}; }

Json tags_of(TestShoal& shoal) { return shoal.call("ListTagsOfResource", {{"ResourceArn", kArn}})["Tags"]; }

std::string tag_refusal(TestShoal& shoal, Json tags) {
  return shoal.refusal("TagResource", {{"ResourceArn", kArn}, {"Tags", std::move(tags)}});
}

const std::string kInvalid = "ValidationException: One or more parameter values were invalid: ";

}  // namespace

TEST_CASE("tags are added, replaced, listed and removed, and changes answer nothing at all") {
  TestShoal shoal;
  shoal.create_table("Music", "Artist:S");
  CHECK(tags_of(shoal) == Json::array());
  CHECK(
      shoal.call("TagResource", {{"ResourceArn", kArn}, {"Tags", {tag("stage", "test"), tag("Stage", "")}}}).is_null());
  CHECK(shoal.call("TagResource", {{"ResourceArn", kArn}, {"Tags", {tag("stage", "prod")}}}).is_null());
  CHECK(tags_of(shoal) == Json({tag("Stage", ""), tag("stage", "prod")}));
  CHECK(shoal.call("UntagResource", {{"ResourceArn", kArn}, {"TagKeys", {"stage", "never"}}}).is_null());
  CHECK(tags_of(shoal) == Json({tag("Stage", "")}));
  shoal.restart();
  CHECK(tags_of(shoal) == Json({tag("Stage", "")}));
}

TEST_CASE("the ARN of a tagged resource is checked in production's order") {
  TestShoal shoal;
  shoal.create_table("Music", "Artist:S");
  for (const auto* operation : {"TagResource", "UntagResource", "ListTagsOfResource"}) {
    INFO(operation);
    const auto refusal = [&](const Json& arn) {
      Json input{{"ResourceArn", arn}};
      if (operation == std::string("TagResource")) input["Tags"] = {tag("a", "b")};
      if (operation == std::string("UntagResource")) input["TagKeys"] = {"a"};
      return shoal.refusal(operation, input);
    };
    CHECK(refusal(nullptr) == "ValidationException: Invalid TableArn");
    for (const auto* arn : {"Music", "arn:aws:dynamodb:us-east-1:000000000000:table", "a:b:c:d:e"}) {
      CHECK(refusal(arn) ==
            "AccessDeniedException: User: arn:aws:iam::000000000000:root is not authorized to perform: "
            "dynamodb:" +
                std::string(operation) + " on resource: *");
    }
    for (const auto* arn :
         {"arn:aws:s3:us-east-1:000000000000:table/Music", "arn:aws:dynamodb:us-east-1:000000000000:tabel/Music"}) {
      CHECK(refusal(arn) ==
            "ValidationException: Invalid TableArn: Invalid ResourceArn provided as input " + std::string(arn));
    }
    const auto index_arn = std::string(kArn) + "/index/ByYear";
    CHECK(refusal(index_arn) ==
          kInvalid +
              "Invalid resource arn provided, only table or stream is accepted. Provided resource arn: " + index_arn);
    const std::string missing = "arn:aws:dynamodb:us-east-1:000000000000:table/Nope";
    const bool untags = operation == std::string("UntagResource");
    CHECK(refusal(missing) == "ResourceNotFoundException: Requested resource not found" +
                                  (untags ? "" : ": ResourcArn: " + missing + " not found"));
    const std::string elsewhere = "arn:aws:dynamodb:eu-west-1:000000000000:table/Music";
    CHECK(refusal(elsewhere).starts_with("ResourceNotFoundException"));
  }
}

TEST_CASE("at least one tag is given") {
  TestShoal shoal;
  shoal.create_table("Music", "Artist:S");
  CHECK(shoal.refusal("TagResource", {{"ResourceArn", kArn}}) ==
        "ValidationException: 1 validation error detected: Value null at 'tags' failed to satisfy constraint: Member "
        "must not be null");
  CHECK(tag_refusal(shoal, Json::array()) == "ValidationException: Atleast one Tag needs to be provided as Input.");
  CHECK(shoal.refusal("UntagResource", {{"ResourceArn", kArn}, {"TagKeys", Json::array()}}) ==
        "ValidationException: Atleast one Tag Key needs to be provided as Input.");
}

TEST_CASE("tags keep to their characters and leave aws: alone") {
  TestShoal shoal;
  shoal.create_table("Music", "Artist:S");
  CHECK(tag_refusal(shoal, {tag("aws:stack", "x")}) ==
        kInvalid + "Tag keys that start with aws: are reserved. Tag key: aws:stack");
  CHECK(tag_refusal(shoal, {tag("a*", "x")}) == kInvalid + "Tag key has invalid characters: a*");
  CHECK(tag_refusal(shoal, {tag("a", "x\n")}) == kInvalid + "Tag value has invalid characters: x\n");
  CHECK(tag_refusal(shoal, {tag("a", "x"), tag("a", "y")}) == kInvalid + "Duplicate tag key: a");
  CHECK(tag_refusal(shoal, {tag("Größe +-=._:/@", "9 m²")}).empty());
  CHECK(tags_of(shoal).size() == 1);
}

TEST_CASE("a table has at most 50 tags") {
  TestShoal shoal;
  shoal.create_table("Music", "Artist:S");
  auto fifty = Json::array();
  for (int i = 0; i < 50; ++i) fifty.push_back(tag("tag" + std::to_string(i), "x"));
  CHECK(tag_refusal(shoal, fifty).empty());
  CHECK(tag_refusal(shoal, {tag("tag7", "replaced")}).empty());
  CHECK(tag_refusal(shoal, {tag("one more", "x")}) ==
        "LimitExceededException: Subscriber limit exceeded: A resource can have at most 50 tags");
  CHECK(tags_of(shoal).size() == 50);
}

TEST_CASE("a token that no page ended with is refused") {
  TestShoal shoal;
  shoal.create_table("Music", "Artist:S");
  CHECK(shoal.refusal("ListTagsOfResource", {{"ResourceArn", kArn}, {"NextToken", "x"}}) ==
        "ValidationException: Invalid NextToken");
}
