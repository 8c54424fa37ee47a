// /_shoal/journal: what requests there were since it was begun, and what they used. For tests that count.
//
//   POST   /_shoal/journal {}       -> {}    begins a new one; {"requests_max": 100000} if 10,000 are too few
//   GET    /_shoal/journal          -> {"totals": {"requests": 3, "read_units": 7.5, "write_units": 0.0,
//                                                  "operations": {"Query": 3}, "errors": {}},
//                                       "requests": [{"operation": "Query", "tables": ["Music"], ...}], "left_out": 0}
//   DELETE /_shoal/journal          -> {}    and nothing is noted any more
//
// Units are counted whatever ReturnConsumedCapacity says; of what a request was refused for, none are.
#include "server/metrics/journal.h"

#include "server/control/endpoint.h"
#include "storage/utc_text.h"

namespace shoal {
namespace {

constexpr std::int64_t kRequestsMax = 10'000;
constexpr std::int64_t kRequestsMaxMax = 1'000'000;

nlohmann::json entry_of(const RequestRecord& record) {
  const auto at = std::chrono::duration_cast<std::chrono::milliseconds>(record.at.time_since_epoch());
  nlohmann::json entry{{"at", utc_milliseconds(at) + "Z"},
                       {"request_id", record.request_id},
                       {"operation", record.operation},
                       {"account", record.account},
                       {"region", record.region},
                       {"tables", record.spent.tables},
                       {"read_units", record.spent.read_units},
                       {"write_units", record.spent.write_units},
                       {"status", record.status},
                       {"milliseconds", std::chrono::duration<double, std::milli>(record.took).count()}};
  if (!record.error.empty()) entry["error"] = record.error;
  return entry;
}

std::int64_t requests_max(const nlohmann::json& body) {
  if (body.is_object() && body.empty()) return kRequestsMax;
  const bool good =
      body.is_object() && body.size() == 1 && body.contains("requests_max") && body["requests_max"].is_number_integer();
  const auto wish = good ? body["requests_max"].get<std::int64_t>() : 0;
  if (wish < 1 || wish > kRequestsMaxMax) {
    throw ControlError(R"(the body must be {} or {"requests_max": N}, N from 1 to 1000000)");
  }
  return wish;
}

}  // namespace

nlohmann::json show_journal(const Services& services, const nlohmann::json&) {
  if (!services.journal->is_on()) throw ControlError("there is no journal: POST /_shoal/journal {} begins one");
  nlohmann::json list = nlohmann::json::array(), operations = nlohmann::json::object(), errors = operations;
  double read_units = 0, write_units = 0;
  const auto count = [](nlohmann::json& counts, const std::string& name) {
    counts[name] = counts.value(name, std::uint64_t{0}) + 1;
  };
  for (const auto& record : services.journal->records()) {
    list.push_back(entry_of(record));
    count(operations, record.operation);
    if (!record.error.empty()) count(errors, record.error);
    read_units += record.spent.read_units;
    write_units += record.spent.write_units;
  }
  const nlohmann::json totals{{"requests", list.size()},
                              {"read_units", read_units},
                              {"write_units", write_units},
                              {"operations", operations},
                              {"errors", errors}};
  return {{"totals", totals}, {"requests", list}, {"left_out", services.journal->left_out()}};
}

nlohmann::json begin_journal(const Services& services, const nlohmann::json& body) {
  services.journal->begin(static_cast<std::size_t>(requests_max(body)));
  return nlohmann::json::object();
}

nlohmann::json end_journal(const Services& services, const nlohmann::json&) {
  services.journal->end();
  return nlohmann::json::object();
}

}  // namespace shoal
