// The embedded engine: LMDB behind the interface of kv.h, with keys of any length, group commit, and on disk a
// write-ahead log. docs/adr/0006 has the reasons.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "storage/kv/kv.h"

namespace shoal::kv {

enum class Durability {
  // A write is acknowledged when it would survive the machine's loss of power.
  sync,
  // A write is acknowledged when it would survive the process's death, however that dies: the system has it. It is on
  // the disk within a tenth of a second or so. When the machine dies, writes of that time are lost, the newest first.
  relaxed,
};

struct LmdbOptions {
  Durability durability = Durability::sync;
  // Address space reserved for the map, which the file grows into. Halved until the system grants it.
  std::size_t map_bytes = std::size_t{1} << 40;
  // The most that the log, and the memory that holds the same writes, may grow to. Writes wait when the disk does not
  // keep up. A start after a crash replays as much.
  std::size_t log_bytes = std::size_t{256} << 20;
  // The most that newer writes may take in files of their own, until they are merged into the data file; or half of
  // what that takes, where it is more. Writes wait for a merge then.
  std::uint64_t run_bytes = std::uint64_t{16} << 30;
  // After so long without a write what there is in such files is merged, though it be little.
  std::chrono::milliseconds quiet = std::chrono::seconds(30);
  // Told what a user wants to know: how recovery gets on, what the disk refused in the background. From any thread.
  std::function<void(const std::string&)> report = [](const std::string&) {};
};

// Opens or makes the store in `folder`. Throws EngineError with a message for the user: the folder cannot be written,
// another process holds it, its format is newer than this program's.
std::unique_ptr<Engine> open_lmdb(const std::filesystem::path& folder, const LmdbOptions& options = {});

// A store that lives in memory and goes with the process.
std::unique_ptr<Engine> open_lmdb_in_memory(std::size_t map_bytes = std::size_t{1} << 40);

}  // namespace shoal::kv
