// A run: a part of the store's newer writes, in order, in a file that never changes. It lies over the data file like a
// memtable, and takes no memory but what the system caches of it.
//
//   const Run run(path, 3);
//   run.find("b", KeyHash("b"));
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "storage/kv/overlay/layer_cursor.h"
#include "storage/kv/runs/filter.h"

namespace shoal::kv::runs {

class Run {
 public:
  // Of a file that RunWriter finished. Throws EngineError.
  Run(std::filesystem::path path, std::uint64_t number);
  ~Run();
  Run(const Run&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::uint64_t number() const { return number_; }  // As its maker counts.
  std::uint64_t bytes() const { return bytes_; }
  std::uint64_t keys() const { return keys_; }

  // find() of the same key is to come, after that of other runs.
  void prepare(KeyHash hash) const { prefetch(filter_, hash); }
  std::optional<overlay::Found> find(Bytes key, KeyHash hash) const;

  enum class Reading {
    here_and_there,
    whole,  // From the beginning to the end: read ahead, and each block's checksum looked at (EngineError).
  };
  // Must not outlive the run.
  std::unique_ptr<overlay::LayerCursor> cursor(Reading reading = Reading::here_and_there) const;

 private:
  class RunCursor;
  struct Block;

  [[noreturn]] void fail_damaged(const std::string& what) const;
  std::uint64_t block_of(Bytes key) const;
  Bytes separator(std::uint64_t block) const;
  Bytes bytes_of(std::uint64_t block) const;

  const std::filesystem::path path_;
  const std::uint64_t number_;
  const char* map_ = nullptr;
  std::uint64_t bytes_ = 0, keys_ = 0, blocks_ = 0;
  const char* index_ = nullptr;
  Bytes separators_, filter_;
};

}  // namespace shoal::kv::runs
