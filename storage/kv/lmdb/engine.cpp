#include "storage/kv/lmdb/engine.h"

#include "storage/kv/lmdb/logged_engine.h"
#include "storage/kv/lmdb/memory_engine.h"

namespace shoal::kv {

std::unique_ptr<Engine> open_lmdb(const std::filesystem::path& folder, const LmdbOptions& options) {
  return std::make_unique<lmdb::LoggedEngine>(std::make_unique<lmdb::DataFolder>(folder), options);
}

std::unique_ptr<Engine> open_lmdb_in_memory(std::size_t map_bytes) {
  return std::make_unique<lmdb::MemoryEngine>(lmdb::open_environment_in_memory(map_bytes));
}

}  // namespace shoal::kv
