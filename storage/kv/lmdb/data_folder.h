// The folder in which a store is kept: one process at a time, one format.
//
//   format    "shoal data format 3"
//   lock      locked by the process that has the folder open; holds its id
//   data.mdb  LMDB's file (data.mdb-lock: its table of readers)
//   log.17    what was written and is not in data.mdb yet: storage/kv/log/log.h; since format 2
//   run.4     what is in no log any more, and not in data.mdb yet: storage/kv/runs/format.h; since format 3
#pragma once

#include <filesystem>

namespace shoal::kv::lmdb {

inline constexpr int kFormat = 3;

class DataFolder {
 public:
  // Makes the folder when it is absent, locks it and checks its format. Throws EngineError with a message for the user.
  explicit DataFolder(const std::filesystem::path& path);
  ~DataFolder();
  DataFolder(const DataFolder&) = delete;
  DataFolder& operator=(const DataFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  void upgrade();  // To the present format, once the folder is such a one.
  std::filesystem::path data_file() const { return path_ / "data.mdb"; }

 private:
  void lock();
  void check_format();
  void write_format() const;

  std::filesystem::path path_;
  int lock_ = -1;
  int format_ = kFormat;
};

}  // namespace shoal::kv::lmdb
