// A whole Shoal without its network: operations, engine in memory, a clock to move, and jobs that have always run when
// a call returns. On its way out it checks every index against its table, so every test is also an index test.
//
//   TestShoal shoal;
//   shoal.create_table("Music", "Artist:S", "Song:S");
//   CHECK(shoal.call("ListTables") == R"({"TableNames": ["Music"]})"_json);
//   CHECK(shoal.refusal("DeleteTable", {{"TableName", "Nope"}}) ==
//         "ResourceNotFoundException: Requested resource not found: Table: Nope not found");
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "protocol/error.h"
#include "server/faults/faults.h"
#include "server/jobs/jobs.h"
#include "server/operations/operation.h"

namespace shoal {

class TestShoal {
 public:
  explicit TestShoal(Config config = {});
  ~TestShoal();

  // Validates the input against the model and runs the operation. Throws Error, as the session would render it. The
  // answer of an operation that answers nothing is null.
  nlohmann::json call(std::string_view operation, const nlohmann::json& input = nlohmann::json::object());
  // "<type>: <message>" of the error that a call gives; empty when it succeeds.
  std::string refusal(std::string_view operation, const nlohmann::json& input = nlohmann::json::object());

  // Key attributes as "Artist:S". Billed on demand.
  void create_table(std::string_view name, std::string_view partition, std::string_view sort = {});
  // The Table of DescribeTable.
  nlohmann::json describe(std::string_view name);

  // Runs background work until none is left to do now.
  void run_jobs();
  // Whether calls run it when they are done; true.
  bool runs_jobs = true;

  // Forgets everything that is not in the store, as a restart does.
  void restart();

  // Of the callers.
  std::string account = "000000000000";
  std::string region = "us-east-1";

  Clock clock;
  RewindableEngine& engine() { return *engine_; }
  Catalog& catalog() { return *catalog_; }
  Jobs& jobs() { return *jobs_; }
  Faults& faults() { return *faults_; }
  const Services& services() const { return services_; }

 private:
  void check() const;
  std::string run(const Operation& operation, const nlohmann::json& input);

  JobTimes job_times() const;

  Config config_;
  std::unique_ptr<RewindableEngine> engine_;
  std::unique_ptr<Catalog> catalog_;
  std::unique_ptr<Jobs> jobs_;
  std::unique_ptr<Faults> faults_;
  Services services_;
};

}  // namespace shoal
