// The log's files, with failures as EngineError: "no space left on device while writing the log".
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>

#include "storage/kv/kv.h"

namespace shoal::kv::log {

class File {
 public:
  File() = default;
  // `flags` are open(2)'s.
  File(const std::filesystem::path& path, int flags);
  File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  File& operator=(File&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~File();

  explicit operator bool() const { return descriptor_ >= 0; }
  std::uint64_t size() const;
  std::string read(std::uint64_t offset, std::size_t size) const;  // Less than `size` at the end of the file.
  void write(std::uint64_t offset, Bytes bytes);
  bool allocate(std::uint64_t size);          // Makes it so large, if there is room and the system can.
  void sync();                                // fdatasync(2)
  const char* map(std::uint64_t size) const;  // Shared, for reading; the caller unmaps it.

 private:
  int descriptor_ = -1;
};

void rename_file(const std::filesystem::path& from, const std::filesystem::path& to);
// Makes the names in a folder durable.
void sync_folder(const std::filesystem::path& folder);

}  // namespace shoal::kv::log
