#include "support/test_shoal.h"

#include <catch2/catch.hpp>
#include <exception>
#include <memory>

#include "protocol/model/validator.h"
#include "server/operations/fault_injection.h"
#include "server/operations/registry.h"
#include "storage/check/consistency.h"
#include "storage/kv/lmdb/engine.h"

namespace shoal {
namespace {

constexpr std::string_view kTargets[] = {"DynamoDB_20120810", "DynamoDBStreams_20120810"};

const Operation* find_operation_named(std::string_view name) {
  for (const auto target : kTargets) {
    if (const auto* operation = find_operation(target, name)) return operation;
  }
  return nullptr;
}

void add_key(nlohmann::json& input, std::string_view attribute, std::string_view key_type) {
  const auto colon = attribute.find(':');
  const auto name = attribute.substr(0, colon);
  input["AttributeDefinitions"].push_back({{"AttributeName", name}, {"AttributeType", attribute.substr(colon + 1)}});
  input["KeySchema"].push_back({{"AttributeName", name}, {"KeyType", key_type}});
}

}  // namespace

TestShoal::TestShoal(Config config)
    : config_(std::move(config)),
      engine_(std::make_unique<RewindableEngine>(kv::open_lmdb_in_memory())),
      catalog_(std::make_unique<Catalog>(*engine_, &clock)),
      jobs_(std::make_unique<Jobs>(*engine_, *catalog_, clock, job_times())),
      faults_(std::make_unique<Faults>(*engine_, clock)),
      services_{config_, *engine_, *catalog_, clock, [] {}, *faults_} {}

TestShoal::~TestShoal() {
  if (std::uncaught_exceptions() == 0) check();
}

nlohmann::json TestShoal::call(std::string_view name, const nlohmann::json& input) {
  const auto* operation = find_operation_named(name);
  if (operation == nullptr) throw std::logic_error("no such operation: " + std::string(name));
  for (;;) {
    try {
      const auto answer = run(*operation, input);
      if (runs_jobs) run_jobs();
      return answer.empty() ? nlohmann::json() : nlohmann::json::parse(answer);
    } catch (const TableChanged& change) {
      catalog_->reload(change.account, change.region, change.name);
    }
  }
}

std::string TestShoal::run(const Operation& operation, const nlohmann::json& input) {
  json::Parser parser;
  const auto parsed = parser.parse(input.dump());
  if (!parsed) throw std::logic_error("no JSON: " + input.dump());
  model::validate(*model::find_operation(operation.target, operation.name), *parsed);
  const Call call{services_, operation, *parsed, account, region};
  const auto outcome = run_operation(call);
  if (const auto* answer = std::get_if<Answer>(&outcome)) return *answer;
  const auto& write = std::get<Write>(outcome);
  Answer answer;
  engine_->write([&](kv::Transaction& transaction) { answer = write.body(transaction); });
  if (write.committed) write.committed();
  return answer;
}

std::string TestShoal::refusal(std::string_view operation, const nlohmann::json& input) {
  try {
    call(operation, input);
    return {};
  } catch (const Error& error) {
    const bool wrapped = error.from_request_layer() && find_operation_named(operation)->wording == Wording::wrapped;
    return std::string(error.type().name) + ": " + (wrapped ? "1 validation error detected: " : "") + error.message();
  }
}

void TestShoal::create_table(std::string_view name, std::string_view partition, std::string_view sort) {
  nlohmann::json input{{"TableName", name}, {"BillingMode", "PAY_PER_REQUEST"}};
  add_key(input, partition, "HASH");
  if (!sort.empty()) add_key(input, sort, "RANGE");
  call("CreateTable", input);
}

nlohmann::json TestShoal::describe(std::string_view name) {
  return call("DescribeTable", {{"TableName", name}})["Table"];
}

JobTimes TestShoal::job_times() const {
  return {std::chrono::minutes(config_.shard_rollover_minutes), std::chrono::milliseconds(config_.ttl_delay_ms)};
}

void TestShoal::run_jobs() {
  while (jobs_->run_round()) {
  }
}

void TestShoal::restart() {
  jobs_.reset();
  // In its place, since services_ refers to it.
  auto* catalog = catalog_.get();
  std::destroy_at(catalog);
  std::construct_at(catalog, *engine_, &clock);
  jobs_ = std::make_unique<Jobs>(*engine_, *catalog_, clock, job_times());
}

void TestShoal::check() const {
  std::string problems;
  const auto snapshot = engine_->snapshot();
  check_consistency(*snapshot, catalog_->all(), clock.now(),
                    [&](const std::string& problem) { problems += problem + "\n"; });
  CHECK(problems == "");
}

}  // namespace shoal
