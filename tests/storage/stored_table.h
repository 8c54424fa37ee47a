// A table of a store in memory: Music, by Id.
//
//   struct Log : StoredTable { ... };
#pragma once

#include <memory>

#include "storage/catalog.h"
#include "storage/kv/lmdb/engine.h"

namespace shoal {

struct StoredTable {
  StoredTable() : engine(kv::open_lmdb_in_memory()), catalog(*engine) {
    table.account = "000000000000";
    table.region = "us-east-1";
    table.name = "Music";
    table.key.partition = {{"Id", Type::string}};
  }

  // `body(transaction, table)` changes what is kept with the table, and the table.
  template <class Change>
  void change(Change body) {
    engine->write([&](kv::Transaction& transaction) {
      body(transaction, table);
      catalog.put(transaction, table);
    });
  }

  std::unique_ptr<kv::Engine> engine;
  Catalog catalog;
  Table table;
};

}  // namespace shoal
