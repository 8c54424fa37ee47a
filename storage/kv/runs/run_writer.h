// Writes a run's file.
//
//   RunWriter writer(path, 2);       // there will be two keys, or fewer
//   writer.put("a", "1");            // ascending
//   writer.erase("b");
//   writer.finish();                 // on the disk, but its name, which is the folder's to sync
//   writer.keep();                   // without it the file goes with the writer
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "storage/kv/kv.h"
#include "storage/kv/log/file.h"

namespace shoal::kv::runs {

class RunWriter {
 public:
  // Throws EngineError, as the others do.
  RunWriter(std::filesystem::path path, std::uint64_t keys_max);
  ~RunWriter();
  RunWriter(const RunWriter&) = delete;

  void put(Bytes key, Bytes value) { add(key, value, static_cast<std::uint32_t>(value.size())); }
  void erase(Bytes key);
  void finish();
  void keep() { kept_ = true; }

 private:
  void add(Bytes key, Bytes value, std::uint32_t size);
  void end_block(Bytes separator);
  void write(Bytes bytes);
  void flush();

  const std::filesystem::path path_;
  log::File file_;
  std::uint64_t flushed_ = 0;   // Bytes in the file,
  std::uint64_t unsynced_ = 0;  // those of them that are not on the disk for certain,
  std::string buffer_;          // and what follows them.
  std::string block_, offsets_;
  std::string last_key_;  // Of the block.
  std::string index_, separators_, filter_;
  std::uint64_t keys_ = 0, blocks_ = 0;
  bool kept_ = false;
};

}  // namespace shoal::kv::runs
