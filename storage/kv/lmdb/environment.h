// An LMDB environment: opened with what Shoal's promises need, and its failures put into words.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

#include "storage/kv/kv.h"

struct MDB_env;
struct MDB_txn;

namespace shoal::kv::lmdb {

// A failure of the medium or of LMDB itself: "no space left on device while committing 12 writes".
class Failure : public EngineError {
 public:
  Failure(int code, const std::string& doing);
  int code() const { return code_; }  // LMDB's, or an errno

 private:
  int code_;
};

[[noreturn]] void fail(int code, const char* doing);
inline void check(int code, const char* doing) {
  if (code != 0) fail(code, doing);
}

struct CloseEnvironment {
  void operator()(MDB_env* env) const;
};
using Environment = std::unique_ptr<MDB_env, CloseEnvironment>;

inline constexpr unsigned kReadersMax = 4096;

// Opens or makes the file `path` (its lock file beside it, at `path`-lock). Reserves `map_bytes` of address space, or
// half of it, or a quarter: whatever the system grants. `flags` are LMDB's.
Environment open_environment(const std::filesystem::path& path, std::size_t map_bytes, unsigned flags);

// The same on memory that has no name in any file system. Only pages that were used take memory.
Environment open_environment_in_memory(std::size_t map_bytes);

// LMDB takes a write that was cut short, as by a full disk, for an input/output error. What it really was.
int cause_of_failed_write(MDB_env* env, int code);

// Of the file, up to its last page in use.
std::size_t used_bytes(MDB_env* env);

// Doubles the map. False when the system does not grant it: then all is as before. No transaction may be open.
bool double_map(MDB_env* env);

}  // namespace shoal::kv::lmdb
