// The folder in which a store is kept: one process at a time, one format.
//
//   format    "shoal data format 1"
//   lock      locked by the process that has the folder open; holds its id
//   data.mdb  LMDB's file (data.mdb-lock: its table of readers)
#pragma once

#include <filesystem>

namespace shoal::kv::lmdb {

inline constexpr int kFormat = 1;

class DataFolder {
 public:
  // Makes the folder when it is absent, locks it and checks its format. Throws EngineError with a message for the user.
  explicit DataFolder(const std::filesystem::path& path);
  ~DataFolder();
  DataFolder(const DataFolder&) = delete;
  DataFolder& operator=(const DataFolder&) = delete;

  std::filesystem::path data_file() const { return path_ / "data.mdb"; }
  // Makes names in the folder durable, as those of files that were made in it.
  void sync() const;

 private:
  void lock();
  void check_format() const;
  void write_format() const;

  std::filesystem::path path_;
  int lock_ = -1;
};

}  // namespace shoal::kv::lmdb
