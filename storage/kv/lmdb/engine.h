// The embedded engine: LMDB behind the interface of kv.h, with a group-commit thread and keys of any length.
#pragma once

#include <filesystem>
#include <memory>

#include "storage/kv/kv.h"

namespace shoal::kv {

enum class Durability {
  // A write is acknowledged when it would survive the machine's loss of power.
  sync,
  // A write is acknowledged when it would survive the process's death, however that dies: the system has it. It is on
  // the disk within a tenth of a second or so. When the machine dies, writes of that time are lost; and because the
  // system may have written the file's pages in any order, it can happen that the store does not open again.
  relaxed,
};

struct LmdbOptions {
  Durability durability = Durability::sync;
  // Address space reserved for the map, which the file grows into. Halved until the system grants it.
  std::size_t map_bytes = std::size_t{1} << 40;
};

// Opens or makes the store in `folder`. Throws EngineError with a message for the user: the folder cannot be written,
// another process holds it, its format is newer than this program's.
std::unique_ptr<Engine> open_lmdb(const std::filesystem::path& folder, const LmdbOptions& options = {});

// A store that lives in memory and goes with the process.
std::unique_ptr<Engine> open_lmdb_in_memory();

}  // namespace shoal::kv
