// /_shoal/split: splits a partition of a table, as its size would do. Tests of what reads streams need shards that are
// closed and have children, and no terabytes.
//
//   POST /_shoal/split {"table": "Music", "region": "us-east-1", "partition": 0}   -> {"partitions": 2}
//
// `region` is us-east-1, `account` 000000000000 and `partition` the first one unless they are given.
#include "server/control/endpoint.h"
#include "storage/changelog.h"

namespace shoal {
namespace {

struct Wish {
  std::string account, region, table;
  std::size_t partition = 0;
};

Wish read_wish(const nlohmann::json& body) {
  try {
    return {body.value("account", std::string("000000000000")), body.value("region", std::string("us-east-1")),
            body.at("table").get<std::string>(), body.value("partition", std::size_t{0})};
  } catch (const nlohmann::json::exception&) {
    throw ControlError(R"(the body must be {"table": NAME} with, if need be, "region", "account" and "partition")");
  }
}

}  // namespace

nlohmann::json split_table(const Services& services, const nlohmann::json& body) {
  const auto wish = read_wish(body);
  std::size_t partitions = 0;
  std::string refusal;
  services.engine.write([&](kv::Transaction& transaction) {
    refusal.clear();
    auto table = services.catalog.read(transaction, wish.account, wish.region, wish.table);
    if (!table) {
      refusal = "there is no table " + wish.table + " in region " + wish.region;
    } else if (!split_partition(transaction, *table, wish.partition, services.clock.now())) {
      refusal = "there is no partition " + std::to_string(wish.partition) + " that could be split";
    } else {
      services.catalog.put(transaction, *table);
      partitions = table->partitions.size();
    }
  });
  if (!refusal.empty()) throw ControlError(refusal);
  services.catalog.reload(wish.account, wish.region, wish.table);
  return {{"partitions", partitions}};
}

}  // namespace shoal
