// What readers of changes are tested with: a table "Things" of versions, whose shards roll over and partitions split
// when the test says so.
//
//   struct World : Things { ... };
//   shoal.put("a", 1);          // {"Id": {"S": "a"}, "V": {"N": "1"}}
//   shoal.split(0);
#pragma once

#include <string>

#include "storage/changelog.h"
#include "storage/partitions.h"
#include "support/test_shoal.h"

namespace shoal {

struct Things : TestShoal {
  explicit Things(Config config = {}) : TestShoal(std::move(config)) { create_table("Things", "Id:S"); }

  void put(const std::string& id, int version, const std::string& table = "Things") {
    call("PutItem", {{"TableName", table}, {"Item", {{"Id", {{"S", id}}}, {"V", {{"N", std::to_string(version)}}}}}});
  }
  void remove(const std::string& id) { call("DeleteItem", {{"TableName", "Things"}, {"Key", {{"Id", {{"S", id}}}}}}); }
  void split(std::size_t partition) {
    change([&](kv::Transaction& transaction, Table& table) {
      split_partition(transaction, table, partition, clock.now());
    });
  }
  void roll_over() {
    change([&](kv::Transaction& transaction, Table& table) {
      roll_over_shards(transaction, table, Milliseconds{0}, clock.now());
    });
  }

 private:
  template <class Change>
  void change(Change body) {
    engine().write([&](kv::Transaction& transaction) {
      auto table = catalog().read(transaction, account, region, "Things").value();
      body(transaction, table);
      catalog().put(transaction, table);
    });
    catalog().reload(account, region, "Things");
  }
};

}  // namespace shoal
