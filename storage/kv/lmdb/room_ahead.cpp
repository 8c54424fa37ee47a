#include "storage/kv/lmdb/room_ahead.h"

#include <lmdb.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "storage/kv/lmdb/environment.h"

namespace shoal::kv::lmdb {
namespace {

constexpr std::size_t kLeast = std::size_t{16} << 20;  // More than a transaction of the engine's usually appends.
constexpr std::size_t kStep = std::size_t{32} << 20;

// By reading at random: reading on, the system would take many pages at once, too.
void cache_one_by_one(int fd, std::size_t from, std::size_t bytes) {
  void* room = ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, fd, static_cast<off_t>(from));
  if (room == MAP_FAILED) return;
  if (::madvise(room, bytes, MADV_RANDOM) == 0) ::madvise(room, bytes, MADV_POPULATE_READ);
  ::munmap(room, bytes);
}

}  // namespace

void RoomAhead::make() {
  const auto used = used_bytes(env_);
  if (used + kLeast <= end_) return;
  int fd = -1;
  if (mdb_env_get_fd(env_, &fd) != 0) return;
  const auto from = std::max(used, end_), to = used + kStep;
  struct stat file {};
  if (::fstat(fd, &file) != 0) return;
  if (static_cast<std::size_t>(file.st_size) < to && ::ftruncate(fd, static_cast<off_t>(to)) != 0) return;
  cache_one_by_one(fd, from, to - from);
  end_ = to;
}

}  // namespace shoal::kv::lmdb
