#include "config/dynamodb_local.h"

#include <catch2/catch.hpp>

#include "config/config.h"

using namespace shoal;

namespace {

using Words = std::vector<std::string>;

Config config_of(Words words) {
  words.insert(words.begin(), "shoal");
  std::vector<const char*> pointers;
  for (const auto& word : words) pointers.push_back(word.c_str());
  const auto parsed = parse_config(static_cast<int>(pointers.size()), pointers.data());
  INFO(parsed.output);
  REQUIRE_FALSE(parsed.exit);
  return parsed.config;
}

}  // namespace

TEST_CASE("DynamoDB Local's flags are Shoal's, wherever they stand") {
  CHECK(from_dynamodb_local({"-Djava.library.path=./DynamoDBLocal_lib", "-Xmx512m", "-jar", "DynamoDBLocal.jar",
                             "-sharedDb", "-dbPath", "./data", "-port", "8001", "-disableTelemetry"}) ==
        Words{"--single-namespace", "--data-dir=./data", "--port=8001"});
  CHECK(from_dynamodb_local({"-port=8001", "--log-level", "warn", "-inMemory"}) ==
        Words{"--port=8001", "--log-level", "warn", "--in-memory"});
  CHECK(from_dynamodb_local({"-delayTransientStatuses", "-optimizeDbBeforeStartup"}) == Words{"--table-delay-ms=2000"});
  CHECK(from_dynamodb_local({"-cors", "https://a.example,https://b.example"}) ==
        Words{"--cors-origin=https://a.example,https://b.example"});
  CHECK(from_dynamodb_local({"-h", "--port=1", "-unknown"}) == Words{"-h", "--port=1", "-unknown"});
}

TEST_CASE("A command line of DynamoDB Local configures Shoal") {
  const auto config = config_of({"-jar", "DynamoDBLocal.jar", "-inMemory", "-sharedDb", "-port", "9000", "-cors", "*"});
  CHECK(config.in_memory);
  CHECK(config.single_namespace);
  CHECK(config.shared_regions);
  CHECK(config.port == 9000);
  CHECK(config.cors_origins == std::vector<std::string>{"*"});
  CHECK(config_of({"-dbPath", "/tmp/x"}).data_dir == "/tmp/x");
}
